//! A journey: two people talk, one of them misbehaves, an admin sees to it, and everything can be shown to be in order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "this is a test, and its helpers too")]

use iescp_core::{
    Actor, Error, ManualClock, Operation, PageRequest, Platform, Settings,
    account::{AdminInput, CreateAdmin, Register, RegisterInput},
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign, ViewCampaign},
    check::{Options, check},
    id::AccountId,
    live::{Told, follow},
    message::{MarkThreadRead, ReadThread, SendMessage},
    moderation::{
        ListAbuseReports, ReportAbuse, ResolveAbuseReport,
        accounts::ApproveSponsor,
        audit::{AuditOf, SealAudit, VerifyAudit, ViewAudit},
    },
    notification::{ListNotifications, Notice},
    policy::Action,
    report::{SnapshotStatistics, ViewStatistics},
    settings::Funding,
    shortlist::{AddToShortlist, MakeShortlist, ViewShortlist},
    store::MemoryStore,
};

struct Market {
    platform: Platform,
}

impl Market {
    async fn run<O: Operation>(&self, who: AccountId, operation: O) -> O::Output {
        self.platform.run(&Actor::account(who), operation).await.unwrap()
    }

    async fn register(&self, role: &str, username: &str) -> AccountId {
        let input = RegisterInput {
            role: role.into(),
            username: username.into(),
            email: format!("{username}@example.com"),
            password: "nine loud herons over a meadow".into(),
            company: (role == "sponsor").then(|| "Example & Sons".into()),
            ..RegisterInput::default()
        };
        self.platform.run(&Actor::visitor(), Register::new(input)).await.unwrap().account
    }
}

#[tokio::test]
async fn people_talk_and_are_supervised() {
    let clock = ManualClock::at("2026-03-01T12:00:00Z".parse().unwrap());
    let settings = Settings { funding: Funding::Planned, ..Settings::default() };
    let platform = Platform::builder(MemoryStore::new()).clock(clock).settings(settings).open().unwrap();
    let market = Market { platform };
    let admin = AdminInput {
        username: "warden".into(),
        email: "warden@example.com".into(),
        password: "seven quiet otters under a bridge".into(),
    };
    let admin = market.platform.run(&Actor::terminal(), CreateAdmin::new(admin)).await.unwrap().account;
    let (sponsor, influencer) = (market.register("sponsor", "acme").await, market.register("influencer", "ines").await);
    let hello = SendMessage { to: influencer, text: "Would you work with us?".into() };
    let refused = market.platform.run(&Actor::account(sponsor), hello.clone()).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "a sponsor who waits writes to nobody: {refused:?}");
    market.run(admin, ApproveSponsor { account: sponsor }).await;

    // They talk, live.
    let mut stream = follow(&market.platform, &Actor::account(influencer), None).await.unwrap();
    market.run(sponsor, hello).await;
    let Told::Event(event) = stream.next().await.unwrap() else { panic!("nothing was forgotten") };
    assert_eq!(event.action, Action::SendMessage);
    let read = ReadThread { with: sponsor, of: None, page: PageRequest::default() };
    assert_eq!(market.run(influencer, read).await.messages.items[0].said.text(), "Would you work with us?");
    market.run(influencer, MarkThreadRead { with: sponsor, up_to: None }).await;
    market.run(influencer, SendMessage { to: sponsor, text: "Gladly.".into() }).await;
    let shortlist = market.run(sponsor, MakeShortlist { name: "Spring".into() }).await;
    let note = "answers quickly".to_owned();
    market.run(sponsor, AddToShortlist { shortlist: shortlist.id, influencer, note }).await;
    let listed = ViewShortlist { shortlist: shortlist.id, page: PageRequest::default() };
    assert_eq!(market.run(sponsor, listed).await.entries.items.len(), 1);

    // A campaign is reported and flagged.
    let campaign = CampaignInput {
        title: "Easy money".into(),
        rest: CampaignChanges {
            goals: Some("Tell everybody.".into()),
            niches: Some(vec!["finance".into()]),
            start: Some("2026-03-02".into()),
            end: Some("2026-04-02".into()),
            budget: Some(100_000),
            visibility: Some("public".into()),
            ..CampaignChanges::default()
        },
    };
    let campaign = market.run(sponsor, DraftCampaign { input: campaign }).await.campaign.id;
    market.run(sponsor, PublishCampaign { campaign }).await;
    let report = ReportAbuse {
        kind: "campaign".into(),
        id: campaign.to_string(),
        category: "fraud".into(),
        text: "There is no easy money.".into(),
        ..ReportAbuse::default()
    };
    let report = market.run(influencer, report).await;
    assert_eq!(market.run(admin, ListAbuseReports::default()).await.items.len(), 1);
    let outcome = ResolveAbuseReport { report: report.id, outcome: "flag".into(), reason: "True.".into() };
    market.run(admin, outcome).await;
    assert!(market.run(sponsor, ViewCampaign { campaign }).await.campaign.flagged.is_some());
    let told = market.run(influencer, ListNotifications::default()).await;
    assert_eq!((told.notifications.items[0].notice, told.unread), (Notice::AbuseResolved, 1));

    // Everything is in the figures, in the trail, and in order.
    let system = Actor::system("test");
    market.platform.run(&system, SnapshotStatistics {}).await.unwrap();
    let statistics = market.run(admin, ViewStatistics::default()).await;
    assert_eq!((statistics.now.campaigns_flagged, statistics.days.len()), (1, 1));
    let mut sealed = market.platform.run(&system, SealAudit {}).await.unwrap().sealed;
    let trail = market.run(admin, ViewAudit { of: AuditOf::About(campaign.0), ..ViewAudit::default() }).await;
    let done: Vec<Action> = trail.items.iter().map(|event| event.action).collect();
    assert_eq!(done, [Action::ResolveAbuseReport, Action::PublishCampaign, Action::DraftCampaign]);
    sealed += market.platform.run(&system, SealAudit {}).await.unwrap().sealed;
    let verified = market.platform.run(&system, VerifyAudit::default()).await.unwrap();
    assert_eq!((verified.seals, verified.broken), (u64::from(sealed), None));
    let report = check(&market.platform, &Actor::terminal(), Options::default(), &mut |_| {}).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}
