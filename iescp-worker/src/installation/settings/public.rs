//! The address that people use, among the settings.

/// An `http` or `https` URL without query, fragment or trailing slash.
///
/// # Errors
/// A sentence, when it is none.
pub fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim().trim_end_matches('/');
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain = url.chars().all(|c| c.is_ascii_graphic() && !"?#\"<>\\^`{|}@*".contains(c));
    match host {
        Some(host) if plain && !host.is_empty() && !host.starts_with([':', '/']) => Ok(url.to_owned()),
        _ => Err(format!("`{text}` is not a URL such as https://iescp.example")),
    }
}
