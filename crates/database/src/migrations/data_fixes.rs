//! The corrections of default rows that the reference's 1.2.2.3 and 1.2.2.4 bring
//! (contract schema.md §6). Only on request: rows are an operator's.

use diesel::prelude::*;

use super::{MigrationError, connect};

/// What is corrected, and how. Each statement changes only what has the bad value,
/// so that a second run changes nothing.
const FIXES: [(&str, &str); 9] = [
    (
        "default policies end 200 years after they begin",
        "UPDATE pms.auth_policy SET valid_to_date = valid_from_date + interval '200 years' \
         WHERE id LIKE 'mpolicy-default%' AND policy_group_id LIKE 'mpolicygroup-default%' \
           AND valid_to_date < valid_from_date + interval '200 years'",
    ),
    (
        "history of default policies: the same",
        "UPDATE pms.auth_policy_h SET valid_to_date = valid_from_date + interval '200 years' \
         WHERE name LIKE 'mpolicy-default%' AND policy_group_id LIKE 'mpolicygroup-default%' \
           AND valid_to_date < valid_from_date + interval '200 years'",
    ),
    (
        "API keys of default partners: the same",
        "UPDATE pms.partner_policy \
         SET valid_to_datetime = valid_from_datetime + interval '200 years' \
         WHERE part_id LIKE 'mpartner-default%' AND policy_id LIKE 'mpolicy-default%' \
           AND valid_to_datetime < valid_from_datetime + interval '200 years'",
    ),
    (
        "mpolicy-default-mobile: a doubled comma",
        "UPDATE pms.auth_policy \
         SET policy_file_id = regexp_replace(policy_file_id, ',\\s*,', ',', 'g') \
         WHERE id = 'mpolicy-default-mobile' AND policy_file_id ~ ',\\s*,'",
    ),
    (
        "history of mpolicy-default-mobile: the same",
        "UPDATE pms.auth_policy_h \
         SET policy_file_id = regexp_replace(policy_file_id, ',\\s*,', ',', 'g') \
         WHERE name = 'mpolicy-default-mobile' AND policy_file_id ~ ',\\s*,'",
    ),
    (
        "history of default policies: doubled quotes",
        "UPDATE pms.auth_policy_h SET policy_file_id = replace(policy_file_id, '\"\"', '\"') \
         WHERE name LIKE 'mpolicy-default%' AND policy_file_id ~ '^\\s*\\{\\s*\"\"'",
    ),
    (
        "default adjudication group: a leading blank",
        "UPDATE pms.policy_group SET descr = ltrim(descr) \
         WHERE id = 'mpolicygroup-default-adjudication' AND descr LIKE ' %'",
    ),
    (
        "mpolicy-default-auth: attribute declaredAsDeceased",
        "UPDATE pms.auth_policy SET policy_file_id = regexp_replace(policy_file_id, \
             '(\"shareableAttributes\"\\s*:\\s*\\[)', \
             '\\1{\"attributeName\":\"declaredAsDeceased\",\"source\":[{\"attribute\":\"declaredAsDeceased\"}],\"encrypted\":true},') \
         WHERE id = 'mpolicy-default-auth' AND policy_file_id LIKE '%\"shareableAttributes\"%' \
           AND policy_file_id NOT LIKE '%declaredAsDeceased%' AND length(policy_file_id) < 5000",
    ),
    (
        "default extractor of faces: attribute photo",
        "UPDATE pms.partner_policy_bioextract SET attribute_name = 'photo' \
         WHERE id = '146098' AND part_id = 'mpartner-default-auth' AND attribute_name <> 'photo'",
    ),
];

/// Corrects the default rows, all or none. Tells what was corrected, and how many
/// rows each time.
///
/// # Errors
/// [`MigrationError::Connection`] and [`MigrationError::Statement`].
pub fn fix_data(url: &str) -> Result<Vec<(&'static str, usize)>, MigrationError> {
    let mut conn = connect(url)?;
    conn.transaction(|conn| {
        let mut fixed = Vec::new();
        for (what, statement) in FIXES {
            fixed.push((what, diesel::sql_query(statement).execute(conn)?));
        }
        Ok(fixed)
    })
}
