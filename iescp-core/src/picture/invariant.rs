//! What must hold between pictures and the things that name them.

use super::{Picture, PictureOf};
use crate::{
    account::Account,
    campaign::Campaign,
    check::{Invariant, Shown},
    collaboration::Submission,
    id::PictureId,
    store::Key,
};
use std::collections::{BTreeMap, BTreeSet};

/// Every picture is named by the thing it belongs to, and every name leads to such a picture.
#[derive(Default)]
pub(crate) struct PicturesAreShown {
    pictures: BTreeMap<Key, (PictureId, PictureOf)>,
    named: BTreeMap<Key, Vec<(PictureId, PictureOf)>>,
}

impl Invariant for PicturesAreShown {
    fn name(&self) -> &'static str {
        "pictures belong to what names them"
    }

    fn see(&mut self, shown: &Shown<'_>) {
        let named: Vec<(PictureId, PictureOf)> = if let Some(picture) = shown.as_a::<Picture>() {
            self.pictures.insert(shown.key.clone(), (picture.id, picture.of));
            return;
        } else if let Some(account) = shown.as_a::<Account>() {
            account.picture.into_iter().map(|id| (id, PictureOf::Account(account.id))).collect()
        } else if let Some(campaign) = shown.as_a::<Campaign>() {
            campaign.picture.into_iter().map(|id| (id, PictureOf::Campaign(campaign.id))).collect()
        } else if let Some(Submission { collaboration, number, proofs, .. }) = shown.as_a::<Submission>() {
            let of = PictureOf::Submission { collaboration: *collaboration, number: *number };
            proofs.iter().map(|id| (*id, of)).collect()
        } else {
            return;
        };
        if named.is_empty() {
            self.named.remove(shown.key);
        } else {
            self.named.insert(shown.key.clone(), named);
        }
    }

    fn gone(&mut self, key: &Key) {
        self.pictures.remove(key);
        self.named.remove(key);
    }

    fn finish(self: Box<Self>) -> Vec<String> {
        let pictures: BTreeSet<(PictureId, PictureOf)> = self.pictures.into_values().collect();
        let named: BTreeSet<(PictureId, PictureOf)> = self.named.into_values().flatten().collect();
        let unnamed = pictures.difference(&named).map(|(id, of)| format!("The picture {id} is not named by {of:?}."));
        let missing = named.difference(&pictures).map(|(id, of)| format!("{of:?} names the picture {id}, which is not there."));
        unnamed.chain(missing).collect()
    }
}
