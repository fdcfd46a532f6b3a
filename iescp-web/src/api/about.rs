//! What the platform says about itself to anybody.

use super::{Chapter, Failure, Shown, Timestamp};
use crate::app::House;
use crate::identity::Anyone;
use poem::Request;
use poem_openapi::{Object, OpenApi};

/// The operations.
pub struct About;

/// The platform and the limits within which it is to be asked.
#[derive(Object)]
pub struct AboutThis {
    /// The platform's name.
    name: String,
    /// Its version.
    version: String,
    /// Its clock, against which deadlines and tokens are measured.
    now: Timestamp,
    /// The largest request body, in bytes.
    max_body: u32,
    /// Requests that a person or address may make in each window.
    rate_limit: u32,
    /// The window's length in seconds.
    rate_window: u32,
}

#[OpenApi(tag = "Chapter::About")]
impl About {
    /// The platform's name, version, clock and limits
    ///
    /// Needs no sign-in. A good first request: it shows whether the server answers and whether a token is taken.
    #[oai(path = "/about", method = "get", operation_id = "show_about")]
    async fn show_about(&self, _caller: Anyone, request: &Request) -> Result<Shown<AboutThis>, Failure> {
        let house = House::of(request).map_err(crate::problem::from_poem)?;
        Ok(Shown::plain(AboutThis {
            name: "IESCP".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            now: Timestamp(house.now()),
            max_body: house.settings.max_body,
            rate_limit: house.settings.rate_limit,
            rate_window: house.settings.rate_window,
        }))
    }
}
