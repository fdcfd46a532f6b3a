use super::page::{Filled, form};
use crate::problem::FieldProblem;
use iescp_core::FieldError;

#[test]
fn what_is_wrong_stands_at_its_field_and_what_was_typed_is_escaped() {
    let filled = Filled { token: "t\"o".into(), username: "<b>".into(), email: String::new() };
    let wrong = [FieldError::new("username", "characters", "No such letters."), FieldError::new("token", "link", "Used.")];
    let page = form("Site & Co", &filled, &wrong).0;
    assert!(page.contains("Site &amp; Co") && page.contains("&lt;b&gt;") && page.contains("t&quot;o"));
    assert!(page.contains("aria-describedby=\"username-wrong username-hint\" aria-invalid=\"true\""), "{page}");
    assert!(page.contains("id=\"username-wrong\"") && !page.contains("id=\"email-wrong\"") && page.contains("Used."));
    assert!(!page.contains("<script") && !page.contains("style="));
    // Pages and the API name fields alike.
    assert_eq!(FieldProblem::from(&wrong[0]).pointer, "/username");
}

#[test]
fn the_password_is_never_sent_back() {
    let page = form("Site", &Filled::default(), &[]).0;
    assert!(page.contains("type=\"password\" autocomplete=\"new-password\" required aria-describedby"), "{page}");
}
