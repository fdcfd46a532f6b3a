use super::*;
use image::{GenericImageView, ImageEncoder, Rgba, RgbaImage};

fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| if x < width / 2 { [200, 30, (y % 200) as u8] } else { [20, 40, 220] }.into())
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn again(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).unwrap()
}

#[test]
fn every_kind_is_read_by_what_it_is_and_written_anew_in_two_sizes() {
    let picture = DynamicImage::from(picture(1300, 760));
    for format in FORMATS {
        let read = read(&file(&picture, format), Shape::Portrait).unwrap();
        assert_eq!((again(&read.small).dimensions(), again(&read.large).dimensions()), ((192, 192), (640, 640)), "{format:?}");
        let cover = super::read(&file(&picture, format), Shape::Cover).unwrap();
        assert_eq!((again(&cover.small).dimensions(), again(&cover.large).dimensions()), ((480, 270), (1280, 720)));
        assert!(cover.large.len() < 150_000, "{}", cover.large.len());
    }
}

#[test]
fn a_proof_is_shown_whole_and_nothing_is_made_larger_than_it_was() {
    let read = |width, height, shape| {
        let image = super::read(&file(&picture(width, height).into(), ImageFormat::Png), shape).unwrap();
        (again(&image.small).dimensions(), again(&image.large).dimensions())
    };
    assert_eq!(read(1000, 3000, Shape::Proof), ((160, 480), (853, 2560)));
    assert_eq!(read(100, 60, Shape::Proof), ((100, 60), (100, 60)));
    assert_eq!(read(100, 60, Shape::Portrait), ((60, 60), (60, 60)));
    assert_eq!(read(1, 1, Shape::Cover), ((1, 1), (1, 1)));
    assert_eq!(read(5000, 1, Shape::Cover), ((1, 1), (1, 1)));
    assert_eq!(read(1, 5000, Shape::Proof), ((1, 480), (1, 2560)));
}

#[test]
fn what_one_could_see_through_becomes_white() {
    let clear = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
    let read = read(&file(&clear.into(), ImageFormat::Png), Shape::Portrait).unwrap();
    let pixel = again(&read.small).get_pixel(10, 10).0;
    assert!(pixel.iter().all(|colour| *colour > 250), "{pixel:?}");
}

/// A segment of a JPEG that says how the camera was held, with a place in it.
fn exif(orientation: u8) -> Vec<u8> {
    let tiff =
        [b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[orientation], b"\0\0\0\0\0\0SECRET-PLACE"].concat();
    let body = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, 0xe1], length.as_slice(), &body].concat()
}

#[test]
fn s_47_a_picture_is_turned_upright_and_what_it_told_of_its_making_is_gone() {
    let plain = file(&picture(400, 400).into(), ImageFormat::Jpeg);
    let held = [&plain[..2], &exif(6), &plain[2..]].concat();
    assert!(held.windows(12).any(|window| window == b"SECRET-PLACE"));
    let read = read(&held, Shape::Proof).unwrap();
    let upright = again(&read.large);
    // Turned by a quarter to the right, the left half is on top.
    let (top, bottom) = (upright.get_pixel(200, 50).0, upright.get_pixel(200, 350).0);
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");
    for bytes in [&read.small, &read.large] {
        assert!(!bytes.windows(6).any(|window| window == b"SECRET") && !bytes.windows(4).any(|window| window == b"Exif"));
    }
}

#[test]
fn s_47_a_file_that_is_two_things_at_once_comes_out_as_a_picture_alone() {
    let script = b"/*</script><script>alert(1)</script>*/=1;alert(document.domain)//PK\x03\x04%PDF-1.7<?php system($_GET[0]); ?>";
    for format in FORMATS {
        let both = [file(&picture(64, 64).into(), format).as_slice(), script].concat();
        let read = read(&both, Shape::Portrait).unwrap();
        for bytes in [&read.small, &read.large] {
            assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9]));
            assert!(!bytes.windows(5).any(|window| window == b"alert" || window == b"<?php" || window == b"%PDF-"));
        }
    }
    // A GIF whose size spells the beginning of a comment in a script.
    let gif = [b"GIF89a/*\0\0\0\0\0".as_slice(), b"*/=1;alert(1)//"].concat();
    assert!(matches!(read(&gif, Shape::Portrait), Err(Unfit::Broken | Unfit::TooManyPixels)));
}

#[test]
fn s_47_what_is_no_picture_is_refused_whatever_it_calls_itself() {
    let svg =
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script></svg>";
    let tiff = b"II*\0\x08\0\0\0\0\0";
    let bmp = [b"BM".as_slice(), &[0; 60]].concat();
    let files: [&[u8]; 8] = [svg, b"<html><script>alert(1)</script>", b"", b"x", b"%PDF-1.7", tiff, &bmp, b"\0\0\0\x20ftypavif"];
    for file in files {
        assert_eq!(read(file, Shape::Portrait), Err(Unfit::NoPicture), "{:?}", String::from_utf8_lossy(file));
    }
}

#[test]
fn s_47_a_bomb_of_pixels_is_refused_before_it_is_decoded() {
    // The head of a PNG that says it is 60,000 by 60,000, and almost nothing more.
    let mut head = b"IHDR".to_vec();
    head.extend(60_000_u32.to_be_bytes());
    head.extend(60_000_u32.to_be_bytes());
    head.extend([8, 2, 0, 0, 0]);
    let checksum = crc(&head);
    let bomb = [b"\x89PNG\r\n\x1a\n\0\0\0\x0d".as_slice(), &head, &checksum, b"\0\0\0\0IDAT"].concat();
    assert_eq!(read(&bomb, Shape::Cover), Err(Unfit::TooManyPixels));
    let wide = file(&DynamicImage::new_luma8(26_000, 1000), ImageFormat::Png);
    assert!(wide.len() < MOST_BYTES);
    assert_eq!(read(&wide, Shape::Cover), Err(Unfit::TooManyPixels));
    let gif = [b"GIF89a\xff\xff\xff\xff\x80\0\0".as_slice(), &[0; 6], b",\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;"].concat();
    assert_eq!(read(&gif, Shape::Cover), Err(Unfit::TooManyPixels));
}

fn crc(bytes: &[u8]) -> [u8; 4] {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 })
    });
    (!sum).to_be_bytes()
}

#[test]
fn s_47_a_file_that_breaks_off_gives_no_panic_and_mostly_no_picture() {
    for format in FORMATS {
        let whole = file(&picture(90, 60).into(), format);
        for part in [8, 12, 20, 40, whole.len() / 4, whole.len() / 2] {
            assert!(read(&whole[..part.min(whole.len() - 1)], Shape::Portrait).is_err(), "{format:?} {part}");
        }
        for end in (0..whole.len()).step_by(whole.len() / 30 + 1) {
            let _ = read(&whole[..end], Shape::Portrait);
        }
    }
}

#[test]
fn s_47_two_megabytes_are_the_most_a_file_has() {
    assert_eq!(read(&vec![0xff; MOST_BYTES + 1], Shape::Portrait), Err(Unfit::TooLarge));
    assert_eq!(read(&vec![0xff; MOST_BYTES], Shape::Portrait), Err(Unfit::NoPicture));
    let mut noise = 1_u32;
    let big = RgbImage::from_fn(900, 900, |_, _| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(noise >> 24) as u8, (noise >> 16) as u8, (noise >> 8) as u8])
    });
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes).write_image(&big, 900, 900, image::ExtendedColorType::Rgb8).unwrap();
    assert_eq!(read(&bytes, Shape::Portrait), Err(Unfit::TooLarge));
}
