//! A wire to a server that can be cut without either end hearing of it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

pub(super) struct Wire {
    name: String,
    /// How often it was cut: what was connected before the last time is silent.
    cuts: Arc<AtomicUsize>,
    carrying: JoinHandle<()>,
}

impl Wire {
    pub async fn to(url: &str) -> Self {
        let there = url.split(['@', '/']).find(|part| part.starts_with("127.0.0.1:")).unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = url.replace(&there, &listener.local_addr().unwrap().to_string());
        let cuts = Arc::<AtomicUsize>::default();
        let counted = cuts.clone();
        let carrying = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&there).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, counted.clone()));
                tokio::spawn(carry(far_in, near_out, counted.clone()));
            }
        });
        Self { name, cuts, carrying }
    }

    pub fn name(&self) -> String {
        self.name.clone()
    }

    pub fn fall_silent(&self) {
        self.cuts.fetch_add(1, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, cuts: Arc<AtomicUsize>) {
    let (began, mut bytes) = (cuts.load(Ordering::SeqCst), vec![0; 16 * 1024]);
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if cuts.load(Ordering::SeqCst) > began {
            // Held open, and silent.
            std::future::pending::<()>().await;
        }
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
