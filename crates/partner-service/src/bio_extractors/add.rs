//! `POST /partners/{partnerId}/bioextractors/{policyId}`
//!
//! Says how a partner gets biometrics, as long as its request for the policy is
//! undecided (partner contract §4.8).

use actix_web::web;
use pms_database::bio_extractors::{self, Attribute, Extraction};
use pms_database::outbox::Trail;
use pms_database::{Connection, Failure, Stamp, ids, mapping_requests, partners};
use pms_domain::partner::extractors::parse_biometric;
use pms_domain::partner::{audits, errors, mapping};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::wire::Extractor;
use crate::Context;
use crate::notes::{Notes, partner as about_partner};

/// The extractors; attributes that are not named keep theirs.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct AddExtractors {
    /// One for each attribute.
    pub extractors: Option<Vec<Extractor>>,
}

impl Request for AddExtractors {
    fn check(&self, fields: &mut Checks) {
        fields.not_null("extractors", self.extractors.as_ref());
        fields.each(
            "extractors",
            self.extractors.as_deref().unwrap_or_default(),
            check,
        );
    }
}

/// The widths of the columns.
fn check(item: &Extractor, fields: &mut Checks) {
    let name = item.attribute_name.as_deref();
    fields
        .not_blank("attributeName", name)
        .length("attributeName", name, (1, 128));
    let biometric = item.biometric.as_deref();
    let (modality, sub_types) = biometric.map(parse_biometric).unwrap_or_default();
    fields
        .not_blank("biometric", biometric)
        .length("biometric", Some(modality), (0, 64))
        .length("biometric", sub_types, (0, 64));
    fields.not_null("extractor", item.extractor.as_ref());
    if let Some(extractor) = &item.extractor {
        let (provider, version) = (extractor.provider.as_deref(), extractor.version.as_deref());
        fields
            .not_blank("extractor.provider", provider)
            .length("extractor.provider", provider, (1, 128))
            .length("extractor.version", version, (0, 8));
    }
}

/// Adds or changes extractors.
///
/// # Errors
/// The rules of §4.8, in its order.
pub async fn add(
    caller: Caller,
    path: web::Path<(String, String)>,
    Body(request): Body<AddExtractors>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (partner_id, policy_id) = path.into_inner();
    let extractors = request.extractors.unwrap_or_default();
    let stamp = context.stamp(&caller);
    let work = move |conn: &mut Connection, trail: &mut Trail| {
        let mut notes = Notes::new(trail, &stamp);
        let about = about_partner(&partner_id);
        notes.note(&audits::ADD_EXTRACTORS, about);
        let requests = mapping_requests::list(conn, &partner_id, &policy_id)?;
        if requests.is_empty() {
            return Err(errors::EXTRACTORS_WITHOUT_MAPPING.into());
        }
        // Locked, so that two calls don't add one attribute twice.
        let partner = partners::lock(conn, &partner_id)?.ok_or(errors::PARTNER_UNKNOWN)?;
        caller.require_owner(&partner.user_id, &partner.id)?;
        let approved = |status: &str| status.eq_ignore_ascii_case(mapping::APPROVED);
        if requests
            .iter()
            .any(|request| approved(&request.status_code))
        {
            let failed = &audits::ADD_EXTRACTORS_FAILED;
            return Err(notes.refuse(failed, about, errors::EXTRACTORS_FIXED));
        }
        write(conn, (&partner_id, &policy_id), &extractors, &stamp)?;
        notes.note(&audits::EXTRACTORS_ADDED, about);
        Ok("Extractors added successfully.")
    };
    Ok(context.db.audited(work).await?)
}

fn write(
    conn: &mut Connection,
    (part_id, policy_id): (&str, &str),
    extractors: &[Extractor],
    stamp: &Stamp,
) -> Result<(), Failure> {
    let mut present: Vec<(String, String)> = bio_extractors::list(conn, part_id, policy_id)?
        .into_iter()
        .map(|row| (row.attribute_name, row.id))
        .collect();
    for item in extractors {
        let attribute_name = item.attribute_name.as_deref().unwrap_or_default();
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
        match present.iter().find(|(name, _)| name == attribute_name) {
            Some((_, id)) => bio_extractors::update(conn, id, &extraction, stamp)?,
            None => {
                let id = ids::decimal()?;
                let attribute = Attribute {
                    part_id,
                    policy_id,
                    attribute_name,
                };
                bio_extractors::insert(conn, &id, &attribute, &extraction, stamp)?;
                present.push((attribute_name.to_owned(), id));
            }
        }
    }
    Ok(())
}
