//! The displayed status of devices, SBIs and FTM chips, from the two stored
//! ones (contract devices.md §4).

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text};
use pms_domain::device::status::{
    APPROVED, DEACTIVATED, PENDING_APPROVAL, PENDING_CERT_UPLOAD, REJECTED,
};

use crate::search::{Condition, Expr};

/// Every displayed status.
pub(super) const DISPLAYED: [&str; 5] = [
    APPROVED,
    REJECTED,
    PENDING_APPROVAL,
    PENDING_CERT_UPLOAD,
    DEACTIVATED,
];

/// Statuses that are displayed as they are stored.
const PLAIN: [&str; 3] = [REJECTED, PENDING_APPROVAL, PENDING_CERT_UPLOAD];

/// Whether `wanted` is the displayed status, in words that the indexes know. An
/// unknown status has no rows.
pub(super) fn has_status<S: 'static>(
    approval: Expr<S, Nullable<Text>>,
    active: Expr<S, Nullable<Bool>>,
    wanted: &str,
) -> Condition<S> {
    match wanted {
        APPROVED => Box::new(approval.eq(APPROVED).and(active)),
        DEACTIVATED => Box::new(approval.eq(APPROVED).and(active.eq(false))),
        plain if PLAIN.contains(&plain) => Box::new(approval.eq(plain.to_owned())),
        _ => Box::new(false.into_sql::<Nullable<Bool>>()),
    }
}

/// The displayed status; NULL for an unknown approval status.
pub(super) fn displayed<S: 'static>(
    approval: fn() -> Expr<S, Nullable<Text>>,
    active: fn() -> Expr<S, Nullable<Bool>>,
) -> Expr<S, Nullable<Text>> {
    let live = approval().eq(APPROVED).and(active());
    let deactivated = approval().eq(APPROVED);
    let plain = approval().eq_any(PLAIN.map(Some));
    Box::new(
        case_when(live, APPROVED.into_sql::<Nullable<Text>>())
            .when(deactivated, DEACTIVATED.into_sql::<Nullable<Text>>())
            .when(plain, approval()),
    )
}
