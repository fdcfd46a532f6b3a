use super::*;

const NASTY: &str = "x\r\nBcc: thief@example.com\r\n\r\nbody\u{2028}\u{202e}\u{0}=?utf-8?q?=0D=0ABcc:_a@b?=";

fn build(key: &str, from: &str, site: &str, to: &str, content: Content) -> Result<Mail, NoMail> {
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    Mail::build(key, &Sender::parse(from).unwrap().named(site), to, at, content)
}

fn content(subject: &str, body: &str) -> Content {
    Content { subject: subject.into(), text: body.into(), html: body.into(), unsubscribe: None, attached: None }
}

/// The names of the headers of a message, in order.
fn headers(mail: &Mail) -> Vec<String> {
    let text = String::from_utf8(mail.message().formatted()).unwrap();
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split_once(':').unwrap().0.to_owned()).collect()
}

#[test]
fn a_mail_says_from_whom_to_whom_when_and_that_no_person_wrote_it() {
    let mail = build("key:0", "no-reply@iescp.example", "IESCP", "ada@example.com", content("Hello", "Grüße")).unwrap();
    let text = String::from_utf8(mail.message().formatted()).unwrap();
    for line in [
        "From: IESCP <no-reply@iescp.example>\r\n",
        "To: ada@example.com\r\n",
        "Subject: Hello\r\n",
        "Date: Sun, 01 Mar 2026 12:00:00 +0000\r\n",
        "Message-ID: <key.0@iescp.example>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn a_mail_is_the_same_to_the_byte_however_often_it_is_built() {
    let build = || build("a:1", "IESCP <no-reply@iescp.example>", "-", "ada@example.com", content("Hello", "Hi")).unwrap();
    assert_eq!(build().message().formatted(), build().message().formatted());
}

/// S-40.
#[test]
fn no_text_becomes_a_header() {
    let plain = headers(&build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content("Hello", "Hi")).unwrap());
    let nasty = build("a:1", "no-reply@iescp.example", NASTY, "ada@example.com", content(NASTY, NASTY)).unwrap();
    assert_eq!(headers(&nasty), plain);
    let subject = nasty.message().headers().get_raw("Subject").unwrap();
    assert!(!subject.chars().any(|c| c.is_control() || c == '\u{2028}' || c == '\u{202e}'), "{subject:?}");
    for wrong in
        [format!("ada@example.com{NASTY}"), NASTY.to_owned(), "ada@example.com,thief@example.com".to_owned(), String::new()]
    {
        assert!(build("a:1", "no-reply@iescp.example", "IESCP", &wrong, content("Hello", "Hi")).is_err(), "{wrong}");
    }
    assert!(Sender::parse("IESCP\r\nBcc: a@b.example <no-reply@iescp.example>").is_err());
    assert!(Sender::parse("nobody").is_err());
}

/// S-40: read by a parser that did not write it, a subject is what was typed, whatever it looks like.
#[test]
fn s_40_a_subject_is_read_as_it_was_typed() {
    let encoded = "=?utf-8?q?=0D=0ABcc:_thief=40example.com?= applied";
    for subject in [encoded, "Grüße =?utf-8?b?QQ==?= 🍵", "=?", "plain", "شاي للجميع", &"ö".repeat(200), &"=?".repeat(100)]
    {
        let mail = build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content(subject, "Hi")).unwrap();
        let raw = mail.message().formatted();
        let read = mail_parser::MessageParser::default().parse(&raw).unwrap();
        assert_eq!(read.subject(), Some(subject), "{}", String::from_utf8_lossy(&raw));
        assert!(String::from_utf8(raw).unwrap().lines().all(|line| line.len() < 100));
        assert_eq!(
            headers(&mail),
            headers(&build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content("x", "Hi")).unwrap())
        );
    }
}

#[test]
fn no_job_s_name_leads_a_file_elsewhere() {
    for key in ["", "../a", "a/b", "a b", "a\0", "ä"] {
        assert!(build(key, "no-reply@iescp.example", "IESCP", "ada@example.com", content("Hello", "Hi")).is_err(), "{key}");
    }
    let mail = build("0190-a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content("Hello", "Hi")).unwrap();
    assert_eq!(mail.file_name(), "0190-a.1.eml");
}

#[test]
fn what_a_mail_says_is_not_shown_by_accident() {
    let mail = build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content("Hello", "Hi")).unwrap();
    assert_eq!(format!("{mail:?}"), "Mail(a:1)");
}

/// RFC 8058: two headers, the first on one line however long.
#[test]
fn a_mail_that_people_can_do_without_says_where_one_click_ends_it() {
    let url = format!("https://iescp.example/unsubscribe/{}", "a".repeat(120));
    let ends = Content { unsubscribe: Some(url.clone()), ..content("Hello", "Hi") };
    let mail = build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", ends).unwrap();
    let text = String::from_utf8(mail.message().formatted()).unwrap().replace("\r\n ", " ");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.contains(&format!("List-Unsubscribe: <{url}>").as_str()), "{text}");
    assert!(lines.contains(&"List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{text}");
    for wrong in
        ["", "https://iescp.example/a b", "https://iescp.example/\r\nBcc: a@b", "https://iescp.example/>,<mailto:a@b", "ä"]
    {
        let content = Content { unsubscribe: Some(wrong.to_owned()), ..content("Hello", "Hi") };
        assert!(build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content).is_err(), "{wrong}");
    }
}

#[test]
fn a_document_comes_with_a_mail_beside_what_it_says() {
    use mail_parser::{MessageParser, MimeHeaders};
    let pdf = [b"%PDF-1.7\n".as_slice(), &[0, 13, 10, 255, 200]].concat();
    let attached = Some(Attached { name: "iescp-report-2026-03.pdf".into(), pdf: pdf.clone() });
    let content = Content { attached, ..content("Your report", "Grüße") };
    let build = || build("a:1", "no-reply@iescp.example", "IESCP", "ada@example.com", content.clone()).unwrap();
    let bytes = build().message().formatted();
    assert_eq!(bytes, build().message().formatted());
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 1));
    let document = message.attachment(0).unwrap();
    assert_eq!((document.attachment_name(), document.contents()), (Some("iescp-report-2026-03.pdf"), pdf.as_slice()));
    assert!(document.content_type().is_some_and(|kind| kind.ctype() == "application" && kind.subtype() == Some("pdf")));
}

#[test]
fn a_domain_of_any_letters_is_written_as_every_server_takes_it() {
    let mail = build("key:0", "no-reply@iescp.example", "IESCP", "ada@exämple.example", content("Hello", "")).unwrap();
    assert!(String::from_utf8(mail.message().formatted()).unwrap().contains("To: ada@xn--exmple-cua.example\r\n"));
    assert_eq!(mail.message().envelope().to()[0].to_string(), "ada@xn--exmple-cua.example");
    // Few servers take other letters before the @: such a mail is given up at once, and not tried for days.
    assert!(build("key:0", "no-reply@iescp.example", "IESCP", "jörg@example.com", content("Hello", "")).is_err());
}
