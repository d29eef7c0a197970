//! `POST /partners/{partnerId}/bioextractors/{policyId}`
//!
//! Says how a partner gets biometrics, as long as its request for the policy is
//! undecided (contract partner.md §4.8).

use actix_web::web;
use chrono::TimeDelta;
use pms_database::bio_extractors::{self, Attribute, Extraction};
use pms_database::outbox::AuditTrail;
use pms_database::{Connection, DbError, Stamp, ids, mapping_requests, partners};
use pms_domain::audit::about_partner;
use pms_domain::partner::extractors::parse_biometric;
use pms_domain::partner::{audits, errors, mapping};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::wire::Extractor;
use crate::Context;

/// Most extractors of one request: each is a statement of one transaction.
const MOST: usize = 1000;
const TOO_MANY: &str = "size must be between 0 and 1000";

/// The extractors; attributes that are not named keep theirs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AddExtractors {
    /// One for each attribute.
    pub extractors: Option<Vec<Extractor>>,
}

impl Request for AddExtractors {
    fn check(&self, fields: &mut Checks) {
        let extractors = self.extractors.as_deref().unwrap_or_default();
        fields
            .not_null("extractors", self.extractors.as_ref())
            .require(extractors.len() <= MOST, "extractors", TOO_MANY)
            .each("extractors", extractors, check);
    }
}

/// Columns that must be filled, and the widths of all. Empty texts pass.
fn check(item: &Extractor, fields: &mut Checks) {
    let name = item.attribute_name.as_deref();
    fields
        .not_null("attributeName", name.as_ref())
        .length("attributeName", name, (0, 128))
        .plain("attributeName", name);
    let biometric = item.biometric.as_deref();
    let (modality, sub_types) = biometric.map(parse_biometric).unwrap_or_default();
    fields
        .not_null("biometric", biometric.as_ref())
        .length("biometric", Some(modality), (0, 64))
        .length("biometric", sub_types, (0, 64))
        .plain("biometric", biometric);
    fields.not_null("extractor", item.extractor.as_ref());
    if let Some(extractor) = &item.extractor {
        let (provider, version) = (extractor.provider.as_deref(), extractor.version.as_deref());
        fields
            .not_null("extractor.provider", provider.as_ref())
            .length("extractor.provider", provider, (0, 128))
            .plain("extractor.provider", provider)
            .length("extractor.version", version, (0, 8))
            .plain("extractor.version", version);
    }
}

/// Adds or changes extractors.
///
/// # Errors
/// The rules of contract partner.md §4.8, in its order.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    Body(request): Body<AddExtractors>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (partner_id, policy_id) = path.into_inner();
    let extractors = request.extractors.unwrap_or_default();
    let stamp = context.stamp(&caller);
    let by = stamp.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        let about = about_partner(&partner_id);
        trail.note(audits::ADD_EXTRACTORS, about);
        // Locked, so that two calls don't add one attribute twice, and no call
        // approves the request meanwhile.
        let partner = partners::lock(conn, &partner_id)?;
        let requests = mapping_requests::lock_list(conn, &partner_id, &policy_id)?;
        let (Some(partner), false) = (partner, requests.is_empty()) else {
            return Err(errors::EXTRACTORS_WITHOUT_MAPPING.into());
        };
        caller.require_owner(&partner.user_id, &partner.id)?;
        let failed = audits::ADD_EXTRACTORS_FAILED;
        partner
            .standing()
            .may_change()
            .map_err(|error| trail.refuse(failed, about, error))?;
        let approved = |status: &str| status.eq_ignore_ascii_case(mapping::APPROVED);
        if requests
            .iter()
            .any(|request| approved(&request.status_code))
        {
            return Err(trail.refuse(failed, about, errors::EXTRACTORS_FIXED));
        }
        write(conn, (&partner_id, &policy_id), &extractors, &stamp)?;
        trail.note(audits::EXTRACTORS_ADDED, about);
        Ok("Extractors added successfully.")
    };
    Ok(context.db.audited(by, work).await?)
}

fn attribute_of(item: &Extractor) -> &str {
    item.attribute_name.as_deref().unwrap_or_default()
}

fn write(
    conn: &mut Connection,
    (part_id, policy_id): (&str, &str),
    extractors: &[Extractor],
    stamp: &Stamp,
) -> Result<(), DbError> {
    let names: Vec<&str> = extractors.iter().map(attribute_of).collect();
    let mut present = bio_extractors::ids_among(conn, part_id, policy_id, &names)?;
    let mut stamp = stamp.clone();
    for item in extractors {
        let attribute_name = attribute_of(item);
        let (biometric_modality, biometric_sub_types) =
            parse_biometric(item.biometric.as_deref().unwrap_or_default());
        let provider = item.extractor.as_ref();
        let extraction = Extraction {
            extractor_provider: provider
                .and_then(|p| p.provider.as_deref())
                .unwrap_or_default(),
            extractor_provider_version: provider.and_then(|p| p.version.as_deref()),
            biometric_modality,
            biometric_sub_types,
        };
        match present.get(attribute_name) {
            Some(id) => bio_extractors::update(conn, id, &extraction, &stamp)?,
            None => {
                let id = ids::decimal()?;
                let attribute = Attribute {
                    part_id,
                    policy_id,
                    attribute_name,
                };
                bio_extractors::insert(conn, &id, &attribute, &extraction, &stamp)?;
                // Their age keeps the order in which they were sent.
                stamp.at += TimeDelta::microseconds(1);
                present.insert(attribute_name.to_owned(), id);
            }
        }
    }
    Ok(())
}
