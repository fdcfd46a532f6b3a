//! What an admin sees of the mails that no server sends.

use crate::house::House;
use iescp_worker::{Destination, FolderMailer};
use std::fs;
use tempfile::TempDir;

/// A mail as it stands in the folder, with what opens an account in it.
fn mail(to: &str, subject: &str) -> String {
    format!(
        "Message-ID: <a@iescp.example>\r\nFrom: IESCP <no-reply@iescp.example>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         Date: Fri, 01 May 2026 11:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nOpen:\r\nhttp://127.0.0.1:8080/password/reset?token=0190.Secret_x\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<script>planted()</script>\
         <a href=\"http://127.0.0.1:8080/password/reset?token=0190.Secret_x\">Open</a>\r\n--b--\r\n"
    )
}

fn folder() -> (TempDir, Destination) {
    let folder = TempDir::new().unwrap();
    let mails = Destination::Folder(FolderMailer::open(folder.path()).unwrap());
    (folder, mails)
}

#[tokio::test]
async fn an_admin_reads_what_was_written_where_no_server_sends_it() {
    let (folder, mails) = folder();
    let house = House::mailing(mails);
    let mut root = house.admin("root").await;
    root.get("/admin/mails").await.says("No mail was written yet");
    fs::write(folder.path().join("a.0.eml"), mail("ines@example.com", "Choose <b>a new</b> password")).unwrap();
    let list = root.get("/admin/mails").await;
    list.says("nobody gets these");
    let page = root.follow(&list, "Choose <b>a new</b> password").await;
    page.says("ines@example.com");
    assert_eq!(page.value("iframe", "src"), "/admin/mails/a.0.eml/html");
    assert_eq!(page.value("iframe", "sandbox"), "");
    for wrong in ["b.0.eml", "..%2fa.0.eml", "a.0", "x"] {
        assert_eq!(root.get(&format!("/admin/mails/{wrong}")).await.status, 404, "{wrong}");
        assert_eq!(root.get(&format!("/admin/mails/{wrong}/html")).await.status, 404, "{wrong}");
    }
}

/// S-57: what is in the frame may do nothing; no other page may be framed.
#[tokio::test]
async fn s_57_what_a_mail_says_runs_nothing_and_is_framed_by_us_alone() {
    let (folder, mails) = folder();
    let house = House::mailing(mails);
    fs::write(folder.path().join("a.0.eml"), mail("ines@example.com", "Hello")).unwrap();
    let mut root = house.admin("root").await;
    let framed = root.get("/admin/mails/a.0.eml/html").await;
    let says = |name: &str| framed.headers[name].to_str().unwrap().to_owned();
    let policy = says("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none';") && policy.ends_with("; sandbox") && !policy.contains("script-src"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    assert_eq!((says("x-frame-options"), says("referrer-policy")), ("SAMEORIGIN".to_owned(), "no-referrer".to_owned()));
    let page = root.get("/admin/mails/a.0.eml").await;
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("frame-src 'self'") && policy.contains("script-src 'self';"), "{policy}");
}

/// Nobody acts for others, admins neither: what opens somebody's account is theirs.
#[tokio::test]
async fn an_admin_sees_no_link_that_opens_another_s_account() {
    let (folder, mails) = folder();
    let house = House::mailing(mails);
    let mut root = house.admin("root").await;
    for (name, to, seen) in [("a", "ines@example.com", false), ("b", "root@example.com", true)] {
        fs::write(folder.path().join(format!("{name}.0.eml")), mail(to, "Hello")).unwrap();
        for path in [format!("/admin/mails/{name}.0.eml"), format!("/admin/mails/{name}.0.eml/html")] {
            assert_eq!(root.get(&path).await.html.contains("Secret_x"), seen, "{path}");
        }
    }
}

#[tokio::test]
async fn nobody_else_learns_that_there_are_mails_and_a_server_s_are_not_kept() {
    let (folder, mails) = folder();
    let house = House::mailing(mails);
    fs::write(folder.path().join("a.0.eml"), mail("ines@example.com", "Hello")).unwrap();
    let mut ines = house.influencer("ines").await;
    let mut acme = house.sponsor("acme").await;
    for path in ["/admin/mails", "/admin/mails/a.0.eml", "/admin/mails/a.0.eml/html"] {
        assert_eq!(ines.get(path).await.status, 404, "{path}");
        assert_eq!(acme.get(path).await.status, 404, "{path}");
        assert!(house.visitor().get(path).await.path.starts_with("/sign-in"), "{path}");
    }
    let house = House::mailing(Destination::Server("smtps://mail.example.com".parse().unwrap()));
    house.admin("root").await.get("/admin/mails").await.says("They leave by smtps://mail.example.com:465");
    let house = House::open();
    house.admin("root").await.get("/admin/mails").await.says("Another process sends them");
}
