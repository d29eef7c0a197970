//! A circuit breaker for a peer that hangs: after repeated time-outs no
//! request waits for it any more, until a probe finds it answering again.
//!
//! Only time-outs count. A peer that refuses or fails answers at once, and costs
//! no time.
//!
//! The breaker alone tells the log of calls that it refuses: when it opens, after each
//! probe that failed, and when it closes. Callers log nothing of a [`CircuitOpen`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use prometheus::{IntCounter, IntGauge};

/// Time-outs, without an answer between them, that open a breaker.
const MOST_TIMEOUTS: u32 = 3;
/// How long it stays open before one call may try.
const PAUSE: Duration = Duration::from_secs(10);
/// A caller that waited so long before it gave up has learned that the peer hangs.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Decides whether a peer may be called. Cloning shares the state.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// The peer, for the log.
    peer: &'static str,
    state: Mutex<State>,
    numbers: Option<Shown>,
    /// How long a call that was given up must have waited to count as a time-out.
    patience: Duration,
}

impl Default for Shared {
    fn default() -> Self {
        Self {
            peer: "peer",
            state: Mutex::default(),
            numbers: None,
            patience: PATIENCE,
        }
    }
}

/// The metrics of a breaker.
#[derive(Debug)]
pub struct Shown {
    /// 1 while calls are refused.
    pub open: IntGauge,
    /// Calls that were refused.
    pub refused: IntCounter,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Calls go through; so many in a row have timed out.
    Closed(u32),
    /// Calls are refused until the instant, when one may try.
    Open { until: Instant, refused: Refused },
    /// One call tries since the instant; the others are refused.
    Probing { since: Instant, refused: Refused },
}

/// Calls that were refused since it opened.
#[derive(Debug, Clone, Copy, Default)]
struct Refused {
    all: u64,
    /// Those that no line of the log has counted yet.
    untold: u64,
}

impl Default for State {
    fn default() -> Self {
        Self::Closed(0)
    }
}

/// The peer has hung repeatedly, and is not called for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the peer did not answer in time repeatedly; it is asked again in a few seconds")]
pub struct CircuitOpen;

/// Permission for one call. Its holder reports how the call ended; a permit that
/// is dropped without a report counts for nothing.
#[derive(Debug)]
#[must_use = "the breaker learns nothing from a call that is not reported to it"]
pub struct Permit {
    breaker: Breaker,
    since: Instant,
    probe: bool,
    reported: bool,
}

impl Breaker {
    /// A breaker for `peer`, whose state shows in `numbers`.
    pub fn measured_in(peer: &'static str, numbers: Shown) -> Self {
        Self {
            shared: Arc::new(Shared {
                peer,
                numbers: Some(numbers),
                ..Shared::default()
            }),
        }
    }

    /// The same breaker for a peer that may take its time: a call that is given up
    /// tells nothing of it. It must not be shared yet.
    #[must_use]
    pub fn of_slow_peer(mut self) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.patience = Duration::MAX;
        }
        self
    }

    /// Whether calls are refused now, because the peer hung.
    pub fn is_open(&self) -> bool {
        !matches!(*self.state(), State::Closed(_))
    }

    /// Permission to call the peer.
    ///
    /// # Errors
    /// While the breaker is open, and while another call probes.
    pub fn permit(&self) -> Result<Permit, CircuitOpen> {
        self.permit_at(Instant::now())
    }

    fn permit_at(&self, now: Instant) -> Result<Permit, CircuitOpen> {
        let mut state = self.state();
        let probe = match &mut *state {
            State::Closed(_) => None,
            State::Open { until, refused } if now >= *until => Some(*refused),
            // A probe whose future was dropped has no outcome, so the next call probes
            // after a pause.
            State::Probing { since, refused } if now >= *since + PAUSE => Some(*refused),
            State::Open { refused, .. } | State::Probing { refused, .. } => {
                refused.all += 1;
                refused.untold += 1;
                if let Some(numbers) = &self.shared.numbers {
                    numbers.refused.inc();
                }
                return Err(CircuitOpen);
            }
        };
        if let Some(refused) = probe {
            *state = State::Probing {
                since: now,
                refused,
            };
        }
        Ok(Permit {
            breaker: self.clone(),
            since: now,
            probe: probe.is_some(),
            reported: false,
        })
    }

    fn answered(&self) {
        let mut state = self.state();
        if let State::Open { refused, .. } | State::Probing { refused, .. } = *state {
            let (peer, all) = (self.shared.peer, refused.all);
            tracing::info!(
                peer,
                refused = refused.untold,
                refused_in_all = all,
                "the peer answers again; it is called as before"
            );
        }
        *state = State::Closed(0);
        self.show(false);
    }

    fn timed_out(&self, probe: bool, now: Instant) {
        let mut state = self.state();
        *state = match *state {
            State::Closed(before) if before + 1 < MOST_TIMEOUTS => State::Closed(before + 1),
            State::Closed(_) => {
                let (peer, seconds) = (self.shared.peer, PAUSE.as_secs());
                tracing::warn!(
                    peer,
                    "the peer did not answer {MOST_TIMEOUTS} times in a row; it is not called \
                     for {seconds} s, and what needs it fails at once: see whether it is up \
                     and has enough replicas"
                );
                State::Open {
                    until: now + PAUSE,
                    refused: Refused::default(),
                }
            }
            State::Probing { refused, .. } if probe => State::Open {
                until: now + PAUSE,
                refused: self.told(refused),
            },
            // Of a call that began before the breaker opened.
            other => other,
        };
        self.show(!matches!(*state, State::Closed(_)));
    }

    /// Tells how many calls were refused since the last line, once for each probe that
    /// failed.
    fn told(&self, refused: Refused) -> Refused {
        if refused.untold > 0 {
            let (peer, seconds) = (self.shared.peer, PAUSE.as_secs());
            tracing::warn!(
                peer,
                refused = refused.untold,
                "the peer still does not answer; calls were refused since the last line, and \
                 will be for {seconds} s more: see whether it is up and has enough replicas"
            );
        }
        Refused {
            untold: 0,
            ..refused
        }
    }

    fn show(&self, open: bool) {
        if let Some(numbers) = &self.shared.numbers {
            numbers.open.set(i64::from(open));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// The peer answered, whatever it said, or refused the connection.
    pub fn answered(mut self) {
        self.reported = true;
        self.breaker.answered();
    }

    /// The peer did not answer in time.
    pub fn timed_out(self) {
        self.timed_out_at(Instant::now());
    }

    fn timed_out_at(mut self, now: Instant) {
        self.reported = true;
        self.breaker.timed_out(self.probe, now);
    }
}

impl Drop for Permit {
    /// A call that was given up after a long wait has timed out. Another one tells
    /// nothing, and lets the next one probe.
    fn drop(&mut self) {
        if self.reported {
            return;
        }
        let now = Instant::now();
        if now.saturating_duration_since(self.since) >= self.breaker.shared.patience {
            self.breaker.timed_out(self.probe, now);
            return;
        }
        let mut state = self.breaker.state();
        if let State::Probing { refused, .. } = *state
            && self.probe
        {
            *state = State::Open {
                until: now,
                refused,
            };
        }
    }
}

#[cfg(test)]
mod tests;
