use super::*;
use crate::mail::{Content, Sender};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

fn mail(key: &str, text: &str) -> Mail {
    let content = Content { subject: "Hello".into(), text: text.into(), html: text.into(), unsubscribe: None, attached: None };
    let from = Sender::parse("IESCP <no-reply@iescp.example>").unwrap();
    Mail::build(key, &from, "ada@example.com", "2026-03-01T12:00:00Z".parse().unwrap(), content).unwrap()
}

fn files(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_mail_that_is_sent_twice_is_one_file() {
    let folder = TempDir::new().unwrap();
    let mailer = FolderMailer::open(folder.path().join("mail")).unwrap();
    for key in ["a:0", "a:1", "a:0", "a:0"] {
        mailer.send(mail(key, "Hi")).await.unwrap();
    }
    assert_eq!(files(&folder), ["a.0.eml", "a.1.eml"]);
    let written = fs::read(folder.path().join("mail/a.0.eml")).unwrap();
    assert_eq!(written, mail("a:0", "Hi").message().formatted());
}

#[tokio::test]
async fn nobody_but_the_owner_reads_what_is_sent() {
    let folder = TempDir::new().unwrap();
    let mailer = FolderMailer::open(folder.path().join("mail")).unwrap();
    mailer.send(mail("a:0", "Hi")).await.unwrap();
    for path in ["mail", "mail/a.0.eml"] {
        assert_eq!(fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o077, 0, "{path}");
    }
}

#[tokio::test]
async fn a_folder_that_is_gone_is_an_error_and_leaves_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let mailer = FolderMailer::open(folder.path().join("mail")).unwrap();
    fs::remove_dir(folder.path().join("mail")).unwrap();
    assert!(mailer.send(mail("a:0", "Hi")).await.is_err());
    fs::create_dir_all(folder.path().join("mail/a.0.eml")).unwrap();
    assert!(mailer.send(mail("a:0", "Hi")).await.is_err());
    assert_eq!(files(&folder), ["a.0.eml"]);
}

#[tokio::test]
async fn memory_keeps_the_last_thousand() {
    let mailer = MemoryMailer::default();
    for number in 0..1003 {
        mailer.send(mail(&format!("a:{number}"), "Hi")).await.unwrap();
    }
    let mails = mailer.mails();
    assert_eq!((mails.len(), mails[0].key(), mails[999].key()), (1000, "a:3", "a:1002"));
}

/// Both keep what they were given, and tell the latest first.
#[tokio::test]
async fn mails_that_are_kept_can_be_read_again() {
    let folder = TempDir::new().unwrap();
    let (files, memory) = (FolderMailer::open(folder.path().join("mail")).unwrap(), MemoryMailer::default());
    let long = "Grüße, 世界 – “ß” & <b>\n".repeat(40);
    for number in 0..5 {
        files.send(mail(&format!("a:{number}"), &long)).await.unwrap();
        memory.send(mail(&format!("a:{number}"), &long)).await.unwrap();
    }
    fs::write(folder.path().join("mail/notes.txt"), "no mail").unwrap();
    fs::write(folder.path().join("mail/.draft.eml"), "no mail").unwrap();
    for (place, ordered) in [(Destination::Folder(files), false), (Destination::Memory(memory), true)] {
        let latest = place.latest(3).await.unwrap();
        assert_eq!((latest.kept, latest.mails.len()), (5, 3));
        if ordered {
            assert_eq!(latest.mails[0].name, "a.4.eml");
        }
        let one = place.find("a.2.eml").await.unwrap().unwrap();
        assert_eq!(
            (one.subject.as_str(), one.to.as_str(), one.from.as_str()),
            ("Hello", "ada@example.com", "no-reply@iescp.example")
        );
        assert_eq!(one.at.to_string(), "2026-03-01T12:00:00Z");
        assert_eq!((one.text.replace("\r\n", "\n"), one.html.replace("\r\n", "\n")), (long.clone(), long.clone()));
        for wrong in ["a.9.eml", "../mail/a.2.eml", "notes.txt", ".draft.eml", "", "a.2.eml\0", "/etc/passwd"] {
            assert_eq!(place.find(wrong).await.unwrap(), None, "{wrong}");
        }
    }
    for none in [Destination::Elsewhere, Destination::Server("smtp://localhost".parse().unwrap())] {
        assert_eq!(none.latest(3).await.unwrap(), LatestMails::default());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_in_a_database_are_read_on_each_node_and_the_oldest_go() {
    let cluster = crate::cluster::Cluster::start();
    let options = iescp_core::store::PostgresOptions::default();
    let store = iescp_core::store::PostgresStore::connect(&cluster.url(), options).await.unwrap();
    let (here, there) = (SharedMailer::open(store.beside()).await.unwrap(), SharedMailer::open(store.beside()).await.unwrap());
    let old = "INSERT INTO iescp_mail SELECT 'old.' || n || '.eml', now() - n * interval '1 minute', '' FROM generate_series(1, 1000) n";
    cluster.sql(old);
    for key in ["a:0", "a:1", "a:0"] {
        here.send(mail(key, "Hi")).await.unwrap();
    }
    let kept = Destination::Shared(there);
    let latest = kept.latest(2).await.unwrap();
    assert_eq!(latest.mails.iter().map(|mail| mail.name.as_str()).collect::<Vec<_>>(), ["a.1.eml", "a.0.eml"]);
    assert_eq!(latest.kept, 1000);
    assert_eq!(kept.find("a.0.eml").await.unwrap().unwrap().subject, "Hello");
    assert_eq!(kept.find("b.0.eml").await.unwrap(), None);
}
