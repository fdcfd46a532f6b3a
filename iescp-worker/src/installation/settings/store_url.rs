//! Where things are stored. The URL of a database may hold a password: it is shown without.
//!
//! **Not here**: opening it (`installation`), reading the hosts in it (`iescp_core::store`).

use std::fmt;
use std::path::Path;

/// The URL of a store. What `Display` and `Debug` show of it holds no password.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(String);

/// What keeps a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine<'a> {
    /// A directory, of one process at a time.
    Sled(&'a Path),
    /// A database of any number of processes, by its whole URL.
    Postgres(&'a str),
    /// This process's memory.
    Memory,
    /// Nothing that there is.
    Unknown,
}

impl StoreUrl {
    /// What keeps it.
    #[must_use]
    pub fn engine(&self) -> Engine<'_> {
        match self.0.split_once(':') {
            Some(("memory", "")) => Engine::Memory,
            Some(("sled", path)) if !path.is_empty() => Engine::Sled(Path::new(path)),
            Some(("postgres" | "postgresql", _)) => Engine::Postgres(&self.0),
            _ => Engine::Unknown,
        }
    }

    /// Whether it is still there when this process has ended.
    #[must_use]
    pub fn lasts(&self) -> bool {
        matches!(self.engine(), Engine::Sled(_) | Engine::Postgres(_))
    }
}

impl From<String> for StoreUrl {
    fn from(url: String) -> Self {
        Self(url)
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = match (self.engine(), self.0.split_once(':')) {
            (Engine::Sled(_) | Engine::Memory, _) | (_, None) => return f.write_str(&without_user(&self.0)),
            (_, Some((scheme, rest))) => (scheme, rest.trim_start_matches('/')),
        };
        // Behind the question mark a password may stand as well.
        let place = rest.rsplit('@').next().unwrap_or_default().split('?').next().unwrap_or_default();
        let hosts = place.split('/').next().unwrap_or_default();
        let plain = hosts.split(',').all(|host| {
            let port = host.rsplit_once(':').map_or("", |(_, port)| port);
            port.bytes().all(|byte| byte.is_ascii_digit() || byte == b']')
        });
        write!(f, "{}://{}", without_user(scheme), if plain { place } else { "…" })
    }
}

/// What stands behind the last @, if there is one.
fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((_, rest)) if !text.starts_with("sled:") => format!("…{rest}"),
        _ => text.to_owned(),
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> StoreUrl {
        text.to_owned().into()
    }

    #[test]
    fn each_url_names_its_engine() {
        assert_eq!(url("sled:./data").engine(), Engine::Sled(Path::new("./data")));
        assert_eq!(url("memory:").engine(), Engine::Memory);
        for database in ["postgres://h/x", "postgresql://h/x", "postgres:"] {
            assert_eq!(url(database).engine(), Engine::Postgres(database));
        }
        for other in ["sled:", "data", "", "mysql://h/x", "memory:x"] {
            assert_eq!(url(other).engine(), Engine::Unknown, "{other}");
        }
        assert!(url("sled:x").lasts() && url("postgres://h/x").lasts() && !url("memory:").lasts() && !url("x").lasts());
    }

    #[test]
    fn s_61_no_password_of_a_url_is_shown() {
        for (whole, shown) in [
            ("postgres://ann:planted@db.example:5432/market", "postgres://db.example:5432/market"),
            ("postgres://ann:pl@nted@a:1,b:2/market?password=planted", "postgres://a:1,b:2/market"),
            ("postgres://ann:planted/market", "postgres://…"),
            ("postgres:ann:planted", "postgres://…"),
            ("postgres://ann:pla/nted@h/x", "postgres://h/x"),
            ("postgres://[::1]:5432/x", "postgres://[::1]:5432/x"),
            ("postgress://ann:planted@h/x", "postgress://h/x"),
            ("ann planted@h", "…h"),
            ("sled:/srv/a@b", "sled:/srv/a@b"),
            ("memory:", "memory:"),
        ] {
            assert_eq!(url(whole).to_string(), shown);
            assert_eq!(format!("{:?}", url(whole)), shown);
        }
    }
}
