//! A wire to a server, which can fall silent without either end hearing of it, as when a host loses its power.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What becomes of those who connect.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// They get in and hear nothing.
    Dark,
    /// They are turned away.
    Shut,
    /// The wire is taken down.
    Gone,
}

struct State {
    way: Way,
    /// How often it fell silent: what was connected before the last time is silent.
    cuts: usize,
    /// Every end, so that none is closed where it should only be silent.
    ends: Vec<TcpStream>,
}

pub struct Wire {
    name: String,
    near: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Wire {
    pub fn to(url: &str) -> Self {
        let there = url.split(['@', '/']).find(|part| part.starts_with("127.0.0.1:")).unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = listener.local_addr().unwrap();
        let name = url.replace(&there, &near.to_string());
        let state = Arc::new(Mutex::new(State { way: Way::Open, cuts: 0, ends: Vec::new() }));
        let shared = state.clone();
        thread::spawn(move || {
            while let Ok((near, _)) = listener.accept() {
                let way = shared.lock().unwrap().way;
                match way {
                    Way::Gone => return,
                    Way::Shut => {}
                    Way::Dark => shared.lock().unwrap().ends.push(near),
                    Way::Open => {
                        let Ok(far) = TcpStream::connect(&there) else { continue };
                        connect(&near, &far, &shared);
                        connect(&far, &near, &shared);
                        shared.lock().unwrap().ends.extend([near, far]);
                    }
                }
            }
        });
        Self { name, near, state }
    }

    /// The URL of the server over this wire.
    pub fn name(&self) -> String {
        self.name.clone()
    }

    /// Whoever is connected hears nothing any more; whoever connects anew is served.
    pub fn fall_silent(&self) {
        self.state.lock().unwrap().cuts += 1;
    }

    /// Nobody hears anything any more, whoever connects anew neither.
    pub fn go_dark(&self) {
        self.set(Way::Dark);
        self.fall_silent();
    }

    /// Whoever is connected is cut off, and nobody gets in.
    pub fn shut(&self) {
        self.set(Way::Shut);
        for end in self.state.lock().unwrap().ends.drain(..) {
            let _gone_already = end.shutdown(Shutdown::Both);
        }
    }

    /// Whoever connects anew is served again.
    pub fn mend(&self) {
        self.set(Way::Open);
    }

    fn set(&self, way: Way) {
        self.state.lock().unwrap().way = way;
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shut();
        self.set(Way::Gone);
        // The one who accepts looks.
        let _gone_already = TcpStream::connect(self.near);
    }
}

/// Carries one direction until an end is closed or silence falls.
fn connect(from: &TcpStream, to: &TcpStream, state: &Arc<Mutex<State>>) {
    let (mut from, mut to, state) = (from.try_clone().unwrap(), to.try_clone().unwrap(), state.clone());
    let began = state.lock().unwrap().cuts;
    thread::spawn(move || {
        let mut bytes = vec![0; 16 * 1024];
        loop {
            let read = from.read(&mut bytes).unwrap_or_default();
            if state.lock().unwrap().cuts > began {
                return;
            }
            if read == 0 || to.write_all(&bytes[..read]).is_err() {
                let _gone_already = to.shutdown(Shutdown::Write);
                return;
            }
        }
    });
}
