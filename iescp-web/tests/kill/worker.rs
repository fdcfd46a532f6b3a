//! Workers beside the nodes, and what they have left to do.

use crate::server::PUBLIC_URL;
use iescp_worker::Desk;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A worker of its own.
pub struct Alone(Child);

impl Alone {
    pub fn start(directory: &Path, store: &str) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_iescp-web")).with_file_name("iescp-worker");
        assert!(program.exists(), "build it first: cargo build -p iescp-worker");
        let log = File::options().create(true).append(true).open(directory.join("log")).unwrap();
        let mut command = Command::new(program);
        command.current_dir(directory).args(["--store", store, "--public-url", PUBLIC_URL, "--log", "warn"]);
        Self(command.stdout(Stdio::null()).stderr(log).spawn().unwrap())
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        // It may have died by itself already.
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// Waits until all that was to be done later is done, and nothing was given up.
pub async fn all_is_done(desk: &Desk) {
    let began = Instant::now();
    loop {
        let stock = desk.stock().await.unwrap();
        assert_eq!(stock.dead, 0);
        if stock.waiting + stock.running == 0 {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "{stock:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
