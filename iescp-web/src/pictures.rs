//! Pictures on their way in and out: read by what they are and written anew, fetched once from elsewhere, served.
//!
//! - `reading` turns bytes into pictures (S-47), `serving` answers `/pictures/…`; what is elsewhere is fetched through the
//!   worker's guard (S-48) and never linked to.
//!
//! **Not here**: whose pictures these are and who may see them (`iescp_core::picture`), fields in forms (`pages::picture`).

mod reading;
pub mod serving;

pub use reading::{MOST_BYTES, Shape, Unfit, written};

use iescp_core::id::PictureId;
use iescp_core::picture::{Image, Size};
use iescp_worker::outside::{HeaderMap, NoAnswer, Outside, Rules, header};
use poem::http::HeaderValue;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How many pictures are decoded at once: each may take a hundred megabytes while it is.
const AT_ONCE: usize = 2;

/// The path of a picture.
#[must_use]
pub fn path(picture: PictureId, size: Size) -> String {
    format!("/pictures/{picture}/{}", size.word())
}

/// Where pictures are brought in.
#[derive(Clone)]
pub struct Studio {
    decoding: Arc<Semaphore>,
    outside: Outside,
}

impl Default for Studio {
    fn default() -> Self {
        Self::fetching(Outside::new(Rules { bytes: MOST_BYTES, ..Rules::default() }))
    }
}

impl Studio {
    /// Where pictures that are elsewhere are fetched in this way.
    #[must_use]
    pub fn fetching(outside: Outside) -> Self {
        Self { decoding: Arc::new(Semaphore::new(AT_ONCE)), outside }
    }

    /// Reads a picture and writes it anew in its sizes; waits for its turn.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn read(&self, bytes: Vec<u8>, shape: Shape) -> Result<Image, Unfit> {
        let Ok(_place) = self.decoding.acquire().await else { return Err(Unfit::Broken) };
        let read = tokio::task::spawn_blocking(move || reading::read(&bytes, shape)).await;
        read.unwrap_or(Err(Unfit::Broken))
    }

    /// Fetches what is at an address, once.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, NoAnswer> {
        let accept = HeaderValue::from_static("image/webp, image/jpeg, image/png, image/gif");
        self.outside.fetch(address, HeaderMap::from_iter([(header::ACCEPT, accept)])).await
    }
}
