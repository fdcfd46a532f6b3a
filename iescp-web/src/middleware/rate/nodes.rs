//! Nodes on one PostgreSQL tell each other who spent how much: by its notifications, which nobody keeps. While the database does
//! not answer, or does not know notifications, each node counts for itself.

use super::{Payer, Rates};
use iescp_core::store::PostgresBeside;
use serde::{Deserialize, Serialize};
use sqlx::Row;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

/// What was spent is told after this.
const SOON: Duration = Duration::from_millis(100);

/// How many payers are told at once: a notification has less than 8,000 bytes.
const AT_ONCE: usize = 100;

/// How long is waited when the database does not answer.
const REST: Duration = Duration::from_secs(1);

/// A word is said at least so often, told or not: a host that fell silent does not say so.
const QUIET: Duration = Duration::from_secs(5);

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one node says to the others.
#[derive(Serialize, Deserialize)]
struct Spent {
    node: Uuid,
    spent: Vec<(Payer, u32)>,
}

/// Tells and listens as long as it is polled.
pub async fn tell_each_other(rates: Arc<Rates>, beside: PostgresBeside) {
    let node = Uuid::now_v7();
    rates.share();
    loop {
        if let Err(why) = exchange(&rates, &beside, node).await {
            tracing::debug!(why = ?why.to_string(), "nodes cannot tell each other who spent how much");
        }
        tokio::time::sleep(REST).await;
    }
}

async fn exchange(rates: &Rates, beside: &PostgresBeside, node: Uuid) -> Result<(), Box<dyn Error + Send + Sync>> {
    // Each schema has its own.
    let schema = beside.row(sqlx::query("SELECT current_schema()::text")).await?;
    let schema: String = schema.map_or(Ok(String::new()), |row| row.try_get(0))?;
    let channel = format!("iescp_spent_{schema}");
    let mut line = beside.listener().await?;
    timeout(PATIENCE, line.listen(&channel)).await??;
    let mut soon = interval(SOON);
    soon.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said_at = Instant::now();
    loop {
        tokio::select! {
            told = line.try_recv() => {
                let Some(told) = told? else { return Ok(()) };
                if let Ok(told) = serde_json::from_str::<Spent>(told.payload())
                    && told.node != node
                {
                    let now = rates.begun.elapsed();
                    told.spent.into_iter().for_each(|(payer, spent)| rates.spent_elsewhere(payer, spent, now));
                }
            }
            _ = soon.tick() => {
                let spent = rates.to_be_told(AT_ONCE);
                if !spent.is_empty() || said_at.elapsed() > QUIET {
                    said_at = Instant::now();
                    let said = serde_json::to_string(&Spent { node, spent }).unwrap_or_default();
                    let telling = sqlx::query("SELECT pg_notify($1, $2)").bind(&channel).bind(said);
                    timeout(PATIENCE, telling.execute(&mut line)).await??;
                }
            }
        }
    }
}
