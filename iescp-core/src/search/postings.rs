//! The documents that contain a word, by the weight of the text they contain it in.

use roaring::RoaringBitmap;
use std::{borrow::Cow, collections::BTreeMap};

/// Documents with weights: a plain list while they are few, which most words are in; sets when they are many.
#[derive(Default)]
pub(super) struct Postings {
    few: Vec<(u32, u8)>,
    many: Vec<(u8, RoaringBitmap)>,
}

const FEW: usize = 48;

impl Postings {
    pub fn add(&mut self, document: u32, weight: u8) {
        if self.many.is_empty() {
            self.few.push((document, weight));
            if self.few.len() > FEW {
                let few = std::mem::take(&mut self.few);
                few.into_iter().for_each(|(document, weight)| self.add_to_many(document, weight));
            }
        } else {
            self.add_to_many(document, weight);
        }
    }

    fn add_to_many(&mut self, document: u32, weight: u8) {
        match self.many.iter_mut().find(|(known, _)| *known == weight) {
            // Most documents come with the greatest number yet.
            Some((_, documents)) => {
                documents.try_push(document).is_err().then(|| documents.insert(document));
            }
            None => self.many.push((weight, RoaringBitmap::from_iter([document]))),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.few.is_empty() && self.many.is_empty()
    }

    /// Answers whether nobody is left.
    pub fn remove(&mut self, document: u32, weight: u8) -> bool {
        if let Some(at) = self.few.iter().position(|(known, _)| *known == document) {
            self.few.swap_remove(at);
        }
        if let Some(at) = self.many.iter().position(|(known, _)| *known == weight) {
            let left = self.many.get_mut(at).map_or(0, |(_, documents)| {
                documents.remove(document);
                documents.len()
            });
            if left == 0 {
                self.many.swap_remove(at);
            }
        }
        self.is_empty()
    }

    /// Adds the documents to the classes they are in when a match counts so much.
    pub fn gather<'a>(&'a self, kind: u32, classes: &mut BTreeMap<u32, Gathered<'a>>) {
        for (document, weight) in &self.few {
            classes.entry(u32::from(*weight) * kind).or_default().few.push(*document);
        }
        for (weight, documents) in &self.many {
            let gathered = classes.entry(u32::from(*weight) * kind).or_default();
            match &mut gathered.many {
                Some(many) => *many.to_mut() |= documents,
                None => gathered.many = Some(Cow::Borrowed(documents)),
            }
        }
    }
}

/// The documents of a class while they are gathered.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    many: Option<Cow<'a, RoaringBitmap>>,
    few: Vec<u32>,
}

impl<'a> Gathered<'a> {
    /// The sets that together are the class.
    pub fn sets(mut self) -> impl Iterator<Item = Cow<'a, RoaringBitmap>> {
        self.few.sort_unstable();
        self.few.dedup();
        let few = RoaringBitmap::from_sorted_iter(self.few).unwrap_or_default();
        self.many.into_iter().chain((!few.is_empty()).then_some(Cow::Owned(few)))
    }
}
