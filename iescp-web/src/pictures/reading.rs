//! Reads a picture by what it is, not by what it is called, and writes it anew: upright, in two sizes, its pixels and nothing
//! else (S-47). So whatever else was in the file, such as places, scripts or another file, is gone.
//!
//! JPEG throughout: of what we can write it is the smallest for photographs. What was transparent becomes white. Of what moves,
//! the first image stays.

use iescp_core::picture::{Image, MediaType};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, metadata::Orientation};
use std::fmt;
use std::io::Cursor;

/// The largest file that is looked at, in bytes.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;

/// The most pixels; counted before any of them is decoded.
const MOST_PIXELS: u64 = 25_000_000;

/// Memory that decoding one picture may take.
const MEMORY: u64 = 160 * 1024 * 1024;

/// Of a hundred.
const QUALITY: u8 = 80;

const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];

/// What a picture is for, which says how it is cut and how large it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A portrait or logo: the square in its middle.
    Portrait,
    /// A campaign's: sixteen to nine, from its middle.
    Cover,
    /// A proof: all of it.
    Proof,
}

impl Shape {
    /// Width and height of the two sizes, at most.
    #[must_use]
    pub const fn sizes(self) -> [(u32, u32); 2] {
        match self {
            Self::Portrait => [(192, 192), (640, 640)],
            Self::Cover => [(480, 270), (1280, 720)],
            Self::Proof => [(480, 480), (1280, 2560)],
        }
    }

    /// The part of a picture that is shown: left, top, width, height.
    fn cut(self, width: u32, height: u32) -> (u32, u32, u32, u32) {
        let (across, down) = match self {
            Self::Portrait => (1, 1),
            Self::Cover => (16, 9),
            Self::Proof => return (0, 0, width, height),
        };
        let wide = u64::from(width).min(u64::from(height) * across / down).max(1);
        let high = u64::from(height).min(u64::from(width) * down / across).max(1);
        let (wide, high) = (u32::try_from(wide).unwrap_or(width), u32::try_from(high).unwrap_or(height));
        ((width - wide) / 2, (height - high) / 2, wide, high)
    }
}

/// Why something cannot be shown as a picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// Too many bytes.
    TooLarge,
    /// None of the kinds of pictures that we read.
    NoPicture,
    /// Too many pixels.
    TooManyPixels,
    /// It begins like a picture and goes on like none.
    Broken,
}

impl Unfit {
    /// The word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NoPicture => "no_picture",
            Self::TooManyPixels => "too_many_pixels",
            Self::Broken => "broken_picture",
        }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "This picture is larger than 2 MB. Please choose a smaller one.",
            Self::NoPicture => "This is no picture that can be shown here. Please choose a JPEG, PNG, WebP or GIF.",
            Self::TooManyPixels => "This picture has more than 25 megapixels. Please choose a smaller one.",
            Self::Broken => "This picture is damaged. Please choose another, or save it anew.",
        })
    }
}

impl std::error::Error for Unfit {}

/// Reads a picture, and writes it anew in the sizes of a shape.
pub(super) fn read(bytes: &[u8], shape: Shape) -> Result<Image, Unfit> {
    if bytes.len() > MOST_BYTES {
        return Err(Unfit::TooLarge);
    }
    let format = image::guess_format(bytes).ok().filter(|format| FORMATS.contains(format)).ok_or(Unfit::NoPicture)?;
    if format == ImageFormat::Jpeg && !has_its_end(bytes) {
        return Err(Unfit::Broken);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unfit)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MEMORY {
        return Err(Unfit::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unfit)?;
    picture.apply_orientation(orientation);
    Ok(written(&opaque(picture), shape))
}

fn unfit(error: image::ImageError) -> Unfit {
    if matches!(error, image::ImageError::Limits(_)) { Unfit::TooManyPixels } else { Unfit::Broken }
}

/// Whether a JPEG's pixels come to their end. Its decoder would show what is there, and grey for the rest.
fn has_its_end(jpeg: &[u8]) -> bool {
    let last = |mark: u8| jpeg.windows(2).rposition(|pair| pair == [0xff, mark]);
    last(0xda).is_none_or(|begin| last(0xd9) > Some(begin))
}

/// On white, where one could see through it.
fn opaque(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut picture = picture.into_rgba8();
    for pixel in picture.pixels_mut() {
        let [red, green, blue, alpha] = pixel.0;
        let seen = |colour: u8| {
            let over = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
            u8::try_from(over / 255).unwrap_or(u8::MAX)
        };
        pixel.0 = [seen(red), seen(green), seen(blue), u8::MAX];
    }
    picture.into()
}

/// A picture in the sizes of a shape, never larger than it is.
#[must_use]
pub fn written(picture: &DynamicImage, shape: Shape) -> Image {
    let (left, top, width, height) = shape.cut(picture.width(), picture.height());
    let part = picture.crop_imm(left, top, width, height);
    let [small, large] = shape.sizes().map(|(most_wide, most_high)| {
        let scale = (f64::from(most_wide) / f64::from(width)).min(f64::from(most_high) / f64::from(height)).min(1.0);
        let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        encoded(&resized(&part, scaled(width), scaled(height)))
    });
    Image { media_type: MediaType::Jpeg, small, large }
}

/// By averaging to twice the size and then with care, which looks as careful as care alone and takes a fraction of its time.
fn resized(picture: &DynamicImage, width: u32, height: u32) -> RgbImage {
    if (width, height) == (picture.width(), picture.height()) {
        return picture.to_rgb8();
    }
    let (wide, high) = (2 * width, 2 * height);
    let careful = |picture: &DynamicImage| picture.resize_exact(width, height, FilterType::CatmullRom);
    let large = picture.width() > wide && picture.height() > high;
    let resized = if large { careful(&picture.thumbnail_exact(wide, high)) } else { careful(picture) };
    resized.into_rgb8()
}

fn encoded(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to memory fails for no picture of these sizes; without bytes nothing is stored.
    let written = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode(
        picture.as_raw(),
        picture.width(),
        picture.height(),
        ExtendedColorType::Rgb8,
    );
    if let Err(error) = written {
        tracing::error!(%error, "a picture could not be written");
        bytes.clear();
    }
    bytes
}

#[cfg(test)]
mod tests;
