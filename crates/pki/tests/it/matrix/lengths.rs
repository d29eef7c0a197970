//! Lengths of paths, and roots, which are trusted as they are (contract keymanager.md §7.3).

use super::constrained::{constraints, directory};
use super::shapes::{NO_WAY_BACK, case, leaf, root, sub, unknown, until, with};
use crate::corpus::forge::{self, Plan};
use crate::referees::{TRUSTED, UNTRUSTED, judge};

const ANCHORS: &str = "roots are trusted as they are";

/// A chain of `count` intermediates, and a leaf below it.
fn chain(count: u8) -> Vec<Plan> {
    let name = |level: u8| {
        if level == 0 {
            "Root".to_owned()
        } else {
            format!("Sub {level}")
        }
    };
    let mut plans = vec![root()];
    for level in 1..=count {
        plans.push(Plan::authority(
            &name(level),
            level % 8,
            &name(level - 1),
            (level - 1) % 8,
        ));
    }
    plans.push(Plan::leaf("Leaf", 7, &name(count), count % 8));
    plans
}

#[test]
fn lengths_of_paths_are_decided_as_stated() {
    let limited = |plan, length| {
        with(
            plan,
            vec![
                forge::basic_constraints(true, Some(length)),
                forge::key_usage(0x04),
            ],
        )
    };
    let below = || Plan::authority("Below", 3, "Sub", 1);
    let last = || Plan::leaf("Leaf", 2, "Below", 3);
    let same = || Plan::authority("Sub", 3, "Sub", 1);
    let a_by_b = || Plan::authority("A", 1, "B", 2);
    let b_by_a = || Plan::authority("B", 2, "A", 1);
    judge(&[
        case("five intermediates", TRUSTED, &chain(5)),
        case(
            "six intermediates",
            UNTRUSTED.unlike_openssl("five is the reference's limit"),
            &chain(6),
        ),
        case("length 0", TRUSTED, &[root(), limited(sub(), 0), leaf()]),
        case(
            "length 0 with one more",
            UNTRUSTED,
            &[root(), limited(sub(), 0), below(), last()],
        ),
        case(
            "length 1 with one more",
            TRUSTED,
            &[root(), limited(sub(), 1), below(), last()],
        ),
        case(
            "length 0 with a self-issued one more",
            TRUSTED.unlike_openssl(NO_WAY_BACK),
            &[
                root(),
                limited(sub(), 0),
                same(),
                Plan::leaf("Leaf", 2, "Sub", 3),
            ],
        ),
        case(
            "a root of length 0 with an intermediate",
            TRUSTED.unlike_openssl(ANCHORS),
            &[limited(root(), 0), sub(), leaf()],
        ),
        case(
            "a loop",
            UNTRUSTED,
            &[root(), a_by_b(), b_by_a(), Plan::leaf("Leaf", 3, "A", 1)],
        ),
        case(
            "a loop with a way out",
            TRUSTED.unlike_openssl(NO_WAY_BACK),
            &[
                root(),
                a_by_b(),
                b_by_a(),
                Plan::authority("B", 2, "Root", 0),
                Plan::leaf("Leaf", 3, "A", 1),
            ],
        ),
    ]);
}

#[test]
fn roots_are_trusted_as_they_are() {
    let bare = |extensions| vec![with(root(), extensions), sub(), leaf()];
    let ca = || forge::basic_constraints(true, None);
    let other = directory(&forge::name("Other"));
    judge(&[
        case(
            "no extension",
            TRUSTED.unlike_openssl(ANCHORS),
            &bare(Vec::new()),
        ),
        case(
            "CA:FALSE",
            TRUSTED.unlike_openssl(ANCHORS),
            &bare(vec![forge::basic_constraints(false, None)]),
        ),
        case(
            "no certificate signing",
            TRUSTED.unlike_openssl(ANCHORS),
            &bare(vec![ca(), forge::key_usage(0x80)]),
        ),
        case(
            "constraints that the path breaks",
            TRUSTED.unlike_openssl(ANCHORS),
            &bare(vec![ca(), constraints(0xa0, &other)]),
        ),
        case(
            "an unknown critical extension",
            TRUSTED.unlike_openssl(ANCHORS),
            &bare(vec![ca(), unknown(true)]),
        ),
        case(
            "expired",
            UNTRUSTED,
            &[until(root(), "250601115959Z"), sub(), leaf()],
        ),
        case(
            "two of one name",
            TRUSTED.unlike_openssl(NO_WAY_BACK),
            &[Plan::root("Root", 5), root(), sub(), leaf()],
        ),
        case(
            "two of one name and key",
            TRUSTED,
            &[with(root(), vec![ca()]), root(), sub(), leaf()],
        ),
    ]);
}
