//! Addresses, networks and origins among the settings.

use iescp_worker::installation::settings::public_url;
use std::net::IpAddr;
use std::str::FromStr;

/// An address or a network such as `10.0.0.0/8`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether `address` lies in it. An IPv4 address written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same_bits(u32::from(own).into(), u32::from(other).into(), 32, self.prefix),
            (IpAddr::V6(own), IpAddr::V6(other)) => same_bits(own.into(), other.into(), 128, self.prefix),
            _ => false,
        }
    }
}

fn same_bits(a: u128, b: u128, width: u8, prefix: u8) -> bool {
    prefix == 0 || (a ^ b).checked_shr(u32::from(width - prefix.min(width))).unwrap_or(0) == 0
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.trim().parse().map_err(|_| format!("`{text}` is neither an address nor a network"))?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(widest), str::parse).ok().filter(|prefix| *prefix <= widest);
        Ok(Self { address, prefix: prefix.ok_or_else(|| format!("`{text}` has no prefix length from 0 to {widest}"))? })
    }
}

/// An origin exactly as a browser sends it: scheme, host, port, nothing after.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let url = public_url(text)?;
    match url.splitn(4, '/').nth(3) {
        None if url == url.to_ascii_lowercase() => Ok(url),
        _ => Err(format!("`{text}` is not an origin such as https://app.example")),
    }
}
