//! `ca_cert_store`.

use std::collections::HashMap;

use pms_database::certificates::{Deleted, NewCaCertificate, add_ca, ca_id};
use pms_database::keys::foreign;
use pms_database::{Connection, DbError};
use pms_pki::trust::Authority;
use pms_pki::{pack, reading};

use super::Import;

/// A certificate that can be read, and the id that it has here.
struct Readable {
    row: foreign::Certificate,
    domain: String,
    authority: Authority,
    sha256: String,
    known: bool,
}

impl Import<'_> {
    /// Copies the certificates of authorities. Answers the ids that they have
    /// here, by the ids that they have there.
    pub(super) fn authorities(
        &mut self,
        source: &mut Connection,
        target: &mut Connection,
    ) -> Result<HashMap<String, String>, DbError> {
        let (mut ids, mut readable) = (HashMap::new(), Vec::new());
        let mut after = String::new();
        loop {
            let page = self.tables.authorities_after(source, &after)?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.cert_id);
            for row in page {
                if let Some(one) = self.authority(target, row)? {
                    ids.insert(one.row.cert_id.clone(), one.authority.id().to_owned());
                    readable.push(one);
                }
            }
        }
        // Only now, when the ids of all issuers are known.
        for one in readable {
            let added = !one.known && self.add_authority(target, &one, &ids)?;
            if added {
                self.report.authorities.added += 1;
            } else {
                self.report.authorities.present += 1;
            }
        }
        Ok(ids)
    }

    fn authority(
        &mut self,
        target: &mut Connection,
        row: foreign::Certificate,
    ) -> Result<Option<Readable>, DbError> {
        let domain = row.partner_domain.clone().filter(|name| !name.is_empty());
        let certificate = row.cert_data.as_deref().map(reading::read_certificate);
        let (Some(domain), Some(Ok(certificate))) = (domain, certificate) else {
            self.report.skipped.push(format!(
                "certificate of an authority {}: no domain, or not a readable certificate",
                row.cert_id
            ));
            return Ok(None);
        };
        let sha256 = hex::encode(certificate.sha256());
        let known = ca_id(target, &domain, &sha256)?;
        let id = known.clone().unwrap_or_else(|| row.cert_id.clone());
        Ok(Some(Readable {
            authority: Authority::new(id, certificate),
            known: known.is_some(),
            row,
            domain,
            sha256,
        }))
    }

    fn add_authority(
        &self,
        target: &mut Connection,
        one: &Readable,
        ids: &HashMap<String, String>,
    ) -> Result<bool, DbError> {
        let certificate = one.authority.certificate();
        let issuer = one.row.issuer_id.as_ref().filter(|id| !id.is_empty());
        let issuer = issuer.map(|id| ids.get(id).unwrap_or(id).as_str());
        let validity = certificate.validity();
        let row = NewCaCertificate {
            cert_id: one.authority.id(),
            cert_subject: &certificate.subject().text(),
            cert_issuer: &certificate.issuer().text(),
            issuer_id: issuer.unwrap_or(one.authority.id()),
            cert_not_before: validity.not_before.naive_utc(),
            cert_not_after: validity.not_after.naive_utc(),
            cert_data: &pack::certificate_pem(certificate),
            cert_thumbprint: &certificate.thumbprint(),
            cert_sha256: &one.sha256,
            cert_serial_no: &certificate.serial(),
            partner_domain: &one.domain,
            // What the other one says of it need not be so.
            ca_cert_type: one.authority.kind().as_str(),
        };
        let stamp = self.stamp(one.row.cr_by.as_ref(), one.row.cr_dtimes);
        Ok(add_ca(target, &row, deleted(&one.row), &stamp)?)
    }
}

/// Whether the other key manager's operator had marked it as deleted.
pub(super) fn deleted(row: &foreign::Certificate) -> Deleted {
    Deleted {
        is: row.is_deleted.unwrap_or(false),
        at: row.del_dtimes,
    }
}
