//! A house over an empty store, on the first of May 2026 at noon, and people in it.
#![allow(dead_code)]

use crate::browser::Browser;
use crate::store;
use clap::{Args, Command, FromArgMatches};
use iescp_core::account::{AdminInput, CreateAdmin, Register, RegisterInput};
use iescp_core::moderation::accounts::{ApproveSponsor, FlagAccount};
use iescp_core::settings::Passwords;
use iescp_core::store::Store;
use iescp_core::{Actor, Clock, ManualClock, Operation, Platform, run_due};
use iescp_web::api::shipped;
use iescp_web::app;
use iescp_web::metrics::Metrics;
use iescp_web::pictures::Studio;
use iescp_web::secrets::Secrets;
use iescp_web::server::Shutdown;
use iescp_web::settings::Settings;
use iescp_worker::{Chats, Desk, Destination, Files};
use jiff::{SignedDuration, ToSpan};
use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, Request, Response};
use std::sync::Arc;
use uuid::Uuid;

pub const PASSWORD: &str = "quite-a-long-phrase-of-nine-words";

pub struct House {
    pub platform: Platform,
    pub clock: ManualClock,
    pub shutdown: Shutdown,
    pub files: Files,
    app: Arc<BoxEndpoint<'static>>,
}

impl House {
    pub fn open() -> Self {
        Self::open_with(&[])
    }

    pub fn open_with(options: &[&str]) -> Self {
        Self::over(store::empty(), options)
    }

    pub fn over(store: Arc<dyn Store>, options: &[&str]) -> Self {
        Self::with(store, options, Studio::default(), |_| None, Destination::default())
    }

    /// A house whose mails go there.
    pub fn mailing(mails: Destination) -> Self {
        Self::with(store::empty(), &[], Studio::default(), |_| None, mails)
    }

    /// A house that brings pictures in this way.
    pub fn fetching(studio: Studio) -> Self {
        Self::with(store::empty(), &[], studio, |_| None, Destination::default())
    }

    /// A house whose messages reach people's chats this way.
    pub fn chatting(chats: Chats) -> Self {
        Self::whole(store::empty(), &[], |_| None, |house| app::House { chats, ..house })
    }

    /// A house whose worker is looked at from here.
    pub fn supervised(desk: impl FnOnce(&Platform) -> Desk) -> Self {
        Self::with(store::empty(), &[], Studio::default(), |platform| Some(desk(platform)), Destination::default())
    }

    fn with(
        store: Arc<dyn Store>,
        options: &[&str],
        studio: Studio,
        desk: impl FnOnce(&Platform) -> Option<Desk>,
        mails: Destination,
    ) -> Self {
        Self::whole(store, options, desk, |house| app::House { studio, mails, ..house })
    }

    fn whole(
        store: Arc<dyn Store>,
        options: &[&str],
        desk: impl FnOnce(&Platform) -> Option<Desk>,
        furnish: impl FnOnce(app::House) -> app::House,
    ) -> Self {
        let clock = ManualClock::at("2026-05-01T12:00:00Z".parse().unwrap());
        let cheap = Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 4 };
        let command = Settings::augment_args(Command::new("test"));
        let options = ["test", "--rate-limit", "1000000"].iter().chain(options);
        let settings = Settings::from_arg_matches(&command.get_matches_from(options)).unwrap();
        let rules = iescp_core::Settings { passwords: cheap, ..settings.of_the_platform() };
        let platform = Platform::over(store).clock(clock.clone()).settings(rules).open().unwrap();
        let (secrets, public_url) = (Secrets::random(clock.now()).unwrap(), settings.public_url(settings.listen));
        let (shutdown, metrics) = (Shutdown::new(), Metrics::install().unwrap());
        let house = app::House::new(platform.clone(), settings, public_url, &secrets, metrics, shutdown.clone());
        let files = Files::passing().unwrap();
        let house = furnish(app::House { desk: desk(&platform), files: Some(files.clone()), ..house });
        Self { platform, clock, shutdown, files, app: Arc::new(app::build(house, shipped())) }
    }

    pub async fn answer(&self, request: Request) -> Response {
        self.app.get_response(request).await
    }

    /// Lets days pass, without the worker.
    pub fn days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// Does what the clock has in store.
    pub async fn work(&self) {
        let report = run_due(&self.platform, 1000).await.unwrap();
        assert!(report.failed.is_empty(), "{report:?}");
    }

    /// The day it will be in so many days.
    pub fn day(&self, days: i64) -> String {
        let today = self.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
        today.checked_add(days.days()).unwrap().to_string()
    }

    /// Does something without the pages, to prepare a story.
    pub async fn run<O: Operation>(&self, who: Uuid, operation: O) -> O::Output {
        self.platform.run(&Actor::account(who.into()), operation).await.unwrap()
    }

    pub fn visitor(&self) -> Browser<'_> {
        Browser::new(self)
    }

    async fn registered(&self, role: &str, name: &str) -> Uuid {
        let input = RegisterInput {
            role: role.to_owned(),
            username: name.to_owned(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            display_name: Some(format!("{name} of old")),
            company: None,
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap().account.into()
    }

    /// Somebody who signs in on the page.
    pub async fn sign_in(&self, name: &str) -> Browser<'_> {
        let mut browser = self.visitor();
        let page = browser.get("/sign-in").await;
        let home = browser.send(&page, "/sign-in", &[("login", name), ("password", PASSWORD)]).await;
        assert_eq!(home.path, "/dashboard", "{}", home.text());
        browser
    }

    pub async fn influencer(&self, name: &str) -> Browser<'_> {
        let id = self.registered("influencer", name).await;
        self.sign_in(name).await.known_as(id)
    }

    /// A sponsor who waits for approval.
    pub async fn pending(&self, name: &str) -> Browser<'_> {
        let id = self.registered("sponsor", name).await;
        self.sign_in(name).await.known_as(id)
    }

    /// A sponsor whom an admin approved.
    pub async fn sponsor(&self, name: &str) -> Browser<'_> {
        let (sponsor, admin) = (self.registered("sponsor", name).await, self.made_admin(&format!("approves-{name}")).await);
        self.run(admin, ApproveSponsor { account: sponsor.into() }).await;
        self.sign_in(name).await.known_as(sponsor)
    }

    async fn made_admin(&self, name: &str) -> Uuid {
        let input = AdminInput { username: name.to_owned(), email: format!("{name}@example.com"), password: PASSWORD.into() };
        self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account.into()
    }

    pub async fn admin(&self, name: &str) -> Browser<'_> {
        let id = self.made_admin(name).await;
        self.sign_in(name).await.known_as(id)
    }

    pub async fn suspend(&self, who: Uuid) {
        let admin = self.made_admin("suspends").await;
        self.run(admin, FlagAccount { account: who.into(), reason: "Sold what was never made.".to_owned() }).await;
    }
}
