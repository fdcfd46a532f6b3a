use super::*;
use iescp_core::{
    account::{Purpose, Role},
    event::Thing,
    id::{AccountId, EventId, LinkId, NotificationId},
    notification::{Notice, Notification},
    outbox::Told,
    value::{Email, Username},
};
use serde_json::{Value, json};
use uuid::Uuid;

const NASTY: &str = "<img src=x onerror='a()'>\"&";

fn account() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

fn addressee(letter: Letter, told: Option<Told>) -> Addressee {
    let (to, username) = (Email::parse("ada@example.com").unwrap(), Username::parse("ada").unwrap());
    Addressee { to, username, account: account(), letter, told }
}

fn asked_for() -> Vec<Letter> {
    let (account, link) = (account(), LinkId(Uuid::from_u128(2)));
    let to = Email::parse("ada@example.com").unwrap();
    vec![
        Letter::VerifyEmail { account, to: to.clone(), link },
        Letter::ResetPassword { account, to: to.clone(), link },
        Letter::AlreadyRegistered { account, to: to.clone() },
        warning("Your password was changed.", false),
        warning("An admin ended all your sessions.", true),
    ]
}

fn warning(what: &str, by_admin: bool) -> Letter {
    let to = Email::parse("ada@example.com").unwrap();
    Letter::Security { account: account(), to, what: what.into(), by_admin }
}

/// A notice as somebody of this role is told it, every particular given.
fn told(notice: Notice, role: Role, words: &str, detail: Value) -> Addressee {
    let notification = Notification {
        id: NotificationId(Uuid::from_u128(3)),
        account: account(),
        event: EventId(Uuid::from_u128(4)),
        at: "2026-03-01T12:00:00Z".parse().unwrap(),
        notice,
        about: Thing { kind: "request".into(), id: Uuid::from_u128(5) },
        detail,
        read_at: None,
    };
    let words = Some(words.to_owned());
    let told = Told { called: words.clone(), campaign: words.clone(), said: words, role, notification, report: None };
    let notification = told.notification.id;
    addressee(Letter::Notice { account: account(), notice, notification }, Some(told))
}

fn particulars() -> Value {
    json!({
        "amount": 125_000, "paid": 125_000, "to_influencer": 40_000, "offer": 2, "rating": 4, "round": 1,
        "due": "2026-03-20", "ends_at": "2026-03-20T18:00:00Z", "why": "nobody answered in time", "kind": "campaign",
        "outcome": "dismiss", "collaboration": Uuid::from_u128(6),
    })
}

fn written(site: &str, addressee: &Addressee) -> Option<Content> {
    let settings = Settings { site_name: site.into(), ..Settings::default() };
    let secret = InstallationSecret::new([7; 32]);
    write(House { settings: &settings, public_url: "https://iescp.example", secret: &secret }, addressee)
}

/// Every letter there is, each notice for everybody who may be told it.
fn all(words: &str) -> Vec<(String, Addressee)> {
    let asked = asked_for().into_iter().map(|letter| (format!("{letter:?}"), addressee(letter, None)));
    let noticed = notices().flat_map(|notice| {
        [Role::Sponsor, Role::Influencer, Role::Admin]
            .map(|role| (format!("{notice:?} for {role:?}"), told(notice, role, words, particulars())))
    });
    // What is between two parties is told to no admin, disputes excepted.
    let to_nobody = |(_, addressee): &(String, Addressee)| {
        let told = addressee.told.as_ref();
        let dispute = |notice| matches!(notice, Notice::DisputeOpened | Notice::DisputeWithdrawn);
        told.is_some_and(|told| {
            let notice = told.notification.notice;
            told.role == Role::Admin && notice.topic() == Topic::Disputes && !dispute(notice)
        })
    };
    asked.chain(noticed).filter(|one| !to_nobody(one)).collect()
}

fn notices() -> impl Iterator<Item = Notice> {
    Notice::ALL.iter().copied().filter(|notice| notice.topic() != Topic::Security)
}

#[test]
fn no_kind_of_letter_is_without_words_and_each_leads_to_one_page_of_ours() {
    for (name, addressee) in all("Spring") {
        let Some(Content { subject, text, html, .. }) = written("IESCP", &addressee) else { panic!("{name} has no words") };
        assert!(!subject.is_empty() && subject.chars().count() < 120, "{name}: {subject}");
        assert!(
            text.starts_with("Hello ada,\n\n") && text.contains("\n-- \nThis is an automatic message from IESCP."),
            "{name}: {text}"
        );
        let sentence = text.trim_start_matches("Hello ada,\n\n");
        assert!(!sentence.starts_with(char::is_lowercase), "{name}: a sentence begins with a capital: {text}");
        for part in [&text, &html] {
            let links = part.matches("https://").count();
            assert!(links > 0 && part.matches("https://iescp.example/").count() == links, "{name}: {part}");
        }
        assert_eq!(html.matches("class=\"button\"").count(), 1, "{name}: {html}");
        assert!(!text.contains("  ") && !text.contains(" ."), "{name}: {text}");
    }
}

#[test]
fn what_is_not_known_leaves_no_hole_in_a_letter() {
    for (name, addressee) in all("Spring") {
        let Some(told) = addressee.told.clone() else { continue };
        let notification = Notification { detail: json!({}), ..told.notification };
        let told = Some(Told { called: None, campaign: None, said: None, notification, ..told });
        let Content { subject, text, .. } = written("IESCP", &Addressee { told, ..addressee }).unwrap();
        for part in [&subject, &text] {
            assert!(!part.contains("  ") && !part.contains(" .") && !part.contains("“”"), "{name}: {part}");
        }
    }
}

#[test]
fn what_keeps_an_account_safe_is_a_letter_of_its_own_and_no_notice() {
    for notice in Notice::ALL.iter().filter(|notice| notice.topic() == Topic::Security) {
        assert!(written("IESCP", &told(*notice, Role::Sponsor, "Spring", particulars())).is_none());
    }
}

#[test]
fn people_are_told_where_they_end_such_mails_except_of_what_they_cannot_do_without() {
    for (name, addressee) in all("Spring") {
        let Content { text, html, unsubscribe, .. } = written("IESCP", &addressee).unwrap();
        let chosen = addressee.letter.topic().is_some();
        assert_eq!(unsubscribe.is_some(), chosen, "{name}");
        for part in [&text, &html] {
            assert_eq!(part.contains("https://iescp.example/settings/notifications"), chosen, "{name}");
            assert!(unsubscribe.as_ref().is_none_or(|url| part.contains(url.as_str())), "{name}");
        }
    }
}

#[test]
fn links_carry_the_token_that_the_core_expects() {
    let secret = InstallationSecret::new([7; 32]);
    let links = [(Purpose::VerifyEmail, "/verify-email"), (Purpose::ResetPassword, "/password/reset")];
    for (letter, (purpose, path)) in asked_for().into_iter().zip(links) {
        let (Letter::VerifyEmail { link, .. } | Letter::ResetPassword { link, .. }) = &letter else { panic!("it has a link") };
        let token = purpose.token(&secret, *link);
        let url = format!("https://iescp.example{path}?token={}", token.reveal());
        let Content { text, html, .. } = written("IESCP", &addressee(letter, None)).unwrap();
        assert!(text.contains(&format!("\n{url}\n")) && html.contains(&format!("href=\"{url}\"")), "{text}");
    }
}

/// S-40.
#[test]
fn s_40_nothing_that_people_typed_becomes_markup() {
    for (name, addressee) in all(NASTY) {
        let Content { html, .. } = written(NASTY, &addressee).unwrap();
        assert!(!html.contains("<img") && !html.contains("\"&\""), "{name}: {html}");
        assert!(html.contains("&lt;img src=x onerror='a()'&gt;&quot;&amp;"), "{name}: {html}");
    }
}

/// S-40: a name cannot write lines of its own into a letter, nor turn the rest of it about; what somebody said is quoted.
#[test]
fn s_40_nothing_that_people_typed_stands_as_a_line_of_ours() {
    let forged = "Ada\r\n\r\nYour account is closed.\u{202e}\n-- \nBcc: thief@example.com";
    for (name, addressee) in all(forged) {
        let Content { subject, text, .. } = written("IESCP", &addressee).unwrap();
        assert!(!subject.chars().any(|c| c.is_control() || c == '\u{202e}'), "{name}: {subject:?}");
        for line in text.lines() {
            assert!(!line.starts_with("Your account is closed") && !line.starts_with("Bcc"), "{name}: {text}");
        }
        assert_eq!(text.matches("\n-- \n").count(), 1, "{name}: {text}");
    }
    let long = "x".repeat(5_000);
    let Content { subject, .. } = written("IESCP", &told(Notice::OfferMade, Role::Sponsor, &long, particulars())).unwrap();
    assert!(subject.chars().count() < 220, "{subject}");
}
