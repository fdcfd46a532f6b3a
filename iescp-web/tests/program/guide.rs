//! The guide “Installing it on a server”, followed to the letter in a directory that stands for the machine: its files are written
//! where it says, its commands are run in their order. What only a machine of one's own has (other users, systemd's services) is
//! played by scripts; the program, nginx, curl and what systemd says of the unit are real.
//!
//! It needs Debian's nginx, openssl, curl and systemd (for `systemd-analyze`), which `.ci/test` installs.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const GUIDE: &str = include_str!("../../../docs/src/operator/install.md");
const PASSWORD: &str = "kettle-orbit-violin-42";

/// What only root may do, and what would reach beyond the directory.
const SCRIPTS: [(&str, &str); 7] = [
    ("sudo", "[ \"$1\" = -u ] && shift 2; exec \"$@\""),
    ("useradd", "echo \"$@\" >> ROOT/users"),
    // The program is built already.
    ("cargo", "[ \"$1\" = build ] && [ -x target/release/iescp-web ]"),
    (
        "install",
        "n=$#; while [ $n -gt 0 ]; do case $1 in -o|-g) shift 2; n=$((n-2));; *) set -- \"$@\" \"$1\"; shift; n=$((n-1));; esac; done\n\
         exec /usr/bin/install \"$@\"",
    ),
    ("nginx", "exec NGINX -p ROOT -c ROOT/etc/nginx/nginx.conf -e ROOT/nginx.log \"$@\""),
    ("curl", "exec /usr/bin/curl --connect-to iescp.example:443:127.0.0.1:TLS --cacert ROOT/CERTIFICATE \"$@\""),
    (
        "systemctl",
        "begin() { $(sed -n s/^ExecStart=//p ROOT/etc/systemd/system/iescp.service) >> ROOT/log 2>&1 & echo $! > ROOT/pid; }\n\
         lives() { kill -0 $1 2>/dev/null && ! grep -q '^State:.Z' /proc/$1/status; }\n\
         end() { kill -TERM $(cat ROOT/pid); for i in $(seq 300); do lives $(cat ROOT/pid) || return 0; sleep 0.1; done; return 1; }\n\
         case \"$*\" in\n\
         daemon-reload) systemd-analyze verify ROOT/etc/systemd/system/iescp.service;;\n\
         'enable --now iescp') begin;;\n\
         'restart iescp') end; begin;;\n\
         'stop iescp') end;;\n\
         'reload nginx') nginx;;\n\
         *) echo \"what is systemctl $*?\" >&2; exit 1;;\n\
         esac",
    ),
];

/// As Debian's has it, in short.
const NGINX: &str = "\
user root;
pid ROOT/nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path ROOT/tmp;
    proxy_temp_path ROOT/tmp;
    fastcgi_temp_path ROOT/tmp;
    uwsgi_temp_path ROOT/tmp;
    scgi_temp_path ROOT/tmp;
    include ROOT/etc/nginx/sites-enabled/*;
}
";

const CERTIFICATE: &str = "etc/letsencrypt/live/iescp.example/fullchain.pem";

/// A block of the guide.
#[derive(Debug, PartialEq)]
enum Block {
    File(String, String),
    Commands(String),
}

/// The blocks of a guide: a file is one whose path stands in the line before it.
fn blocks(guide: &str) -> Vec<Block> {
    let (mut blocks, mut path, mut lines) = (Vec::new(), None, guide.lines());
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text: String = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            blocks.push(match (kind, path.take()) {
                ("sh", None) => Block::Commands(text),
                (_, Some(path)) => Block::File(path, text),
                _ => panic!("a block of {kind} that is no file"),
            });
        } else if !line.is_empty() {
            path = line.strip_prefix('`').and_then(|line| line.strip_suffix("`:")).map(str::to_owned);
        }
    }
    blocks
}

/// A directory that stands for a machine.
struct Machine {
    root: tempfile::TempDir,
    /// What stands for what in the guide.
    names: BTreeMap<&'static str, String>,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let at = root.path().display().to_string();
        let free = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let [own, tls, plain] = free.map(|socket| socket.local_addr().unwrap().port());
        let names = BTreeMap::from([
            ("127.0.0.1:8080", format!("127.0.0.1:{own}")),
            ("listen 443", format!("listen 127.0.0.1:{tls}")),
            ("listen 80;", format!("listen 127.0.0.1:{plain};")),
            ("/etc/", format!("{at}/etc/")),
            ("/var/", format!("{at}/var/")),
            ("/usr/local/", format!("{at}/usr/local/")),
        ]);
        let machine = Self { root, names };
        let system_nginx = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).exists());
        for (name, script) in SCRIPTS {
            let script = script.replace("NGINX", system_nginx.expect("nginx is not installed")).replace("TLS", &tls.to_string());
            let script = script.replace("CERTIFICATE", CERTIFICATE).replace("ROOT", &at);
            machine.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"), 0o755);
        }
        machine.write("etc/nginx/nginx.conf", &NGINX.replace("ROOT", &at), 0o644);
        for made_by_debian in ["etc/nginx/sites-enabled", "etc/systemd/system", "usr/local/bin", "target/release"] {
            fs::create_dir_all(machine.at(made_by_debian)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_iescp-web"), machine.at("target/release/iescp-web")).unwrap();
        machine.make_certificate();
        machine
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write(&self, path: &str, text: &str, mode: u32) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// What an ACME client would have brought.
    fn make_certificate(&self) {
        let certificate = self.at(CERTIFICATE);
        fs::create_dir_all(certificate.parent().unwrap()).unwrap();
        let key = certificate.with_file_name("privkey.pem");
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"])
            .args(["-subj", "/CN=iescp.example", "-addext", "subjectAltName=DNS:iescp.example"])
            .arg("-keyout")
            .arg(key)
            .arg("-out")
            .arg(certificate)
            .stderr(Stdio::null())
            .status();
        assert!(made.unwrap().success());
    }

    /// The same, as it is called on this machine.
    fn here(&self, text: &str) -> String {
        self.names.iter().fold(text.to_owned(), |text, (there, here)| text.replace(there, here))
    }

    /// Runs commands, with the password typed where one is asked for; what they print.
    fn run(&self, commands: &str) -> String {
        let path = format!("{0}/bin:{0}/usr/local/bin:{1}", self.root.path().display(), std::env::var("PATH").unwrap());
        let asked = self.here(commands);
        let mut shell = super::command("timeout", self.root.path());
        let mut shell = shell.env("PATH", path).args(["120", "sh", "-euc", &asked]).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(shell.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        let output = shell.wait_with_output().unwrap();
        let log = fs::read_to_string(self.at("log")).unwrap_or_default();
        assert!(output.status.success(), "{asked}\n{}{}\n{log}", super::out(&output), super::err(&output));
        super::out(&output)
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        for pid in ["pid", "nginx.pid"] {
            if let Ok(pid) = fs::read_to_string(self.at(pid)) {
                let _ended_already = Command::new("kill").arg(pid.trim()).stderr(Stdio::null()).status();
            }
        }
    }
}

#[test]
fn the_guide_is_followed_to_the_letter() {
    let machine = Machine::new();
    let mut printed = Vec::new();
    for block in blocks(GUIDE) {
        match block {
            Block::File(path, text) => machine.write(path.trim_start_matches('/'), &machine.here(&text), 0o644),
            Block::Commands(commands) => printed.push(machine.run(&commands)),
        }
    }
    assert!(printed.len() >= 6 && printed.last().unwrap().contains("nothing is wrong"), "{printed:?}");

    let login = "curl -fsS -H 'content-type: application/json' https://iescp.example/api/v1/auth/login -d @- <<'END'\n";
    let signed_in = machine.run(&format!("{login}{{ \"username\": \"ada\", \"password\": \"{PASSWORD}\" }}\nEND"));
    assert!(signed_in.contains("access_token"), "{signed_in}");
    let head = machine.run("curl -fsS -D - -o /dev/null https://iescp.example/").to_lowercase();
    assert!(head.contains("strict-transport-security") && head.contains("content-security-policy"), "{head}");
    // What somebody claims to have passed before is not believed.
    machine.run("curl -fsS -H 'X-Forwarded-For: 198.51.100.7' https://iescp.example/ > /dev/null");
    assert!(!fs::read_to_string(machine.at("log")).unwrap().contains("198.51.100.7"));
    machine.run("systemctl stop iescp");
}
