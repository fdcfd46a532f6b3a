use super::*;
use iescp_core::{
    id::{AccountId, LinkId},
    notification::Notice,
    value::Email,
};

fn all() -> Vec<Letter> {
    let account = AccountId("0190a6b2-0000-7000-8000-000000000001".parse().unwrap());
    let link = LinkId("0190a6b2-0000-7000-8000-000000000002".parse().unwrap());
    let to = Email::parse("ada@example.com").unwrap();
    vec![
        Letter::VerifyEmail { account, to: to.clone(), link },
        Letter::ResetPassword { account, to: to.clone(), link },
        Letter::AlreadyRegistered { account, to: to.clone() },
        Letter::Security { account, to, what: "Your password was changed.".into() },
    ]
}

fn written(site_name: &str, username: &str, letter: &Letter) -> Content {
    let secret = InstallationSecret::new([7; 32]);
    let house = House { site_name, public_url: "https://iescp.example", secret: &secret, link_minutes: 60 };
    write(house, username, letter).unwrap()
}

#[test]
fn every_letter_greets_by_name_and_leads_to_the_public_address_alone() {
    for letter in all() {
        let Content { subject, text, html } = written("IESCP", "ada", &letter);
        assert!(subject.contains("IESCP") && text.starts_with("Hello ada,\n"), "{text}");
        for part in [&text, &html] {
            let links = part.matches("https://").count();
            assert!(links > 0 && part.matches("https://iescp.example/").count() == links, "{part}");
        }
    }
}

#[test]
fn links_carry_the_token_that_the_core_expects() {
    let secret = InstallationSecret::new([7; 32]);
    let links = [(Purpose::VerifyEmail, "/verify-email"), (Purpose::ResetPassword, "/password/reset")];
    for (letter, (purpose, path)) in all().into_iter().zip(links) {
        let (Letter::VerifyEmail { link, .. } | Letter::ResetPassword { link, .. }) = &letter else { panic!("it has a link") };
        let token = purpose.token(&secret, *link);
        let url = format!("https://iescp.example{path}?token={}", token.reveal());
        let Content { text, html, .. } = written("IESCP", "ada", &letter);
        assert!(text.contains(&format!("\n{url}\n")) && html.contains(&format!("href=\"{url}\"")), "{text}");
    }
}

/// S-40.
#[test]
fn no_text_becomes_markup() {
    let nasty = "<img src=x onerror='a()'>\"&";
    let letter = Letter::Security {
        account: AccountId(uuid::Uuid::nil()),
        to: Email::parse("ada@example.com").unwrap(),
        what: nasty.into(),
    };
    let Content { html, text, .. } = written(nasty, nasty, &letter);
    assert!(!html.contains("<img") && !html.contains("'a()'"), "{html}");
    assert_eq!(html.matches("&lt;img src=x onerror=&#39;a()&#39;&gt;&quot;&amp;").count(), 5);
    assert!(text.contains(nasty));
}

#[test]
fn of_a_notice_no_mail_is_written() {
    let letter = Letter::Notice { account: AccountId(uuid::Uuid::nil()), notice: Notice::Approved, about: uuid::Uuid::nil() };
    let secret = InstallationSecret::new([7; 32]);
    let house = House { site_name: "IESCP", public_url: "https://iescp.example", secret: &secret, link_minutes: 60 };
    assert!(write(house, "ada", &letter).is_none());
}
