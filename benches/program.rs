//! The server as a child process, as it is shipped; and a bare poem handler in another.
//!
//! A measure calls [`part`] first of all: the child is the measure's own program, told to play a part.

use crate::{load::Answer, share::taken};
use poem::{Endpoint, Response, endpoint::make_sync, http::HeaderName, listener::Acceptor, listener::Listener};
use std::{
    error::Error,
    ffi::OsString,
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

/// How long a server must have done next to nothing.
const SETTLED: Duration = Duration::from_secs(3);

/// As in the shipped program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Plays the part that the command line names; none when the measure itself is meant.
#[must_use]
pub fn part() -> Option<ExitCode> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match arguments.get(1).and_then(|part| part.to_str()) {
        Some("serve" | "import") => Some(iescp_web::cli::run(arguments)),
        Some("bare") => Some(match bare(Path::new(arguments.get(2)?)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("the bare handler ended: {why}");
                ExitCode::FAILURE
            }
        }),
        _ => None,
    }
}

/// A server in a process of its own, which ends with this value.
pub struct Program {
    child: Child,
    /// Where it listens.
    pub address: String,
}

impl Program {
    /// `iescp-web serve` on a store, as shipped but for the rates. Its log is written, to nowhere.
    ///
    /// # Errors
    /// If it does not start.
    pub fn serve(store: &Path) -> Result<Self, Box<dyn Error>> {
        let store = format!("sled:{}", store.display());
        let options = ["serve", "--listen", "127.0.0.1:0", "--store", &store];
        let rates = ["--rate-limit", "1000000", "--rate-window", "1"];
        Self::start(Command::new(std::env::current_exe()?).args(options).args(rates))
    }

    /// A web node without a worker on a database, as shipped but for the rates.
    ///
    /// # Errors
    /// If it does not start.
    pub fn node(store: &str) -> Result<Self, Box<dyn Error>> {
        let options = ["serve", "--no-worker", "--listen", "127.0.0.1:0", "--public-url", "http://localhost"];
        let rates = ["--rate-limit", "1000000", "--rate-window", "1"];
        Self::start(Command::new(std::env::current_exe()?).args(options).args(rates).env("IESCP_STORE", store))
    }

    /// A bare poem handler on poem's own server, which gives this answer to whatever is asked.
    ///
    /// # Errors
    /// If it does not start.
    pub fn bare(answer: &Answer, directory: &Path) -> Result<Self, Box<dyn Error>> {
        let file = directory.join("answer");
        fs::write(&file, &answer.0)?;
        Self::start(Command::new(std::env::current_exe()?).arg("bare").arg(file))
    }

    fn start(command: &mut Command) -> Result<Self, Box<dyn Error>> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let lines = child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok);
        let address = lines.into_iter().find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        let address = address.ok_or("a child does not start")?;
        Ok(Self { child, address })
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has done what it does after its start, five minutes at most: till it takes less than a twentieth of a processor.
    pub fn settle(&self) {
        for _ in 0..100 {
            let before = taken(self.id());
            std::thread::sleep(SETTLED);
            if taken(self.id()) - before < SETTLED.as_secs_f64() / 20.0 {
                return;
            }
        }
    }

    /// Lets the most memory it ever held be what it holds now (proc(5), `clear_refs`).
    pub fn forget_peak(&self) {
        let _stays_as_it_was = fs::write(format!("/proc/{}/clear_refs", self.id()), "5");
    }

    /// Memory it holds now, in MiB.
    #[must_use]
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The most memory it held since it was [made to forget](Self::forget_peak), in MiB.
    #[must_use]
    pub fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// Serves the answer in a file, bytes and headers, until the process is ended.
fn bare(file: &Path) -> Result<(), Box<dyn Error>> {
    let answer = Answer(fs::read(file)?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let acceptor = poem::listener::TcpListener::bind("127.0.0.1:0").into_acceptor().await?;
        for address in acceptor.local_addr() {
            let address = address.as_socket_addr().ok_or("no address")?;
            println!("listening on http://{address}");
        }
        Ok(poem::Server::new_with_acceptor(acceptor).run(handler(&answer)?).await?)
    })
}

fn handler(answer: &Answer) -> Result<impl Endpoint + 'static, Box<dyn Error>> {
    /// What every server says by itself.
    const ITS_OWN: [&str; 2] = ["content-length", "date"];
    let mut headers = poem::http::HeaderMap::new();
    for (name, value) in answer.headers().filter(|(name, _)| !ITS_OWN.contains(name)) {
        headers.append(HeaderName::try_from(name)?, value.parse()?);
    }
    let body = bytes::Bytes::copy_from_slice(answer.body());
    Ok(make_sync(move |_| {
        let mut answer = Response::builder().body(body.clone());
        *answer.headers_mut() = headers.clone();
        answer
    }))
}
