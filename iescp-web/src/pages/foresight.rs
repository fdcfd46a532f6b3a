//! What a page will read first, by its address: so that it is read together with who asks. Every page works without being
//! named here; it then goes to the store once more.
//!
//! Not here: what is shown (the pages), who may see it (the core, which is asked all the same).

use super::{Fields, admin, dashboard};
use crate::middleware::Asked;
use iescp_core::account::{Role, ViewInfluencer, ViewInfluencerInFull, ViewSetUp, ViewSponsorInFull};
use iescp_core::campaign::{
    CampaignState, ListAllCampaigns, ListOwnCampaigns, ListOwnCampaignsInFull, ViewCampaign, ViewCampaignInFull,
};
use iescp_core::collaboration::{CollaborationState, ListCollaborations, ListDisputes, ViewCollaboration};
use iescp_core::id::CampaignId;
use iescp_core::message::{ListThreads, ReadThread};
use iescp_core::moderation::accounts::ViewAccount;
use iescp_core::notification::ListNotifications;
use iescp_core::report::{ViewStatement, ViewStatistics, ViewWaiting};
use iescp_core::request::{ListCampaignRequests, ListRequests, PrepareApplication, RequestState, ViewNegotiation};
use iescp_core::shortlist::{ListShortlists, ListShortlistsFor, ViewShortlistInFull};
use iescp_core::store::Read;
use iescp_core::{Likely, Operation, PageRequest};
use poem::Request;
use poem::http::Method;
use uuid::Uuid;

/// What the page at this address will read first, when this account asks. A form that is sent reads for itself.
pub fn of(request: &Request, asker: Likely) -> Vec<Read> {
    if request.method() != Method::GET {
        return Vec::new();
    }
    let path = Asked::of(request).path().to_owned();
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let ahead = Ahead { asker, query: Fields::of_query(request) };
    let id = segments.iter().find_map(|segment| Uuid::try_parse(segment).ok());
    match id {
        Some(id) => ahead.one(&segments, id),
        None => ahead.many(&segments),
    }
}

struct Ahead {
    asker: Likely,
    query: Fields,
}

impl Ahead {
    fn by(&self, operation: &impl Operation) -> Vec<Read> {
        operation.foresees(self.asker)
    }

    fn page(&self, limit: usize) -> PageRequest {
        self.query.page(limit)
    }

    /// Pages of single things.
    fn one(&self, segments: &[&str], id: Uuid) -> Vec<Read> {
        match segments {
            ["campaigns", _, "apply"] => self.by(&PrepareApplication { campaign: id.into() }),
            ["campaigns", _, ..] => self.by(&ViewCampaignInFull { campaign: id.into() }),
            ["requests", _, ..] => self.by(&ViewNegotiation { request: id.into() }),
            ["collaborations", _, ..] => self.by(&ViewCollaboration { collaboration: id.into() }),
            ["admin", "disputes", _] => self.by(&ViewCollaboration { collaboration: id.into() }),
            ["admin", "accounts", _] => self.by(&ViewAccount { account: id.into() }),
            ["influencers", _] => self.by(&ViewInfluencerInFull { account: id.into(), page: self.page(10) }),
            ["influencers", _, "invite"] => {
                let page = PageRequest::new(PageRequest::MOST, None);
                let campaigns = self.by(&ListOwnCampaigns { state: Some(CampaignState::Active), page });
                [self.by(&ViewInfluencer { account: id.into() }), campaigns].concat()
            }
            ["sponsors", _] => self.by(&ViewSponsorInFull { account: id.into(), page: self.page(10) }),
            ["shortlists", _, ..] => self.by(&ViewShortlistInFull { shortlist: id.into(), page: self.page(20) }),
            ["messages", _] => self.by(&ReadThread { with: id.into(), of: None, page: self.page(40) }),
            _ => Vec::new(),
        }
    }

    /// Lists, and what one has oneself.
    fn many(&self, segments: &[&str]) -> Vec<Read> {
        let query = &self.query;
        let campaign = query.given("campaign").and_then(|id| Uuid::try_parse(id).ok()).map(CampaignId);
        let state = query.given("state");
        match segments {
            [""] => self.by(&ViewSetUp),
            ["dashboard"] if self.asker.role == Role::Admin => self.supervision(30),
            ["admin"] => self.supervision(90),
            ["dashboard"] => self.by(&dashboard::home()),
            ["campaigns"] if self.asker.role == Role::Sponsor => {
                let state = CampaignState::ALL.into_iter().find(|one| Some(one.word()) == state);
                self.by(&ListOwnCampaignsInFull { state, page: self.page(12) })
            }
            ["requests"] => {
                let state = RequestState::ALL.into_iter().find(|one| one.word() == state.unwrap_or("open"));
                match campaign {
                    Some(campaign) => {
                        let list = ListCampaignRequests { campaign, state, page: self.page(20) };
                        [self.by(&list), self.by(&ViewCampaign { campaign })].concat()
                    }
                    None => self.by(&ListRequests { state, page: self.page(20) }),
                }
            }
            ["collaborations"] => {
                let state = CollaborationState::ALL.into_iter().find(|one| Some(one.word()) == state);
                self.by(&ListCollaborations { state, page: self.page(20) })
            }
            ["messages"] => self.by(&ListThreads { page: self.page(20) }),
            // Without a word the page shows what is unread if anything is, else all: the two lists cost less than a trip.
            ["notifications"] => {
                let list = |unread| self.by(&ListNotifications { unread, page: self.page(20) });
                match query.get("show") {
                    "unread" => list(true),
                    "all" => list(false),
                    _ => [list(true), list(false)].concat(),
                }
            }
            ["earnings"] if self.asker.role == Role::Sponsor && campaign.is_none() && query.given("view").is_none() => {
                self.by(&ListOwnCampaigns { state: None, page: self.page(20) })
            }
            ["earnings"] => self.by(&ViewStatement { campaign, page: self.page(20) }),
            ["shortlists"] => match query.given("for").and_then(|id| Uuid::try_parse(id).ok()) {
                Some(id) => self.by(&ListShortlistsFor { influencer: id.into(), page: self.page(50) }),
                None => self.by(&ListShortlists { page: self.page(50) }),
            },
            ["admin", "accounts"] => self.by(&admin::wanted_accounts(query)),
            ["admin", "audit"] => self.by(&admin::wanted_audit(query)),
            ["admin", "abuse-reports"] => self.by(&admin::wanted_reports(query)),
            ["admin", "campaigns"] => self.by(&ListAllCampaigns { flagged: query.ticked("flagged"), page: self.page(25) }),
            ["admin", "disputes"] => self.by(&ListDisputes { page: self.page(20) }),
            _ => Vec::new(),
        }
    }

    fn supervision(&self, days: u32) -> Vec<Read> {
        [self.by(&ViewWaiting), self.by(&ViewStatistics { days: Some(days) })].concat()
    }
}
