//! What the tests of the administration have in common.

pub use pms_testkit::bodies::{answered, refusal};
use pms_testkit::{Reply, Who};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::{Value, json};

use crate::support::Stage;

/// The body of an answer that names the operation of older retrievals.
pub fn retrieved(response: &Value) -> Value {
    json!({
        "id": "mosip.partnermanagement.partners.retrieve",
        "version": "1.0",
        "responsetime": "<time>",
        "metadata": null,
        "response": response,
        "errors": [],
    })
}

/// The page that has no rows.
pub fn nothing() -> Value {
    json!({ "pageNo": 0, "pageSize": 0, "totalResults": 0, "data": [] })
}

/// The checks of order and page that all pages share: query, code and text. A
/// list without default page has two more of them.
pub fn wrong_pages(unpaged: bool) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut wrong = vec![
        (
            "sortFieldName=zzz&pageNo=-1&pageSize=0",
            "PMS_PS_ERROR_007",
            "Invalid Sorting request: 'sortType' and 'sortFieldName' must be specified together.",
        ),
        (
            "sortType=",
            "PMS_PS_ERROR_007",
            "Invalid Sorting request: 'sortType' and 'sortFieldName' must be specified together.",
        ),
        (
            "sortFieldName=partnerid&sortType=up&pageNo=-1&pageSize=0",
            "PMS_PRT_357",
            "Invalid sort field partnerid",
        ),
        (
            "sortFieldName=partnerId&sortType=up&pageNo=-1&pageSize=0",
            "PMS_PRT_358",
            "Sort type up is not supported",
        ),
        ("pageNo=-1&pageSize=0", "PMS_PRT_360", "Invalid Page No"),
        ("pageNo=0&pageSize=0", "PMS_PRT_361", "Invalid page size"),
    ];
    if unpaged {
        let half =
            "Invalid pagination request: 'pageNo' and 'pageSize' must be specified together.";
        wrong.push(("pageNo=0", "PMS_PS_ERROR_006", half));
        wrong.push(("pageSize=5&pageNo=", "PMS_PS_ERROR_006", half));
        wrong.push((
            "sortFieldName=zzz&sortType=up",
            "PMS_PS_ERROR_008",
            "Please provide pagination parameters ('pageNo' and 'pageSize') when requesting sorted data.",
        ));
    }
    wrong
}

/// One member of all rows of a page.
pub fn column(reply: &Reply, member: &str) -> Vec<String> {
    let rows = reply.response()["data"].clone();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row[member].as_str().unwrap().to_owned())
        .collect()
}

/// A self-signed certificate that is valid for these whole years, in PEM with
/// line feeds alone.
pub fn pem(from: i32, to: i32) -> String {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(to, 1, 1);
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().pem().replace('\r', "")
}

/// No token, and a role that is not enough.
pub async fn assert_guarded(stage: &Stage, path: &str) {
    let nobody = stage.get(&Who::Nobody, path).await;
    let wrong = stage.get(&Who::user("x", &["POLICYMANAGER"]), path).await;

    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    assert_eq!(
        (wrong.status, wrong.error().0.as_str()),
        (403, "KER-ATH-403")
    );
}

impl Stage {
    /// Only the rows that the test makes.
    pub fn without_seeds(&self) {
        self.sql(
            "DELETE FROM partner_policy; DELETE FROM partner_policy_request;
             DELETE FROM partner_policy_bioextract; DELETE FROM partner_policy_credential_type;
             DELETE FROM misp_license; DELETE FROM partner",
        );
    }
}
