//! The icons that devices want as pixels are drawn from the mark: with `UPDATE_ICONS=1` in the environment the test writes them.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, Rgba, RgbaImage};
use std::fs;

const GREEN: [f32; 3] = [28.0, 122.0, 92.0];
const APRICOT: [f32; 3] = [242.0, 166.0, 90.0];
const DEEP: [f32; 3] = [15.0, 76.0, 58.0];
const PAPER: [f32; 3] = [251.0, 250.0, 246.0];

/// How many places of a pixel are looked at, in each direction.
const FINE: u32 = 4;

/// The colour of the mark at a place of its 28 by 28 field; none beside it.
fn mark(x: f32, y: f32) -> Option<[f32; 3]> {
    let (left, right) = ((x - 10.0).hypot(y - 14.0) <= 8.5, (x - 18.0).hypot(y - 14.0) <= 8.5);
    match (left, right) {
        (true, true) => Some(DEEP),
        (true, false) => Some(GREEN),
        (false, true) => Some(APRICOT),
        (false, false) => None,
    }
}

/// The mark on a square of so many pixels, of whose side it takes a part; on paper, or on nothing.
fn drawn(side: u32, part: f32, paper: bool) -> Vec<u8> {
    let unit = 28.0 / part / side as f32;
    let picture = RgbaImage::from_fn(side, side, |px, py| {
        let (mut colour, mut seen) = ([0.0; 3], 0.0_f32);
        for at in 0..FINE * FINE {
            let fine = |pixel: u32, at: u32| (pixel as f32 + (at as f32 + 0.5) / FINE as f32 - side as f32 / 2.0) * unit + 14.0;
            let found = mark(fine(px, at % FINE), fine(py, at / FINE)).or(paper.then_some(PAPER));
            if let Some(found) = found {
                colour = [colour[0] + found[0], colour[1] + found[1], colour[2] + found[2]];
                seen += 1.0;
            }
        }
        let byte = |sum: f32| if seen > 0.0 { (sum / seen).round() as u8 } else { 0 };
        Rgba([byte(colour[0]), byte(colour[1]), byte(colour[2]), (255.0 * seen / (FINE * FINE) as f32).round() as u8])
    });
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    encoder.write_image(&picture, side, side, ExtendedColorType::Rgba8).unwrap();
    bytes
}

#[test]
fn the_icons_are_those_that_the_mark_draws() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/assets/icons");
    for (name, side, part, paper) in [
        ("icon-192", 192, 1.0, false),
        ("icon-512", 512, 1.0, false),
        ("maskable-512", 512, 0.72, true),
        ("touch-180", 180, 0.8, true),
    ] {
        let (path, drawn) = (format!("{folder}/{name}.png"), drawn(side, part, paper));
        if std::env::var_os("UPDATE_ICONS").is_some() {
            fs::write(&path, &drawn).unwrap();
        }
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgba8();
        assert!(pixels(&fs::read(&path).unwrap()) == pixels(&drawn), "{name} is another: run this test with UPDATE_ICONS=1");
    }
}
