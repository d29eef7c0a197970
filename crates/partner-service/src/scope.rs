//! Whose rows a search may show: all, or those of the caller's own partners.

use std::marker::PhantomData;

use pms_database::partners;
use pms_database::search::{Entity, OfPartners, ValuesRequest};
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacySearch, LegacyValues};
use pms_web::search::Search;
use pms_web::{Caller, Request, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use crate::Context;

/// The rows of the caller's partners, or all.
pub(crate) fn rows_of_own<E: OfPartners>(caller: Caller) -> Visible<E::Source> {
    match caller.scope() {
        Scope::All => Visible::All,
        Scope::Own => Visible::only(move |conn| {
            let own = partners::owned_by(conn, caller.user_id())?;
            Ok(vec![E::of_partners(own)])
        }),
    }
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
