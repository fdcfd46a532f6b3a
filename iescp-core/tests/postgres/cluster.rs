//! A PostgreSQL server of one's own: in a temporary directory, on a free port, gone afterwards.

use std::{
    fs::{self, Permissions},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// PostgreSQL refuses to run as root: as root it runs as the user Debian made for it.
const ORDINARY: &str = "postgres";

pub struct Cluster {
    directory: tempfile::TempDir,
    port: u16,
    server: Option<Child>,
}

impl Cluster {
    /// Makes a server and waits until it answers.
    pub fn start() -> Self {
        let mut cluster = Self::nothing();
        let mut making = command("initdb");
        making.args(["--username=iescp", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]);
        let made = making.arg(cluster.data()).stdout(Stdio::null()).status().unwrap();
        assert!(made.success(), "initdb failed");
        cluster.start_again();
        cluster
    }

    /// A second server that repeats what this one commits, before that is acknowledged, and can take over from it.
    pub fn standby(&self) -> Self {
        let mut standby = Self::nothing();
        standby.follow(self);
        standby
    }

    /// A place and a port.
    fn nothing() -> Self {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
        if let Some((user, group)) = ordinary() {
            chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let cluster = Self { directory, port, server: None };
        cluster.make_room();
        cluster
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn make_room(&self) {
        if self.data().exists() {
            fs::remove_dir_all(self.data()).unwrap();
        }
        fs::create_dir(self.data()).unwrap();
        fs::set_permissions(self.data(), Permissions::from_mode(0o700)).unwrap();
        if let Some((user, group)) = ordinary() {
            chown(self.data(), Some(user), Some(group)).unwrap();
        }
    }

    /// Forgets what it holds and repeats another from now on, at the port it has.
    pub fn follow(&mut self, leader: &Self) {
        assert!(self.server.is_none(), "it runs");
        self.make_room();
        let mut copying = command("pg_basebackup");
        copying.args(["-R", "-X", "stream", "-c", "fast", "--no-sync", "-D"]).arg(self.data());
        let copied = copying.args(["-d", &format!("{}?application_name=standby", leader.url())]).status().unwrap();
        assert!(copied.success(), "pg_basebackup failed");
        // It may have been one that is followed.
        let settings = self.data().join("postgresql.auto.conf");
        let kept: Vec<String> = fs::read_to_string(&settings).unwrap().lines().map(str::to_owned).collect();
        let kept = kept.iter().filter(|line| !line.starts_with("synchronous_standby_names"));
        fs::write(&settings, kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        self.start_again();
        leader.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        leader.sql("SELECT pg_reload_conf()");
    }

    /// Makes a standby the one that writes.
    pub fn promote(&self) {
        let promoted = command("pg_ctl").args(["promote", "-w", "-D"]).arg(self.data()).stdout(Stdio::null()).status().unwrap();
        assert!(promoted.success(), "it was not promoted");
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn start_again(&mut self) {
        let log = fs::File::options().create(true).append(true).open(self.directory.path().join("log")).unwrap();
        let server = command("postgres")
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string(), "-h", "127.0.0.1", "-k", ""])
            .args(["-c", "shared_buffers=32MB", "-c", "max_connections=300"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.server = Some(server);
        let began = Instant::now();
        while !self.answers() {
            assert!(began.elapsed() < Duration::from_secs(60), "PostgreSQL does not start");
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn answers(&self) -> bool {
        command("pg_isready").args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()]).status().unwrap().success()
    }

    pub fn url(&self) -> String {
        format!("postgres://iescp@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs a statement beside the store.
    pub fn sql(&self, statement: &str) {
        let ran = command("psql")
            .arg(self.url())
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(ran.success());
    }

    /// Somebody connected under a name, who does what is written to them.
    pub fn client(&self, name: &str) -> Child {
        let mut client = command("psql");
        client.arg(self.url()).env("PGAPPNAME", name).args(["-q", "-A", "-t"]);
        client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
    }

    /// Stops it as an operator does, without waiting for clients.
    pub fn stop(&mut self) {
        self.signal("-INT");
    }

    /// As a power cut does: all of its processes at once.
    pub fn kill(&mut self) {
        self.signal("-QUIT");
    }

    fn signal(&mut self, signal: &str) {
        let Some(mut server) = self.server.take() else { return };
        let sent = Command::new("kill").args([signal, &server.id().to_string()]).status().unwrap();
        assert!(sent.success());
        server.wait().unwrap();
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _gone_already = Command::new("kill").args(["-QUIT", &server.id().to_string()]).status();
            let _gone = server.wait();
        }
    }
}

/// One of PostgreSQL's programs, run as somebody who may.
fn command(program: &str) -> Command {
    let program = bin().join(program);
    let mut command = Command::new(program);
    if let Some((user, group)) = ordinary() {
        use std::os::unix::process::CommandExt;
        command.uid(user).gid(group);
    }
    command.current_dir("/");
    command
}

/// Where PostgreSQL's programs are: where the variable says, else Debian's newest.
fn bin() -> PathBuf {
    if let Some(named) = std::env::var_os("IESCP_POSTGRES_BIN") {
        return named.into();
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(Result::ok);
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.unwrap_or_else(|| panic!("PostgreSQL is needed for this (Debian: postgresql), or IESCP_POSTGRES_BIN"))
}

/// Who PostgreSQL runs as, if we are root.
fn ordinary() -> Option<(u32, u32)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let user = status.lines().find_map(|line| line.strip_prefix("Uid:"))?.split_whitespace().next()?;
    if user != "0" {
        return None;
    }
    let users = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let fields: Vec<&str> = users.lines().find(|line| line.starts_with(&format!("{ORDINARY}:")))?.split(':').collect();
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}
