//! The main job by a client whose types are made from the document: what does not fit them does not compile.
//!
//!     iescp-outside ADDRESS SETUP_TOKEN

use chrono::{Days, NaiveDate, Utc};
use std::error::Error;
use std::num::{NonZeroU32, NonZeroU64};
use types::{
    Acceptance, Amount, Ask, Counter, Credentials, FirstAdmin, Funding, NewAccount, NewCampaign, NewDeliverable, NewPayout,
    NewReview, NewSubmission, NewWork, RoleToRegister, WorkFormat, WorkPlatform,
};
use uuid::Uuid;

#[allow(clippy::all, dead_code)]
mod made {
    progenitor::generate_api!(spec = "openapi.json", interface = Builder);
}
use made::{Client, types};

type Done<T> = Result<T, Box<dyn Error>>;

const PASSWORD: &str = "quite-a-long-phrase-of-nine-words";

/// The platform, to whoever asks with this token.
fn client(address: &str, token: Option<&str>) -> Done<Client> {
    let mut headers = reqwest::header::HeaderMap::new();
    if let Some(token) = token {
        headers.insert("authorization", format!("Bearer {token}").parse()?);
    }
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    Ok(Client::new_with_client(&format!("{address}/api/v1"), http))
}

async fn sign_in(address: &str, name: &str) -> Done<Client> {
    let credentials = Credentials::builder().username(Some(name.parse()?)).password(PASSWORD);
    let tokens = client(address, None)?.log_in().body(credentials).send().await?;
    client(address, Some(&tokens.access_token))
}

async fn register(address: &str, role: RoleToRegister, name: &str) -> Done<Client> {
    let account = NewAccount::builder()
        .role(role)
        .username(name)
        .email(format!("{name}@example.com"))
        .password(PASSWORD)
        .display_name(Some(name.parse()?));
    client(address, None)?.register().body(account).send().await?;
    sign_in(address, name).await
}

fn usd(amount: i64) -> Done<Amount> {
    Ok(Amount::builder().amount(amount).currency("USD").try_into()?)
}

fn key() -> String {
    Uuid::new_v4().to_string()
}

fn day(days: u64) -> NaiveDate {
    Utc::now().date_naive() + Days::new(days)
}

fn reel() -> Done<Vec<NewDeliverable>> {
    Ok(vec![
        NewDeliverable::builder()
            .format(WorkFormat::Reel)
            .platform(WorkPlatform::Instagram)
            .count(NonZeroU64::MIN)
            .try_into()?,
    ])
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, token] = arguments.as_slice() else { return Err("iescp-outside ADDRESS SETUP_TOKEN".into()) };
    let first = FirstAdmin::builder().token(token.as_str()).username("ada").email("ada@example.com").password(PASSWORD);
    client(address, None)?.set_up().body(first).send().await?;
    let admin = sign_in(address, "ada").await?;
    let sponsor = register(address, RoleToRegister::Sponsor, "teahouse").await?;
    let influencer = register(address, RoleToRegister::Influencer, "ines").await?;
    let me = sponsor.show_me().send().await?;
    admin.approve_account().id(me.id).send().await?;

    let campaign = NewCampaign::builder()
        .title("Tea for all")
        .goals(Some("Show the tea to those who drink coffee.".parse()?))
        .niches(vec!["food".parse()?])
        .start(Some(day(0)))
        .end(Some(day(60)))
        .budget(Some(usd(100_000)?))
        .label(Some("Ad".parse()?));
    let drafted = sponsor.draft_campaign().idempotency_key(key()).body(campaign).send().await?.id;
    let funding = Funding::builder().amount(usd(100_000)?);
    sponsor.fund_campaign().id(drafted).idempotency_key(key()).body(funding).send().await?;
    sponsor.publish_campaign().id(drafted).send().await?;

    let found = influencer.search_campaigns().niche("food").limit(NonZeroU32::try_from(10)?).send().await?;
    assert_eq!(found.items.iter().map(|campaign| campaign.id).collect::<Vec<_>>(), [drafted]);
    let ask = Ask::builder().amount(usd(60_000)?).due(day(20)).deliverables(reel()?);
    let asked = influencer.ask_in_campaign().id(drafted).idempotency_key(key()).body(ask).send().await?.id;
    let accept = |offer: u64| Ok::<_, Box<dyn Error>>(Acceptance::builder().offer(NonZeroU64::try_from(offer)?).name("Ines"));
    let early = influencer.accept_offer().id(asked).idempotency_key(key()).body(accept(1)?).send().await;
    assert_eq!(early.err().and_then(|refused| refused.status()).map(|status| status.as_u16()), Some(409));
    let counter = Counter::builder().amount(usd(50_000)?).due(day(20)).deliverables(reel()?).offer(NonZeroU64::MIN);
    sponsor.counter_offer().id(asked).idempotency_key(key()).body(counter).send().await?;
    let accepted = influencer.accept_offer().id(asked).idempotency_key(key()).body(accept(2)?).send().await?;
    let work = accepted.collaboration_id.ok_or("an accepted offer is a collaboration")?;

    let shown: NewWork = NewWork::builder().deliverable(0).url("https://example.com/reel/1").try_into()?;
    let submission = NewSubmission::builder().works(vec![shown]).label_shown(true);
    influencer.submit_work().id(work).idempotency_key(key()).body(submission).send().await?;
    sponsor.approve_work().id(work).idempotency_key(key()).send().await?;
    for party in [&sponsor, &influencer] {
        party.leave_review().id(work).body(NewReview::builder().rating(NonZeroU64::try_from(5)?)).send().await?;
    }
    assert_eq!(influencer.show_balances().send().await?.earned.amount, 50_000);
    let payout =
        influencer.request_payout().idempotency_key(key()).body(NewPayout::builder().amount(usd(50_000)?)).send().await?;
    assert_eq!(payout.amount.amount, 50_000);
    println!("the journey was made in Rust");
    Ok(())
}
