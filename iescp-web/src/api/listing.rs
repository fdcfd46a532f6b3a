//! The core's pages as the API's: its cursors are passed through, opaque.

use super::{Cursor, Failure, Limit, Listed, Page, Paging};
use crate::identity::Asker;
use crate::problem::Problem;
use iescp_core::{Error, Operation, PageRequest};
use poem::Request;
use poem_openapi::types::{ParseFromJSON, ToJSON};

/// The page that `limit` and `cursor` ask for.
pub(super) fn wanted(limit: Option<Limit>, cursor: Option<Cursor>) -> PageRequest {
    let paging = Paging::new(limit, cursor);
    PageRequest::new(paging.limit, paging.after.map(|after| String::from_utf8_lossy(&after).into_owned()))
}

/// Runs an operation that answers a page, and shows what is on it.
pub(super) async fn list<O, C, T>(
    asker: &Asker,
    request: &Request,
    operation: O,
    shape: impl Fn(C) -> T,
) -> Result<Listed<T>, Failure>
where
    O: Operation<Output = iescp_core::Page<C>>,
    T: ParseFromJSON + ToJSON + Send + Sync,
{
    let page = asker.ask(operation).await.map_err(told)?;
    Ok(listed(request, page, shape))
}

/// Shows what is on a page.
pub(super) fn listed<C, T>(request: &Request, page: iescp_core::Page<C>, shape: impl Fn(C) -> T) -> Listed<T>
where
    T: ParseFromJSON + ToJSON + Send + Sync,
{
    let next = page.next.map(|next| Cursor(next.into_bytes()));
    let link = next.as_ref().map(|next| Paging::next(request, next));
    Listed::new(Page::new(page.items.into_iter().map(shape).collect(), next.as_ref()), link)
}

/// A cursor that is none of ours is a bad parameter, like one that cannot be read.
pub(super) fn told(error: Error) -> Failure {
    match error {
        Error::Invalid(fields) if fields.iter().any(|field| field.field == "cursor") => {
            Problem::parameter("cursor", "not_readable", "`cursor` is none that we gave out; begin again without one.").into()
        }
        error => error.into(),
    }
}
