//! `partner_cert_store`.

use std::collections::HashMap;

use pms_database::certificates::{NewPartnerCertificate, add_partner_certificate};
use pms_database::keys::foreign;
use pms_database::{Connection, DbError};
use pms_pki::{pack, reading};

use super::Import;
use super::authorities::deleted;
use crate::revocation::issued::facts;

impl Import<'_> {
    /// Copies the certificates of partners, under the ids that partners know.
    pub(super) fn partners(
        &mut self,
        source: &mut Connection,
        target: &mut Connection,
        authorities: &HashMap<String, String>,
    ) -> Result<(), DbError> {
        let mut after = String::new();
        loop {
            let page = self.tables.partners_after(source, &after)?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.cert_id);
            for row in page {
                self.partner(target, &row, authorities)?;
            }
        }
        Ok(())
    }

    fn partner(
        &mut self,
        target: &mut Connection,
        row: &foreign::Certificate,
        authorities: &HashMap<String, String>,
    ) -> Result<(), DbError> {
        let uploaded = row.cert_data.as_deref().map(reading::read_certificate);
        let signed = row
            .signed_cert_data
            .as_deref()
            .map(reading::read_certificate);
        let (Some(Ok(uploaded)), Some(Ok(signed))) = (uploaded, signed) else {
            self.report.skipped.push(format!(
                "certificate of a partner {}: not a readable certificate",
                row.cert_id
            ));
            return Ok(());
        };
        let issuer = row.issuer_id.as_deref().unwrap_or_default();
        let validity = uploaded.validity();
        let new = NewPartnerCertificate {
            cert_id: &row.cert_id,
            cert_subject: &uploaded.subject().text(),
            cert_issuer: &uploaded.issuer().text(),
            issuer_id: authorities.get(issuer).map_or(issuer, String::as_str),
            cert_not_before: validity.not_before.naive_utc(),
            cert_not_after: validity.not_after.naive_utc(),
            partner_domain: row.partner_domain.as_deref().unwrap_or_default(),
            cert_data: &pack::certificate_pem(&uploaded),
            signed_cert_data: &pack::certificate_pem(&signed),
            organization_name: row.organization_name.as_deref().unwrap_or_default(),
            cert_thumbprint: &uploaded.thumbprint(),
            cert_sha256: &hex::encode(uploaded.sha256()),
            cert_serial_no: &uploaded.serial(),
        };
        let stamp = self.stamp(row.cr_by.as_ref(), row.cr_dtimes);
        let facts = facts(&signed);
        if add_partner_certificate(target, &new, &facts, deleted(row), &stamp)? {
            self.report.partners.added += 1;
        } else {
            self.report.partners.present += 1;
        }
        Ok(())
    }
}
