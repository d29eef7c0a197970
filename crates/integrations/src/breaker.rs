//! A circuit breaker for a peer that hangs: after repeated time-outs no
//! request waits for it any more, until a probe finds it answering again.
//!
//! Only time-outs count. A peer that refuses or fails answers at once, and costs
//! no time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use prometheus::IntGauge;

/// Time-outs, without an answer between them, that open a breaker.
const MOST_TIMEOUTS: u32 = 3;
/// How long it stays open before one call may try.
const PAUSE: Duration = Duration::from_secs(10);

/// Decides whether a peer may be called. Cloning shares the state.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The peer, for the log.
    peer: &'static str,
    state: Mutex<State>,
    /// 1 while calls are refused.
    open: Option<IntGauge>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    /// Calls go through; so many in a row have timed out.
    Closed(u32),
    /// Calls are refused until the instant, when one may try.
    Open(Instant),
    /// One call tries since the instant; the others are refused.
    Probing(Instant),
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
#[must_use = "the breaker learns nothing from a call that tells it nothing"]
pub struct Permit {
    breaker: Breaker,
    probe: bool,
    told: bool,
}

impl Breaker {
    /// A breaker for `peer`, whose state shows in `open`: 1 while calls are
    /// refused.
    pub fn shown_in(peer: &'static str, open: IntGauge) -> Self {
        Self {
            shared: Arc::new(Shared {
                peer,
                state: Mutex::default(),
                open: Some(open),
            }),
        }
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
        let probe = match *state {
            State::Closed(_) => false,
            State::Open(until) if now >= until => true,
            // A probe whose future was dropped tells nothing: it may not bar the
            // way for ever.
            State::Probing(since) if now >= since + PAUSE => true,
            State::Open(_) | State::Probing(_) => return Err(CircuitOpen),
        };
        if probe {
            *state = State::Probing(now);
        }
        Ok(Permit {
            breaker: self.clone(),
            probe,
            told: false,
        })
    }

    fn answered(&self) {
        let mut state = self.state();
        if !matches!(*state, State::Closed(_)) {
            let peer = self.shared.peer;
            tracing::info!(peer, "the peer answers again; it is called as before");
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
                     for {seconds} s"
                );
                State::Open(now + PAUSE)
            }
            State::Probing(_) if probe => State::Open(now + PAUSE),
            // Of a call that began before the breaker opened.
            other => other,
        };
        self.show(!matches!(*state, State::Closed(_)));
    }

    fn show(&self, open: bool) {
        if let Some(gauge) = &self.shared.open {
            gauge.set(i64::from(open));
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
        self.told = true;
        self.breaker.answered();
    }

    /// The peer did not answer in time.
    pub fn timed_out(self) {
        self.timed_out_at(Instant::now());
    }

    fn timed_out_at(mut self, now: Instant) {
        self.told = true;
        self.breaker.timed_out(self.probe, now);
    }
}

impl Drop for Permit {
    /// A call that was given up lets the next one probe.
    fn drop(&mut self) {
        if self.told || !self.probe {
            return;
        }
        let mut state = self.breaker.state();
        if matches!(*state, State::Probing(_)) {
            *state = State::Open(Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::shown_in("peer", IntGauge::new("open", "open").unwrap());
        for _ in 0..MOST_TIMEOUTS {
            breaker.permit_at(now).unwrap().timed_out_at(now);
        }
        breaker
    }

    fn shown(breaker: &Breaker) -> i64 {
        breaker.shared.open.as_ref().unwrap().get()
    }

    #[test]
    fn repeated_timeouts_open_it_and_an_answer_between_them_does_not() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for _ in 0..3 {
            breaker.permit_at(now).unwrap().timed_out_at(now);
            breaker.permit_at(now).unwrap().timed_out_at(now);
            breaker.permit_at(now).unwrap().answered();
        }

        assert!(breaker.permit_at(now).is_ok());
        let breaker = opened(now);
        assert_eq!(breaker.permit_at(now).unwrap_err(), CircuitOpen);
        assert_eq!(shown(&breaker), 1);
    }

    #[test]
    fn after_a_pause_one_call_probes_and_its_answer_closes_it() {
        let now = Instant::now();
        let breaker = opened(now);

        let probe = breaker.permit_at(now + PAUSE).unwrap();
        let beside = breaker.permit_at(now + PAUSE);
        probe.answered();

        assert_eq!(beside.unwrap_err(), CircuitOpen);
        assert!(breaker.permit_at(now + PAUSE).is_ok());
        assert_eq!(shown(&breaker), 0);
    }

    #[test]
    fn a_probe_that_times_out_opens_it_again() {
        let now = Instant::now();
        let breaker = opened(now);
        let then = now + PAUSE;

        breaker.permit_at(then).unwrap().timed_out_at(then);

        assert_eq!(breaker.permit_at(then).unwrap_err(), CircuitOpen);
        assert!(breaker.permit_at(then + PAUSE).is_ok());
    }

    #[test]
    fn a_probe_that_is_given_up_lets_the_next_call_probe() {
        let now = Instant::now();
        let breaker = opened(now);
        let then = now + PAUSE;

        drop(breaker.permit_at(then).unwrap());

        assert!(breaker.permit_at(then).is_ok());
    }

    #[test]
    fn a_call_from_before_it_opened_changes_nothing() {
        let now = Instant::now();
        let breaker = Breaker::default();
        let late = breaker.permit_at(now).unwrap();
        for _ in 0..MOST_TIMEOUTS {
            breaker.permit_at(now).unwrap().timed_out_at(now);
        }

        late.timed_out_at(now + PAUSE);

        assert!(breaker.permit_at(now + PAUSE).is_ok());
    }
}
