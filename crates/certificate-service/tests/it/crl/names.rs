//! Any client may request any list of revoked certificates.

use std::time::Instant;

use pms_testkit::statements;

use crate::support::revocation::{LISTS, list, trusting};
use crate::support::service::Stage;

#[actix_web::test]
async fn names_that_are_unknown_cost_no_query_each() {
    const NAMES: usize = 200;
    statements::watch();
    let stage = Stage::new();
    let (replica, _) = trusting(&stage, &[]).await;
    let url = stage.database.url();
    let current = list(&replica, "current").await;
    let ask = async |number: usize| {
        let path = format!("{LISTS}/{number:040x}.crl");
        assert_eq!(replica.fetch(&path, &[]).await.status(), 404);
    };
    let seen = || statements::of_service(&url).len();

    let (before, started_at) = (seen(), Instant::now());
    for number in 0..NAMES {
        ask(number).await;
    }
    let made = seen() - before;

    // One look a second, of a few statements.
    let looks = usize::try_from(started_at.elapsed().as_secs()).unwrap() + 2;
    assert!(made <= looks * 8, "{made} statements in {looks} looks");
    // Those that no list can have cost nothing at all.
    let before = seen();
    for name in ["", "CURRENT", "x", "..", &"a".repeat(65)] {
        let path = format!("{LISTS}/{name}.crl");
        let status = replica.fetch(&path, &[]).await.status().as_u16();
        assert!(matches!(status, 400 | 404), "{name}: {status}");
    }
    assert_eq!(seen(), before);
    assert_eq!(list(&replica, "current").await, current);
}
