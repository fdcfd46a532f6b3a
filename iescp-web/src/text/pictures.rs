//! Pictures.

pub const PORTRAIT: &str = "Portrait";
pub const LOGO: &str = "Logo";
pub const COVER: &str = "Picture";
pub const FILE: &str = "Choose a picture";
pub const FILE_OTHER: &str = "Choose another picture";
pub const PORTRAIT_HINT: &str =
    "JPEG, PNG, WebP or GIF, at most 2 MB. The square in its middle is shown; where it was taken is forgotten.";
pub const COVER_HINT: &str = "JPEG, PNG, WebP or GIF, at most 2 MB. It is cut to 16 by 9; where it was taken is forgotten.";
pub const ADDRESS: &str = "Or bring one in from the web";
pub const ADDRESS_HINT: &str = "An address that begins with https://. It is copied here once, and not linked to.";
pub const REMOVE: &str = "Remove the picture";
pub const FILES: &str = "Choose pictures";
pub const PROOFS: &str = "Pictures that prove it";
pub const PROOFS_HINT: &str =
    "Screenshots of the posts and their figures: up to six, at most 2 MB each. Only the two of you and admins see them.";
pub const SAVED_BUT: &str = "Everything else was saved, but not the picture.";

/// What a picture of somebody shows, for those who do not see it.
pub fn portrait_of(name: &str) -> String {
    format!("Picture of {name}")
}

/// What a campaign's picture shows.
pub fn cover_of(title: &str) -> String {
    format!("Picture of the campaign {title}")
}

/// What a proof shows.
pub fn proof(number: usize) -> String {
    format!("Proof {number}, in full")
}
