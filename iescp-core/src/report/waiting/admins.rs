//! What waits for admins: disputes, reports of abuse, sponsors.

use super::{LOOKED_AT, Task, What, some};
use crate::{
    Result,
    account::{Account, AccountState, Role, name_keys, name_of},
    campaign::Campaign,
    collaboration::Collaboration,
    event::thing,
    id::{AbuseReportId, AccountId, CollaborationId},
    moderation::{AbuseReport, AbuseState},
    store::{
        Key, Stored,
        keys::{KeyParts, list},
    },
    tx::Tx,
};
use uuid::Uuid;

/// Where they are looked for.
pub(super) fn lists() -> [KeyParts; 3] {
    let pending = list("accounts-of-role-in-state").word(Role::Sponsor.word()).word(AccountState::Pending.word());
    [list("disputes-open"), list("abuse-reports-in-state").word(AbuseState::Open.word()), pending]
}

/// The tasks, and whether there may be more.
pub(super) async fn tasks(tx: &mut Tx<'_>) -> Result<(Vec<Task>, bool)> {
    let found = tx.scans(lists().map(|list| some(list, false)).to_vec()).await?;
    let cut = found.iter().any(|found| found.len() == LOOKED_AT);
    let mut found = found.into_iter().map(ids);
    let mut next = || found.next().unwrap_or_default();
    let (disputed, reported, pending) = (next(), next(), next());
    let keys = disputed.iter().map(|id| Collaboration::at(CollaborationId(*id)));
    let keys = keys.chain(reported.iter().map(|id| AbuseReport::at(AbuseReportId(*id))));
    let keys = keys.chain(pending.iter().flat_map(|id| name_keys(AccountId(*id))));
    tx.load(&keys.collect::<Vec<_>>()).await?;
    let mut tasks = disputes(tx, disputed).await?;
    for id in reported {
        let report: Option<AbuseReport> = tx.peek_at(AbuseReport::at(AbuseReportId(id))).await?;
        tasks.extend(report.map(|report| Task {
            what: What::Resolve,
            about: thing("abuse_report", report.id),
            called: report.category.word().to_owned(),
            with: String::new(),
            amount: None,
            since: report.at,
            by: None,
        }));
    }
    for id in pending {
        let Some(account) = tx.peek_at::<Account>(Account::at(AccountId(id))).await? else { continue };
        tasks.push(Task {
            what: What::Approve,
            about: thing("account", account.id),
            called: name_of(tx, account.id).await?,
            with: String::new(),
            amount: None,
            since: account.created_at,
            by: None,
        });
    }
    Ok((tasks, cut))
}

async fn disputes(tx: &mut Tx<'_>, ids: Vec<Uuid>) -> Result<Vec<Task>> {
    let mut disputed: Vec<Collaboration> = Vec::with_capacity(ids.len());
    for id in ids {
        disputed.extend(tx.peek_at(Collaboration::at(CollaborationId(id))).await?);
    }
    let keys = disputed.iter().flat_map(|one| {
        let names = [one.sponsor, one.influencer].into_iter().flat_map(name_keys);
        names.chain([Campaign::at(one.campaign)])
    });
    tx.load(&keys.collect::<Vec<_>>()).await?;
    let mut tasks = Vec::with_capacity(disputed.len());
    for one in disputed {
        let Some(dispute) = one.dispute else { continue };
        let campaign: Option<Campaign> = tx.peek_at(Campaign::at(one.campaign)).await?;
        let (sponsor, influencer) = (name_of(tx, one.sponsor).await?, name_of(tx, one.influencer).await?);
        tasks.push(Task {
            what: What::Rule,
            about: thing("collaboration", one.id),
            called: campaign.map(|campaign| campaign.title.to_string()).unwrap_or_default(),
            with: format!("{sponsor}, {influencer}"),
            amount: one.amount,
            since: dispute.since,
            by: one.settled_at(),
        });
    }
    Ok(tasks)
}

fn ids(found: Vec<(Key, Stored)>) -> Vec<Uuid> {
    found.into_iter().filter_map(|(key, _)| key.last_id()).collect()
}
