//! Whose rows lists and searches show: all, or those of the caller's own partners. In
//! the newer lists these must be complete (contract partner-admin.md §1.12, §1.13).

use std::marker::PhantomData;

use pms_database::partners::{self, OwnedPartner};
use pms_database::search::{ConditionFn, Entity, OfPartners, ValuesRequest};
use pms_database::{Connection, DbError};
use pms_domain::ErrorDef;
use pms_domain::partner::errors;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, LegacyValues, rows_of_own};
use pms_web::search::Search;
use pms_web::{Caller, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::Context;

/// The partners of the caller.
///
/// # Errors
/// A caller without partners.
pub(crate) fn own_partners(
    conn: &mut Connection,
    caller: &Caller,
    most: i64,
) -> Result<Vec<OwnedPartner>, DbError> {
    let own = partners::list_owned(conn, caller.user_id(), most)?;
    if own.is_empty() {
        return Err(errors::USER_WITHOUT_PARTNERS.into());
    }
    Ok(own)
}

/// The rows of the caller's partners, which `of_partners` picks; all
/// for administrators. Only partners of the types that `listed` tells are
/// checked. It refuses a caller without partners, and the first incomplete one
/// of them.
pub(crate) fn listed_of_own<S: 'static>(
    caller: Caller,
    most: i64,
    listed: fn(&str) -> bool,
    of_partners: fn(Vec<String>) -> ConditionFn<S>,
) -> Visible<S> {
    if caller.is_partner_admin() {
        return Visible::All;
    }
    Visible::only(move |conn| {
        let mut ids = Vec::new();
        for partner in own_partners(conn, &caller, most)? {
            if partner.partner_type_code.is_empty() {
                return Err(errors::PARTNER_TYPE_EMPTY.into());
            }
            if listed(&partner.partner_type_code) {
                complete(&partner)?;
                ids.push(partner.id);
            }
        }
        Ok(vec![of_partners(ids)])
    })
}

fn complete(partner: &OwnedPartner) -> Result<(), ErrorDef> {
    let is_empty = |text: &Option<String>| text.as_deref().is_none_or(str::is_empty);
    if partner.id.is_empty() {
        return Err(errors::PARTNER_ID_EMPTY);
    }
    if is_empty(&partner.policy_group_id) {
        return Err(errors::POLICY_GROUP_ID_EMPTY);
    }
    if is_empty(&partner.group_name) {
        return Err(errors::OWN_GROUP_UNKNOWN);
    }
    Ok(())
}

/// A search of `E` among the caller's own rows, which notes nothing; `F` is a row as
/// the wire shows it.
pub(crate) struct OwnRows<E, F>(PhantomData<(E, F)>);

impl<E, F> LegacySearch for OwnRows<E, F>
where
    E: OfPartners<Row: Send>,
    F: From<<E as Entity>::Row> + Serialize + ToSchema + 'static,
{
    type Context = Context;
    type Entity = E;
    type Request = Search;
    type Found = F;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<E::Source> {
        rows_of_own::<E>(caller)
    }
}

/// The filter values of `E` among the caller's own rows, which note nothing.
pub(crate) struct OwnValues<E, R>(PhantomData<(E, R)>);

impl<E, R> LegacyValues for OwnValues<E, R>
where
    E: OfPartners,
    R: Request + DeserializeOwned + ToSchema + Into<ValuesRequest> + 'static,
{
    type Context = Context;
    type Entity = E;
    type Request = R;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<E::Source> {
        rows_of_own::<E>(caller)
    }
}
