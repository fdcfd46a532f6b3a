//! Somebody's private things, and everybody who might ask for them.
//!
//! What people write here says who may read it: a text for the sponsor alone, for the influencer alone, for the two of them.
//!
//! Not here: the requests that are made ([`super::valid`]).

use crate::letters;
use crate::support::{Answer, Ask, House, Person, text, usd, with};
use poem::http::Method;
use serde_json::{Value, json};

/// Words that only the sponsor may read, and who reads with their token.
pub const SPONSORS: &str = "seen by the sponsor alone";
/// The sponsor and administrators.
pub const SUPERVISED: &str = "seen by the sponsor and admins";
/// Words that only the influencer may read.
pub const INFLUENCERS: &str = "seen by the influencer alone";
/// Words that the two may read, and administrators.
pub const PARTIES: &str = "seen by the two and admins";
/// Words of admins among themselves, and of who reports something to them.
pub const REPORTED: &str = "seen by who reported it and admins";

/// Who asks: the columns of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    Nobody,
    Pending,
    Sponsor,
    Rival,
    Influencer,
    Stranger,
    Suspended,
    Admin,
    Reader,
}

impl Asker {
    pub const ALL: [Self; 9] = [
        Self::Nobody,
        Self::Pending,
        Self::Sponsor,
        Self::Rival,
        Self::Influencer,
        Self::Stranger,
        Self::Suspended,
        Self::Admin,
        Self::Reader,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Pending => "pending",
            Self::Sponsor => "sponsor",
            Self::Rival => "rival",
            Self::Influencer => "influencer",
            Self::Stranger => "stranger",
            Self::Suspended => "suspended",
            Self::Admin => "admin",
            Self::Reader => "reader",
        }
    }

    pub fn is(self) -> &'static str {
        match self {
            Self::Nobody => "has not signed in",
            Self::Pending => "a sponsor who waits for approval",
            Self::Sponsor => "whose campaigns, shortlists, requests and work it is",
            Self::Rival => "another approved sponsor",
            Self::Influencer => "with whom the sponsor deals",
            Self::Stranger => "another influencer",
            Self::Suspended => "a sponsor who was suspended, with a token from before",
            Self::Admin => "an administrator",
            Self::Reader => "a personal token of the sponsor's that may only read",
        }
    }

    /// Which of the words above this one may not read.
    pub fn is_not_to_read(self) -> Vec<&'static str> {
        let may: &[&str] = match self {
            Self::Sponsor | Self::Reader => &[SPONSORS, SUPERVISED, PARTIES],
            Self::Influencer => &[INFLUENCERS, PARTIES, REPORTED],
            Self::Admin => &[SUPERVISED, PARTIES, REPORTED],
            Self::Nobody | Self::Pending | Self::Rival | Self::Stranger | Self::Suspended => &[],
        };
        [SPONSORS, SUPERVISED, INFLUENCERS, PARTIES, REPORTED].into_iter().filter(|words| !may.contains(words)).collect()
    }
}

/// A house where two deal with each other and others look on.
pub struct World {
    pub house: House,
    pub pending: Person,
    pub sponsor: Person,
    pub rival: Person,
    pub influencer: Person,
    pub stranger: Person,
    pub suspended: Person,
    pub admin: Person,
    reader: String,
    /// A draft of the sponsor's.
    pub draft: String,
    /// A published campaign that everyone sees.
    pub campaign: String,
    /// A published campaign that only the influencer was invited to.
    pub private: String,
    /// An open request in the public one: the influencer's offer is on the table, number 1.
    pub request: String,
    /// Agreed work in the private one.
    pub work: String,
    /// The sponsor's message to the influencer.
    pub message: String,
    /// The sponsor's, with the influencer on it.
    pub shortlist: String,
    /// A personal token of the sponsor's.
    pub token: String,
}

impl World {
    pub async fn new() -> Self {
        let house = House::open();
        let admin = house.admin("ada").await;
        let (pending, sponsor) = (house.pending("newcomer").await, house.pending("teahouse").await);
        let (rival, suspended) = (house.pending("coffeehouse").await, house.pending("saloon").await);
        for account in [&sponsor, &rival, &suspended] {
            house.done(&admin, &format!("/admin/accounts/{}/approve", account.id), json!({})).await;
        }
        let flag = json!({ "reason": "Sold what was never made." });
        house.done(&admin, &format!("/admin/accounts/{}/flag", suspended.id), flag).await;
        let (influencer, stranger) = (house.influencer("ines").await, house.influencer("otto").await);

        let drafted = with(house.campaign("A draft", 1000), json!({ "title": SUPERVISED, "goals": SUPERVISED }));
        let draft = text(&house.done(&sponsor, "/campaigns", drafted).await["id"]);
        let campaign = house.published(&sponsor, 100_000).await;
        let note = json!({ "note": PARTIES, "usage_rights": PARTIES });
        let asked = with(house.terms(5000), note.clone());
        let request = text(&house.done(&influencer, &format!("/campaigns/{campaign}/requests"), asked).await["id"]);
        let private = with(house.campaign(PARTIES, 100_000), json!({ "visibility": "private", "goals": PARTIES }));
        let private = text(&house.done(&sponsor, "/campaigns", private).await["id"]);
        house.done(&sponsor, &format!("/campaigns/{private}/fund"), json!({ "amount": usd(100_000) })).await;
        house.done(&sponsor, &format!("/campaigns/{private}/publish"), json!({})).await;
        let invitation = with(with(house.terms(20_000), note), json!({ "influencer_id": influencer.id }));
        let invited = text(&house.done(&sponsor, &format!("/campaigns/{private}/requests"), invitation).await["id"]);
        let accepted =
            house.done(&influencer, &format!("/requests/{invited}/accept"), json!({ "offer": 1, "name": PARTIES })).await;
        let work = text(&accepted["collaboration_id"]);

        let written = house.done(&sponsor, &format!("/threads/{}/messages", influencer.id), json!({ "text": PARTIES })).await;
        let shortlist = text(&house.done(&sponsor, "/shortlists", json!({ "name": SPONSORS })).await["id"]);
        let entry = format!("/shortlists/{shortlist}/entries/{}", influencer.id);
        let put = house.ask(Method::PUT, &entry).by(&sponsor).json(&json!({ "note": SPONSORS })).send().await;
        assert!(put.status.is_success(), "{}", put.text());
        let token = |name: &str| json!({ "name": name, "scope": "read" });
        let made = house.done(&sponsor, "/me/tokens", token(SPONSORS)).await;
        house.done(&influencer, "/me/tokens", token(INFLUENCERS)).await;
        let reader = text(&house.done(&sponsor, "/me/tokens", token("reader")).await["token"]);
        let report = json!({ "kind": "account", "id": sponsor.id, "category": "other", "text": REPORTED });
        house.done(&influencer, "/abuse-reports", report).await;
        Self {
            house,
            pending,
            sponsor,
            rival,
            influencer,
            stranger,
            suspended,
            admin,
            reader,
            draft,
            campaign,
            private,
            request,
            work,
            message: text(&written["id"]),
            shortlist,
            token: text(&made["id"]),
        }
    }

    /// Lets days pass; an administrator's session does not live that long.
    pub async fn later(&mut self, days: i64) {
        self.house.days(days);
        self.admin = self.house.sign_in("ada").await;
    }

    /// Signs a request.
    pub fn sign<'h>(&self, ask: Ask<'h>, asker: Asker) -> Ask<'h> {
        let person = match asker {
            Asker::Nobody => return ask,
            Asker::Reader => return ask.header("Authorization", &format!("Bearer {}", self.reader)),
            Asker::Pending => &self.pending,
            Asker::Sponsor => &self.sponsor,
            Asker::Rival => &self.rival,
            Asker::Influencer => &self.influencer,
            Asker::Stranger => &self.stranger,
            Asker::Suspended => &self.suspended,
            Asker::Admin => &self.admin,
        };
        ask.by(person)
    }

    /// Does something with the work.
    pub async fn go_on(&self, who: &Person, action: &str, body: Value) -> Value {
        self.house.done(who, &format!("/collaborations/{}/{action}", self.work), body).await
    }

    pub async fn submitted(&self) {
        let work = with(self.house.work_done(), json!({ "note": PARTIES }));
        self.go_on(&self.influencer, "submit", work).await;
    }

    pub async fn approved(&self) {
        self.submitted().await;
        self.go_on(&self.sponsor, "approve", json!({})).await;
    }

    pub async fn disputed(&self) {
        self.submitted().await;
        self.go_on(&self.sponsor, "dispute", json!({ "reason": PARTIES })).await;
    }

    /// Does something with the public campaign.
    pub async fn steer(&self, who: &Person, action: &str) {
        self.house.done(who, &format!("/campaigns/{}/{action}", self.campaign), json!({})).await;
    }

    /// The sponsor's address is proven.
    pub async fn proven(&self) {
        let link = letters::proving(&self.house, "teahouse@example.com").await;
        self.stranger_posts("/auth/email/verify", json!({ "token": link })).await;
    }

    /// What nobody in particular asks for.
    pub async fn stranger_posts(&self, path: &str, body: Value) -> Answer {
        let answer = self.house.ask(Method::POST, path).json(&body).send().await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer
    }

    /// The sponsor has a second factor that waits for a code, or is confirmed: its next code, and recovery codes.
    pub async fn second_factor(&self, confirmed: bool) -> (String, Value) {
        let secret = text(&self.house.done(&self.sponsor, "/me/totp", json!({})).await["secret"]);
        let code = crate::me::code(&self.house, &secret);
        if !confirmed {
            return (code, Value::Null);
        }
        let codes = self.house.done(&self.sponsor, "/me/totp/confirm", json!({ "code": code })).await;
        (code, codes["recovery_codes"].clone())
    }

    /// An influencer's earnings.
    pub async fn earned(&self) -> Value {
        self.approved().await;
        json!({ "amount": usd(1000) })
    }
}
