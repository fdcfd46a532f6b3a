//! The first start: a link, a page, an admin (S-06).

use super::{Running, out, run, start};

pub const FORM: &str = "application/x-www-form-urlencoded";
/// What a browser says of a form on our own page.
pub const OURS: &str = "sec-fetch-site: same-origin\r\n";
const PASSWORD: &str = "kettle-orbit-violin-42";

/// `token=…` out of a link.
pub fn token_of(link: &str) -> &str {
    link.split_once('?').unwrap().1
}

fn fill(running: &Running, link: &str, rest: &str, more: &str) -> super::Answer {
    let headers = if more.is_empty() { OURS } else { more };
    running.post("/setup", FORM, headers, &format!("{}&{rest}", token_of(link)))
}

fn admin(name: &str) -> String {
    format!("username={name}&email={name}%40example.com&password={PASSWORD}")
}

#[test]
fn s_06_the_link_of_the_first_start_makes_the_first_admin_and_works_once() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &[]);
    let link = running.setup_link();
    for login in ["admin", "root", "ada"] {
        assert_eq!(running.sign_in(login, login), Err(401));
    }
    let page = running.get(&link, "");
    assert_eq!(page.status, 200);
    for part in ["referrer-policy: no-referrer", "cache-control: no-store", "content-security-policy: default-src 'none'"] {
        assert!(page.head.contains(part), "{}", page.head);
    }
    assert!(page.body.contains("<form"));

    let wrong = fill(&running, &link, "username=a&email=nowhere&password=short", "");
    assert_eq!(wrong.status, 422);
    for field in ["f-username-wrong", "f-email-wrong", "f-password-wrong"] {
        assert!(wrong.body.contains(&format!("id=\"{field}\"")), "{}", wrong.body);
    }
    assert_eq!(running.post("/setup", FORM, OURS, &format!("token=x.y&{}", admin("eve"))).status, 422);

    let made = fill(&running, &link, &admin("ada"), "");
    assert_eq!(made.status, 303, "{}", made.body);
    assert_eq!(running.sign_in("ada", PASSWORD).as_deref(), Ok("admin"));
    assert!(matches!(fill(&running, &link, &admin("eve"), "").status, 409 | 422));
    assert_eq!(running.get(&link, "").status, 404);
    assert_eq!(running.sign_in("eve", PASSWORD), Err(401));
    assert_eq!(running.stop("-TERM"), Some(0));

    let again = start(directory.path(), &[]);
    assert_eq!(again.sign_in("ada", PASSWORD).as_deref(), Ok("admin"));
    assert!(again.said.try_recv().is_err(), "there is an admin, so there is no link");
}

#[test]
fn s_06_each_start_without_an_admin_prints_a_fresh_link_and_ends_the_one_before() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &[]);
    let first = running.setup_link();
    assert_eq!(running.stop("-TERM"), Some(0));
    let running = start(directory.path(), &[]);
    let second = running.setup_link();
    assert_ne!(first, second);
    assert_eq!(fill(&running, &first, &admin("ada"), "").status, 422);
    assert_eq!(fill(&running, &second, &admin("ada"), "").status, 303);
}

#[test]
fn s_22_the_form_is_taken_from_our_own_page_alone() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &["--store", "memory:"]);
    let link = running.setup_link();
    for elsewhere in [
        "sec-fetch-site: cross-site\r\n",
        "sec-fetch-site: same-site\r\norigin: http://sub.example\r\n",
        "origin: http://evil.example\r\n",
        "sec-fetch-site: same-origin\r\nsec-fetch-site: cross-site\r\n",
        "user-agent: a program\r\n",
    ] {
        assert_eq!(fill(&running, &link, &admin("ada"), elsewhere).status, 403, "{elsewhere}");
    }
    assert_eq!(fill(&running, &link, &admin("ada"), "sec-fetch-site: same-origin\r\norigin: null\r\n").status, 303);
}

#[test]
fn the_set_up_page_is_gone_once_there_is_an_admin_from_the_terminal() {
    let directory = tempfile::tempdir().unwrap();
    let running = start(directory.path(), &[]);
    let link = running.setup_link();
    assert_eq!(running.get("/setup", "").status, 404);
    let made = run(directory.path(), &["admin", "create", "--username", "ada"], &format!("{PASSWORD}\n"));
    assert_eq!(made.status.code(), Some(0));
    assert!(out(&made).contains("ada is an admin now"));
    assert_eq!(running.get(&link, "").status, 404);
    assert_eq!(fill(&running, &link, &admin("eve"), "").status, 409);
}
