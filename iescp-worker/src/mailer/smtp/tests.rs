use super::*;
use crate::mail::Content;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::sync::{Arc, Mutex as Shared};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

fn mail(key: &str, to: &str) -> Mail {
    let content =
        Content { subject: "Hello".into(), text: "Hi".into(), html: "<p>Hi</p>".into(), unsubscribe: None, attached: None };
    let at = "2026-03-01T12:00:00Z".parse().unwrap();
    Mail::build(key, &sender(), to, at, content).unwrap()
}

fn sender() -> Sender {
    Sender::parse("no-reply@iescp.example").unwrap()
}

fn settings(address: &str) -> SmtpSettings {
    SmtpSettings { server: address.parse().unwrap(), password: None, authorities: None, plain_allowed: false, connections: 2 }
}

type Taken = Arc<Shared<Vec<String>>>;

/// What the server answers to lines that hold something, instead of that all is well.
type Replies = &'static [(&'static str, &'static str)];

/// A server that takes mails, except to whom its replies say otherwise. What it took.
async fn server(replies: Replies) -> (String, Taken) {
    serve("smtp", None, replies).await
}

/// The same, behind TLS where a certificate is given.
async fn serve(scheme: &str, tls: Option<TlsAcceptor>, replies: Replies) -> (String, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("{scheme}://{}", listener.local_addr().unwrap());
    let all = Taken::default();
    let taken = all.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (taken, tls) = (taken.clone(), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => converse(stream, replies, &taken).await,
                    // Whoever does not trust the certificate goes away here.
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            converse(stream, replies, &taken).await;
                        }
                    }
                }
            });
        }
    });
    (address, all)
}

async fn converse(stream: impl AsyncRead + AsyncWrite, replies: Replies, taken: &Taken) {
    let (reader, mut writer) = tokio::io::split(stream);
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 here\r\n").await.unwrap();
    let mut body: Option<String> = None;
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match &mut body {
            Some(text) if line == "." => {
                taken.lock().unwrap().push(std::mem::take(text));
                body = None;
                "250 taken"
            }
            Some(text) => {
                text.push_str(&line);
                text.push('\n');
                continue;
            }
            None if line == "DATA" => {
                body = Some(String::new());
                "354 go on"
            }
            None => replies.iter().find(|(about, _)| line.contains(about)).map_or("250 well", |(_, reply)| reply),
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

#[test]
fn a_server_is_one_line_and_its_password_is_no_part_of_it() {
    let read = |text: &str| text.parse::<SmtpServer>();
    let full = read("smtps://post%40iescp.example@mail.example.com:4650").unwrap();
    assert_eq!((full.user.as_deref(), full.host.as_str(), full.port), (Some("post@iescp.example"), "mail.example.com", 4650));
    assert_eq!(full.to_string(), "smtps://mail.example.com:4650");
    assert_eq!(read("smtp+starttls://mail.example.com/").unwrap().port, 587);
    assert_eq!(read("smtp://[::1]:2525").unwrap().host, "::1");
    assert!(read("smtp://[::1]").unwrap().is_on_this_machine() && !full.is_on_this_machine());
    let told = read("smtps://post:hunter2@mail.example.com").unwrap_err();
    assert!(told.contains("IESCP_SMTP_PASSWORD") && !told.contains("hunter2"), "{told}");
    for wrong in
        ["", "mail.example.com", "http://mail", "smtp://", "smtp://:25", "smtp://a b", "smtp://a:x", "smtp://a:0", "smtp://%4@a"]
    {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn nothing_crosses_a_network_unprotected_unless_somebody_says_so() {
    let open = |address: &str, plain_allowed| SmtpMailer::open(&SmtpSettings { plain_allowed, ..settings(address) }, &sender());
    assert!(open("smtp://mail.example.com", false).is_err());
    assert!(open("smtp://mail.example.com", true).is_ok());
    assert!(open("smtp://127.0.0.1", false).is_ok());
    assert!(open("smtps://mail.example.com", false).is_ok());
    assert!(open("smtps://post@mail.example.com", false).is_err_and(|why| why.contains("IESCP_SMTP_PASSWORD")));
}

#[tokio::test]
async fn a_refused_recipient_is_that_mail_s_alone_and_its_address_is_not_told() {
    let (address, taken) = server(&[("nobody@", "550 5.1.1 <Nobody@example.com> unknown"), ("later@", "450 not now")]).await;
    let mailer = SmtpMailer::open(&settings(&address), &sender()).unwrap();
    mailer.send(mail("a:0", "ada@example.com")).await.unwrap();
    let refused = mailer.send(mail("a:1", "nobody@example.com")).await.unwrap_err();
    assert!(refused.is_refused() && refused.to_string().contains("5.1.1"), "{refused}");
    assert!(!refused.to_string().to_lowercase().contains("nobody@"), "{refused}");
    assert!(!mailer.send(mail("a:2", "later@example.com")).await.unwrap_err().is_refused());
    mailer.send(mail("a:3", "ada@example.com")).await.unwrap();
    assert_eq!(taken.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_server_that_is_down_or_wants_a_password_refuses_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("smtp://{}", listener.local_addr().unwrap());
    drop(listener);
    let mailer = SmtpMailer::open(&settings(&gone), &sender()).unwrap();
    for _ in 0..2 {
        assert!(!mailer.send(mail("a:0", "ada@example.com")).await.unwrap_err().is_refused());
    }
    let (address, _) = server(&[("MAIL FROM", "530 5.7.0 authenticate first")]).await;
    let mailer = SmtpMailer::open(&settings(&address), &sender()).unwrap();
    assert!(!mailer.send(mail("a:0", "ada@example.com")).await.unwrap_err().is_refused());
}

/// S-73: a server that offers no TLS gets no mail where TLS is asked for.
#[tokio::test]
async fn s_73_without_the_protection_that_was_asked_for_nothing_is_sent() {
    let (address, taken) = server(&[]).await;
    for scheme in ["smtps://", "smtp+starttls://"] {
        let asked = address.replace("smtp://", scheme);
        let mailer = SmtpMailer::open(&settings(&asked), &sender()).unwrap();
        let sent = tokio::time::timeout(Duration::from_secs(30), mailer.send(mail("a:0", "ada@example.com")));
        assert!(sent.await.is_ok_and(|sent| sent.is_err()), "{scheme}");
    }
    assert!(taken.lock().unwrap().is_empty());
}

/// A server's TLS with a certificate of its own making for this name, and the certificate.
fn self_signed(name: &str) -> (TlsAcceptor, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![cert.der().clone()], key).unwrap();
    (TlsAcceptor::from(Arc::new(config)), cert.pem())
}

/// S-73: verified, always; trusted is who the public authorities vouch for, or the installation's own file.
#[tokio::test]
async fn s_73_a_server_whose_certificate_nobody_trusts_gets_no_mail() {
    let folder = TempDir::new().unwrap();
    let send = async |address: &str, authorities: Option<PathBuf>| {
        let mailer = SmtpMailer::open(&SmtpSettings { authorities, ..settings(address) }, &sender()).unwrap();
        mailer.send(mail("a:0", "ada@example.com")).await
    };
    for (name, trusted) in [("127.0.0.1", true), ("mail.example.com", false)] {
        let (tls, pem) = self_signed(name);
        let file = folder.path().join(format!("{name}.pem"));
        fs::write(&file, pem).unwrap();
        let (address, taken) = serve("smtps", Some(tls), &[]).await;
        let refused = send(&address, None).await.unwrap_err();
        assert!(!refused.is_refused(), "it is the server's fault, not the recipient's: {refused}");
        assert!(taken.lock().unwrap().is_empty());
        assert_eq!(send(&address, Some(file)).await.is_ok(), trusted, "{name}");
        assert_eq!(taken.lock().unwrap().len(), usize::from(trusted), "a certificate for another name is none");
    }
    let missing = SmtpSettings { authorities: Some(folder.path().join("none.pem")), ..settings("smtps://127.0.0.1") };
    assert!(SmtpMailer::open(&missing, &sender()).is_err_and(|why| why.contains("cannot be read")));
}
