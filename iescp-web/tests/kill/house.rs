//! What lies in the directory while no server runs: the store, opened in process to check it and to let people in.

use crate::server::PUBLIC_URL;
use clap::{Args, Command, FromArgMatches};
use iescp_core::account::{AdminInput, CreateAdmin, Register, RegisterInput};
use iescp_core::check::{Options, check};
use iescp_core::moderation::accounts::ApproveSponsor;
use iescp_core::session::{SignInInput, sign_in};
use iescp_core::settings::Passwords;
use iescp_core::store::{SledOptions, SledStore};
use iescp_core::{Actor, InstallationSecret, Platform};
use iescp_web::access_token::AccessTokens;
use iescp_web::secrets::Secrets;
use iescp_worker::installation::{Installation, settings::Settings};
use iescp_worker::{Desk, MemoryMailer, Worker};
use jiff::Timestamp;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

const PASSWORD: &str = "quite-a-long-phrase-of-nine-words";

pub struct House {
    platform: Platform,
    tokens: Arc<AccessTokens>,
}

/// Somebody who signed in before the load began.
#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    session: Uuid,
    tokens: Arc<AccessTokens>,
}

impl Person {
    pub fn token(&self) -> String {
        self.tokens.issue(self.id, self.session, Timestamp::now()).unwrap()
    }
}

/// Two people who deal with each other.
#[derive(Clone)]
pub struct Pair {
    pub sponsor: Person,
    pub influencer: Person,
}

impl House {
    pub fn open(directory: &Path) -> Self {
        let data = directory.join("data");
        let store = SledStore::open(&data, SledOptions::default()).unwrap();
        let secrets = Secrets::load(&data, Timestamp::now()).unwrap();
        let secret = InstallationSecret::new(*secrets.links.bytes());
        let platform = Platform::builder(store).settings(cheap()).secret(secret).open().unwrap();
        Self { platform, tokens: Arc::new(AccessTokens::new(&secrets, PUBLIC_URL)) }
    }

    /// One that stands in a database, while others have it open; and its jobs.
    pub async fn on(store: &str) -> (Self, Desk) {
        let matches = Settings::augment_args(Command::new("test")).get_matches_from(["test", "--store", store]);
        let settings = Settings::from_arg_matches(&matches).unwrap();
        let open = Installation::open(&settings, cheap()).await.unwrap();
        let (mailer, queue) = (Arc::new(MemoryMailer::default()), open.queue().await.unwrap());
        let how = open.work(&settings, open.files().await.unwrap()).unwrap();
        let worker = Worker::new(open.platform.clone(), queue, mailer, PUBLIC_URL, how);
        let tokens = Arc::new(AccessTokens::new(&open.secrets, PUBLIC_URL));
        (Self { platform: open.platform, tokens }, worker.desk())
    }

    /// Refuses to go on if anything in the store is not as it should be.
    pub async fn check(&self) {
        let report = check(&self.platform, &Actor::terminal(), Options::default(), &mut |_| ()).await.unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }

    pub async fn pairs(&self, round: usize, number: usize) -> Vec<Pair> {
        let admin = AdminInput {
            username: format!("admin-{round}"),
            email: format!("admin-{round}@example.com"),
            password: PASSWORD.into(),
        };
        self.platform.run(&Actor::terminal(), CreateAdmin::new(admin)).await.unwrap();
        let admin = Actor::account(self.sign_in(&format!("admin-{round}")).await.id.into());
        let mut pairs = Vec::new();
        for client in 0..number {
            let sponsor = self.register("sponsor", &format!("sponsor-{round}-{client}")).await;
            self.platform.run(&admin, ApproveSponsor { account: sponsor.id.into() }).await.unwrap();
            let influencer = self.register("influencer", &format!("influencer-{round}-{client}")).await;
            pairs.push(Pair { sponsor, influencer });
        }
        pairs
    }

    async fn register(&self, role: &str, name: &str) -> Person {
        let input = RegisterInput {
            role: role.to_owned(),
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            display_name: Some(name.to_owned()),
            ..RegisterInput::default()
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap();
        self.sign_in(name).await
    }

    async fn sign_in(&self, name: &str) -> Person {
        let input =
            SignInInput { login: name.to_owned(), password: PASSWORD.into(), refreshable: true, ..SignInInput::default() };
        let signed_in = sign_in(&self.platform, &Actor::visitor(), &input).await.unwrap();
        Person { id: signed_in.account.into(), session: signed_in.session.into(), tokens: self.tokens.clone() }
    }
}

fn cheap() -> iescp_core::Settings {
    let mut settings = iescp_core::Settings { passwords: CHEAP, ..iescp_core::Settings::default() };
    settings.caps.registrations_from = 1_000_000;
    settings.caps.password_checks_from = 1_000_000;
    settings
}

const CHEAP: Passwords = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 4 };
