//! What a revocation changes, all in one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use pms_database::certificates::{
    PartnerCertificate, RevokedCertificate, end_trust, find_partner_certificate, find_revoked,
    holder, insert_revoked, is_uploaded_elsewhere, list_unrevoked_of_key, lock_domain, lock_key,
    raise_reason, trusting_domains,
};
use pms_database::{Connection, DbError};
use pms_domain::certificate::errors::{CERTIFICATE_UNKNOWN, REVOKED_ALREADY};
use pms_pki::issue::Reason;
use pms_pki::trust::AuthorityKind;
use pms_pki::{Certificate, reading};

use super::issuing_keys::{all, key_id, signer};
use crate::keys::OwnKey;
use crate::vault::Vault;

/// The domain in which the uploaded certificates themselves are trusted as
/// authorities.
const FTM: &str = "FTM";
/// Longest name of a user in the table, in characters.
const MAX_USER: usize = 256;

/// A revocation that an administrator asks for.
pub(super) struct Revocation<'a> {
    pub(super) cert_id: &'a str,
    pub(super) reason: Reason,
    pub(super) user: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// Certificates whose trust ends, by SHA-256, and in which domains.
struct Ending {
    ended: Vec<String>,
    domains: BTreeSet<String>,
}

impl Revocation<'_> {
    /// Revokes the certificate. When its key is compromised, all other
    /// certificates of the key go with it. Names all of them, the one that was
    /// asked for first.
    ///
    /// # Errors
    /// `PMS_CERTIFICATE_ERROR_107` when there is none, `_108` when it is
    /// revoked already.
    pub(super) fn carry_out(
        &self,
        vault: &Vault,
        conn: &mut Connection,
    ) -> Result<Vec<RevokedCertificate>, DbError> {
        if self.cert_id.contains('\0') {
            return Err(CERTIFICATE_UNKNOWN.into());
        }
        let row = find_partner_certificate(conn, self.cert_id)?.ok_or(CERTIFICATE_UNKNOWN)?;
        let public_key = hex::encode(issued(&row)?.public_key_sha256());
        lock_key(conn, &public_key)?;
        let earlier = find_revoked(conn, &row.cert_id)?;
        let worse = self.reason.ends_the_key();
        if earlier
            .as_ref()
            .is_some_and(|earlier| earlier.key_compromised || !worse)
        {
            return Err(REVOKED_ALREADY.into());
        }
        let mut rows = vec![row];
        if worse {
            let others = list_unrevoked_of_key(conn, &public_key)?;
            rows.extend(
                others
                    .into_iter()
                    .filter(|other| other.cert_id != self.cert_id),
            );
        }
        let ending = self.ending(vault, conn, &rows, &public_key)?;
        let keys = all(vault, conn)?;
        let mut revoked = Vec::with_capacity(rows.len());
        for row in &rows {
            let known = earlier
                .as_ref()
                .filter(|known| known.cert_id == row.cert_id);
            revoked.push(self.revoke(conn, row, known, &keys)?);
        }
        self.end_trust(conn, &rows, &ending)?;
        let lists: BTreeSet<&str> = revoked
            .iter()
            .filter_map(|one| one.key_id.as_deref())
            .collect();
        for list in lists {
            vault.lists.renew(vault, conn, list, self.now)?;
        }
        Ok(revoked)
    }

    fn revoke(
        &self,
        conn: &mut Connection,
        row: &PartnerCertificate,
        earlier: Option<&RevokedCertificate>,
        keys: &[Arc<OwnKey>],
    ) -> Result<RevokedCertificate, DbError> {
        Ok(match earlier {
            Some(earlier) => raise_reason(conn, &earlier.cert_id, self.reason.name())?,
            None => {
                let revoked = self.row(conn, row, keys)?;
                insert_revoked(conn, &revoked)?;
                revoked
            }
        })
    }

    /// What is not to be trusted any more, and the domains that do, which are
    /// locked: those that it was issued for, and those that it was added to later
    /// as an authority. A compromised key takes all its certificates along.
    fn ending(
        &self,
        vault: &Vault,
        conn: &mut Connection,
        rows: &[PartnerCertificate],
        public_key: &str,
    ) -> Result<Ending, DbError> {
        let mut ended = Vec::with_capacity(rows.len());
        for row in rows {
            ended.push(hex::encode(issued(row)?.sha256()));
        }
        if self.reason.ends_the_key() {
            ended.extend(rows.iter().map(|row| row.cert_sha256.clone()));
            for domain in &vault.rules.allowed_domains {
                let trust = vault.trust.of_name(conn, &domain.to_uppercase())?;
                let members = trust.members().iter();
                // Roots are the operator's, even when their key stands in a
                // certificate.
                let issued = members.filter(|one| one.kind() == AuthorityKind::Intermediate);
                let certificates = issued.map(|one| one.certificate());
                let of_key =
                    |one: &&Certificate| hex::encode(one.public_key_sha256()) == public_key;
                ended.extend(
                    certificates
                        .filter(of_key)
                        .map(|one| hex::encode(one.sha256())),
                );
            }
        }
        let mut domains: BTreeSet<String> = trusting_domains(conn, &ended)?.into_iter().collect();
        domains.extend(rows.iter().map(|row| row.partner_domain.clone()));
        for domain in &domains {
            lock_domain(conn, domain)?;
        }
        Ok(Ending { ended, domains })
    }

    /// Ends the trust in what was revoked. What an FTM partner uploaded goes too,
    /// unless it was certified once more.
    fn end_trust(
        &self,
        conn: &mut Connection,
        rows: &[PartnerCertificate],
        ending: &Ending,
    ) -> Result<(), DbError> {
        let now = self.now.naive_utc();
        for domain in &ending.domains {
            end_trust(conn, domain, &ending.ended, now)?;
        }
        for row in rows.iter().filter(|row| row.partner_domain == FTM) {
            if !is_uploaded_elsewhere(conn, FTM, &row.cert_sha256)? {
                end_trust(conn, FTM, std::slice::from_ref(&row.cert_sha256), now)?;
            }
        }
        Ok(())
    }

    fn row(
        &self,
        conn: &mut Connection,
        row: &PartnerCertificate,
        keys: &[Arc<OwnKey>],
    ) -> Result<RevokedCertificate, DbError> {
        let signed = issued(row)?;
        Ok(RevokedCertificate {
            cert_id: row.cert_id.clone(),
            key_id: signer(keys, &signed).map(|key| key_id(&key.certificate)),
            serial: signed.serial_octets().to_vec(),
            cert_sha256: hex::encode(signed.sha256()),
            public_key_sha256: hex::encode(signed.public_key_sha256()),
            cert_not_after: signed.validity().not_after.naive_utc(),
            partner_id: holder(conn, &row.cert_id)?,
            reason: self.reason.name().to_owned(),
            key_compromised: self.reason.ends_the_key(),
            revoked_by: self.user.chars().take(MAX_USER).collect(),
            revoked_dtimes: self.now.naive_utc(),
        })
    }
}

fn issued(row: &PartnerCertificate) -> Result<Certificate, DbError> {
    reading::read_certificate(&row.signed_cert_data).map_err(|error| {
        DbError::Internal(format!(
            "issued certificate {} is unreadable: {error}",
            row.cert_id
        ))
    })
}
