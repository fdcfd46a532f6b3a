//! Reviews: what each party says of the other afterwards. Both appear when both are written, or when the time is over.

use super::{Collaboration, EndedBy, about};
use crate::{
    Error, Operation, Page, PageRequest, Result, Tx,
    account::{Account, Influencer, Role, Sponsor, name_of},
    id::{AccountId, CollaborationId},
    message::{self, SystemLine},
    notification::Notice,
    policy::{Action, Subject},
    request::Side,
    store::{
        Key,
        keys::{KeyParts, Table, list, tally},
        record::{Derived, Record},
    },
    value::{Form, Prose},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// What one party says of the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// About which collaboration.
    pub collaboration: CollaborationId,
    /// Who writes.
    pub by: Side,
    /// The account that writes.
    pub author: AccountId,
    /// The account it is about.
    pub subject: AccountId,
    /// From 1 to 5.
    pub rating: u8,
    /// In words.
    pub text: Prose<2000>,
    /// When it was written.
    pub at: Timestamp,
    /// When it appeared.
    #[serde(default)]
    pub published_at: Option<Timestamp>,
    /// Whether it was brought over from V2.
    #[serde(default)]
    pub imported: bool,
}

impl Review {
    /// Where a review is kept.
    #[must_use]
    pub fn at(collaboration: CollaborationId, by: Side) -> Key {
        Table::Review.start().id(collaboration).word(by.word()).key()
    }

    /// Where it stands what all published ratings of an account add up to.
    #[must_use]
    pub fn rating_sum(subject: AccountId) -> Key {
        tally("rating-sum").id(subject).key()
    }

    /// Where it stands how many published ratings an account has.
    #[must_use]
    pub fn rating_count(subject: AccountId) -> Key {
        tally("rating-count").id(subject).key()
    }

    fn publish(mut self, tx: &mut Tx<'_>) -> Result<()> {
        if self.published_at.is_none() {
            self.published_at = Some(tx.now());
            tx.put(&self)?;
            tx.tell(self.subject, Notice::ReviewsPublished, about(self.collaboration), json!({ "rating": self.rating }));
        }
        Ok(())
    }
}

impl Record for Review {
    const TABLE: Table = Table::Review;

    fn key(&self) -> Key {
        Self::at(self.collaboration, self.by)
    }

    fn derive(&self, derived: &mut Derived) {
        if self.published_at.is_some() {
            derived.listed(list("reviews-of").id(self.subject).id(self.collaboration).key());
            derived.count(Self::rating_sum(self.subject), i64::from(self.rating));
            derived.count(Self::rating_count(self.subject), 1);
        }
    }
}

/// Reviews the other party, once, within the time for it.
#[derive(Clone, Debug)]
pub struct LeaveReview {
    /// About which collaboration.
    pub collaboration: CollaborationId,
    /// From 1 to 5.
    pub rating: i64,
    /// In words: at most 2,000 characters.
    pub text: String,
}

impl Operation for LeaveReview {
    type Output = Review;
    const ACTION: Action = Action::LeaveReview;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Review> {
        let (mut collaboration, side) = Collaboration::fetch_mine(tx, self.collaboration).await?;
        if !collaboration.state.has_ended() {
            return Err(Error::not_now("collaboration_state", "You can review each other once the collaboration has ended."));
        }
        if tx.get_at::<Review>(Review::at(collaboration.id, side)).await?.is_some() {
            return Err(Error::not_now("reviewed", "You have reviewed this collaboration already."));
        }
        match collaboration.reviews_until {
            Some(until) if tx.now() < until => {}
            None if collaboration.end.as_ref().is_none_or(|end| end.by == EndedBy::Agreement) => {
                return Err(Error::not_now("no_reviews", "This collaboration ended by agreement and takes no reviews."));
            }
            _ => return Err(Error::not_now("review_over", "The time for reviews of this collaboration is over.")),
        }
        let mut form = Form::default();
        let rating = u8::try_from(self.rating).ok().filter(|rating| (1..=5).contains(rating));
        if rating.is_none() {
            form.wrong("rating", "rating", "Please give a rating from 1 to 5.");
        }
        let text = form.prose("text", &self.text);
        form.finish()?;
        let review = Review {
            collaboration: collaboration.id,
            by: side,
            author: collaboration.party(side),
            subject: collaboration.party(side.other()),
            rating: rating.unwrap_or(1),
            text,
            at: tx.now(),
            published_at: None,
            imported: false,
        };
        tx.put(&review)?;
        tx.happened([about(collaboration.id)], json!({ "by": side }));
        if let Some(other) = tx.get_at::<Review>(Review::at(collaboration.id, side.other())).await? {
            other.publish(tx)?;
            review.clone().publish(tx)?;
            collaboration.reviews_until = None;
            tx.put(&collaboration)?;
            message::line(tx, collaboration.pair(), SystemLine::ReviewsPublished, about(collaboration.id), json!({})).await?;
        }
        Ok(review)
    }
}

/// Lets the reviews of a collaboration appear when the time for them is over: the worker's.
#[derive(Clone, Debug)]
pub struct PublishReviews {
    /// Of which collaboration.
    pub collaboration: CollaborationId,
}

impl Operation for PublishReviews {
    type Output = ();
    const ACTION: Action = Action::PublishReviews;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let mut collaboration: Collaboration = tx.fetch_at(Collaboration::at(self.collaboration)).await?;
        if collaboration.reviews_until.is_none_or(|until| tx.now() < until) {
            return Ok(());
        }
        for side in [Side::Sponsor, Side::Influencer] {
            if let Some(review) = tx.get_at::<Review>(Review::at(collaboration.id, side)).await? {
                review.publish(tx)?;
            }
        }
        collaboration.reviews_until = None;
        tx.put(&collaboration)?;
        tx.happened([about(collaboration.id)], json!({}));
        Ok(())
    }
}

/// A published review, with its author's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewView {
    /// The review.
    pub review: Review,
    /// What its author is called.
    pub author_name: String,
}

/// The published reviews of an account, newest collaboration first.
#[derive(Clone, Debug)]
pub struct ListReviews {
    /// Of whom.
    pub account: AccountId,
    /// Which page.
    pub page: PageRequest,
}

impl Operation for ListReviews {
    type Output = Page<ReviewView>;
    const ACTION: Action = Action::ListReviews;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Page<ReviewView>> {
        let account: Option<Account> = tx.peek_at(Account::at(self.account)).await?;
        let Some(account) = account else { return tx.allow_missing() };
        tx.allow(&account.profile_subject())?;
        reviews_of(tx, &account, &self.page).await
    }
}

/// Where the list of an account's published reviews begins.
pub(crate) fn reviews_list(account: AccountId) -> KeyParts {
    list("reviews-of").id(account)
}

/// Where a review of an account is kept, by its collaboration.
pub(crate) fn review_at(account: &Account, collaboration: Uuid) -> Key {
    let by = if account.role == Role::Influencer { Side::Sponsor } else { Side::Influencer };
    Review::at(collaboration.into(), by)
}

/// The published reviews of an account that may be seen, newest collaboration first.
pub(crate) async fn reviews_of(tx: &mut Tx<'_>, account: &Account, page: &PageRequest) -> Result<Page<ReviewView>> {
    let page = tx.page_of::<Review>(reviews_list(account.id), page, |id| review_at(account, id)).await?;
    let authors = page.items.iter().map(|review| review.author);
    tx.load(&authors.flat_map(|author| [Account::at(author), Influencer::at(author), Sponsor::at(author)]).collect::<Vec<_>>())
        .await?;
    let mut items = Vec::with_capacity(page.items.len());
    for review in page.items {
        let author_name = name_of(tx, review.author).await?;
        items.push(ReviewView { review, author_name });
    }
    Ok(Page { items, next: page.next })
}
