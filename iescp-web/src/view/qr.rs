//! A picture that a phone reads (QR code, ISO/IEC 18004), as SVG.

use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

/// The empty modules around it that readers need.
const MARGIN: i32 = 4;

/// The picture of a text; nothing, if the text is too long for one.
#[must_use]
pub fn picture(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return html! {} };
    let side = code.size() + 2 * MARGIN;
    let dark = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN)).collect();
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_a_square_and_one_that_is_too_long_nothing() {
        let drawn = picture("otpauth://totp/iescp:ada?secret=ABCD", "A key").into_string();
        assert!(drawn.contains("viewBox=\"0 0 37 37\"") && drawn.contains("aria-label=\"A key\""), "{}", &drawn[..80]);
        assert_eq!(picture(&"x".repeat(4000), "").into_string(), "");
    }
}
