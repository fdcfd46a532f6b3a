//! The whole journey inside one process, without any server: `cargo run -p iescp-core --example embed`.
//!
//! A sponsor registers and is approved, funds and publishes a campaign; an influencer applies; they bargain, agree, work, pay
//! and review each other; and the ledger shows where every cent went. Put a `SledStore` where the `MemoryStore` is, and all
//! of it is still there tomorrow.

use iescp_core::{
    Actor, ManualClock, Operation, PageRequest, Platform,
    account::{AdminInput, CreateAdmin, Register, RegisterInput},
    campaign::{CampaignChanges, CampaignInput, DraftCampaign, PublishCampaign},
    collaboration::{ApproveWork, LeaveReview, SubmitWork, SubmittedWorkInput},
    id::AccountId,
    ledger::{FundCampaign, RequestPayout, ViewLedger, fund},
    moderation::accounts::ApproveSponsor,
    request::{AcceptOffer, Apply, CounterOffer, DeliverableInput, OfferInput},
    run_due,
    store::MemoryStore,
};

type Done<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Done {
    println!("{}", journey().await?);
    Ok(())
}

/// Walks the whole way and answers the ledger in print.
pub async fn journey() -> Done<String> {
    let clock = ManualClock::at("2026-03-01T12:00:00Z".parse()?);
    let market = Market { platform: Platform::builder(MemoryStore::new()).clock(clock).open()? };

    // Who is there: an admin made at the terminal, a sponsor who waits until the admin approves, an influencer.
    let (username, email) = ("warden".into(), "warden@example.com".into());
    let admin = CreateAdmin::new(AdminInput { username, email, password: PASSWORD.into() });
    let admin = market.platform.run(&Actor::terminal(), admin).await?.account;
    let (sponsor, influencer) = (market.register("sponsor", "teahouse").await?, market.register("influencer", "ines").await?);
    market.run(admin, ApproveSponsor { account: sponsor }).await?;

    // A campaign: drafted, paid for, published. Amounts are in minor units, here cents.
    let rest = CampaignChanges {
        goals: Some("Show the tea to those who drink coffee.".into()),
        niches: Some(vec!["food".into()]),
        start: Some("2026-03-01".into()),
        end: Some("2026-04-30".into()),
        budget: Some(300_000),
        label: Some("Advertisement".into()),
        ..CampaignChanges::default()
    };
    let draft = DraftCampaign { input: CampaignInput { title: "Tea for all".into(), rest } };
    let campaign = market.run(sponsor, draft).await?.campaign.id;
    fund(&market.platform, &Actor::account(sponsor), None, FundCampaign { campaign, amount: 300_000 }).await?;
    market.run(sponsor, PublishCampaign { campaign }).await?;

    // A negotiation. Whoever accepts names the offer they have read, and nobody can accept their own.
    let request = market.run(influencer, Apply { campaign, offer: reel(150_000) }).await?.request.id;
    market.run(sponsor, CounterOffer { request, offer: 1, terms: reel(120_000) }).await?;
    let refused = market.run(sponsor, AcceptOffer { request, offer: 2, signed: "T. House".into() }).await;
    println!("The sponsor accepts their own offer: {}", refused.err().map_or_else(String::new, |why| why.to_string()));
    let accepted = market.run(influencer, AcceptOffer { request, offer: 2, signed: "Ines Example".into() }).await?;
    let collaboration = accepted.collaboration.ok_or("an acceptance begins a collaboration")?;

    // The work, its approval, the money.
    let works = vec![SubmittedWorkInput { deliverable: 0, url: "https://example.com/reel/1".into() }];
    market
        .run(influencer, SubmitWork { collaboration, works, note: String::new(), label_shown: true, proofs: Vec::new() })
        .await?;
    market.run(sponsor, ApproveWork { collaboration }).await?;
    market.run(influencer, RequestPayout { amount: 100_000 }).await?;
    run_due(&market.platform, 100).await?;

    // What they say of each other appears once both have said it.
    market.run(sponsor, LeaveReview { collaboration, rating: 5, text: "Lovely steam.".into() }).await?;
    market.run(influencer, LeaveReview { collaboration, rating: 5, text: "Clear and kind.".into() }).await?;

    Ok(format!("The sponsor's ledger\n{}\nInes's ledger\n{}", market.ledger(sponsor).await?, market.ledger(influencer).await?))
}

const PASSWORD: &str = "nine loud herons over a meadow";

struct Market {
    platform: Platform,
}

impl Market {
    async fn run<O: Operation>(&self, who: AccountId, operation: O) -> iescp_core::Result<O::Output> {
        self.platform.run(&Actor::account(who), operation).await
    }

    async fn register(&self, role: &str, username: &str) -> Done<AccountId> {
        let input = RegisterInput {
            role: role.into(),
            username: username.into(),
            email: format!("{username}@example.com"),
            password: PASSWORD.into(),
            company: Some("The Tea House".into()),
            ..RegisterInput::default()
        };
        Ok(self.platform.run(&Actor::visitor(), Register::new(input)).await?.account)
    }

    /// Somebody's transfers, oldest first.
    async fn ledger(&self, of: AccountId) -> Done<String> {
        let ledger = self.run(of, ViewLedger { campaign: None, page: PageRequest::default() }).await?;
        let currency = self.platform.settings().currency;
        let lines = ledger.items.iter().rev().map(|transfer| {
            let (from, to, cause) = (transfer.from.word(), transfer.to.word(), format!("{:?}", transfer.cause));
            format!("  {cause:<10} {:>14}   {from} -> {to}\n", transfer.amount.show(currency))
        });
        Ok(lines.collect())
    }
}

fn reel(amount: i64) -> OfferInput {
    let reel = DeliverableInput { format: "reel".into(), platform: "instagram".into(), count: 1, due: None };
    OfferInput { amount, deliverables: vec![reel], due: "2026-03-20".into(), ..OfferInput::default() }
}
