//! A platform in memory with a clock that tests move, and people on it.

use crate::{
    Actor, Clock, ManualClock, Origin, Platform, Result, Secret, Settings,
    account::{Account, AdminInput, CreateAdmin, Register, RegisterInput, Registered, VerifyEmail},
    id::AccountId,
    moderation::accounts::ApproveSponsor,
    notification::{Notice, Notification},
    outbox::{AddressLetter, Addressee, Letter, OutboxItem},
    session::{Session, SignInInput, SignedIn, sign_in},
    settings::Passwords,
    store::{
        Found, Key, MemoryStore, Read, Scan,
        keys::Table,
        record::{Record, decode},
    },
};
use jiff::SignedDuration;

pub(crate) const PASSWORD: &str = "violet harbour sings 41";

pub(crate) struct Stage {
    pub platform: Platform,
    pub clock: ManualClock,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap());
        let mut settings =
            Settings { passwords: Passwords { memory_kib: 64, passes: 1, lanes: 1, at_once: 2 }, ..Settings::default() };
        change(&mut settings);
        let platform = Platform::builder(MemoryStore::new()).clock(clock.clone()).settings(settings).open().unwrap();
        Self { platform, clock }
    }

    /// The same store, after a restart with other settings.
    pub(crate) fn restarted_with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = self.platform.settings().clone();
        change(&mut settings);
        let platform = Platform::over(self.platform.store().clone())
            .clock(self.clock.clone())
            .settings(settings)
            .secret(self.platform.secret().clone())
            .open()
            .unwrap();
        Self { platform, clock: self.clock.clone() }
    }

    pub(crate) fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub(crate) async fn register(&self, role: &str, name: &str) -> Registered {
        self.try_register(role, name, &format!("{name}@example.com")).await.unwrap()
    }

    pub(crate) async fn try_register(&self, role: &str, name: &str, email: &str) -> Result<Registered> {
        let input = RegisterInput {
            role: role.into(),
            username: name.into(),
            email: email.into(),
            password: PASSWORD.into(),
            display_name: Some(name.into()),
            company: Some(format!("{name} Ltd")),
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await
    }

    pub(crate) async fn influencer(&self, name: &str) -> Actor {
        let account = self.register("influencer", name).await.account;
        self.actor(account, name).await
    }

    pub(crate) async fn admin(&self, name: &str) -> Actor {
        let input = AdminInput { username: name.into(), email: format!("{name}@example.com"), password: PASSWORD.into() };
        let account = self.platform.run(&Actor::terminal(), CreateAdmin::new(input)).await.unwrap().account;
        self.actor(account, name).await
    }

    pub(crate) async fn approved_sponsor(&self, name: &str, admin: &Actor) -> Actor {
        let account = self.register("sponsor", name).await.account;
        self.platform.run(admin, ApproveSponsor { account }).await.unwrap();
        self.actor(account, name).await
    }

    /// Registers an influencer whose address is proven.
    pub(crate) async fn register_and_verify(&self, name: &str) {
        self.register("influencer", name).await;
        self.verify_newest().await;
    }

    /// Follows the newest link that proves an address.
    pub(crate) async fn verify_newest(&self) {
        let token = self.newest_link().await;
        self.platform.run(&Actor::visitor(), VerifyEmail { token }).await.unwrap();
    }

    /// A new session of somebody.
    pub(crate) async fn session(&self, login: &str) -> Actor {
        let signed_in = self.sign_in(login).await.unwrap();
        Actor::session(signed_in.account, signed_in.session)
    }

    /// A new session of somebody who moved in with the password of the fixtures.
    pub(crate) async fn session_of(&self, login: &str) -> Actor {
        let signed_in = self.try_sign_in(&Actor::visitor(), login, "V2 secret").await.unwrap();
        Actor::session(signed_in.account, signed_in.session)
    }

    pub(crate) async fn sessions_of(&self, account: AccountId) -> usize {
        let sessions: Vec<Session> = self.all(Table::Session.all()).await;
        sessions.iter().filter(|session| session.account == account).count()
    }

    /// What a second factor with this seed shows now.
    pub(crate) fn code(&self, seed: &Secret) -> Secret {
        let seed = data_encoding::BASE32_NOPAD.decode(seed.reveal().as_bytes()).unwrap();
        let codes = totp_rs::Builder::new().with_secret(seed).build().unwrap();
        codes.generate(self.now().as_second().try_into().unwrap()).to_string().into()
    }

    /// The record at a key.
    pub(crate) async fn get<R: Record>(&self, key: Key) -> R {
        let found = self.platform.store().read(vec![Read::Get(key)]).await.unwrap();
        let Some(Found::One(Some(stored))) = found.into_iter().next() else { panic!("there is none") };
        decode(&stored.bytes).unwrap()
    }

    /// Every value in the store, as text.
    pub(crate) async fn everything(&self) -> String {
        let all = Scan { from: Key(vec![0]), to: Key(vec![0xff]), descending: false, limit: usize::MAX };
        let found = self.platform.store().read(vec![Read::Scan(all)]).await.unwrap();
        let Some(Found::Many(pairs)) = found.into_iter().next() else { panic!("a scan answers many") };
        pairs.iter().map(|(key, stored)| format!("{:?} {}\n", key.0, String::from_utf8_lossy(&stored.bytes))).collect()
    }

    async fn actor(&self, account: AccountId, name: &str) -> Actor {
        let signed_in = self.sign_in(name).await.unwrap();
        assert_eq!(signed_in.account, account);
        Actor::session(account, signed_in.session)
    }

    pub(crate) async fn sign_in(&self, login: &str) -> Result<SignedIn> {
        self.try_sign_in(&Actor::visitor(), login, PASSWORD).await
    }

    pub(crate) async fn try_sign_in(&self, actor: &Actor, login: &str, password: &str) -> Result<SignedIn> {
        let input = SignInInput { login: login.into(), password: password.into(), ..SignInInput::default() };
        sign_in(&self.platform, actor, &input).await
    }

    /// Every letter ever sent, oldest first.
    pub(crate) async fn letters(&self) -> Vec<Letter> {
        self.all::<OutboxItem>(Table::Outbox.all()).await.into_iter().map(|item| item.letter).collect()
    }

    /// To whom a letter goes that leaves now, and which.
    pub(crate) async fn leaves(&self, letter: &Letter) -> Option<Addressee> {
        self.platform.run(&Actor::system("letters"), AddressLetter { letter: letter.clone() }).await.unwrap()
    }

    /// The token of the newest link that was sent.
    pub(crate) async fn newest_link(&self) -> Secret {
        use crate::account::Purpose;
        let secret = self.platform.secret();
        for letter in self.letters().await.into_iter().rev() {
            match letter {
                Letter::VerifyEmail { link, .. } => return Purpose::VerifyEmail.token(secret, link),
                Letter::ResetPassword { link, .. } => return Purpose::ResetPassword.token(secret, link),
                Letter::ForgotPassword { link, .. } => {
                    self.leaves(&letter).await.expect("somebody has that address");
                    return Purpose::ResetPassword.token(secret, link);
                }
                _ => {}
            }
        }
        panic!("no link was sent")
    }

    /// What an account was told, oldest first.
    pub(crate) async fn notices(&self, account: AccountId) -> Vec<Notice> {
        self.all::<Notification>(Table::Notification.start().id(account).range())
            .await
            .into_iter()
            .map(|told| told.notice)
            .collect()
    }

    pub(crate) async fn account(&self, account: AccountId) -> Account {
        self.all::<Account>(Table::Account.start().id(account).range()).await.remove(0)
    }

    pub(crate) async fn all<R: Record>(&self, scan: Scan) -> Vec<R> {
        let found = self.platform.store().read(vec![Read::Scan(scan)]).await.unwrap();
        let Some(Found::Many(pairs)) = found.into_iter().next() else { panic!("a scan answers many") };
        pairs.into_iter().map(|(_, stored)| decode(&stored.bytes).unwrap()).collect()
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }
}

/// A visitor from this address.
pub(crate) fn visitor_from(address: &str) -> Actor {
    Actor::visitor().from(Origin { address: Some(address.into()), agent: Some("a browser".into()) })
}

#[allow(dead_code, reason = "compiling it is the test: what is no operation can move between threads like one")]
fn front_doors_are_send(platform: &Platform, actor: &Actor, secret: &Secret) {
    use crate::{account, session};
    fn send<T: Send>(_: T) {}
    let (password, sign_in) = (account::ChangePasswordInput::default(), SignInInput::default());
    send(account::change_password(platform, actor, &password));
    send(account::disable_totp(platform, actor, secret));
    send(session::sign_in(platform, actor, &sign_in));
    send(session::refresh(platform, actor, secret));
    send(session::reauthenticate(platform, actor, secret, None));
    send(session::by_cookie(platform, secret, Origin::default()));
    send(session::by_token(platform, secret, Origin::default()));
}
