//! The index: what changes it, and the parts it keeps in step.

use super::{
    Document, Page, Query, documents::Documents, facets::Facets, find, order::Move, order::Order, plan::Bounds,
    vocabulary::Vocabulary,
};
use uuid::Uuid;

/// Documents that can be found by facets, ranges of numbers and words, in the order of any column.
///
/// Finding takes `&self`: hold the index in a read-write lock.
pub struct Index {
    pub(super) documents: Documents,
    pub(super) facets: Facets,
    pub(super) orders: Vec<Order>,
    pub(super) vocabulary: Vocabulary,
    /// The column whose greater numbers come first among equally relevant documents.
    pub(super) popular: usize,
    pub(super) bounds: Bounds,
    moves: Vec<Move>,
}

impl Index {
    /// An empty index of documents with so many numbers (at least one), of which one says how popular a document is.
    #[must_use]
    pub fn new(columns: usize, popular: usize) -> Self {
        let columns = columns.max(1);
        Self {
            documents: Documents::new(columns),
            facets: Facets::default(),
            orders: (0..columns).map(Order::new).collect(),
            vocabulary: Vocabulary::default(),
            popular: popular.min(columns - 1),
            bounds: Bounds::default(),
            moves: Vec::new(),
        }
    }

    /// An index of many documents at once, several times quicker than one after the other. Of two with the same id the later stays.
    #[must_use]
    pub fn build(columns: usize, popular: usize, documents: impl IntoIterator<Item = Document>) -> Self {
        let mut index = Self::new(columns, popular);
        let mut again = Vec::new();
        for document in documents {
            if index.contains(document.id) {
                again.push(document);
            } else {
                let facets = index.facets.number(&document.facets);
                let words = index.vocabulary.number(&document.text);
                index.documents.add(document.id, &document.numbers, facets, words);
            }
        }
        let Self { documents, orders, facets, vocabulary, .. } = &mut index;
        let documents = &*documents;
        std::thread::scope(|scope| {
            scope.spawn(|| vocabulary.fill(documents.numbers().map(|number| (number, documents.words(number)))));
            orders.iter_mut().for_each(|order| order.fill(documents));
            facets.fill(documents, orders);
        });
        again.into_iter().for_each(|document| {
            index.insert(document);
        });
        index
    }

    /// How many documents there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this document is there.
    #[must_use]
    pub fn contains(&self, id: Uuid) -> bool {
        self.documents.number(id).is_some()
    }

    /// Puts a document in, in place of the one with the same id. Answers whether there was one.
    pub fn insert(&mut self, document: Document) -> bool {
        let replaced = self.remove(document.id);
        let facets = self.facets.number(&document.facets);
        let words = self.vocabulary.number(&document.text);
        let Some(number) = self.documents.add(document.id, &document.numbers, facets, words.clone()) else {
            return replaced;
        };
        self.vocabulary.add(number, &words);
        for (column, order) in self.orders.iter_mut().enumerate() {
            order.insert(number, &self.documents, &mut self.moves);
            self.facets.carry(column, &self.moves, &self.documents);
            self.moves.clear();
        }
        self.facets.add(number, &self.documents, &self.orders);
        replaced
    }

    /// Takes a document out. Answers whether it was there.
    pub fn remove(&mut self, id: Uuid) -> bool {
        let Some(number) = self.documents.number(id) else { return false };
        for (column, order) in self.orders.iter_mut().enumerate() {
            order.remove(number, &self.documents, &mut self.moves);
            self.facets.carry(column, &self.moves, &self.documents);
            self.moves.clear();
        }
        let (facets, words) = self.documents.remove(number);
        self.facets.remove(number, &facets);
        self.vocabulary.remove(number, &words);
        true
    }

    /// Answers a query. The work is bounded whatever the documents: see [`Page::unfinished`].
    #[must_use]
    pub fn find(&self, query: &Query) -> Page {
        find::find(self, query).0
    }
}
