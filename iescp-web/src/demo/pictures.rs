//! Pictures for the demonstration: faces, logos and landscapes, drawn from a seed. Only the first few dozen get one, since each
//! takes longer than all else that is made up of its owner.

use super::dice::Dice;
use crate::pictures::{Shape, written};
use iescp_core::picture::Image;
use image::imageops::FilterType;
use image::{DynamicImage, Rgb, RgbImage};

/// How many people, companies and campaigns have a picture.
pub(super) const FACES: usize = 30;
pub(super) const LOGOS: usize = 8;
pub(super) const LANDSCAPES: usize = 12;

type Colour = [f32; 3];

/// The colours of one picture, from far to near.
fn palette(dice: &mut Dice) -> [Colour; 4] {
    let hue = dice.between(0, 359) as f32;
    let turn = dice.between(25, 70) as f32;
    [shade(hue, 0.42, 0.86), shade(hue + turn, 0.5, 0.7), shade(hue + 2.0 * turn, 0.45, 0.5), shade(hue + 180.0, 0.55, 0.32)]
}

/// A colour by its hue in degrees, saturation and lightness (CSS Color 4, "HSL to RGB").
fn shade(hue: f32, saturation: f32, lightness: f32) -> Colour {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|offset: f32| {
        let place = (offset + hue / 30.0).rem_euclid(12.0);
        lightness - reach * (place - 3.0).min(9.0 - place).clamp(-1.0, 1.0)
    })
}

fn mixed(from: Colour, to: Colour, part: f32) -> Colour {
    let part = part.clamp(0.0, 1.0);
    [0, 1, 2].map(|at: usize| {
        let of = |colour: Colour| colour.get(at).copied().unwrap_or_default();
        of(from) + (of(to) - of(from)) * part
    })
}

/// Draws by asking for the colour at each place; both coordinates go from 0 to the picture's sides in units of its height.
fn drawn(width: u32, height: u32, colour: impl Fn(f32, f32) -> Colour) -> DynamicImage {
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let unit = height as f32;
        Rgb(colour(x as f32 / unit, y as f32 / unit).map(|part| (part * 255.0).round().clamp(0.0, 255.0) as u8))
    });
    picture.into()
}

/// How far a place is inside of an ellipse: 1 inside, 0 outside, with a soft edge of about a pixel.
fn inside(x: f32, y: f32, centre: (f32, f32), radius: (f32, f32), edge: f32) -> f32 {
    let (across, down) = ((x - centre.0) / radius.0, (y - centre.1) / radius.1);
    ((1.0 - across.hypot(down)) / edge).clamp(0.0, 1.0)
}

/// Somebody's face: head and shoulders before a light that comes from a side.
pub(super) fn face(seed: u64, number: usize) -> Image {
    let mut dice = Dice::of(seed, "face", number);
    let [far, near, shirt, dark] = palette(&mut dice);
    let light = dice.between(15, 85) as f32 / 100.0;
    let skin = shade(dice.between(18, 34) as f32, 0.48, dice.between(38, 80) as f32 / 100.0);
    let hair = mixed(dark, [0.12, 0.09, 0.08], dice.between(20, 90) as f32 / 100.0);
    let crown = dice.between(20, 25) as f32 / 100.0;
    let picture = drawn(160, 160, |x, y| {
        let mut colour = mixed(far, near, (x - light).hypot(y - 0.2));
        colour = mixed(colour, hair, inside(x, y, (0.5, 0.42), (crown, crown + 0.05), 0.04));
        colour = mixed(colour, shirt, inside(x, y, (0.5, 1.05), (0.4, 0.36), 0.02));
        colour = mixed(colour, mixed(skin, dark, 0.12), inside(x, y, (0.5, 0.66), (0.08, 0.13), 0.04));
        mixed(colour, skin, inside(x, y, (0.5, 0.47), (0.165, 0.205), 0.03))
    });
    written(&picture.resize_exact(480, 480, FilterType::CatmullRom), Shape::Portrait)
}

/// A company's logo: two shapes that overlap.
pub(super) fn logo(seed: u64, number: usize) -> Image {
    let mut dice = Dice::of(seed, "logo", number);
    let [paper, one, other, both] = palette(&mut dice);
    let paper = mixed(paper, [1.0; 3], 0.6);
    let (apart, size) = (dice.between(8, 15) as f32 / 100.0, dice.between(20, 26) as f32 / 100.0);
    let tall = dice.chance(40);
    let picture = drawn(160, 160, |x, y| {
        let (along, across) = if tall { (y, x) } else { (x, y) };
        let first = inside(along, across, (0.5 - apart, 0.5), (size, size), 0.03);
        let second = inside(along, across, (0.5 + apart, 0.5), (size, size), 0.03);
        mixed(mixed(mixed(paper, one, first), other, second), both, first.min(second))
    });
    written(&picture.resize_exact(480, 480, FilterType::CatmullRom), Shape::Portrait)
}

/// A campaign's picture: a sun over hills.
pub(super) fn landscape(seed: u64, number: usize) -> Image {
    let mut dice = Dice::of(seed, "landscape", number);
    let [sky, haze, hills, near] = palette(&mut dice);
    let sun = (dice.between(30, 145) as f32 / 100.0, dice.between(22, 42) as f32 / 100.0);
    let swing = [0, 1, 2].map(|_| dice.between(0, 628) as f32 / 100.0);
    let picture = drawn(400, 225, |x, y| {
        let mut colour = mixed(sky, haze, y * 1.3);
        colour = mixed(colour, [1.0, 0.96, 0.86], 0.85 * inside(x, y, sun, (0.13, 0.13), 0.04));
        for (layer, phase) in (0_u8..).zip(swing) {
            let depth = f32::from(layer);
            let ridge =
                0.52 + 0.15 * depth + 0.07 * (x * (2.2 + 0.9 * depth) + phase).sin() + 0.025 * (x * 6.5 + 2.0 * phase).cos();
            colour = mixed(colour, mixed(hills, near, depth / 2.0), (y - ridge) * 200.0);
        }
        colour
    });
    written(&picture.resize_exact(1280, 720, FilterType::CatmullRom), Shape::Cover)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_another_something_else() {
        assert_eq!(face(1, 3), face(1, 3));
        assert_ne!(face(1, 3), face(1, 4));
        assert_ne!(logo(1, 3), logo(2, 3));
        assert!(landscape(1, 3).large.len() < 120_000);
    }
}
