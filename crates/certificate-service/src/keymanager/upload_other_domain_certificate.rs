//! `POST /uploadOtherDomainCertificate`
//!
//! Keeps a certificate of another party, to encrypt for it (contract keymanager.md §10.5).

use actix_web::web::Data;
use chrono::{DateTime, TimeDelta, Utc};
use pms_database::certificates::{is_compromised, lock_key_shared};
use pms_database::keys::{self as rows, KeyAlias, NO_PRIVATE_KEY, StoredKey};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_pki::certificate::unique_identifier;
use pms_pki::{Certificate, KeyManagerError, errors, pack, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields;
use super::rows::SYSTEM;
use crate::errors::{OrDbError as _, refused};
use crate::keys::{Policies, current, curve, is_other_domain};
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UploadOtherDomainCertificate {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// PEM.
    certificate_data: Option<String>,
}

impl Request for UploadOtherDomainCertificate {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        fields::given(checks, "certificateData", self.certificate_data.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    #[schema(example = "Upload Success")]
    status: &'static str,
    timestamp: LocalDateTime,
}

impl Uploaded {
    /// The answer to an upload at `now`.
    pub(super) fn at(now: DateTime<Utc>) -> Self {
        Self {
            status: "Upload Success",
            timestamp: now.naive_utc().into(),
        }
    }
}

/// A certificate on its way into the key tables.
struct Upload {
    app_id: String,
    ref_id: String,
    /// Other faults of the request come first.
    certificate: Result<Certificate, KeyManagerError>,
    now: DateTime<Utc>,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadOtherDomainCertificate>,
    vault: Data<Vault>,
) -> ApiResult<Uploaded> {
    let data = request.certificate_data.unwrap_or_default();
    let upload = Upload {
        app_id: request.application_id.unwrap_or_default(),
        ref_id: request.reference_id.unwrap_or_default(),
        certificate: vault
            .compute
            .run(move || reading::read_certificate(&data))
            .await?,
        now: vault.clock.now(),
    };
    vault
        .restricted
        .check_maker(&caller, Some(&upload.app_id))?;
    upload.check_name().or_failure()?;
    let now = upload.now;
    vault.db.transaction(move |conn| upload.store(conn)).await?;
    Ok(Uploaded::at(now))
}

impl Upload {
    fn check_name(&self) -> Result<(), KeyManagerError> {
        if fields::is_blank(Some(&self.ref_id)) {
            return Err(errors::INVALID_REQUEST);
        }
        let is = |value: &str, name: &str| value.eq_ignore_ascii_case(name);
        if is(&self.app_id, "KERNEL") && is(&self.ref_id, "SIGN") {
            return Err(errors::KERNEL_SIGN_UPLOAD_FORBIDDEN);
        }
        if curve(&self.ref_id).is_some() {
            return Err(errors::EC_REFERENCE_UNSUPPORTED);
        }
        Ok(())
    }

    fn store(&self, conn: &mut Connection) -> Result<(), DbError> {
        rows::lock(conn, &self.app_id, &self.ref_id)?;
        let days = Policies::of(conn, &self.app_id)?.pre_expire_days(&self.ref_id);
        let aliases = rows::aliases(conn, &self.app_id, &self.ref_id)?;
        let current = current(&aliases, days, self.now).or_failure()?;
        let certificate = self.certificate.clone().or_failure()?;
        match current {
            Some(alias) => check_current(conn, alias, &certificate)?,
            None => check_expired(conn, &aliases)?,
        }
        let public_key = hex::encode(certificate.public_key_sha256());
        lock_key_shared(conn, &public_key)?;
        if is_compromised(conn, &public_key)? {
            return Err(refused(errors::KEY_COMPROMISED));
        }
        self.end(conn, &aliases)?;
        self.insert(conn, &aliases, &certificate)
    }

    /// Ends every earlier certificate, also one that is not valid yet: it
    /// would become a second current one.
    fn end(&self, conn: &mut Connection, earlier: &[KeyAlias]) -> Result<(), DbError> {
        let now = self.now.naive_utc();
        let end = now - TimeDelta::minutes(1);
        for alias in earlier
            .iter()
            .filter(|alias| alias.key_expire_dtimes >= now)
        {
            rows::expire_alias(conn, &alias.id, end, &self.stamp())?;
        }
        Ok(())
    }

    fn insert(
        &self,
        conn: &mut Connection,
        earlier: &[KeyAlias],
        certificate: &Certificate,
    ) -> Result<(), DbError> {
        let id = ids::uuid();
        let thumbprint = certificate.key_thumbprint();
        let returns = earlier
            .iter()
            .any(|one| one.cert_thumbprint.as_ref() == Some(&thumbprint));
        // A certificate that comes back after another one needs a new identifier.
        let distinction = if returns { &id } else { &thumbprint };
        let unique = unique_identifier(&self.app_id, &self.ref_id, distinction);
        let validity = certificate.validity();
        let stored = StoredKey {
            id: id.clone(),
            master_key: id.clone(),
            private_key: NO_PRIVATE_KEY.to_owned(),
            certificate_data: pack::certificate_pem(certificate),
        };
        let alias = KeyAlias {
            id,
            app_id: self.app_id.clone(),
            ref_id: self.ref_id.clone(),
            key_gen_dtimes: validity.not_before.naive_utc(),
            key_expire_dtimes: validity.not_after.naive_utc(),
            cert_thumbprint: Some(thumbprint),
            uni_ident: Some(unique),
        };
        rows::insert_stored(conn, &stored, &self.stamp())?;
        Ok(rows::insert_alias(conn, &alias, &self.stamp())?)
    }

    fn stamp(&self) -> Stamp {
        Stamp::new(SYSTEM, self.now.naive_utc())
    }
}

/// Whether `new` may follow the current certificate.
fn check_current(
    conn: &mut Connection,
    current: &KeyAlias,
    new: &Certificate,
) -> Result<(), DbError> {
    let stored = rows::find_stored(conn, &current.id)?
        .ok_or_else(|| refused(errors::OTHER_DOMAIN_KEY_UNAVAILABLE))?;
    if !is_other_domain(&stored) {
        return Err(refused(errors::PRIVATE_KEY_PRESENT));
    }
    if current.cert_thumbprint.as_deref() == Some(new.key_thumbprint().as_str()) {
        return Err(refused(errors::SAME_CERTIFICATE));
    }
    Ok(())
}

/// Nothing follows an expired key of our own: only another key of ours may, or
/// data would be encrypted for the first caller that uploads a certificate.
fn check_expired(conn: &mut Connection, aliases: &[KeyAlias]) -> Result<(), DbError> {
    for alias in aliases {
        let stored =
            rows::find_stored(conn, &alias.id)?.ok_or_else(|| refused(errors::VALID_KEY_EXISTS))?;
        if !is_other_domain(&stored) {
            return Err(refused(errors::PRIVATE_KEY_PRESENT));
        }
    }
    Ok(())
}
