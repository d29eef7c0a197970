//! What ends when, with its owner: certificates, FTM chips, SBIs, API keys and
//! licences that are in force, of partners that are active.
//!
//! Every query answers one page in the order of a key: a run goes through any
//! number of rows with little memory, and none is seen twice.

mod certificates;
mod counts;
mod items;
mod mails;

use chrono::NaiveDateTime;
use diesel::prelude::*;

pub use certificates::{
    EndingCertificate, KnownEnd, ending_certificates, keep_ends, list_unknown, list_unknown_chips,
};
pub use counts::{EndingCount, count_ending, count_ending_authorities};
pub use items::{
    EndingChip, EndingInterface, EndingKey, EndingLicence, ending_chips, ending_interfaces,
    ending_keys, ending_licences,
};
pub use mails::{forget_mails, note_mail};

use crate::schema::partner;

/// Ends from the first instant to before the second.
pub type Span = (NaiveDateTime, NaiveDateTime);

/// A page: the rows behind a key, and how many of them.
#[derive(Debug, Clone, Copy)]
pub struct After<'a> {
    /// The key of the last row that was seen; empty for the first page.
    pub key: &'a str,
    /// Most rows.
    pub limit: i64,
}

/// Whose it is, as far as a notice needs it. Derives no `Debug`: it holds an
/// address.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = partner)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.4"
)]
pub struct Owner {
    pub id: String,
    pub name: String,
    pub email_id: Option<String>,
    pub lang_code: Option<String>,
    pub partner_type_code: String,
    pub is_active: bool,
}

/// The condition on active partners.
macro_rules! is_active {
    () => {
        crate::schema::partner::is_active.and(crate::flags::Flag::is_not_true(
            crate::schema::partner::is_deleted,
        ))
    };
}
use is_active;
