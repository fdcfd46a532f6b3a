use super::{
    audit::{AuditOf, SealAudit, Sealed, VerifyAudit, ViewAudit, erase_personal},
    *,
};
use crate::{
    Actor, Operation, PageRequest, Result, Settings,
    account::{Account, AccountState, Role},
    event::{Event, thing},
    fixture::{Market, code},
    id::EventId,
    message::SendMessage,
    notification::Notification,
    policy::{Action, Subject},
    store::{Batch, Found, Key, Read, Write, keys::Table},
    tx::Tx,
};
use serde_json::json;

fn report(kind: &str, id: impl std::fmt::Display, with: Option<&Account>) -> ReportAbuse {
    ReportAbuse {
        kind: kind.into(),
        id: id.to_string(),
        with: with.map(|with| with.id.to_string()),
        category: "harassment".into(),
        text: "They insult people.".into(),
    }
}

fn resolve(report: &AbuseReport, outcome: &str) -> ResolveAbuseReport {
    ResolveAbuseReport { report: report.id, outcome: outcome.into(), reason: "We looked at it.".into() }
}

#[tokio::test]
async fn a_reported_message_is_quoted_and_its_writer_can_be_suspended() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let message = SendMessage { to: influencer.id, text: "an insult".into() };
    let message = market.run(&sponsor, message).await.unwrap();
    let made = market.run(&influencer, report("message", message.id, Some(&sponsor))).await.unwrap();
    assert_eq!((made.accused, made.quote.as_deref()), (sponsor.id, Some("an insult")));
    assert_eq!(market.counter(Notification::unread(admin.id)).await, 1);
    let open = ListAbuseReports { state: Some(AbuseState::Open), page: PageRequest::default() };
    assert_eq!(market.run(&admin, open.clone()).await.unwrap().items, std::slice::from_ref(&made));
    assert_eq!(code(market.run(&influencer, open.clone()).await), "forbidden");
    let resolved = market.run(&admin, resolve(&made, "suspend")).await.unwrap();
    assert_eq!((resolved.state, resolved.resolution.unwrap().by), (AbuseState::Suspended, admin.id));
    let after: Account = market.get(Account::at(sponsor.id)).await.unwrap();
    assert_eq!((after.state, after.state_reason.as_deref()), (AccountState::Suspended, Some("We looked at it.")));
    assert!(market.run(&admin, open).await.unwrap().items.is_empty());
    assert_eq!(code(market.run(&admin, resolve(&made, "dismiss")).await), "resolved");
    assert_eq!(market.counter(Notification::unread(influencer.id)).await, 2, "of the message and of the answer");
}

#[tokio::test]
async fn flagging_an_account_puts_it_under_review_and_dismissing_leaves_it() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let made = market.run(&influencer, report("account", sponsor.id, None)).await.unwrap();
    market.run(&admin, resolve(&made, "dismiss")).await.unwrap();
    assert!(!market.get::<Account>(Account::at(sponsor.id)).await.unwrap().under_review);
    let made = market.run(&influencer, report("account", sponsor.id, None)).await.unwrap();
    market.run(&admin, resolve(&made, "flag")).await.unwrap();
    assert!(market.get::<Account>(Account::at(sponsor.id)).await.unwrap().under_review);
    assert_eq!(code(market.run(&admin, resolve(&made, "flog")).await), "unknown");
}

#[tokio::test]
async fn what_one_cannot_see_cannot_be_reported() {
    let market = Market::open();
    let (sponsor, influencer, admin) = (market.sponsor().await, market.influencer().await, market.admin().await);
    let outsider = market.influencer().await;
    let pending = market.account(Role::Sponsor, AccountState::Pending).await;
    let message = SendMessage { to: influencer.id, text: "a secret".into() };
    let message = market.run(&sponsor, message).await.unwrap();
    for (kind, id, with) in [
        ("message", message.id.0, Some(&sponsor)),
        ("account", pending.id.0, None),
        ("account", admin.id.0, None),
        ("campaign", message.id.0, None),
    ] {
        assert_eq!(code(market.run(&outsider, report(kind, id, with)).await), "not_found", "{kind}");
    }
    assert_eq!(code(market.run(&influencer, report("account", influencer.id, None)).await), "oneself");
    assert_eq!(code(market.run(&influencer, report("message", message.id, None)).await), "required");
    assert_eq!(code(market.run(&influencer, report("planet", message.id, None)).await), "unknown");
    assert_eq!(code(market.run(&influencer, report("account", "no id", None)).await), "id");
}

#[tokio::test]
async fn nobody_reports_more_in_a_day_than_is_allowed() {
    let mut settings = Settings::default();
    settings.caps.abuse_reports = 2;
    let market = Market::with(settings);
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    for expected in ["done", "done", "too_often"] {
        assert_eq!(code(market.run(&influencer, report("account", sponsor.id, None)).await), expected);
    }
}

async fn seal(market: &Market) -> Sealed {
    market.platform.run(&Actor::system("seal"), SealAudit {}).await.unwrap()
}

async fn verify(market: &Market) -> audit::Verified {
    market.platform.run(&Actor::terminal(), VerifyAudit { after: 0 }).await.unwrap()
}

/// A market in which something happened ten times, all of it sealed in two steps.
async fn sealed() -> Market {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    for number in 0..10 {
        if number == 4 {
            assert_eq!(seal(&market).await, Sealed { sealed: 4, more: false });
        }
        let message = SendMessage { to: influencer.id, text: format!("{number}") };
        market.run(&sponsor, message).await.unwrap();
    }
    assert_eq!(seal(&market).await, Sealed { sealed: 6, more: false });
    assert_eq!(seal(&market).await.sealed, 0);
    market
}

async fn rows(market: &Market, table: Table) -> Vec<(Key, Vec<u8>)> {
    let found = market.platform.store().read(vec![Read::Scan(table.all())]).await.unwrap().remove(0);
    let Found::Many(pairs) = found else { panic!("a scan was asked for") };
    pairs.into_iter().map(|(key, stored)| (key, stored.bytes)).collect()
}

async fn write(market: &Market, write: Write) {
    market.platform.store().commit(Batch { writes: vec![write], ..Batch::default() }).await.unwrap();
}

#[tokio::test]
async fn an_untouched_chain_is_whole() {
    let market = sealed().await;
    let whole = verify(&market).await;
    assert_eq!((whole.seals, whole.next, whole.broken), (10, None, None));
    assert!(rows(&market, Table::Unsealed).await.is_empty());
}

#[tokio::test]
async fn a_changed_event_breaks_the_chain_at_its_seal() {
    let market = sealed().await;
    let (key, bytes) = rows(&market, Table::Event).await.remove(6);
    let changed = String::from_utf8(bytes).unwrap().replace("SendMessage", "ReportAbuse");
    write(&market, Write::Put(key, changed.into_bytes())).await;
    let found = verify(&market).await;
    let broken = found.broken.unwrap();
    assert_eq!((found.seals, broken.number), (6, 7));
    assert!(broken.why.contains("was changed after it was sealed"), "{}", broken.why);
}

#[tokio::test]
async fn a_removed_event_and_a_removed_seal_break_the_chain() {
    let market = sealed().await;
    let (event, _) = rows(&market, Table::Event).await.remove(8);
    write(&market, Write::Delete(event)).await;
    assert_eq!(verify(&market).await.broken.unwrap().number, 9);
    let (seal, _) = rows(&market, Table::Seal).await.remove(2);
    write(&market, Write::Delete(seal)).await;
    let broken = verify(&market).await.broken.unwrap();
    assert_eq!((broken.number, &*broken.why), (3, "This seal is missing; the next is number 4."));
}

#[tokio::test]
async fn a_changed_or_exchanged_seal_breaks_the_chain() {
    let market = sealed().await;
    let seals = rows(&market, Table::Seal).await;
    let changed = String::from_utf8(seals[3].1.clone()).unwrap().replace("2026-03-01", "2026-03-02");
    write(&market, Write::Put(seals[3].0.clone(), changed.into_bytes())).await;
    assert_eq!(verify(&market).await.broken.unwrap().number, 4);
    write(&market, Write::Put(seals[3].0.clone(), seals[5].1.clone())).await;
    assert_eq!(verify(&market).await.broken.unwrap().number, 4);
}

struct Erase(EventId);

impl Operation for Erase {
    type Output = ();
    const ACTION: Action = Action::CleanUp;
    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        erase_personal(tx, self.0).await?;
        tx.quietly();
        Ok(())
    }
}

#[tokio::test]
async fn erasing_what_is_personal_breaks_nothing_and_changing_it_does() {
    let market = sealed().await;
    let events = rows(&market, Table::Event).await;
    for (key, _) in events.iter().take(5) {
        market.platform.run(&Actor::system("erase"), Erase(EventId(key.last_id().unwrap()))).await.unwrap();
    }
    assert_eq!(verify(&market).await.broken, None);
    let erased: Event = market.get(events[0].0.clone()).await.unwrap();
    assert!(erased.personal.is_none() && erased.personal_hash.is_some());
    let mut changed: Event = market.get(events[7].0.clone()).await.unwrap();
    changed.personal.as_mut().unwrap().origin.address = Some("192.0.2.1".into());
    market.put(&changed).await;
    assert_eq!(verify(&market).await.broken.unwrap().number, 8);
}

#[tokio::test]
async fn two_sealers_at_once_make_one_chain() {
    let market = Market::open();
    let (sponsor, influencer) = (market.sponsor().await, market.influencer().await);
    for number in 0..60 {
        let message = SendMessage { to: influencer.id, text: format!("{number}") };
        market.run(&sponsor, message).await.unwrap();
    }
    let (one, two) = tokio::join!(seal(&market), seal(&market));
    assert_eq!(one.sealed + two.sealed, 60);
    assert_eq!(verify(&market).await.seals, 60);
}

#[tokio::test]
async fn the_trail_is_for_admins_and_tells_who_looked() {
    let market = sealed().await;
    let admin = market.admin().await;
    let sponsor = market.sponsor().await;
    let all = market.run(&admin, ViewAudit::default()).await.unwrap();
    assert_eq!(all.items.len(), 10);
    let mine = market.run(&admin, ViewAudit { of: AuditOf::By(admin.id), ..ViewAudit::default() }).await.unwrap();
    assert_eq!((mine.items.len(), mine.items[0].action), (1, Action::ViewAudit));
    let about = all.items[0].about[0].clone();
    let found = market.run(&admin, ViewAudit { of: AuditOf::About(about.id), ..ViewAudit::default() }).await.unwrap();
    assert_eq!(found.items.len(), 1);
    assert_eq!(about.kind, thing("message", about.id).kind);
    assert_eq!(json!(AuditOf::Everything), json!("everything"));
    assert_eq!(code(market.run(&sponsor, ViewAudit::default()).await), "forbidden");
}
