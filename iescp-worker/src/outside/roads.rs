//! The way to a host: its name is looked up once, all addresses are checked, and one of those is connected to.

use super::{NoAnswer, address::is_everybodys, url::Target};
use std::{
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use url::Host;

/// Most addresses of one name that are looked at.
const MOST: usize = 16;

/// Something that bytes go through, both ways.
pub trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// What a road gives, later.
pub type Way<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// How names become addresses, and addresses connections.
pub trait Roads: Send + Sync {
    /// Every address of a name.
    fn look_up<'a>(&'a self, name: &'a str) -> Way<'a, Vec<IpAddr>>;

    /// A connection to an address.
    fn connect(&self, to: SocketAddr) -> Way<'_, Box<dyn Connection>>;
}

/// The system's own resolver and network.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRoads;

impl Roads for SystemRoads {
    fn look_up<'a>(&'a self, name: &'a str) -> Way<'a, Vec<IpAddr>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 443)).await?.map(|found| found.ip()).collect()) })
    }

    fn connect(&self, to: SocketAddr) -> Way<'_, Box<dyn Connection>> {
        Box::pin(async move { Ok(Box::new(TcpStream::connect(to).await?) as Box<dyn Connection>) })
    }
}

/// Connects to a host, at an address that was checked.
pub(super) async fn reach(roads: &dyn Roads, target: &Target) -> Result<Box<dyn Connection>, NoAnswer> {
    let addresses = match &target.host {
        Host::Ipv4(address) => vec![IpAddr::V4(*address)],
        Host::Ipv6(address) => vec![IpAddr::V6(*address)],
        Host::Domain(name) => roads.look_up(name).await.map_err(|_| NoAnswer::NotThere)?,
    };
    // One address inside is enough: whoever answers so means no good.
    if addresses.is_empty() || addresses.len() > MOST || !addresses.iter().copied().all(is_everybodys) {
        return Err(NoAnswer::NotThere);
    }
    let mut why = NoAnswer::NotThere;
    for address in addresses {
        match roads.connect(SocketAddr::new(address, target.port)).await {
            Ok(connection) => return Ok(connection),
            Err(error) => why = NoAnswer::Failed(error.to_string()),
        }
    }
    Err(why)
}
