//! Telling admins that a check which nobody asked for found something.

use crate::{
    Operation, Result,
    event::thing,
    notification::{Notice, tell_admins},
    policy::{Action, Subject},
    tx::Tx,
};
use serde_json::json;
use uuid::Uuid;

/// Tells every admin how much a check found wrong: the worker's, after its daily one.
#[derive(Clone, Copy, Debug)]
pub struct TellOfCheck {
    /// How many things are wrong, at least.
    pub wrong: u64,
}

impl Operation for TellOfCheck {
    type Output = ();
    const ACTION: Action = Action::TellOfCheck;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.allow(&Subject::PLATFORM)?;
        let store = thing("store", Uuid::nil());
        let detail = json!({ "wrong": self.wrong });
        tell_admins(tx, Notice::StoreWrong, &store, &detail).await?;
        tx.happened([store], detail);
        Ok(())
    }
}
