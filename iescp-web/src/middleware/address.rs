//! Where a request comes from: the peer, or what a trusted proxy says about it.

use super::observe::Trace;
use crate::app::House;
use crate::settings::Network;
use poem::http::HeaderMap;
use poem::{Addr, Endpoint, IntoResponse, Request, Response, Result};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// The address that a request counts for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The request's.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        request.data::<Self>().copied().unwrap_or(Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// The address, or for IPv6 its /64, which one household can fill with addresses of its own.
    #[must_use]
    pub fn household(self) -> IpAddr {
        match self.0.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
            v4 => v4,
        }
    }
}

/// Finds out the address and remembers it with the request.
///
/// # Errors
/// Never inside the house; failures are settled.
pub async fn address<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let house = House::of(&request)?;
    let peer = match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip(),
        _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    let client = ClientAddress(behind_proxies(peer, request.headers(), &house.settings.trusted_proxies));
    request.set_data(client);
    Trace::of(&request).at(client);
    Ok(next.call(request).await?.into_response())
}

/// Walks `X-Forwarded-For` from its end for as long as the speaker is trusted (S-68).
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let mut speaker = peer;
    for said in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        match said.trim().parse() {
            Ok(address) if trusts(speaker) => speaker = address,
            _ => break,
        }
    }
    speaker.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", poem::http::HeaderValue::from_static(line));
        }
        let trusted: Vec<Network> = trusted.iter().map(|text| text.parse().unwrap()).collect();
        behind_proxies(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn s_68_nobody_but_a_configured_proxy_is_believed() {
        assert_eq!(from("203.0.113.9", &["1.2.3.4"], &[]), "203.0.113.9");
        assert_eq!(from("203.0.113.9", &["1.2.3.4"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.1", &["1.2.3.4"], &["10.0.0.0/8"]), "1.2.3.4");
    }

    #[test]
    fn s_68_what_the_client_wrote_before_the_proxy_is_not_believed() {
        assert_eq!(from("10.0.0.1", &["6.6.6.6, 1.2.3.4, 10.0.0.2"], &["10.0.0.0/8"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["6.6.6.6", "1.2.3.4"], &["10.0.0.0/8"]), "1.2.3.4");
        assert_eq!(from("10.0.0.1", &["junk"], &["10.0.0.0/8"]), "10.0.0.1");
    }

    #[test]
    fn an_ipv6_household_is_its_64() {
        let one = ClientAddress("2001:db8::1".parse().unwrap()).household();
        assert_eq!(one, ClientAddress("2001:db8::ffff:1".parse().unwrap()).household());
        assert_ne!(one, ClientAddress("2001:db8:0:1::1".parse().unwrap()).household());
    }
}
