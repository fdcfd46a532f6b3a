//! What can be done to a collaboration, each at `/collaborations/{id}/<verb>`: a page that says what happens, then the deed.

use super::forms;
use super::work::{self, Deed, Work};
use crate::pages::picture::brought_in;
use crate::pages::{Answer, Reading, Refused, Visit, Wrongs};
use crate::pictures::Shape;
use crate::text::collaborations as t;
use crate::view::Page;
use iescp_core::collaboration::{
    AcceptSplit, ApproveWork, CancelOverdue, LeaveReview, OpenDispute, ProposeSplit, ReportResults, RequestChanges, ResultsInput,
    StepDown, SubmitWork, WithdrawDispute, WithdrawSplit,
};
use iescp_core::{Error, Operation, picture};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The fields of pictures that prove work.
pub const PROOFS: &str = "proofs";
pub const PROOFS_ADDRESS: &str = "proofs_url";

/// `GET /collaborations/{id}/<verb>`: the page of a deed while it can be done; else the way back to the collaboration.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn ask(visit: Visit) -> Answer {
    let work = Work::of(&visit).await?;
    let verb = visit.path().rsplit('/').next().unwrap_or_default().to_owned();
    match forms::deed(&verb).filter(|deed| work.allows(*deed)) {
        Some(deed) => Ok(visit.show(forms::page(&visit, &work, deed, &Wrongs::default()))),
        None => Ok(visit.go(&work.path())),
    }
}

/// Does it; what is refused is said on the deed's page while the deed can be done, else on the collaboration's.
async fn run<O>(visit: Visit, deed: Deed, operation: O, said: &str) -> Answer
where
    O: Operation,
    O::Output: Serialize + DeserializeOwned,
{
    let path = format!("/collaborations/{}", visit.id::<iescp_core::id::CollaborationId>()?);
    match visit.run_once(operation).await {
        Ok(_) => Ok(visit.go_saying(&path, said)),
        Err(error) => {
            let changed = matches!(&error, Error::NotNow(refusal) if refusal.code == "split_changed");
            let mut wrong = Wrongs::of(error)?;
            if changed {
                wrong.said = Some(t::SPLIT_CHANGED.to_owned());
            }
            refused(visit, deed, wrong).await
        }
    }
}

async fn refused(visit: Visit, deed: Deed, wrong: Wrongs) -> Answer {
    let work = Work::of(&visit).await?;
    let page: Page = match work.allows(deed) && forms::has_page(deed) {
        true => forms::page(&visit, &work, deed, &wrong),
        false => work::page(&visit, &work, &wrong),
    };
    Ok(visit.show_wrong(page, &wrong))
}

/// Whoever sends a form has signed in; else the form is kept.
fn sent(visit: &Visit, name: &str) -> Result<String, Refused> {
    visit.me()?;
    Ok(visit.sent().text(name))
}

/// `POST /collaborations/{id}/submit`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn submit(visit: Visit) -> Answer {
    let note = sent(&visit, "note")?;
    let work = Work::of(&visit).await?;
    let (works, places) = forms::works(&visit, &work);
    let label_shown = visit.sent().ticked("label_shown");
    let images = match brought_in(&visit, PROOFS, PROOFS_ADDRESS, Shape::Proof).await {
        Ok(images) => images,
        Err(wrong) => return refused(visit, Deed::Submit, Wrongs::unread(vec![wrong])).await,
    };
    let platform = &visit.house().platform;
    let mut proofs = Vec::with_capacity(images.len());
    for image in images {
        proofs.push(picture::store(platform, image).await?);
    }
    let operation = SubmitWork { collaboration: visit.id()?, works, note, label_shown, proofs: proofs.clone() };
    match visit.run_once(operation).await {
        Ok(_) => Ok(visit.go_saying(&work.path(), t::SUBMIT_DONE)),
        Err(error) => {
            picture::discard_refused(platform, &proofs, &error).await;
            let mut wrong = Wrongs::of(error)?;
            for field in &mut wrong.fields {
                let at = field.field.strip_prefix("works/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
                if let Some(place) = at.and_then(|at| places.get(at)) {
                    place.clone_into(&mut field.field);
                }
            }
            refused(visit, Deed::Submit, wrong).await
        }
    }
}

/// `POST /collaborations/{id}/approve`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn approve(visit: Visit) -> Answer {
    visit.me()?;
    let operation = ApproveWork { collaboration: visit.id()? };
    run(visit, Deed::Approve, operation, t::APPROVE_DONE).await
}

/// `POST /collaborations/{id}/request-changes`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn request_changes(visit: Visit) -> Answer {
    let operation = RequestChanges { collaboration: visit.id()?, reasons: sent(&visit, "reasons")? };
    run(visit, Deed::RequestChanges, operation, t::CHANGES_DONE).await
}

/// `POST /collaborations/{id}/step-down`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn step_down(visit: Visit) -> Answer {
    let operation = StepDown { collaboration: visit.id()?, reason: sent(&visit, "reason")? };
    run(visit, Deed::StepDown, operation, t::STEP_DOWN_DONE).await
}

/// `POST /collaborations/{id}/cancel`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn cancel(visit: Visit) -> Answer {
    let operation = CancelOverdue { collaboration: visit.id()?, reason: sent(&visit, "reason")? };
    run(visit, Deed::Cancel, operation, t::CANCEL_DONE).await
}

/// `POST /collaborations/{id}/propose-split`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn propose_split(visit: Visit) -> Answer {
    let note = sent(&visit, "note")?;
    let mut reading = Reading::default();
    let to_influencer = match visit.sent().given("to_influencer") {
        Some(_) => reading.money(visit.sent(), "to_influencer", visit.look().currency),
        None => -1,
    };
    let operation = ProposeSplit { collaboration: visit.id()?, to_influencer, note };
    match visit.run_once(operation).await {
        Ok(view) => Ok(visit.go_saying(&format!("/collaborations/{}", view.collaboration.id), t::SPLIT_DONE)),
        Err(error) => {
            let mut wrong = Wrongs::of(error)?.and_unread(reading.wrong);
            let most = visit.look().amount(Work::of(&visit).await?.amount());
            for field in wrong.fields.iter_mut().filter(|field| field.code == "share") {
                field.detail = t::split_share(&most);
            }
            refused(visit, Deed::ProposeSplit, wrong).await
        }
    }
}

/// `POST /collaborations/{id}/accept-split`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn accept_split(visit: Visit) -> Answer {
    let split = sent(&visit, "split")?.parse().unwrap_or_default();
    let operation = AcceptSplit { collaboration: visit.id()?, split };
    run(visit, Deed::AcceptSplit, operation, t::SPLIT_ACCEPTED).await
}

/// `POST /collaborations/{id}/withdraw-split`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn withdraw_split(visit: Visit) -> Answer {
    visit.me()?;
    let operation = WithdrawSplit { collaboration: visit.id()? };
    run(visit, Deed::WithdrawSplit, operation, t::SPLIT_WITHDRAWN).await
}

/// `POST /collaborations/{id}/dispute`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn dispute(visit: Visit) -> Answer {
    let operation = OpenDispute { collaboration: visit.id()?, reason: sent(&visit, "reason")? };
    run(visit, Deed::Dispute, operation, t::DISPUTE_DONE).await
}

/// `POST /collaborations/{id}/withdraw-dispute`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn withdraw_dispute(visit: Visit) -> Answer {
    visit.me()?;
    let operation = WithdrawDispute { collaboration: visit.id()? };
    run(visit, Deed::WithdrawDispute, operation, t::DISPUTE_WITHDRAWN).await
}

/// `POST /collaborations/{id}/results`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn report(visit: Visit) -> Answer {
    visit.me()?;
    let (fields, mut reading) = (visit.sent(), Reading::default());
    let input = ResultsInput {
        deliverable: fields.get("deliverable").parse().unwrap_or(-1),
        views: reading.number_if(fields, "views"),
        engagements: reading.number_if(fields, "engagements"),
        clicks: reading.number_if(fields, "clicks"),
        sales: reading.number_if(fields, "sales"),
        day: fields.given("day").map(str::to_owned),
        source: fields.text("source"),
    };
    match visit.run_once(ReportResults { collaboration: visit.id()?, input }).await {
        Ok(results) => Ok(visit.go_saying(&format!("/collaborations/{}", results.collaboration), t::REPORT_DONE)),
        Err(error) => {
            let wrong = Wrongs::of(error)?.and_unread(reading.wrong);
            refused(visit, Deed::Report, wrong).await
        }
    }
}

/// `POST /collaborations/{id}/review`.
///
/// # Errors
/// If the collaboration is not this person's.
pub async fn review(visit: Visit) -> Answer {
    let (rating, text) = (sent(&visit, "rating")?.parse().unwrap_or_default(), sent(&visit, "text")?);
    let operation = LeaveReview { collaboration: visit.id()?, rating, text };
    run(visit, Deed::Review, operation, t::RATE_DONE).await
}
