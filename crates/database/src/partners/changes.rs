//! Changes of a partner; each appends its history row.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]

use diesel::prelude::*;

use super::Partner;
use crate::rows::{change_row, created_by};
use crate::schema::partner;
use crate::{Stamp, history};

/// A partner to insert: not active, without certificate.
#[derive(Clone, Copy)]
pub struct NewPartner<'a> {
    pub id: &'a str,
    pub policy_group_id: Option<&'a str>,
    pub name: &'a str,
    /// Cipher text.
    pub address: &'a str,
    /// Cipher text.
    pub contact_no: &'a str,
    /// Cipher text.
    pub email_id: &'a str,
    /// Lower-case hex SHA-256 of the lower-cased address.
    pub email_id_hash: &'a str,
    pub user_id: &'a str,
    pub partner_type_code: &'a str,
    pub approval_status: &'a str,
    pub lang_code: Option<&'a str>,
    pub logo_url: Option<&'a str>,
    pub addl_info: &'a str,
}

/// New contact data of a partner; `None` leaves a column as it is.
#[derive(Clone, Copy, AsChangeset)]
#[diesel(table_name = partner)]
pub struct PartnerDetails<'a> {
    /// Cipher text.
    pub address: Option<&'a str>,
    /// Cipher text.
    pub contact_no: Option<&'a str>,
    /// Cipher text; set when the stored row still has clear text.
    pub email_id: Option<&'a str>,
    pub email_id_hash: Option<&'a str>,
    /// `Some(None)` empties the column.
    pub logo_url: Option<Option<&'a str>>,
    pub addl_info: Option<&'a str>,
}

/// All columns of a new partner: its history row is made of what the insert returns.
#[derive(Queryable, Selectable)]
#[diesel(table_name = partner)]
struct InsertedPartner {
    #[diesel(embed)]
    partner: Partner,
    #[expect(dead_code, reason = "for the history row alone")]
    addl_info: Option<String>,
}

/// Inserts a partner with its history row.
///
/// # Errors
/// A taken id is a unique violation of `pk_part`; an unknown type a foreign key
/// violation of `fk_part_code`.
pub fn insert(
    conn: &mut PgConnection,
    new: &NewPartner<'_>,
    stamp: &Stamp,
) -> QueryResult<Partner> {
    let row = diesel::insert_into(partner::table)
        .values((
            partner::id.eq(new.id),
            partner::policy_group_id.eq(new.policy_group_id),
            partner::name.eq(new.name),
            partner::address.eq(new.address),
            partner::contact_no.eq(new.contact_no),
            partner::email_id.eq(new.email_id),
            partner::email_id_hash.eq(new.email_id_hash),
            partner::user_id.eq(new.user_id),
            partner::partner_type_code.eq(new.partner_type_code),
            partner::approval_status.eq(new.approval_status),
            partner::is_active.eq(false),
            partner::lang_code.eq(new.lang_code),
            partner::logo_url.eq(new.logo_url),
            partner::addl_info.eq(new.addl_info),
            created_by!(partner, stamp),
            partner::is_deleted.eq(Some(false)),
        ))
        .returning(InsertedPartner::as_returning());
    let (inserted, _): (InsertedPartner, _) = history::insert::<Partner, _, _>(conn, row, stamp)?;
    Ok(inserted.partner)
}

/// Gives the partner new contact data.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn update_details(
    conn: &mut PgConnection,
    id: &str,
    details: &PartnerDetails<'_>,
    stamp: &Stamp,
) -> QueryResult<Partner> {
    let partner = change_row!(conn, partner, id, Partner, details, stamp)?;
    history::append::<Partner>(conn, &partner.id, stamp, None)?;
    Ok(partner)
}

/// Switches the partner on or off; its approval stays.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn set_active(
    conn: &mut PgConnection,
    id: &str,
    active: bool,
    stamp: &Stamp,
) -> QueryResult<Partner> {
    let columns = partner::is_active.eq(active);
    let partner = change_row!(conn, partner, id, Partner, columns, stamp)?;
    history::append::<Partner>(conn, &partner.id, stamp, None)?;
    Ok(partner)
}

/// Ties the partner to its certificate, which approves and activates it.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn set_certificate(
    conn: &mut PgConnection,
    id: &str,
    certificate_id: &str,
    approval_status: &str,
    stamp: &Stamp,
) -> QueryResult<Partner> {
    let columns = (
        partner::certificate_alias.eq(certificate_id),
        partner::is_active.eq(true),
        partner::approval_status.eq(approval_status),
    );
    let partner = change_row!(conn, partner, id, Partner, columns, stamp)?;
    history::append::<Partner>(conn, &partner.id, stamp, None)?;
    Ok(partner)
}

/// Moves the partner to a policy group.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn set_policy_group(
    conn: &mut PgConnection,
    id: &str,
    group_id: &str,
    stamp: &Stamp,
) -> QueryResult<Partner> {
    let columns = partner::policy_group_id.eq(group_id);
    let partner = change_row!(conn, partner, id, Partner, columns, stamp)?;
    history::append::<Partner>(conn, &partner.id, stamp, None)?;
    Ok(partner)
}
