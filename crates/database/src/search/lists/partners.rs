//! `GET /admin-partners`

use chrono::NaiveDateTime;
use diesel::dsl::LeftJoinQuerySource;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use super::newest::newest_first;
use super::{Label, List, ListColumn, ListRules};
use crate::functions::lower;
use crate::partners::group_name;
use crate::schema::{partner, policy_group};
use crate::search::ConditionFn;
use crate::search::errors::ENCRYPTED_COLUMN;
use crate::search::statements::{count_rows, key_lookup, load_rows};

/// Partners with the names of their policy groups, in pages.
pub struct PartnerList;

type Source = LeftJoinQuerySource<partner::table, policy_group::table>;

/// A partner in the list. `Debug` is left out: the e-mail is personal.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = partner)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.5"
)]
pub struct PartnerItem {
    pub id: String,
    pub partner_type_code: String,
    pub name: String,
    pub policy_group_id: Option<String>,
    #[diesel(select_expression = group_name())]
    pub group_name: Option<String>,
    /// Cipher text, as a rule.
    pub email_id: Option<String>,
    pub certificate_alias: Option<String>,
    pub approval_status: String,
    pub is_active: bool,
    pub cr_dtimes: NaiveDateTime,
}

impl PartnerList {
    /// The partner with this e-mail address alone: `clear` as it was asked, for
    /// rows in the clear, and `hash` as the column `email_id_hash` has it.
    pub fn with_email(clear: String, hash: String) -> ConditionFn<Source> {
        Box::new(move || {
            let clear = lower::<Nullable<Text>, _>(clear.clone());
            let in_the_clear = lower::<Nullable<Text>, _>(partner::email_id).eq(clear);
            Box::new(in_the_clear.or(partner::email_id_hash.eq(hash.clone())))
        })
    }
}

static UPLOADS: [Label<Source>; 2] = [
    ("uploaded", || {
        Box::new(partner::certificate_alias.is_not_null().nullable())
    }),
    ("not_uploaded", || {
        Box::new(partner::certificate_alias.is_null().nullable())
    }),
];

static COLUMNS: [ListColumn<Source>; 10] = [
    ListColumn::text("partnerId", || Box::new(partner::id.nullable())).contains(),
    ListColumn::text("partnerType", || {
        Box::new(partner::partner_type_code.nullable())
    })
    .contains(),
    ListColumn::text("orgName", || Box::new(partner::name.nullable())).contains(),
    ListColumn::text("policyGroupId", || Box::new(partner::policy_group_id)),
    ListColumn::text("policyGroupName", || {
        Box::new(policy_group::name.nullable())
    })
    .contains(),
    ListColumn::refused("emailAddress", ENCRYPTED_COLUMN),
    // Ascending words: `not_uploaded` comes first.
    ListColumn::text("certificateUploadStatus", || {
        Box::new(partner::certificate_alias)
    })
    .inverted()
    .labels(&UPLOADS),
    ListColumn::text("status", || Box::new(partner::approval_status.nullable())),
    ListColumn::bool("isActive", || Box::new(partner::is_active.nullable()))
        .inverted()
        .flag(),
    ListColumn::time("createdDateTime", || {
        Box::new(partner::cr_dtimes.nullable())
    }),
];

impl List for PartnerList {
    type Source = Source;
    type Row = PartnerItem;
    const RULES: ListRules = ListRules::Partner;
    const PAGE_SIZE: Option<i64> = Some(8);

    newest_first!(partner, id);

    key_lookup!(rows(), partner::id);
    load_rows!(rows() => PartnerItem);
    count_rows!(rows());
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    partner::table.left_join(policy_group::table)
}
