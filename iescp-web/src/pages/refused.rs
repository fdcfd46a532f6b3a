//! Why a page cannot be shown.

use crate::problem::Problem;
use iescp_core::Error;

/// Why a page cannot be shown.
#[derive(Clone, Debug)]
pub enum Refused {
    /// Only for those who have signed in.
    SignIn,
    /// Everything else.
    Problem(Box<Problem>),
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self::Problem(Box::new(problem))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::SignedOut(_) => Self::SignIn,
            error => Problem::from(error).into(),
        }
    }
}

impl From<poem::Error> for Refused {
    fn from(error: poem::Error) -> Self {
        crate::problem::from_poem(error).into()
    }
}
