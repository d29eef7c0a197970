//! What ends, as notices describe it: partners' certificates, FTM chips, SBIs, API
//! keys and licences.

use chrono::NaiveDateTime;
use pms_database::ends::{
    self, After, EndingCertificate, EndingChip, EndingInterface, EndingKey, EndingLicence, Owner,
    Span,
};
use pms_database::{Connection, DbError};
use pms_domain::notification::Kind;
use pms_domain::partner::types::domain_of;

use super::notice::{Item, wire_time};
use crate::jobs::{JobContext, JobError, Lease};
use crate::notifications::{
    ApiKeyNotice, CertificateNotice, FtmChipNotice, InterfaceNotice, MispLicenceNotice,
};

/// Rows of one page.
pub(super) const PAGE: i64 = 1000;
/// Characters of a licence key that are shown, at its end.
const SHOWN: usize = 4;

/// Something that ends, with its owner.
pub(super) trait Ending: Sized + Send + Sync + 'static {
    /// The kind of notices about it.
    const KIND: Kind;

    /// A page of those that end in the span.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError>;

    /// What pages are ordered by.
    fn key(&self) -> &str;

    fn owner(&self) -> &Owner;

    fn ends_at(&self) -> Option<NaiveDateTime>;

    /// What a notice says of it, so many days before its end.
    fn item(&self, period: u32) -> Item;
}

/// The pages of what ends in a span.
pub(super) struct Pages {
    span: Span,
    after: String,
    ended: bool,
}

impl Pages {
    pub(super) const fn of(span: Span) -> Self {
        Self {
            span,
            after: String::new(),
            ended: false,
        }
    }

    /// The next page; `None` after the last one.
    pub(super) async fn next<T: Ending>(
        &mut self,
        context: &JobContext,
        lease: &Lease,
    ) -> Result<Option<Vec<T>>, JobError> {
        if self.ended {
            return Ok(None);
        }
        lease.check().await?;
        let (span, after) = (self.span, self.after.clone());
        let load = move |conn: &mut Connection| {
            let after = After {
                key: &after,
                limit: PAGE,
            };
            T::load(conn, span, after)
        };
        let page = context.db.read(load).await?;
        self.ended = page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX);
        match page.last() {
            Some(last) => last.key().clone_into(&mut self.after),
            None => return Ok(None),
        }
        Ok(Some(page))
    }
}

impl Ending for EndingCertificate {
    const KIND: Kind = Kind::PartnerCertificate;

    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError> {
        Ok(ends::ending_certificates(conn, span, after)?)
    }

    fn key(&self) -> &str {
        &self.owner.id
    }

    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn ends_at(&self) -> Option<NaiveDateTime> {
        self.not_after
    }

    fn item(&self, period: u32) -> Item {
        Item::Certificate(CertificateNotice {
            certificate_id: self.certificate_id.clone(),
            issued_by: self.issuer.clone(),
            issued_to: self.subject.clone(),
            partner_id: Some(self.owner.id.clone()),
            partner_domain: Some(domain_of(&self.owner.partner_type_code).to_owned()),
            expiry_date_time: self.not_after.map(wire_time),
            expiry_period: Some(period.to_string()),
            certificate_type: Some("partner".to_owned()),
        })
    }
}

impl Ending for EndingChip {
    const KIND: Kind = Kind::FtmChipCertificate;

    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError> {
        Ok(ends::ending_chips(conn, span, after)?)
    }

    fn key(&self) -> &str {
        &self.id
    }

    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn ends_at(&self) -> Option<NaiveDateTime> {
        Some(self.ends_at)
    }

    fn item(&self, period: u32) -> Item {
        Item::Chip(FtmChipNotice {
            certificate_id: self.certificate_alias.clone(),
            issued_by: self.issuer.clone(),
            issued_to: self.subject.clone(),
            partner_id: Some(self.owner.id.clone()),
            partner_domain: Some("FTM".to_owned()),
            expiry_date_time: Some(wire_time(self.ends_at)),
            expiry_period: Some(period.to_string()),
            certificate_type: Some("ftm".to_owned()),
            ftm_id: Some(self.id.clone()),
            make: self.make.clone(),
            model: self.model.clone(),
        })
    }
}

impl Ending for EndingInterface {
    const KIND: Kind = Kind::Interface;

    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError> {
        Ok(ends::ending_interfaces(conn, span, after)?)
    }

    fn key(&self) -> &str {
        &self.id
    }

    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn ends_at(&self) -> Option<NaiveDateTime> {
        self.sw_expiry_dtimes
    }

    fn item(&self, period: u32) -> Item {
        let hash = String::from_utf8_lossy(&self.sw_binary_hash);
        Item::Interface(InterfaceNotice {
            sbi_id: Some(self.id.clone()),
            sbi_version: Some(self.sw_version.clone()),
            partner_id: Some(self.owner.id.clone()),
            expiry_date_time: self.sw_expiry_dtimes.map(wire_time),
            expiry_period: Some(period.to_string()),
            sbi_binary_hash: Some(hash.into_owned()),
            sbi_creation_date: self.sw_cr_dtimes.map(wire_time),
        })
    }
}

impl Ending for EndingKey {
    const KIND: Kind = Kind::ApiKey;

    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError> {
        Ok(ends::ending_keys(conn, span, after)?)
    }

    fn key(&self) -> &str {
        &self.policy_api_key
    }

    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn ends_at(&self) -> Option<NaiveDateTime> {
        self.valid_to_datetime
    }

    fn item(&self, period: u32) -> Item {
        Item::ApiKey(ApiKeyNotice {
            api_key_name: Some(self.label.clone()),
            partner_id: Some(self.owner.id.clone()),
            expiry_date_time: self.valid_to_datetime.map(wire_time),
            expiry_period: Some(period.to_string()),
            policy_group: self.group_name.clone(),
            policy_name: self.policy_name.clone(),
        })
    }
}

impl Ending for EndingLicence {
    const KIND: Kind = Kind::MispLicence;

    fn load(conn: &mut Connection, span: Span, after: After<'_>) -> Result<Vec<Self>, DbError> {
        Ok(ends::ending_licences(conn, span, after)?)
    }

    fn key(&self) -> &str {
        &self.license_key
    }

    fn owner(&self) -> &Owner {
        &self.owner
    }

    fn ends_at(&self) -> Option<NaiveDateTime> {
        self.valid_to_date
    }

    fn item(&self, period: u32) -> Item {
        let length = self.license_key.chars().count();
        let hidden = length.saturating_sub(SHOWN);
        let end: String = self.license_key.chars().skip(hidden).collect();
        Item::Licence(MispLicenceNotice {
            misp_license_key_name: Some(format!("****{end}")),
            misp_partner_id: Some(self.owner.id.clone()),
            expiry_date_time: self.valid_to_date.map(wire_time),
            expiry_period: Some(period.to_string()),
            policy_group: self.group_name.clone(),
            policy_name: self.policy_name.clone(),
        })
    }
}
