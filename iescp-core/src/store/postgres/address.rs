//! Where the database is: one host or several that take over from each other, and how connections are made.
//!
//! A host that only reads (a standby) is passed over. Hosts elsewhere must prove who they are.
//!
//! **Not here**: when to look for another host (`committer`, `news`).

use super::patience::PATIENCE;
use crate::{store::StoreError, upgrade};
use sqlx::{
    ConnectOptions, Connection, PgConnection, Row,
    postgres::{PgConnectOptions, PgSslMode},
};
use std::{
    net::IpAddr,
    str::FromStr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::time::timeout;

/// How long one host may take to let us in.
pub(super) const LET_IN: Duration = Duration::from_secs(3);

/// What connections are called, before the layout that their program knows.
pub(super) const PROGRAM: &str = "iescp ";

/// The hosts, and which of them answered last.
pub(super) struct Addresses {
    hosts: Vec<PgConnectOptions>,
    current: AtomicUsize,
}

impl Addresses {
    /// Reads a URL.
    pub(super) fn read(url: &str, schema: &str) -> Result<Self, StoreError> {
        if schema.is_empty() || !schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
            return Err(wrong(&format!("“{schema}” is no name for a schema: small letters, digits and _ are")));
        }
        let hosts: Vec<_> = one_each(url)?.iter().map(|url| options(url, schema)).collect::<Result<_, _>>()?;
        Ok(Self { hosts, current: AtomicUsize::new(0) })
    }

    /// How the host that answered last is reached.
    pub(super) fn current(&self) -> PgConnectOptions {
        let current = self.current.load(Ordering::Relaxed);
        self.hosts.get(current).or_else(|| self.hosts.first()).cloned().unwrap_or_default()
    }

    /// Connects to the first host that writes, beginning with the one that answered last.
    pub(super) async fn connect(&self) -> Result<PgConnection, StoreError> {
        let (first, mut why) = (self.current.load(Ordering::Relaxed), String::from("there is no host"));
        for index in (0..self.hosts.len()).map(|step| (first + step) % self.hosts.len()) {
            let Some(host) = self.hosts.get(index) else { continue };
            match timeout(LET_IN, let_in(host)).await {
                Ok(Ok(connection)) => {
                    self.current.store(index, Ordering::Relaxed);
                    return Ok(connection);
                }
                Ok(Err(error)) => why = error.to_string(),
                Err(_) => why = "it does not answer in time".into(),
            }
            tracing::debug!(host = host.get_host(), port = host.get_port(), why, "a database host cannot be used");
        }
        Err(StoreError::Failed(format!("the database cannot be reached: {why}")))
    }
}

async fn let_in(host: &PgConnectOptions) -> Result<PgConnection, sqlx::Error> {
    let mut connection = host.connect().await?;
    match must_write(&mut connection).await {
        Ok(()) => Ok(connection),
        Err(error) => {
            let _closed_anyway = connection.close().await;
            Err(error)
        }
    }
}

/// Refuses a host that only reads, and a session that would acknowledge what is not on disk.
pub(super) async fn must_write(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query("SELECT current_setting('transaction_read_only'), current_setting('synchronous_commit')")
        .fetch_one(&mut *connection)
        .await?;
    if row.try_get::<String, _>(0)? == "on" {
        return Err(sqlx::Error::Configuration("this host only reads".into()));
    }
    if row.try_get::<String, _>(1)? == "off" {
        sqlx::query("SET synchronous_commit = on").execute(connection).await?;
    }
    Ok(())
}

fn options(url: &str, schema: &str) -> Result<PgConnectOptions, StoreError> {
    // What the driver says of a URL may repeat it, password and all.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| wrong("it is not of the form postgres://user:password@host:port/database"))?;
    let named = url.split_once('?').is_some_and(|(_, query)| query.contains("sslmode=") || query.contains("ssl-mode="));
    let options = match (is_here(&options), named, options.get_ssl_mode()) {
        (true, ..) | (_, true, PgSslMode::Disable | PgSslMode::VerifyCa | PgSslMode::VerifyFull) => options,
        (_, false, _) => options.ssl_mode(PgSslMode::VerifyFull),
        _ => return Err(wrong("sslmode must be verify-full, verify-ca or disable: the others do not prove who answers")),
    };
    let patience = format!("{}ms", PATIENCE.as_millis());
    Ok(options.application_name(&format!("{PROGRAM}{}", upgrade::LAYOUT)).options([
        ("search_path", schema),
        ("statement_timeout", &patience),
        ("lock_timeout", &patience),
        // A process that is frozen with the head in its hands must not keep the others waiting for long.
        ("idle_in_transaction_session_timeout", "5s"),
    ]))
}

fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// One URL for each host.
fn one_each(url: &str) -> Result<Vec<String>, StoreError> {
    let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("it has no ://"))?;
    if !matches!(scheme, "postgres" | "postgresql") {
        return Err(wrong("it does not begin with postgres://"));
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (user, hosts) = authority.rsplit_once('@').map_or(("", authority), |(user, hosts)| (user, hosts));
    let at = if user.is_empty() { "" } else { "@" };
    Ok(hosts.split(',').map(|host| format!("{scheme}://{user}{at}{host}{path}")).collect())
}

fn wrong(why: &str) -> StoreError {
    StoreError::Failed(format!("the database's URL cannot be used: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_of_a_url_is_one_address() {
        let addresses = Addresses::read("postgres://ann:s%40cret@127.0.0.1:5001,127.0.0.1:5002/market", "public").unwrap();
        let ports: Vec<_> = addresses.hosts.iter().map(PgConnectOptions::get_port).collect();
        assert_eq!(ports, [5001, 5002]);
        assert!(addresses.hosts.iter().all(|host| host.get_username() == "ann" && host.get_database() == Some("market")));
    }

    #[test]
    fn a_host_elsewhere_must_prove_who_it_is() {
        let mode = |url| Addresses::read(url, "public").map(|addresses| addresses.current().get_ssl_mode());
        assert!(matches!(mode("postgres://db.example.com/x"), Ok(PgSslMode::VerifyFull)));
        assert!(matches!(mode("postgres://db.example.com/x?sslmode=disable"), Ok(PgSslMode::Disable)));
        assert!(matches!(mode("postgres://127.0.0.1/x"), Ok(PgSslMode::Prefer)));
        let why = mode("postgres://ann:secret@db.example.com/x?sslmode=require").unwrap_err().to_string();
        assert!(why.contains("verify-full") && !why.contains("secret"), "{why}");
    }

    #[test]
    fn what_is_no_url_or_schema_is_refused_without_repeating_it() {
        for (url, schema) in
            [("mysql://h/x", "public"), ("postgres", "public"), ("postgres://h/x", "a;b"), ("postgres://h/x", "")]
        {
            assert!(Addresses::read(url, schema).is_err(), "{url} {schema}");
        }
        let why = Addresses::read("postgres://ann:secret@h:port/x", "public").err().unwrap().to_string();
        assert!(!why.contains("secret"), "{why}");
    }
}
