//! `POST /partners/search` and `POST /partners/filtervalues`.

use diesel::prelude::*;
use pms_domain::BusinessError;

use crate::partners::{Partner, own_of};
use crate::schema::partner::{self, table};
use crate::search::errors::ENCRYPTED_COLUMN;
use crate::search::request::same;
use crate::search::statements::{count_rows, key_lookup, load_rows, usual_columns, value_rows};
use crate::search::{Column, ConditionFn, Entity, Filter, Rules, SearchRequest, TakenOut};

/// Partners, with what is known of people as it is stored.
pub struct Partners;

static COLUMNS: [Column<table>; 18] = [
    Column::text("id", || Box::new(partner::id.nullable())),
    Column::text("crBy", || Box::new(partner::cr_by.nullable())),
    Column::instant("crDtimes", || Box::new(partner::cr_dtimes.nullable())),
    Column::instant("delDtimes", || Box::new(partner::del_dtimes)),
    Column::text("emailIdHash", || Box::new(partner::email_id_hash)).not_in_row(),
    Column::bool("isActive", || Box::new(partner::is_active.nullable())),
    Column::bool("isDeleted", || Box::new(partner::is_deleted)),
    Column::text("name", || Box::new(partner::name.nullable())),
    Column::text("policyGroupId", || Box::new(partner::policy_group_id)),
    Column::text("certificateAlias", || Box::new(partner::certificate_alias)),
    Column::text(TYPE, || Box::new(partner::partner_type_code.nullable())),
    Column::text("approvalStatus", || {
        Box::new(partner::approval_status.nullable())
    }),
    Column::text("updBy", || Box::new(partner::upd_by)),
    Column::instant("updDtimes", || Box::new(partner::upd_dtimes)),
    Column::text("userId", || Box::new(partner::user_id.nullable())),
    Column::text("langCode", || Box::new(partner::lang_code)),
    Column::text("logoUrl", || Box::new(partner::logo_url)).not_in_row(),
    Column::text("additionalInfo", || Box::new(partner::addl_info)).not_in_row(),
];

const TYPE: &str = "partnerTypeCode";

/// Columns that hold cipher texts: comparing them is of no use.
const ENCRYPTED: [&str; 3] = ["contactNo", "emailId", "address"];

/// Columns whose values would show a partner more than it may know.
const INTERNAL: [&str; 3] = ["emailIdHash", "additionalInfo", "certificateAlias"];

impl Partners {
    /// What the member `partnerType` of a search adds to its filters.
    pub fn of_type(partner_type: &str) -> Option<Filter> {
        let all = partner_type.eq_ignore_ascii_case("all");
        (!all).then(|| Filter::equals(TYPE, partner_type))
    }

    /// The user's own partners alone; see [`crate::partners::list_owned`].
    pub fn owned_by(user_id: &str) -> ConditionFn<table> {
        let user_id = user_id.to_owned();
        Box::new(move || Box::new(own_of!(user_id).nullable()))
    }

    /// Refuses columns whose values can't be listed, and for all but
    /// administrators those whose values no caller may see.
    ///
    /// # Errors
    /// `KER_PRT_391` for the first of them.
    pub fn listable<'a>(
        names: impl Iterator<Item = &'a str> + Clone,
        administrator: bool,
    ) -> Result<(), BusinessError> {
        refuse(names.clone(), &ENCRYPTED)?;
        if administrator {
            return Ok(());
        }
        refuse(names, &INTERNAL)
    }
}

/// Refuses the first name that is one of `columns`, ignoring case.
fn refuse<'a>(names: impl Iterator<Item = &'a str>, columns: &[&str]) -> Result<(), BusinessError> {
    for name in names {
        if columns.iter().any(|column| same(column, name)) {
            return Err(ENCRYPTED_COLUMN.with(&[name]));
        }
    }
    Ok(())
}

impl Entity for Partners {
    type Source = table;
    type Row = Partner;
    const CODE_IS_UNIQUE: bool = true;

    usual_columns!(partner, id);

    fn prepare(
        request: &mut SearchRequest,
        _: &mut TakenOut<table>,
        _: &Rules,
    ) -> Result<(), BusinessError> {
        let filters = request.filters.iter().flatten();
        let sorts = request.sort.iter().flatten();
        let filtered = filters.filter_map(|filter| filter.column_name.as_deref());
        let sorted = sorts.filter_map(|sort| sort.sort_field.as_deref());
        refuse(filtered.chain(sorted), &ENCRYPTED)
    }

    key_lookup!(table, partner::id);
    load_rows!(table => Partner);
    count_rows!(table);
    value_rows!(table);
}
