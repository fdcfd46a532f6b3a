//! Joining, profiles, supervision.

use super::{Stage, of};
use crate::demo::dice::Dice;
use crate::demo::pictures;
use crate::demo::story::{Beat, Creator};
use crate::demo::words;
use iescp_core::account::{EditOwnAccount, Register, RegisterInput};
use iescp_core::id::AccountId;
use iescp_core::moderation::accounts::{ApproveSponsor, FlagAccount, RejectSponsor, VerifySponsor};
use iescp_core::moderation::{ReportAbuse, ResolveAbuseReport};
use iescp_core::picture::PutOwnPicture;
use iescp_core::shortlist::{AddToShortlist, MakeShortlist};
use iescp_core::{Actor, Error};
use serde_json::{Map, Value, json};
use std::sync::OnceLock;

const PLATFORMS: [(&str, &str); 6] = [
    ("instagram", "reel"),
    ("tiktok", "short"),
    ("youtube", "video"),
    ("twitch", "live"),
    ("blog", "article"),
    ("podcast", "other"),
];

impl Stage<'_> {
    pub(super) async fn people(&self, slot: i64, beat: Beat) -> Result<(), Error> {
        match beat {
            Beat::JoinCreator(at) => {
                let creator = of(&self.story.creators, at)?;
                let said = RegisterInput {
                    display_name: Some(creator.identity.name.clone()),
                    ..self.form("influencer", &creator.username)
                };
                self.join(of(&self.creators, at)?, said).await
            }
            Beat::FillInCreator(at) => {
                let patch = self.profile(at, of(&self.story.creators, at)?);
                self.act(of(&self.creators, at)?, EditOwnAccount { patch, version: None }).await?;
                if at < pictures::FACES {
                    self.hang(of(&self.creators, at)?, pictures::face(self.story.seed, at), |draft| PutOwnPicture { draft })
                        .await?;
                }
                Ok(())
            }
            Beat::JoinBacker(at) => {
                let backer = of(&self.story.backers, at)?;
                let said = RegisterInput { company: Some(backer.company.name.clone()), ..self.form("sponsor", &backer.username) };
                self.join(of(&self.backers, at)?, said).await
            }
            Beat::FillInBacker(at) => {
                let mut dice = Dice::of(self.story.seed, "company", at);
                let company = &of(&self.story.backers, at)?.company;
                let good = dice.word(company.trade().goods);
                let patch = object(json!({
                    "industry": company.trade().industry,
                    "website": format!("https://{}.example", company.slug),
                    "description": words::about_company(&mut dice, &company.name, good),
                }));
                self.act(of(&self.backers, at)?, EditOwnAccount { patch, version: None }).await?;
                if at < pictures::LOGOS {
                    self.hang(of(&self.backers, at)?, pictures::logo(self.story.seed, at), |draft| PutOwnPicture { draft })
                        .await?;
                }
                Ok(())
            }
            Beat::Approve(at) => {
                let account = self.account(&self.backers, at)?;
                self.act(&self.admin, ApproveSponsor { account }).await.map(drop)
            }
            Beat::Decline(at) => {
                let reason = "We could not find this company in any register.".to_owned();
                let account = self.account(&self.backers, at)?;
                self.act(&self.admin, RejectSponsor { account, reason }).await.map(drop)
            }
            Beat::Verify(at) => {
                let checked = Some("Entry in the trade register, and a call back".to_owned());
                let account = self.account(&self.backers, at)?;
                self.act(&self.admin, VerifySponsor { account, checked }).await.map(drop)
            }
            Beat::Suspend(at) => {
                let reason = "Followers were bought, as several people reported.".to_owned();
                let account = self.account(&self.creators, at)?;
                self.act(&self.admin, FlagAccount { account, reason }).await.map(drop)
            }
            Beat::Shortlist(at) => self.shortlist(slot, at).await,
            Beat::Report { backer, creator, settled } => self.report(slot, backer, creator, settled).await,
            _ => Ok(()),
        }
    }

    fn form(&self, role: &str, username: &str) -> RegisterInput {
        RegisterInput {
            role: role.to_owned(),
            username: username.to_owned(),
            email: format!("{username}@example.com"),
            password: self.password.clone(),
            ..RegisterInput::default()
        }
    }

    async fn join(&self, place: &OnceLock<AccountId>, said: RegisterInput) -> Result<(), Error> {
        let made = self.platform.run(&Actor::visitor(), Register::new(said)).await?;
        let _first = place.set(made.account);
        Ok(())
    }

    fn account(&self, list: &[OnceLock<AccountId>], at: usize) -> Result<AccountId, Error> {
        of(list, at)?.get().copied().ok_or(Error::NotFound)
    }

    fn profile(&self, at: usize, creator: &Creator) -> Map<String, Value> {
        let mut dice = Dice::of(self.story.seed, "profile", at);
        let how_many = dice.between(1, 3);
        let mut followers = creator.followers;
        let (mut channels, mut rates) = (Vec::new(), Map::new());
        for (platform, format) in dice.some(&PLATFORMS, how_many) {
            let handle = creator.username.replace('.', "_");
            channels.push(json!({
                "platform": platform,
                "handle": handle,
                "url": format!("https://{platform}.example/{handle}"),
                "followers": followers,
                // Larger channels hear less from each.
                "engagement_rate": (if followers > 100_000 { 180 } else { 420 }) + dice.between(-120, 260),
            }));
            rates.entry(*format).or_insert((creator.price * dice.between(80, 120) / 100 / 500 * 500).max(500).into());
            followers = followers * dice.between(15, 70) / 100;
        }
        object(json!({
            "bio": words::bio(&mut dice, &creator.niches, creator.identity.place),
            "location": creator.identity.place,
            "languages": creator.identity.languages,
            "niches": creator.niches,
            "channels": channels,
            "rate_card": rates,
        }))
    }

    async fn shortlist(&self, slot: i64, at: usize) -> Result<(), Error> {
        let mut dice = Dice::of(self.story.seed, "shortlist", at);
        let owner = of(&self.backers, at)?;
        let name = dice.word(&["For the autumn", "Worth a second look", "Small but lively", "Already worked with"]).to_owned();
        let list = self.act(owner, MakeShortlist { name }).await?;
        let there: Vec<AccountId> = self.story.present(slot).filter_map(|at| self.creators.get(at)?.get().copied()).collect();
        let how_many = dice.between(2, 7);
        for influencer in dice.some(&there, how_many) {
            let note = dice.word(&["", "Answers quickly.", "Ask about usage rights.", "Met at the fair in spring."]).to_owned();
            self.act(owner, AddToShortlist { shortlist: list.id, influencer: *influencer, note }).await?;
        }
        Ok(())
    }

    async fn report(&self, slot: i64, backer: usize, creator: usize, settled: bool) -> Result<(), Error> {
        let mut dice = Dice::of(self.story.seed, "report", backer * 1000 + creator + usize::try_from(slot).unwrap_or(0));
        let (category, text) = words::abuse(&mut dice);
        let id = self.account(&self.creators, creator)?.to_string();
        let said = ReportAbuse { kind: "account".into(), id, with: None, category: category.into(), text: text.into() };
        let report = self.act(of(&self.backers, backer)?, said).await?;
        if settled {
            let outcome = if dice.chance(60) { "dismiss" } else { "flag" }.to_owned();
            let reason = "Looked at the profile and at what was written.".to_owned();
            self.act(&self.admin, ResolveAbuseReport { report: report.id, outcome, reason }).await?;
        }
        Ok(())
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
