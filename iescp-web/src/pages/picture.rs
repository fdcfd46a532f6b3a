//! Pictures in forms: a file, or an address from which it is brought in once; and taking one away.
//!
//! Not here: what a picture is (`crate::pictures`), how the fields look (`view::picture`).

use super::{Refused, Visit, Wrongs};
use crate::pictures::{Shape, Unfit};
use crate::text::pictures as t;
use iescp_core::picture::Image;
use iescp_core::{Error, FieldError};

/// A file that a form brought.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// The field's name. What the file was called on the other side is never looked at.
    pub field: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The names of the fields around one picture.
pub const FILE: &str = "picture";
/// The address of a picture elsewhere.
pub const ADDRESS: &str = "picture_url";
/// Whether the picture is to be taken away.
pub const REMOVE: &str = "picture_remove";

/// What a form wants of one picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// That it stays.
    Keep,
    /// That there is none.
    Remove,
    /// That it is this one.
    Put(Image),
}

/// What the form wants of its picture.
///
/// # Errors
/// What is wrong with the picture, at its field.
pub async fn wish(visit: &Visit, shape: Shape) -> Result<Wish, FieldError> {
    let mut given = brought_in(visit, FILE, ADDRESS, shape).await?;
    Ok(match given.pop() {
        Some(image) => Wish::Put(image),
        None if visit.sent().ticked(REMOVE) => Wish::Remove,
        None => Wish::Keep,
    })
}

/// The pictures that a form brings, as files and from an address.
///
/// # Errors
/// What is wrong with one of them, at its field.
pub async fn brought_in(visit: &Visit, file: &str, address: &str, shape: Shape) -> Result<Vec<Image>, FieldError> {
    let studio = &visit.house().studio;
    let mut images = Vec::new();
    for upload in visit.files().iter().filter(|upload| upload.field == file) {
        images.push(studio.read(upload.bytes.clone(), shape).await.map_err(|unfit| at(file, unfit))?);
    }
    if let Some(from) = visit.sent().given(address) {
        let fetched = studio.fetch(from).await.map_err(|why| FieldError::new(address, "no_answer", why.to_string()))?;
        images.push(studio.read(fetched, shape).await.map_err(|unfit| at(address, unfit))?);
    }
    Ok(images)
}

/// Why a picture was not taken although everything else was saved.
///
/// # Errors
/// The error itself, when it is about something else than the picture.
pub fn but_saved(error: Error) -> Result<Wrongs, Refused> {
    let mut wrong = Wrongs::of(error)?;
    let why = wrong.said.take().or_else(|| wrong.fields.pop().map(|field| field.detail)).unwrap_or_default();
    wrong.fields = vec![FieldError::new(FILE, "not_taken", format!("{} {why}", t::SAVED_BUT))];
    Ok(wrong)
}

fn at(field: &str, unfit: Unfit) -> FieldError {
    FieldError::new(field, unfit.code(), unfit.to_string())
}
