//! Imported keys in the place of our own: never two current ones.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use pms_database::keys::{self as rows, KeyAlias, expire_alias};
use pms_database::{Connection, DbError};
use pms_pki::certificate::SignatureCheck;
use pms_pki::{Certificate, reading};

use super::Import;
use super::keys::Imported;
use crate::keys::{Policies, ROOT, is_current};

/// Most keys that one line names.
const NAMED: usize = 5;

impl Import<'_> {
    /// Ends the keys of ours that are current together with an imported one.
    /// They stay: what was encrypted for them can still be read, and what they
    /// signed still has its issuer.
    ///
    /// # Errors
    /// One line when they may not be ended, or when the other key manager has
    /// two current ones itself.
    pub(super) fn end_current(
        &mut self,
        target: &mut Connection,
        imported: &Imported,
    ) -> Result<(), DbError> {
        let places: BTreeSet<(&str, &str)> = imported
            .aliases
            .iter()
            .map(|alias| (alias.app_id.as_str(), alias.ref_id.as_str()))
            .collect();
        let mut policies: HashMap<&str, Policies> = HashMap::new();
        let mut ending = Vec::new();
        for (app_id, ref_id) in places {
            if !policies.contains_key(app_id) {
                policies.insert(app_id, Policies::of(target, app_id)?);
            }
            let days = policies
                .get(app_id)
                .map_or(0, |policies| policies.pre_expire_days(ref_id));
            let aliases = rows::aliases(target, app_id, ref_id)?;
            let (theirs, own): (Vec<KeyAlias>, Vec<KeyAlias>) = aliases
                .into_iter()
                .filter(|alias| is_current(alias, days, self.options.now))
                .partition(|alias| imported.theirs.contains(&alias.id));
            if theirs.len() > 1 {
                return Err(DbError::Internal(format!(
                    "that key manager has {} current keys of {}: end all but one of them there \
                     first",
                    theirs.len(),
                    name(app_id, ref_id)
                )));
            }
            if !theirs.is_empty() {
                ending.extend(own);
            }
        }
        self.end(target, &ending)
    }

    fn end(&mut self, target: &mut Connection, own: &[KeyAlias]) -> Result<(), DbError> {
        let names: Vec<String> = own
            .iter()
            .map(|alias| format!("{} {}", name(&alias.app_id, &alias.ref_id), alias.id))
            .collect();
        if !names.is_empty() && !self.options.replace_current {
            let (first, more) = names.split_at(names.len().min(NAMED));
            let more = match more.len() {
                0 => String::new(),
                count => format!(" and {count} more"),
            };
            return Err(DbError::Internal(format!(
                "current keys of this key manager stand where imported ones would: {}{more}; \
                 nothing was imported. With --replace-current they are ended and kept for what \
                 they have encrypted and signed",
                first.join(", ")
            )));
        }
        // A key is current also in the very instant of its end.
        let end = self.options.now.naive_utc() - TimeDelta::minutes(1);
        let stamp = self.stamp(None, None);
        for alias in own {
            expire_alias(target, &alias.id, end, &stamp)?;
        }
        self.report.ended = names;
        Ok(())
    }

    /// Tells about imported master keys whose ROOT key is not here.
    pub(super) fn check_roots(
        &mut self,
        target: &mut Connection,
        imported: &Imported,
    ) -> Result<(), DbError> {
        let mut roots: Vec<Certificate> = Vec::new();
        for alias in rows::aliases(target, ROOT, "")? {
            let row = rows::find_master(target, &alias.id)?;
            let certificate = row.map(|row| reading::read_certificate(&row.certificate_data));
            roots.extend(certificate.and_then(Result::ok));
        }
        for (alias, certificate) in &imported.masters {
            let signed = |root: &Certificate| {
                certificate.check_signature(root.public_key()) == SignatureCheck::Valid
            };
            if !roots.iter().any(signed) {
                self.report.remarks.push(format!(
                    "{} {} was signed with a ROOT key that is not here: chains of certificates \
                     that are issued with it don't lead to a ROOT certificate",
                    name(&alias.app_id, &alias.ref_id),
                    alias.id
                ));
            }
        }
        Ok(())
    }
}

fn name(app_id: &str, ref_id: &str) -> String {
    if ref_id.is_empty() {
        app_id.to_owned()
    } else {
        format!("{app_id}/{ref_id}")
    }
}
