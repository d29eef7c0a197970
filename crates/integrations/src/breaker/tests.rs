use super::*;

fn opened(now: Instant) -> Breaker {
    let breaker = Breaker::measured_in("peer", shown_numbers());
    for _ in 0..MOST_TIMEOUTS {
        breaker.permit_at(now).unwrap().timed_out_at(now);
    }
    breaker
}

fn shown_numbers() -> Shown {
    Shown {
        open: IntGauge::new("open", "open").unwrap(),
        refused: IntCounter::new("refused", "refused").unwrap(),
    }
}

fn shown(breaker: &Breaker) -> i64 {
    breaker.shared.numbers.as_ref().unwrap().open.get()
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
fn refused_calls_are_counted() {
    let now = Instant::now();
    let breaker = opened(now);

    for _ in 0..5 {
        breaker.permit_at(now).unwrap_err();
    }

    let numbers = breaker.shared.numbers.as_ref().unwrap();
    assert_eq!(numbers.refused.get(), 5);
    assert!(matches!(
        *breaker.state(),
        State::Open {
            refused: Refused { all: 5, untold: 5 },
            ..
        }
    ));
    assert!(breaker.is_open());
}

#[test]
fn each_refused_call_is_told_once_after_failed_probes_and_at_the_end() {
    let now = Instant::now();
    let breaker = opened(now);
    let refuse = |calls: u32, at| {
        for _ in 0..calls {
            breaker.permit_at(at).unwrap_err();
        }
    };
    let numbers = || match *breaker.state() {
        State::Closed(_) => None,
        State::Open { refused, .. } | State::Probing { refused, .. } => {
            Some((refused.all, refused.untold))
        }
    };

    refuse(5, now);
    let probe = breaker.permit_at(now + PAUSE).unwrap();
    refuse(2, now + PAUSE);
    assert_eq!(numbers(), Some((7, 7)));
    probe.timed_out_at(now + PAUSE);
    assert_eq!(numbers(), Some((7, 0)));
    refuse(4, now + PAUSE);
    assert_eq!(numbers(), Some((11, 4)));
    breaker.permit_at(now + 2 * PAUSE).unwrap().answered();

    assert_eq!(numbers(), None);
}

#[test]
fn a_call_that_is_given_up_after_a_long_wait_has_timed_out() {
    let (now, long_ago) = (Instant::now(), Instant::now().checked_sub(2 * PATIENCE));
    let long_ago = long_ago.unwrap();
    let breaker = Breaker::default();
    let slow = Breaker::default().of_slow_peer();
    for _ in 0..MOST_TIMEOUTS {
        drop(breaker.permit_at(now).unwrap());
        drop(slow.permit_at(long_ago).unwrap());
    }
    assert!(!breaker.is_open() && !slow.is_open());

    for _ in 0..MOST_TIMEOUTS {
        drop(breaker.permit_at(long_ago).unwrap());
    }

    assert!(breaker.is_open());
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
