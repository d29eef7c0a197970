//! Reading certificates in numbers: those of authorities, and those of many
//! partners at once (contract keymanager.md §14.4).

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use pms_domain::BusinessError;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{CALLS_AT_ONCE, Certificate, KeyManager, WrittenTime};

/// Certificates that our batch endpoint is asked for at once.
const BATCH: usize = 1000;

/// Which certificates of authorities to list, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the members of the contract's request")]
pub struct CaQuery {
    pub ca_certificate_type: Option<String>,
    pub partner_domain: Option<String>,
    #[serde(rename = "excludeMosipCA")]
    pub exclude_mosip_ca: bool,
    pub cert_id: Option<String>,
    pub issued_to: Option<String>,
    pub issued_by: Option<String>,
    pub valid_from_date: Option<String>,
    pub valid_till_date: Option<String>,
    pub upload_time: Option<String>,
    /// UTC, milliseconds, `Z`; only the day counts.
    pub expiring_within_date: Option<String>,
    pub sort_by_field_name: Option<String>,
    pub sort_order: Option<String>,
    /// Counted from 1.
    pub page_number: i64,
    pub page_size: i64,
}

/// A page of certificates of authorities.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaPage {
    /// Counted from 1.
    pub page_number: i64,
    /// Most certificates of a page.
    pub page_size: i64,
    /// Certificates of all pages.
    pub total_records: i64,
    /// The page's certificates.
    #[serde(default)]
    pub all_partner_certificates: Option<Vec<CaCertificate>>,
}

/// A certificate of an authority.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the members of the contract's answer")]
pub struct CaCertificate {
    /// `ROOT` or `INTERMEDIATE`.
    pub ca_certificate_type: Option<String>,
    pub partner_domain: Option<String>,
    pub cert_id: Option<String>,
    pub issued_to: Option<String>,
    pub issued_by: Option<String>,
    pub cert_thumbprint: Option<String>,
    pub valid_from_date: Option<WrittenTime>,
    pub valid_till_date: Option<WrittenTime>,
    pub upload_time: Option<WrittenTime>,
    /// Whether it is valid now.
    pub status: bool,
}

/// A certificate with its issuers, for download.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrustPath {
    /// PKCS#7 in PEM armour.
    #[serde(rename = "p7bFile")]
    pub p7b_file: String,
    /// ISO local date-time, UTC.
    #[serde(default)]
    pub timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Certificates {
    certificates: Vec<Certificate>,
}

/// A certificate that was asked for: nothing when the key manager does not have it,
/// an error when it does not answer.
pub type Known = Result<Option<Certificate>, BusinessError>;

impl KeyManager {
    /// `POST /getCaCertificates`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn ca_certificates(&self, query: &CaQuery) -> Result<CaPage, BusinessError> {
        self.ask("getCaCertificates", &json!(query)).await
    }

    /// `GET /getCACertificateTrustPath/{id}`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn ca_trust_path(&self, id: &str) -> Result<TrustPath, BusinessError> {
        self.get(&["getCACertificateTrustPath", id]).await
    }

    /// [`KeyManager::partner_certificate`] for many, in order: all or none.
    ///
    /// Our own key manager gets one call, another one some calls at a time.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn partner_certificates(
        &self,
        ids: &[&str],
    ) -> Result<Vec<Certificate>, BusinessError> {
        if !self.batches {
            let calls = ids.iter().map(|id| self.partner_certificate(id));
            let calls: Vec<_> = calls.collect();
            return stream::iter(calls)
                .buffered(CALLS_AT_ONCE)
                .try_collect()
                .await;
        }
        let mut all = Vec::with_capacity(ids.len());
        for ids in ids.chunks(BATCH) {
            let request = json!({ "partnerCertIds": ids });
            let some: Certificates = self.ask("getPartnerCertificates", &request).await?;
            if some.certificates.len() != ids.len() {
                let message = "the key manager answers with other certificates than asked for";
                pms_log::error(message, "", |line| tracing::error!("{line}"));
                return Err(super::UNREACHABLE.into());
            }
            all.extend(some.certificates);
        }
        Ok(all)
    }

    /// As [`KeyManager::partner_certificates`], each with an answer of its own: nothing
    /// for one that the key manager does not have, an error for one that it does not
    /// tell. One of them must not hide the others.
    pub fn known_certificates<'a>(&'a self, ids: &'a [&'a str]) -> BoxFuture<'a, Vec<Known>> {
        if self.batches {
            self.known_in_batches(ids).boxed()
        } else {
            self.known_one_by_one(ids).boxed()
        }
    }

    async fn known_one_by_one<'a>(&'a self, ids: &'a [&'a str]) -> Vec<Known> {
        let mut calls: Vec<BoxFuture<'a, Known>> = Vec::with_capacity(ids.len());
        for id in ids {
            calls.push(async move { answered(self.partner_certificate(id).await) }.boxed());
        }
        stream::iter(calls).buffered(CALLS_AT_ONCE).collect().await
    }

    async fn known_in_batches<'a>(&'a self, ids: &'a [&'a str]) -> Vec<Known> {
        let mut all = Vec::with_capacity(ids.len());
        for ids in ids.chunks(BATCH) {
            match self.known_of_batch(ids).await {
                Ok(some) => all.extend(some.into_iter().map(Ok)),
                Err(error) => all.extend(ids.iter().map(|_| Err(error.clone()))),
            }
        }
        all
    }

    /// Halves a batch that is refused until those are found that it is refused for.
    fn known_of_batch<'a>(
        &'a self,
        ids: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Vec<Option<Certificate>>, BusinessError>> {
        async move {
            match answered(self.partner_certificates(ids).await)? {
                Some(all) => Ok(all.into_iter().map(Some).collect()),
                None if ids.len() <= 1 => Ok(ids.iter().map(|_| None).collect()),
                None => {
                    let (left, right) = ids.split_at(ids.len() / 2);
                    let mut all = self.known_of_batch(left).await?;
                    all.extend(self.known_of_batch(right).await?);
                    Ok(all)
                }
            }
        }
        .boxed()
    }
}

/// Nothing for a refusal, which is an answer too.
fn answered<T>(answer: Result<T, BusinessError>) -> Result<Option<T>, BusinessError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(refusal) if refusal == super::UNREACHABLE.into() => Err(refusal),
        Err(_refusal) => Ok(None),
    }
}
