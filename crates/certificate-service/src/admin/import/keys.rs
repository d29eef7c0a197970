//! `key_alias` and `key_store`, and the master keys of the file.

use std::collections::{BTreeMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_database::keys::foreign::{Alias, Stored};
use pms_database::keys::{
    KeyAlias, MasterKey, NO_PRIVATE_KEY, StoredKey, add_alias, add_master, add_stored, aliases,
    expire_alias, find_alias, find_stored,
};
use pms_database::{Connection, DbError};
use pms_pki::certificate::unique_identifier;
use pms_pki::{Certificate, open_base_key, pack, reading};

use super::Import;
use super::report::Tally;
use crate::errors::OrDbError as _;
use crate::keys::{check_base, check_master, is_other_domain};

/// Longest private key that `key_store` holds.
const LONGEST_SEALED: usize = 2500;

/// The keys that this run added.
#[derive(Default)]
pub(super) struct Imported {
    pub(super) aliases: Vec<KeyAlias>,
    /// Master keys among them, by alias.
    pub(super) masters: Vec<(KeyAlias, Certificate)>,
    /// Ids of all aliases of the other key manager.
    pub(super) theirs: HashSet<String>,
}

impl Imported {
    /// Whether another party's certificate may have this application and
    /// reference, and no key that was made here has them; or why not.
    fn is_free(
        &self,
        target: &mut Connection,
        alias: &Alias,
    ) -> Result<Result<(), String>, DbError> {
        let app_id = alias.app_id.as_deref().unwrap_or_default();
        let ref_id = alias.ref_id.as_deref().unwrap_or_default();
        for own in aliases(target, app_id, ref_id)? {
            let stored = find_stored(target, &own.id)?;
            let of_ours = !stored.as_ref().is_some_and(is_other_domain);
            if of_ours && !self.theirs.contains(&own.id) {
                return Ok(Err(
                    "a key of this key manager serves here: nothing may be encrypted for \
                               somebody else instead"
                        .to_owned(),
                ));
            }
        }
        Ok(Ok(()))
    }
}

impl Import<'_> {
    /// Copies the keys.
    pub(super) fn keys(
        &mut self,
        source: &mut Connection,
        target: &mut Connection,
    ) -> Result<Imported, DbError> {
        let rows = self.tables.aliases(source)?.into_iter();
        let mut waiting: BTreeMap<String, Alias> = rows.map(|row| (row.id.clone(), row)).collect();
        let mut imported = Imported {
            theirs: waiting.keys().cloned().collect(),
            ..Imported::default()
        };
        waiting.retain(|_, alias| alias.is_deleted != Some(true));
        let mut after = String::new();
        loop {
            let page = self.tables.stored_after(source, &after)?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.id);
            for row in page {
                if let Some(alias) = waiting.remove(&row.id) {
                    self.stored(target, &alias, &row, &mut imported)?;
                }
            }
        }
        for alias in waiting.values() {
            self.master(target, alias, &mut imported)?;
        }
        Ok(imported)
    }

    fn stored(
        &mut self,
        target: &mut Connection,
        alias: &Alias,
        row: &Stored,
        imported: &mut Imported,
    ) -> Result<(), DbError> {
        let sealed = row.private_key.as_deref().unwrap_or(NO_PRIVATE_KEY);
        let master_id = row.master_key.as_deref().unwrap_or_default();
        let other_domain = sealed == NO_PRIVATE_KEY || master_id == row.id;
        if let Some(own) = find_alias(target, &alias.id)? {
            let changed = self.end_with(target, &own, alias)?;
            let tally = self.tally(other_domain);
            tally.present += u64::from(!changed);
            tally.changed += u64::from(changed);
            return Ok(());
        }
        let certificate = row.certificate_data.as_deref();
        let Some(Ok(certificate)) = certificate.map(reading::read_certificate) else {
            self.skip(alias, "its certificate can't be read");
            return Ok(());
        };
        let halves = if other_domain {
            let free = imported.is_free(target, alias)?;
            free.map(|()| (alias.id.clone(), NO_PRIVATE_KEY.to_owned()))
        } else {
            let sealed = self.base(&alias.id, (master_id, sealed), &certificate);
            sealed.map(|sealed| (master_id.to_owned(), sealed))
        };
        let (master_key, private_key) = match halves {
            Ok(halves) => halves,
            Err(why) => {
                self.skip(alias, &why);
                return Ok(());
            }
        };
        let Some(new) = self.plain(alias, &certificate, other_domain) else {
            return Ok(());
        };
        let key = StoredKey {
            id: new.id.clone(),
            master_key,
            private_key,
            certificate_data: pack::certificate_pem(&certificate),
        };
        let stamp = self.stamp(alias.cr_by.as_ref(), alias.cr_dtimes);
        // Our own alias of the same certificate may be there, under another id.
        let added = add_alias(target, &new, &stamp)?;
        if added {
            let stamp = self.stamp(row.cr_by.as_ref(), row.cr_dtimes);
            add_stored(target, &key, &stamp)?;
            imported.aliases.push(new);
        }
        let tally = self.tally(other_domain);
        tally.added += u64::from(added);
        tally.present += u64::from(!added);
        Ok(())
    }

    /// Where a stored key is counted.
    fn tally(&mut self, other_domain: bool) -> &mut Tally {
        if other_domain {
            &mut self.report.other_domains
        } else {
            &mut self.report.base_keys
        }
    }

    /// A base key, sealed with our key encryption key; or why not.
    fn base(
        &self,
        id: &str,
        (master_id, sealed): (&str, &str),
        certificate: &Certificate,
    ) -> Result<String, String> {
        let Some(master) = self.keystore.find(master_id) else {
            return Err(format!(
                "its master key {master_id} is not in the keystore (in an HSM?): what was \
                 encrypted for this key stays unreadable here"
            ));
        };
        let key = open_base_key(sealed, &master.key)
            .map_err(|_fault| format!("it does not open with its master key {master_id}"))?;
        check_base(&key, certificate).map_err(|error| error.to_string())?;
        let sealed = self
            .sealer
            .seal(id, &key)
            .map_err(|error| error.to_string())?;
        let text = STANDARD.encode(sealed);
        if text.len() > LONGEST_SEALED {
            return Err("it is too long for its column".to_owned());
        }
        Ok(text)
    }

    fn master(
        &mut self,
        target: &mut Connection,
        alias: &Alias,
        imported: &mut Imported,
    ) -> Result<(), DbError> {
        if let Some(own) = find_alias(target, &alias.id)? {
            let changed = self.end_with(target, &own, alias)?;
            self.report.master_keys.present += u64::from(!changed);
            self.report.master_keys.changed += u64::from(changed);
            return Ok(());
        }
        let Some(entry) = self.keystore.find(&alias.id) else {
            self.skip(
                alias,
                "its private key is not in the keystore (in an HSM?): certificates that it signed \
                 stay valid, but nothing more is signed with it here",
            );
            return Ok(());
        };
        let Some(certificate) = &entry.certificate else {
            self.skip(alias, "the keystore has no certificate for it");
            return Ok(());
        };
        if let Err(error) = check_master(&entry.key, certificate) {
            self.skip(alias, &error.to_string());
            return Ok(());
        }
        let Some(new) = self.plain(alias, certificate, false) else {
            return Ok(());
        };
        let row = MasterKey {
            id: new.id.clone(),
            kek_id: self.sealer.id().to_owned(),
            private_key: self.sealer.seal(&new.id, &entry.key).or_failure()?,
            certificate_data: pack::certificate_pem(certificate),
        };
        let stamp = self.stamp(alias.cr_by.as_ref(), alias.cr_dtimes);
        if add_alias(target, &new, &stamp)? {
            add_master(target, &row, &stamp)?;
            self.report.master_keys.added += 1;
            imported.masters.push((new.clone(), certificate.clone()));
            imported.aliases.push(new);
        } else {
            self.skip(alias, "another key here has its unique identifier");
        }
        Ok(())
    }

    /// A key that has ended over there since an earlier run ends here too.
    fn end_with(
        &self,
        target: &mut Connection,
        own: &KeyAlias,
        theirs: &Alias,
    ) -> Result<bool, DbError> {
        let Some(end) = theirs.key_expire_dtimes else {
            return Ok(false);
        };
        if end >= own.key_expire_dtimes {
            return Ok(false);
        }
        expire_alias(target, &own.id, end, &self.stamp(None, None))?;
        Ok(true)
    }

    /// The alias as it is stored here; what is missing comes from the certificate.
    fn plain(
        &mut self,
        alias: &Alias,
        certificate: &Certificate,
        other_domain: bool,
    ) -> Option<KeyAlias> {
        let Some(app_id) = alias.app_id.clone() else {
            self.skip(alias, "it names no application");
            return None;
        };
        let ref_id = alias.ref_id.clone().unwrap_or_default();
        let validity = certificate.validity();
        let from = validity.not_before.naive_utc();
        let to = validity.not_after.naive_utc();
        let thumbprint = certificate.key_thumbprint();
        let distinction = if other_domain { &thumbprint } else { &alias.id };
        let unique = unique_identifier(&app_id, &ref_id, distinction);
        Some(KeyAlias {
            id: alias.id.clone(),
            key_gen_dtimes: alias.key_gen_dtimes.unwrap_or(from),
            key_expire_dtimes: alias.key_expire_dtimes.unwrap_or(to),
            cert_thumbprint: Some(thumbprint),
            uni_ident: alias.uni_ident.clone().or(Some(unique)),
            app_id,
            ref_id,
        })
    }

    fn skip(&mut self, alias: &Alias, why: &str) {
        let app_id = alias.app_id.as_deref().unwrap_or("?");
        let ref_id = alias.ref_id.as_deref().unwrap_or_default();
        let line = format!("key {app_id}/{ref_id} {}: {why}", alias.id);
        self.report.skipped.push(line);
    }
}
