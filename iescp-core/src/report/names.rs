//! What accounts and campaigns are called, for the lists that admins read: those name them by their ids alone.

use crate::{
    Operation, PageRequest, Result,
    account::{name_keys, name_of},
    campaign::Campaign,
    policy::{Action, Subject},
    tx::Tx,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Tells admins what accounts and campaigns are called: at most two hundred. What is neither is left out.
#[derive(Clone, Debug, Default)]
pub struct ViewNames {
    /// Their ids.
    pub of: Vec<Uuid>,
}

impl Operation for ViewNames {
    type Output = BTreeMap<Uuid, String>;
    const ACTION: Action = Action::ViewNames;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Output> {
        tx.allow(&Subject::PLATFORM)?;
        let ids = || self.of.iter().copied().take(2 * PageRequest::MOST);
        let keys = ids().flat_map(|id| name_keys(id.into()).into_iter().chain([Campaign::at(id.into())]));
        tx.load(&keys.collect::<Vec<_>>()).await?;
        let mut names = BTreeMap::new();
        for id in ids() {
            let name = match tx.peek_at::<Campaign>(Campaign::at(id.into())).await? {
                Some(campaign) => campaign.title.to_string(),
                None => name_of(tx, id.into()).await?,
            };
            if !name.is_empty() {
                names.insert(id, name);
            }
        }
        Ok(names)
    }
}
