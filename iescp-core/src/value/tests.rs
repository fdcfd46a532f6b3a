use super::*;
use proptest::prelude::*;

#[test]
fn web_addresses_of_other_schemes_or_shapes_are_refused() {
    let evil = [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "//evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "data:text/html,x",
        "https://",
        "https://user:pass@example.com/",
        "https://localhost/",
        "https://exa mple.com",
        "ftp://example.com",
        "https://example.com:99999/",
        "https://127.0.0.1/x",
        "https://-x.example/",
        "https://example.com/<script>",
    ];
    for url in evil {
        assert!(WebUrl::parse(url).is_err(), "{url} was taken");
    }
    assert_eq!(&*WebUrl::parse(" HTTPS://Example.com/A?b=c#d ").unwrap(), "https://example.com/A?b=c#d");
}

#[test]
fn user_names_and_addresses_are_what_they_should_be() {
    for good in ["ann", "Ann.Bell-9_x", "0day"] {
        assert!(Username::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "ab", ".ann", "ann bell", "ann@x", "аnn", "a".repeat(33).as_str()] {
        assert!(Username::parse(bad).is_err(), "{bad}");
    }
    for good in ["a@b.example", "First.Last+tag@sub.example.org", "joerg@müller.example"] {
        assert!(Email::parse(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "a@b",
        "a@@b.example",
        "a b@c.example",
        "x\r\nBcc: y@c.example",
        "<a@b.example>",
        "a@1.2.3.4",
        ".a@b.example",
        "jörg@b.example",
    ] {
        assert!(Email::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_line_has_no_controls_and_nothing_that_turns_direction() {
    for bad in ["a\nb", "a\rb", "a\u{0}b", "a\u{202e}b", "a\u{2028}b", "   "] {
        assert!(Line::<20>::parse(bad).is_err(), "{bad:?}");
    }
    assert_eq!(&*Line::<20>::parse("  مرحبا 👩‍👩‍👧 ").unwrap(), "مرحبا 👩‍👩‍👧");
}

proptest! {
    #[test]
    fn a_parsed_line_parses_to_itself(text in "\\PC{0,40}") {
        if let Ok(line) = Line::<30>::parse(&text) {
            prop_assert!((1..=30).contains(&line.chars().count()));
            prop_assert_eq!(Line::<30>::parse(&line), Ok(line));
        }
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>()) {
        let _ = (Username::parse(&text), Email::parse(&text), WebUrl::parse(&text), Prose::<50>::parse(&text), SocialPlatform::parse(&text));
    }
}
