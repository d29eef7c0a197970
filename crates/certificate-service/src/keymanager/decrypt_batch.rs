//! POST /v1/keymanager/decryptBatch (an addition of ours)

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::web::Data;
use futures_util::future::try_join_all;
use pms_database::DbError;
use pms_pki::envelope::Envelope;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::data::{Reader, Salt, Zeroized, keys_for, open};
use super::fields;
use crate::keys::OwnKey;
use crate::vault::Vault;

/// Most texts of one request.
const MAX_TEXTS: usize = 20_000;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DecryptBatch {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// Encrypted texts.
    data: Option<Vec<Option<String>>>,
}

impl Request for DecryptBatch {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        let texts = self.data.as_ref();
        checks.require(texts.is_some(), "data", "should not be null or empty");
        let few = texts.is_none_or(|texts| texts.len() <= MAX_TEXTS);
        checks.require(few, "data", "holds more than 20000 texts");
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Decrypted {
    /// In the order of the request: base64url of the plain text, or null for
    /// a text that can't be decrypted.
    #[schema(value_type = Vec<Option<String>>)]
    data: Vec<Option<Zeroized>>,
}

/// A text with the key that opens it; `None` for one that nothing opens.
type Job = Option<(Envelope, Arc<OwnKey>)>;

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<DecryptBatch>,
    vault: Data<Vault>,
) -> ApiResult<Decrypted> {
    let reader = Reader {
        user: caller.user_id().to_owned(),
        app_id: request.application_id.unwrap_or_default(),
        ref_id: request.reference_id.unwrap_or_default(),
        now: vault.clock.now(),
    };
    let name = (reader.app_id.as_str(), reader.ref_id.as_str());
    vault.restricted.check_client(&caller, name)?;
    let texts = request.data.unwrap_or_default();
    let parse = move || -> Vec<Option<Envelope>> {
        let parsed = texts
            .iter()
            .map(|text| Envelope::parse(text.as_deref()?).ok());
        parsed.collect()
    };
    let envelopes = vault.compute.run(parse).await?;
    let keys = keys_by_thumbprint(&vault, reader, &envelopes).await?;
    let mut jobs: Vec<Job> = envelopes
        .into_iter()
        .map(|envelope| {
            let envelope = envelope?;
            let key = keys.get(&envelope.thumbprint().copied())?;
            Some((envelope, Arc::clone(key)))
        })
        .collect();
    let mut pieces = Vec::new();
    let size = jobs.len().div_ceil(vault.compute.width()).max(1);
    while !jobs.is_empty() {
        let rest = jobs.split_off(size.min(jobs.len()));
        let piece = std::mem::replace(&mut jobs, rest);
        pieces.push(vault.compute.run(move || open_all(&piece)));
    }
    let opened = try_join_all(pieces).await?;
    Ok(Decrypted {
        data: opened.into_iter().flatten().collect(),
    })
}

fn open_all(jobs: &[Job]) -> Vec<Option<Zeroized>> {
    let salt = Salt::default();
    let open = |(envelope, key): &(Envelope, Arc<OwnKey>)| open(envelope, key, &salt).ok();
    jobs.iter().map(|job| job.as_ref().and_then(open)).collect()
}

/// The keys that the envelopes name. One that is unknown is not there.
async fn keys_by_thumbprint(
    vault: &Data<Vault>,
    reader: Reader,
    envelopes: &[Option<Envelope>],
) -> Result<HashMap<Option<[u8; 32]>, Arc<OwnKey>>, DbError> {
    let mut wanted: Vec<_> = envelopes
        .iter()
        .flatten()
        .map(|envelope| envelope.thumbprint().copied())
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let found = keys_for(vault, reader, wanted.clone()).await?;
    let found = wanted.into_iter().zip(found);
    Ok(found
        .filter_map(|(thumbprint, key)| Some((thumbprint, key.ok()?)))
        .collect())
}
