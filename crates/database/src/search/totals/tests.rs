use super::*;

struct Groups;
struct Policies;

fn no_count(_conn: &mut PgConnection) -> QueryResult<i64> {
    Ok(0)
}

fn due() -> Due {
    Due::new(TypeId::of::<Groups>(), no_count)
}

fn kept(rows: i64, age: Duration) -> (Recalled, usize) {
    let totals = Totals::default();
    let now = Instant::now();
    totals.keep(due(), rows, (now, Duration::ZERO));
    let recalled = totals.recall(due().what, now + age);
    (recalled, totals.due().len())
}

#[test]
fn a_total_is_fresh_a_second_and_holds_two() {
    let ages = [0, 999, 1_000, 1_999, 2_000].map(Duration::from_millis);

    let kept = ages.map(|age| kept(10_000, age));

    let rows = Recalled::Rows(10_000);
    let nothing = Recalled::Nothing;
    assert_eq!(
        kept,
        [(rows, 0), (rows, 0), (rows, 1), (rows, 1), (nothing, 0)]
    );
}

#[test]
fn a_total_that_took_long_to_count_holds_longer() {
    let took = [100, 200, 400, 4_000].map(Duration::from_millis);

    let kept = took.map(|took| {
        let known = Known {
            rows: 1_000_000,
            since: Instant::now(),
            took,
            count: no_count,
        };
        (known.fresh_for() - took, known.kept_for() - took)
    });

    let expected = [(1, 2), (2, 4), (4, 8), (5, 10)];
    let seconds = |(fresh, kept)| (Duration::from_secs(fresh), Duration::from_secs(kept));
    assert_eq!(kept, expected.map(seconds));
}

#[test]
fn a_small_total_is_counted_every_time_and_by_each_search_itself() {
    let totals = Totals::default();
    let now = Instant::now();

    totals.keep(due(), 9_999, (now, Duration::ZERO));

    assert_eq!(totals.recall(due().what, now), Recalled::Nothing);
    assert!(totals.is_settled(due().what, now + STALE_FOR));
}

#[test]
fn a_total_is_kept_for_its_rows_alone() {
    let totals = Totals::default();
    let now = Instant::now();
    totals.keep(due(), 10_000, (now, Duration::ZERO));

    let other = totals.recall(TypeId::of::<Policies>(), now);

    assert_eq!(other, Recalled::Nothing);
}

#[test]
fn a_due_total_is_reported_once() {
    let totals = Totals::default();
    let now = Instant::now();
    totals.keep(due(), 10_000, (now, Duration::ZERO));
    let reported = |_| {
        totals.recall(due().what, now + KEPT_FOR / 2);
        totals.due().len()
    };

    assert_eq!([(); 2].map(reported), [1, 0]);
}

#[tokio::test]
async fn an_old_total_stands_in_while_it_is_counted_and_one_request_counts() {
    let totals = Totals::default();
    let then = Instant::now();
    let since = then.checked_sub(KEPT_FOR).unwrap();
    totals.keep(due(), 10_000, (since, Duration::ZERO));

    let counting = totals.begin_ahead(due()).await;

    assert!(counting.is_some());
    assert!(totals.begin_ahead(due()).await.is_none());
    assert!(totals.try_begin(due()).is_none());
    let recall = |age| totals.recall(due().what, then + age);
    assert_eq!(recall(Duration::ZERO), Recalled::Rows(10_000));
    assert_eq!(recall(STALE_FOR), Recalled::Nothing);
    drop(counting);
    assert_eq!(recall(Duration::ZERO), Recalled::Nothing);
}

#[tokio::test]
async fn a_failed_count_fails_for_all_for_a_second_unless_an_old_total_stands_in() {
    let totals = Totals::default();
    let now = Instant::now();
    totals.failed(due().what, now);

    assert!(totals.begin_ahead(due()).await.is_none());
    assert_eq!(totals.recall(due().what, now), Recalled::Failed);
    let after = totals.recall(due().what, now + FAILED_FOR);
    assert_eq!(after, Recalled::Nothing);
    totals.keep(due(), 10_000, (now, Duration::ZERO));
    totals.failed(due().what, now + KEPT_FOR);
    let stale = totals.recall(due().what, now + KEPT_FOR);
    assert_eq!(stale, Recalled::Rows(10_000));
}
