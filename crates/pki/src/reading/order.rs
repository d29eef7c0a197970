//! The order in which the certificates of an upload are judged.

use std::collections::{BTreeSet, HashMap};

use crate::certificate::Certificate;

/// Turns a leaf-first bundle round, and puts issuers before what they issued where it is shuffled.
/// Certificates that wait for each other keep their places.
pub(super) fn issuers_first(mut bundle: Vec<Certificate>) -> Vec<Certificate> {
    bundle.reverse();
    let order = order(&bundle);
    let mut bundle: Vec<_> = bundle.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|place| bundle.get_mut(place)?.take())
        .collect()
}

/// The places of `bundle`: always the first whose issuers have all been named.
fn order(bundle: &[Certificate]) -> Vec<usize> {
    // Names can be long, so they are hashed rather than compared pair by pair.
    let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, one) in bundle.iter().enumerate() {
        named.entry(one.subject().key()).or_default().push(place);
    }
    let issuers = |one: &Certificate| {
        let issuers = named
            .get(one.issuer().key())
            .filter(|_| !one.is_self_issued());
        issuers.map(Vec::as_slice).unwrap_or_default()
    };
    let mut missing: Vec<usize> = bundle.iter().map(|one| issuers(one).len()).collect();
    let mut issued: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, one) in bundle
        .iter()
        .enumerate()
        .filter(|(_, one)| !one.is_self_issued())
    {
        issued.entry(one.issuer().key()).or_default().push(place);
    }
    let is_free = |place: &usize, missing: &[usize]| missing.get(*place) == Some(&0);
    let mut waiting: BTreeSet<usize> = (0..bundle.len()).collect();
    let mut free: BTreeSet<usize> = waiting
        .iter()
        .copied()
        .filter(|one| is_free(one, &missing))
        .collect();
    let mut order = Vec::with_capacity(bundle.len());
    while let Some(next) = free.first().or_else(|| waiting.first()).copied() {
        free.remove(&next);
        waiting.remove(&next);
        order.push(next);
        let name = bundle.get(next).map_or("", |one| one.subject().key());
        for place in issued.get(name).into_iter().flatten() {
            if let Some(count) = missing.get_mut(*place) {
                *count = count.saturating_sub(1);
            }
            if waiting.contains(place) && is_free(place, &missing) {
                free.insert(*place);
            }
        }
    }
    order
}
