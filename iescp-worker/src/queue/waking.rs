//! When it is looked for jobs, and whether a worker is heard of.
//!
//! **Not here**: what follows from a worker's silence (`life`).

use apalis_core::{
    backend::ext::poll_strategy::{IntervalStrategy, PollSnapshot, PollStrategy},
    worker::{context::WorkerContext, event::Event},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// Wakes the worker of this process when something was pushed.
#[derive(Clone, Debug, Default)]
pub(super) struct Bell(Arc<Mutex<Option<Waker>>>);

impl Bell {
    pub(super) fn ring(&self) {
        if let Some(waker) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
            waker.wake();
        }
    }
}

/// When the queue is looked at: when something was pushed here, and now and then.
pub(super) struct Polling {
    bell: Bell,
    interval: IntervalStrategy,
}

impl Polling {
    pub(super) fn new(bell: &Bell, interval: Duration) -> Self {
        Self { bell: bell.clone(), interval: IntervalStrategy::new(interval) }
    }
}

impl PollStrategy for Polling {
    fn poll_drive(&mut self, cx: &mut Context<'_>, snapshot: &PollSnapshot) -> Poll<Option<()>> {
        *self.bell.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
        self.interval.poll_drive(cx, snapshot)
    }
}

/// When a worker could say last that it lives.
#[derive(Clone, Debug)]
pub(super) struct Pulse(Arc<Mutex<Instant>>);

impl Pulse {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }

    /// What apalis is to tell the worker's events to.
    pub(super) fn listener(&self) -> impl Fn(&WorkerContext, &Event) + Send + Sync + 'static {
        let pulse = self.clone();
        move |_, event| {
            if matches!(event, Event::HeartBeat) {
                *pulse.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
            }
        }
    }

    /// Ends when nothing was heard for so long.
    pub(super) async fn stops(&self, allowed: Duration) {
        loop {
            let silent = self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
            let Some(left) = allowed.checked_sub(silent).filter(|left| !left.is_zero()) else { return };
            tokio::time::sleep(left).await;
        }
    }
}
