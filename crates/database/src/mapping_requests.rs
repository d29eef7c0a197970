//! Rows and queries of `pms.partner_policy_request`: a partner asks for a policy.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.9"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;
use pms_domain::partner::mapping::{APPROVED, REJECTED};

use crate::Stamp;
use crate::functions::lower;
use crate::rows::{by_id, changed_by, created_by};
use crate::schema::partner_policy_request;

mod with_partner;

pub use with_partner::{Age, RequestWithPartner, find_with_partner, list_with_partner, more_than};

/// A mapping request; its id is the wire's mapping key.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_policy_request)]
pub struct MappingRequest {
    pub id: String,
    pub part_id: String,
    pub policy_id: String,
    pub request_datetimes: NaiveDateTime,
    pub request_detail: String,
    pub status_code: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// A mapping request to insert.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = partner_policy_request)]
pub struct NewMappingRequest<'a> {
    pub id: &'a str,
    pub part_id: &'a str,
    pub policy_id: &'a str,
    pub request_detail: &'a str,
    pub status_code: &'a str,
}

by_id! {
    /// The request with this id.
    find: MappingRequest in partner_policy_request;
    /// The request with this id, locked until the transaction ends.
    lock: MappingRequest in partner_policy_request, for_update;
}

/// All requests of the partner for the policy, oldest first.
pub fn list(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
) -> QueryResult<Vec<MappingRequest>> {
    MappingRequest::query()
        .filter(partner_policy_request::part_id.eq(partner_id))
        .filter(partner_policy_request::policy_id.eq(policy_id))
        .order((
            partner_policy_request::cr_dtimes,
            partner_policy_request::id,
        ))
        .load(conn)
}

/// Like [`list`], locked until the transaction ends. Lock the partner before.
pub fn lock_list(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
) -> QueryResult<Vec<MappingRequest>> {
    MappingRequest::query()
        .filter(partner_policy_request::part_id.eq(partner_id))
        .filter(partner_policy_request::policy_id.eq(policy_id))
        .order((
            partner_policy_request::cr_dtimes,
            partner_policy_request::id,
        ))
        .for_update()
        .load(conn)
}

/// Up to `limit` requests of the partner, oldest first.
pub fn list_of_partner(
    conn: &mut PgConnection,
    partner_id: &str,
    limit: i64,
) -> QueryResult<Vec<MappingRequest>> {
    MappingRequest::query()
        .filter(partner_policy_request::part_id.eq(partner_id))
        .order((
            partner_policy_request::cr_dtimes,
            partner_policy_request::id,
        ))
        .limit(limit)
        .load(conn)
}

/// The newest request of the partner in this status, ignoring the status's case.
pub fn newest_in_status(
    conn: &mut PgConnection,
    partner_id: &str,
    status: &str,
) -> QueryResult<Option<MappingRequest>> {
    MappingRequest::query()
        .filter(partner_policy_request::part_id.eq(partner_id))
        .filter(lower(partner_policy_request::status_code).eq(lower(status)))
        .order((
            partner_policy_request::cr_dtimes.desc(),
            partner_policy_request::id.desc(),
        ))
        .first(conn)
        .optional()
}

/// Whether the partner has any request.
pub fn exists_for_partner(conn: &mut PgConnection, partner_id: &str) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy_request::table.filter(partner_policy_request::part_id.eq(partner_id)),
    ))
    .get_result(conn)
}

/// Whether a request for the policy has exactly this status.
pub fn exists_for_policy(
    conn: &mut PgConnection,
    policy_id: &str,
    status: &str,
) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy_request::table
            .filter(partner_policy_request::policy_id.eq(policy_id))
            .filter(partner_policy_request::status_code.eq(status)),
    ))
    .get_result(conn)
}

/// Inserts a request.
///
/// # Errors
/// A taken id is a unique violation of `pk_papr`; an unknown partner a foreign
/// key violation of `fk_papr_part`. The policy has no foreign key.
pub fn insert(
    conn: &mut PgConnection,
    request: &NewMappingRequest<'_>,
    stamp: &Stamp,
) -> QueryResult<MappingRequest> {
    diesel::insert_into(partner_policy_request::table)
        .values((
            request,
            partner_policy_request::request_datetimes.eq(stamp.at),
            created_by!(partner_policy_request, stamp),
            partner_policy_request::is_deleted.eq(Some(false)),
        ))
        .returning(MappingRequest::as_returning())
        .get_result(conn)
}

/// Decides a request.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn set_status(
    conn: &mut PgConnection,
    id: &str,
    status: &str,
    stamp: &Stamp,
) -> QueryResult<MappingRequest> {
    diesel::update(partner_policy_request::table.find(id))
        .set((
            partner_policy_request::status_code.eq(status),
            changed_by!(partner_policy_request, stamp),
        ))
        .returning(MappingRequest::as_returning())
        .get_result(conn)
}

/// Rejects the requests of a partner that are not decided yet, and tells how
/// many there were. Lock the partner before.
pub fn reject_open(conn: &mut PgConnection, partner_id: &str, stamp: &Stamp) -> QueryResult<usize> {
    let status = lower(partner_policy_request::status_code);
    let open = partner_policy_request::table
        .filter(partner_policy_request::part_id.eq(partner_id))
        .filter(status.ne_all([APPROVED, REJECTED]));
    diesel::update(open)
        .set((
            partner_policy_request::status_code.eq(REJECTED),
            changed_by!(partner_policy_request, stamp),
        ))
        .execute(conn)
}
