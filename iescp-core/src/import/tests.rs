//! What moving in promises, one sentence a test. The hostile database stands in `hostile`.

mod hostile;

use super::{Cell, Outcome, Plan, Source, Table, prepare};
use crate::{
    Actor, Error,
    account::{Account, AccountState, Influencer, Role, Sponsor, tests::stage::Stage},
    campaign::{Campaign, CampaignState},
    check::{CheckReport, Options, check},
    collaboration::{Collaboration, CollaborationState, Review},
    export::{Section, ViewOwnData},
    ledger::{LedgerAccount, Transfer},
    message::{Message, Said, Thread},
    request::{Request, RequestState},
    store::{
        Found, Key, Read, Scan,
        keys::Table as Keys,
        record::{Record, decode},
    },
};

/// A table of columns in one text, and rows of values.
pub(super) fn table(columns: &str, rows: &[&[&str]]) -> Table {
    let cell = |text: &&str| match *text {
        "NULL" => Cell::Null,
        text => text
            .strip_prefix('#')
            .map(|number| number.parse().map(Cell::Integer).unwrap_or_else(|_| Cell::Real(number.parse().unwrap())))
            .unwrap_or_else(|| Cell::Text(text.into())),
    };
    Table {
        columns: columns.split(' ').map(str::to_owned).collect(),
        rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
    }
}

pub(super) const SECRET: &str = "pbkdf2:sha256:1000$kPZ6lIZF$5cbaa397275e9a869f7c05ed61fba67979e3f9bf8e3f75649188296c15a95a81";

/// A small V2 as it should be: two sponsors, two influencers, an administrator.
fn tidy() -> Source {
    Source {
        name: "v2".into(),
        users: table(
            "id username email password role last_login platform followers industry ratings earnings flag is_flagged",
            &[
                &["#1", "root", "root@example.com", SECRET, "admin", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "#0", "#0"],
                &[
                    "#2",
                    "teahouse",
                    "tea@example.com",
                    SECRET,
                    "sponsor",
                    "2024-05-01 10:00:00.123",
                    "NULL",
                    "NULL",
                    "Tea",
                    "NULL",
                    "#0.0",
                    "#0",
                    "#0",
                ],
                &[
                    "#3",
                    "lena",
                    "lena@example.com",
                    SECRET,
                    "influencer",
                    "NULL",
                    "Instagram",
                    "#12000",
                    "NULL",
                    "#4.0",
                    "#1234.56",
                    "#0",
                    "#0",
                ],
                &[
                    "#4",
                    "mara",
                    "mara@example.com",
                    SECRET,
                    "influencer",
                    "NULL",
                    "YouTube",
                    "#500",
                    "NULL",
                    "NULL",
                    "#0.0",
                    "#1",
                    "#1",
                ],
            ],
        ),
        campaigns: table(
            "id name description start_date end_date budget niche visibility status sponsor_id",
            &[
                &["#1", "Spring tea", "Drink it", "2026-01-01", "2026-12-31", "#1500.5", "food", "public", "active", "#2"],
                &["#2", "Winter tea", "Drink it hot", "2025-01-01", "2025-02-01", "#100.0", "food", "private", "completed", "#2"],
            ],
        ),
        requests: table(
            "id influencer_id campaign_id status",
            &[&["#1", "#3", "#1", "approved"], &["#2", "#4", "#1", "pending"], &["#3", "#3", "#2", "rejected"]],
        ),
        participations: table("influencer_id campaign_id status", &[&["#3", "#1", "active"], &["#4", "#2", "completed"]]),
        messages: table(
            "id sponsor_id influencer_id message",
            &[&["#1", "#2", "#3", "Hello"], &["#2", "#2", "#3", "<b>=1+1</b>"]],
        ),
        others: vec!["alembic_version".into()],
        ..Source::default()
    }
}

pub(super) async fn bring(stage: &Stage, source: &Source) -> Plan {
    let plan = prepare(&stage.platform, source).await.unwrap();
    plan.write(&stage.platform, &Actor::terminal(), &mut |_| {}).await.unwrap();
    plan
}

pub(super) async fn sound(stage: &Stage) -> CheckReport {
    let report = check(&stage.platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    report
}

async fn all<R: Record>(stage: &Stage) -> Vec<R> {
    let found = stage.platform.store().read(vec![Read::Scan(R::TABLE.all())]).await.unwrap();
    let Some(Found::Many(pairs)) = found.into_iter().next() else { panic!("a scan answers many") };
    pairs.into_iter().map(|(_, stored)| decode(&stored.bytes).unwrap()).collect()
}

/// Everything in the store, as bytes.
async fn everything(stage: &Stage) -> Vec<(Key, Vec<u8>)> {
    let range = Scan { from: Key(vec![0]), to: Key(vec![0xff]), descending: false, limit: usize::MAX };
    let found = stage.platform.store().read(vec![Read::Scan(range)]).await.unwrap();
    let Some(Found::Many(pairs)) = found.into_iter().next() else { panic!("a scan answers many") };
    pairs.into_iter().map(|(key, stored)| (key, stored.bytes)).collect()
}

#[tokio::test]
async fn a_tidy_database_comes_over_whole_and_its_store_is_sound() {
    let stage = Stage::new();
    let plan = bring(&stage, &tidy()).await;
    for table in &plan.report.tables {
        assert_eq!((table.refused, table.unchanged), (0, 0), "{table:#?}");
        assert_eq!(table.rows, table.brought_over + table.changed);
    }
    assert_eq!((plan.report.budgets, plan.report.earnings), (160_050, 123_456));
    let accounts: Vec<Account> = all(&stage).await;
    let states: Vec<_> =
        accounts.iter().map(|one| (&*one.username, one.role, one.state, one.under_review, one.legacy_id)).collect();
    assert_eq!(
        states,
        [
            ("root", Role::Admin, AccountState::Active, false, Some(1)),
            ("teahouse", Role::Sponsor, AccountState::Active, false, Some(2)),
            ("lena", Role::Influencer, AccountState::Active, false, Some(3)),
            ("mara", Role::Influencer, AccountState::Suspended, true, Some(4)),
        ]
    );
    let profiles: Vec<Influencer> = all(&stage).await;
    assert_eq!((profiles[0].reach(), profiles[0].channels[0].platform.word()), (12_000, "instagram"));
    assert_eq!(all::<Sponsor>(&stage).await[0].industry.as_deref(), Some("Tea"));
    let campaigns: Vec<Campaign> = all(&stage).await;
    assert_eq!(campaigns.iter().map(|one| one.state).collect::<Vec<_>>(), [CampaignState::Active, CampaignState::Completed]);
    let requests: Vec<Request> = all(&stage).await;
    assert_eq!(requests.len(), 4, "three, and one for the participation that nobody asked for");
    assert_eq!(requests.iter().filter(|one| one.state == RequestState::Accepted).count(), 2);
    let collaborations: Vec<Collaboration> = all(&stage).await;
    assert!(collaborations.iter().all(|one| one.amount.is_none() && one.legacy_id.is_some()));
    assert_eq!(all::<Review>(&stage).await[0].rating, 4);
    let said: Vec<Message> = all(&stage).await;
    assert!(said.iter().all(|message| matches!(message.said, Said::Imported { .. })));
    let threads: Vec<Thread> = all(&stage).await;
    assert_eq!((threads.len(), threads[0].last, threads[0].last_by), (1, said[1].id, None));
    let moved: Vec<Transfer> = all(&stage).await;
    let balance = |account: LedgerAccount| {
        moved
            .iter()
            .map(|one| {
                if one.to == account {
                    one.amount.0
                } else if one.from == account {
                    -one.amount.0
                } else {
                    0
                }
            })
            .sum::<i64>()
    };
    assert_eq!(balance(LedgerAccount::Earnings(accounts[2].id)), 0, "nothing of it can be withdrawn");
    assert_eq!(balance(LedgerAccount::Budget(campaigns[0].id)), 150_050);
    assert_eq!(balance(LedgerAccount::Budget(campaigns[1].id)), 0);
    sound(&stage).await;
    assert_eq!(plan.report.tables_left, ["alembic_version"]);
}

#[tokio::test]
async fn named_people_sign_in_with_their_old_passwords_and_flagged_ones_do_not() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    for name in ["root", "teahouse", "lena", "LENA", "tea@example.com"] {
        stage.try_sign_in(&Actor::visitor(), name, "V2 secret").await.unwrap();
    }
    assert!(matches!(stage.try_sign_in(&Actor::visitor(), "mara", "V2 secret").await, Err(Error::SignedOut(_))));
    sound(&stage).await;
}

#[tokio::test]
async fn the_administrator_who_comes_along_is_the_first_and_cannot_be_the_last_to_go() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    assert!(stage.platform.run(&Actor::visitor(), crate::account::ViewSetUp).await.unwrap());
}

#[tokio::test]
async fn a_second_run_changes_nothing_at_all() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let before = everything(&stage).await;
    let again = bring(&stage, &tidy()).await;
    assert!(again.is_empty());
    assert_eq!(again.report.new_rows(), 0);
    assert!(again.report.tables.iter().all(|table| table.unchanged == table.rows), "{:#?}", again.report);
    assert_eq!(before, everything(&stage).await);
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_says_the_same_as_the_real_one() {
    let stage = Stage::new();
    let before = everything(&stage).await;
    let dry = prepare(&stage.platform, &tidy()).await.unwrap();
    assert_eq!(before, everything(&stage).await);
    assert_eq!(dry.report, bring(&stage, &tidy()).await.report);
}

#[tokio::test]
async fn of_a_database_that_grew_only_what_is_new_comes_over() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let mut grown = tidy();
    let more = table(
        &grown.users.columns.join(" "),
        &[&["#5", "LENA", "l2@example.com", SECRET, "influencer", "NULL", "TikTok", "#7", "NULL", "NULL", "NULL", "#0", "#0"]],
    );
    grown.users.rows.extend(more.rows);
    grown.requests.rows.extend(table("id influencer_id campaign_id status", &[&["#4", "#5", "#1", "pending"]]).rows);
    grown.messages.rows.extend(table("id sponsor_id influencer_id message", &[&["#3", "#2", "#3", "Still there?"]]).rows);
    let plan = bring(&stage, &grown).await;
    assert_eq!(plan.report.new_rows(), 3);
    let row = plan.report.tables[0].all.last().unwrap();
    assert_eq!((row.outcome, row.why.as_slice()), (Outcome::Changed, &["user name “LENA” became “LENA-2”".to_owned()][..]));
    let last: Vec<Message> = all(&stage).await;
    assert_eq!(all::<Thread>(&stage).await[0].last, last[2].id);
    sound(&stage).await;
}

#[tokio::test]
async fn what_broke_off_is_completed_by_doing_it_again() {
    let mut broken_at = 0;
    loop {
        let stage = Stage::new();
        let plan = prepare(&stage.platform, &tidy()).await.unwrap();
        let landed = plan.write_some(&stage.platform, &Actor::terminal(), broken_at).await.unwrap();
        let imports = stage.platform.run(&Actor::terminal(), super::ViewImports).await.unwrap();
        assert_eq!(imports.unfinished(), Some("v2"));
        let mut other = Source { name: "v3".into(), ..tidy() };
        other.users.rows.iter_mut().for_each(|row| row[1] = Cell::Text(format!("{:?}", row[1])));
        let plan = prepare(&stage.platform, &other).await.unwrap();
        let refused = plan.write(&stage.platform, &Actor::terminal(), &mut |_| {}).await;
        assert!(matches!(refused, Err(Error::NotNow(refusal)) if refusal.code == "import_unfinished"));
        bring(&stage, &tidy()).await;
        assert_eq!(stage.platform.run(&Actor::terminal(), super::ViewImports).await.unwrap().unfinished(), None);
        sound(&stage).await;
        let whole = Stage::new();
        bring(&whole, &tidy()).await;
        let records =
            |all: Vec<(Key, Vec<u8>)>| all.into_iter().filter(|(key, _)| key.0[0] != Keys::Event as u8 && key.0[0] < 30).count();
        assert_eq!(records(everything(&stage).await), records(everything(&whole).await));
        if !landed {
            return;
        }
        broken_at += 3;
    }
}

#[tokio::test]
async fn another_database_under_the_same_name_is_refused() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let mut other = tidy();
    for row in &mut other.users.rows {
        row[1] = Cell::Text(format!("{:?}", row[1]));
    }
    let refused = prepare(&stage.platform, &other).await.err().unwrap();
    assert!(matches!(refused, Error::NotNow(refusal) if refusal.code == "other_source"));
    other.name = "the other".into();
    bring(&stage, &other).await;
    sound(&stage).await;
}

#[tokio::test]
async fn nobody_is_told_of_what_happened_before_and_the_audit_trail_has_one_entry() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let count = async |table: Keys| {
        let found = stage.platform.store().read(vec![Read::Scan(table.all())]).await.unwrap();
        let Some(Found::Many(pairs)) = found.into_iter().next() else { panic!("a scan answers many") };
        pairs.len()
    };
    assert_eq!((count(Keys::Event).await, count(Keys::Notification).await, count(Keys::Outbox).await), (1, 0, 0));
}

#[tokio::test]
async fn work_that_was_brought_over_goes_on_and_an_open_request_takes_its_first_offer() {
    use crate::collaboration::StepDown;
    use crate::request::{AcceptOffer, CounterOffer, DeliverableInput, OfferInput};
    let stage = Stage::new();
    let mut source = tidy();
    source.users.rows[3][11] = Cell::Integer(0);
    bring(&stage, &source).await;
    let (tea, mara, lena) = (stage.session_of("teahouse").await, stage.session_of("mara").await, stage.session_of("lena").await);
    let open = all::<Request>(&stage).await.into_iter().find(|one| one.state == RequestState::Open).unwrap();
    let nothing = AcceptOffer { request: open.id, offer: 0, signed: "Tea".into() };
    assert!(matches!(stage.platform.run(&tea, nothing).await, Err(Error::NotNow(refusal)) if refusal.code == "no_offer"));
    let terms = OfferInput {
        amount: 5_000,
        deliverables: vec![DeliverableInput { format: "post".into(), platform: "youtube".into(), count: 1, due: None }],
        due: "2026-04-01".into(),
        ..OfferInput::default()
    };
    stage.platform.run(&tea, CounterOffer { request: open.id, offer: 0, terms }).await.unwrap();
    stage.platform.run(&mara, AcceptOffer { request: open.id, offer: 1, signed: "Mara".into() }).await.unwrap();
    let working = all::<Collaboration>(&stage)
        .await
        .into_iter()
        .find(|one| one.state == CollaborationState::Active && one.amount.is_none());
    let end = StepDown { collaboration: working.unwrap().id, reason: "It was long ago".into() };
    stage.platform.run(&lena, end).await.unwrap();
    sound(&stage).await;
}

#[tokio::test]
async fn whoever_came_without_a_password_chooses_one_by_a_link_and_has_proven_the_address() {
    use crate::account::{ForgotPassword, ResetPassword};
    let stage = Stage::new();
    let users =
        table("name email platform followers", &[&["Ann", "ann@example.com", "TikTok", "#5"], &["Ben", "NULL", "NULL", "NULL"]]);
    let mut users = Table { columns: [vec!["role".to_owned()], users.columns].concat(), ..users };
    users.rows.iter_mut().for_each(|row| row.insert(0, Cell::Text("influencer".into())));
    let source = Source { name: "sheet".into(), users, by_address: true, ..Source::default() };
    let plan = bring(&stage, &source).await;
    assert_eq!((plan.report.tables[0].changed, plan.report.tables[0].refused), (1, 1), "{:#?}", plan.report);
    assert!(stage.try_sign_in(&Actor::visitor(), "ann", "").await.is_err());
    stage.platform.run(&Actor::visitor(), ForgotPassword { email: "ann@example.com".into() }).await.unwrap();
    let token = stage.newest_link().await;
    let password = crate::account::tests::stage::PASSWORD;
    stage.platform.run(&Actor::visitor(), ResetPassword::new(token, password.into())).await.unwrap();
    stage.sign_in("ann@example.com").await.unwrap();
    assert!(all::<Account>(&stage).await[0].email_verified);
    sound(&stage).await;

    // Who registered with an address that is not proven has a password, and gets no such link.
    stage.register("influencer", "cleo").await;
    stage.platform.run(&Actor::visitor(), ForgotPassword { email: "cleo@example.com".into() }).await.unwrap();
    let letters = stage.letters().await;
    assert!(stage.leaves(letters.last().unwrap()).await.is_none());
    // And somebody who is here already does not come twice.
    let again = Source { name: "another sheet".into(), ..source };
    let plan = prepare(&stage.platform, &again).await.unwrap();
    assert_eq!(plan.report.tables[0].refused, 2);
}

#[tokio::test]
async fn nobody_is_found_by_the_number_of_a_row() {
    let stage = Stage::new();
    let mut source = tidy();
    source.users.rows[1][0] = Cell::Null;
    source.campaigns.rows[0][9] = Cell::Integer(-2);
    let plan = bring(&stage, &source).await;
    let campaign = &plan.report.tables[1].all[0];
    assert_eq!(
        (campaign.outcome, campaign.why.join(" ")),
        (Outcome::Refused, "its sponsor “-2” is not there or was not brought over".into())
    );
    sound(&stage).await;
}

#[tokio::test]
async fn texts_that_were_kept_as_bytes_or_in_old_letters_are_read_and_the_report_says_how() {
    let stage = Stage::new();
    let mut source = tidy();
    source.campaigns.rows[0][1] = Cell::Bytes("Früh".into());
    source.campaigns.rows[1][1] = Cell::Bytes(b"Th\xe9 \x96 5 \x80".to_vec());
    source.campaigns.rows[1][2] = Cell::Bytes(vec![0xff, 0xd8, 0, 1]);
    let plan = bring(&stage, &source).await;
    let why: Vec<String> = plan.report.tables[1].all.iter().map(|row| row.why.join("; ")).collect();
    assert_eq!(
        why,
        [
            "name was kept as bytes, and is read as a text",
            "description holds 4 bytes that are no text, and was left out; name is no text in UTF-8, and is read as Windows-1252",
        ]
    );
    let titles: Vec<String> = all::<Campaign>(&stage).await.into_iter().map(|campaign| campaign.title.to_string()).collect();
    assert!(titles.contains(&"Früh".to_owned()) && titles.contains(&"Thé – 5 €".to_owned()), "{titles:?}");
    sound(&stage).await;
}

#[tokio::test]
async fn a_database_under_another_name_is_refused_unless_it_is_another() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let again = Source { name: "again".into(), ..tidy() };
    let refused = prepare(&stage.platform, &again).await.err().unwrap();
    assert!(matches!(&refused, Error::NotNow(why) if why.code == "same_source"), "{refused}");
    let mut other = again;
    for row in other.users.rows.iter_mut().skip(1) {
        row[1] = Cell::Text(format!("other {:?}", row[0]));
    }
    prepare(&stage.platform, &other).await.unwrap();
}

#[tokio::test]
async fn a_rating_that_came_along_stands_in_the_archive_of_ones_own_data() {
    let stage = Stage::new();
    bring(&stage, &tidy()).await;
    let lena = all::<Account>(&stage).await.into_iter().find(|account| &*account.username == "lena").unwrap();
    let view = ViewOwnData { owner: lena.id, section: Section::Reviews, after: None };
    let page = stage.platform.run(&Actor::system("exports"), view).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert_eq!((&page.rows[0]["imported"], &page.rows[0]["rating"]), (&true.into(), &4.into()));
}
