//! `key_policy_def`.

use pms_database::keys::foreign;
use pms_database::keys::{KeyPolicy, add_policy, policy, replace_policy};
use pms_database::{Connection, DbError};

use super::Import;

impl Import<'_> {
    /// The imported policies, which imported keys were made by. One that an
    /// operator has changed here stays.
    pub(super) fn policies(
        &mut self,
        source: &mut Connection,
        target: &mut Connection,
    ) -> Result<(), DbError> {
        let stamp = self.stamp(None, None);
        for row in self.tables.policies(source)? {
            let Some(imported) = plain(row) else {
                continue;
            };
            match policy(target, &imported.app_id)? {
                None => {
                    add_policy(target, &imported, &stamp)?;
                    self.report.policies.added += 1;
                }
                Some(own) if own == imported => self.report.policies.present += 1,
                Some(_) if replace_policy(target, &imported, &stamp)? => {
                    self.report.policies.changed += 1;
                }
                Some(_) => {
                    self.report.policies.present += 1;
                    self.report.remarks.push(format!(
                        "the key policy of {} differs and was changed here: it stays as it is",
                        imported.app_id
                    ));
                }
            }
        }
        Ok(())
    }
}

fn plain(row: foreign::Policy) -> Option<KeyPolicy> {
    Some(KeyPolicy {
        app_id: row.app_id?,
        key_validity_duration: row.key_validity_duration,
        is_active: row.is_active.unwrap_or(true),
        // Versions without the column end a key with its certificate.
        pre_expire_days: row.pre_expire_days.or(Some(0)),
        // Without the column every user may.
        access_allowed: row.access_allowed.or_else(|| Some("NA".to_owned())),
    })
}
