//! The error catalogue of the key manager (contract keymanager.md §13): one constant per
//! meaning.
//!
//! Three meanings share `KER-KMS-021`, two share `KER-CRY-003`; the wire is like that.
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::KeyManagerError;

pub const INVALID_CERTIFICATE: KeyManagerError =
    KeyManagerError::new("KER-PCM-001", "Invalid Certificate uploaded.");
pub const ALREADY_IN_STORE: KeyManagerError =
    KeyManagerError::new("KER-PCM-003", "Certificate already exists in store.");
pub const DATES_INVALID: KeyManagerError =
    KeyManagerError::new("KER-PCM-004", "Certificate Dates are not valid.");
pub const ROOT_NOT_FOUND: KeyManagerError =
    KeyManagerError::new("KER-PCM-005", "Root CA Certificate not found.");
pub const ISSUERS_NOT_FOUND: KeyManagerError = KeyManagerError::new(
    "KER-PCM-006",
    "Root CA/Intermediate CA Certificates not found.",
);
pub const VERSION_UNSUPPORTED: KeyManagerError =
    KeyManagerError::new("KER-PCM-007", "Certificate version not supported.");
pub const ORGANIZATION_MISMATCH: KeyManagerError =
    KeyManagerError::new("KER-PCM-008", "Partner Organization Name not Matched.");
pub const INVALID_CERTIFICATE_ID: KeyManagerError =
    KeyManagerError::new("KER-PCM-010", "Invalid Partner Certificate ID.");
pub const INVALID_DOMAIN: KeyManagerError =
    KeyManagerError::new("KER-PCM-011", "Invalid Partner Domain.");
pub const PARTNER_CERTIFICATE_UNKNOWN: KeyManagerError = KeyManagerError::new(
    "KER-PCM-012",
    "Partner Certificate not found for the given ID.",
);
pub const KEY_TOO_SMALL: KeyManagerError = KeyManagerError::new(
    "KER-PCM-013",
    "Partner Certificate Key Size is less than allowed size.",
);
pub const SIGNATURE_UNSUPPORTED: KeyManagerError = KeyManagerError::new(
    "KER-PCM-014",
    "Partner Certificate Signature algorithm not supported.",
);
pub const SELF_SIGNED_PARTNER: KeyManagerError = KeyManagerError::new(
    "KER-PCM-015",
    "Self Signed Certificate not allowed as partner.",
);
pub const SIGNING_KEY_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-PCM-016",
    "Sign Certificate not allowed for the authenticated token.",
);
pub const CA_VALIDITY_TOO_SHORT: KeyManagerError = KeyManagerError::new(
    "KER-PCM-017",
    "The CA Certificate validity is less than required minimum validity.",
);
pub const INVALID_CERTIFICATE_TYPE: KeyManagerError =
    KeyManagerError::new("KER-PCM-018", "Invalid Certificate Type");
/// Not in the contract: the key of a certificate that was revoked since its private key is known to others.
pub const KEY_COMPROMISED: KeyManagerError = KeyManagerError::new(
    "KER-PCM-101",
    "The key of the certificate is compromised. Use a new key.",
);
pub const CA_CERTIFICATE_UNKNOWN: KeyManagerError =
    KeyManagerError::new("KER-PMS-019", "CA Certificate not found for the given ID.");
pub const FUTURE_DATED: KeyManagerError = KeyManagerError::new(
    "KER-PMS-020",
    "Future Dated Certificate not allowed to upload.",
);
pub const PARTNER_VALIDITY_TOO_SHORT: KeyManagerError = KeyManagerError::new(
    "KER-KMS-021",
    "The PARTNER Certificate validity is less than required minimum validity",
);
pub const REVOCATION_FORBIDDEN: KeyManagerError =
    KeyManagerError::new("KER-KMS-021", "Key Revocation not allowed.");

pub const POLICY_UNKNOWN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-002",
    "ApplicationId not found in Key Policy. Key/CSR generation not allowed.",
);
pub const NO_UNIQUE_ALIAS: KeyManagerError =
    KeyManagerError::new("KER-KMS-003", "No unique alias is found");
pub const INVALID_REQUEST: KeyManagerError = KeyManagerError::new("KER-KMS-005", "Invalid request");
pub const INVALID_OBJECT_TYPE: KeyManagerError =
    KeyManagerError::new("KER-KMS-009", "Invalid Response Object Type.");
pub const REFERENCE_UNSUPPORTED: KeyManagerError = KeyManagerError::new(
    "KER-KMS-010",
    "Reference Id Not Supported for the Application ID.",
);
pub const ROOT_KEY_UNAVAILABLE: KeyManagerError =
    KeyManagerError::new("KER-KMS-011", "Root Key not available to sign.");
pub const KEYS_NOT_GENERATED: KeyManagerError =
    KeyManagerError::new("KER-KMS-012", "Key Generation Process is not completed.");
pub const CERTIFICATE_UNPARSABLE: KeyManagerError =
    KeyManagerError::new("KER-KMS-013", "Certificate Parsing Error.");
/// As the reference words it, without a blank.
pub const CERTIFICATE_NOT_CLOSED: KeyManagerError = KeyManagerError::new(
    "KER-KMS-013",
    "Certificate Parsing Error.-----END CERTIFICATE not found",
);
pub const KEY_MISMATCH: KeyManagerError = KeyManagerError::new(
    "KER-KMS-014",
    "Certificate Key Not Matching with stored Key.",
);
pub const OTHER_DOMAIN_UPDATE_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-015",
    "Upload of certificate will not be allowed to update other domain certificate.(Refer Logs for error reason)",
);
/// Has one place-holder, see [`KeyManagerError::filled`].
pub const NEW_KEY_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-016",
    "Not allowed to generate new key pair for other domains or not allowed to generate base key. (%s)",
);
pub const CERTIFICATE_NOT_STORED: KeyManagerError =
    KeyManagerError::new("KER-KMS-017", "Certificate Not found in keystore table.");
pub const OTHER_DOMAIN_DECRYPTION: KeyManagerError = KeyManagerError::new(
    "KER-KMS-018",
    "Not Allowed to perform decryption with other domain key.",
);
pub const SYMMETRIC_KEY_UNREADABLE: KeyManagerError = KeyManagerError::new(
    "KER-KMS-019",
    "Not able to decrypt Symmetric Key using the Private Key.",
);
pub const SIGNING_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-020",
    "Signing operation not allowed for the provided application id & reference id.",
);
pub const CSR_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-022",
    "CSR Generation not allowed for the provided App Id & Ref Id.",
);
pub const THUMBPRINT_AMBIGUOUS: KeyManagerError = KeyManagerError::new(
    "KER-KMS-023",
    "More than one key alias found for the provided thumbprint.",
);
pub const THUMBPRINT_OF_OTHER_KEY: KeyManagerError = KeyManagerError::new(
    "KER-KMS-024",
    "Application Id & Reference Id not matching with the input thumbprint.",
);
pub const THUMBPRINT_UNKNOWN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-025",
    "Key Not found for the thumbprint prepended in encrypted data.",
);
pub const EC_REFERENCE_UNSUPPORTED: KeyManagerError = KeyManagerError::new(
    "KER-KMS-030",
    "EC Sign Reference Id Not Supported for the Application ID.",
);
pub const KERNEL_SIGN_UPLOAD_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-KMS-031",
    "Application Id with KERNEL & Reference Id with Sign not allowed to upload Partner certificate.",
);
pub const VALID_KEY_EXISTS: KeyManagerError = KeyManagerError::new(
    "KER-KMS-032",
    "Valid Key already Exist, not allowed to upload another Certificate.",
);
pub const OTHER_DOMAIN_KEY_UNAVAILABLE: KeyManagerError = KeyManagerError::new(
    "KER-KMS-033",
    "Other Domain Valid key not available, Upload other domain valid Key certificate.",
);
pub const PRIVATE_KEY_PRESENT: KeyManagerError = KeyManagerError::new(
    "KER-KMS-034",
    "PrivateKey available, for Other Domain Certificate, Private Key should not available.",
);
pub const SAME_CERTIFICATE: KeyManagerError = KeyManagerError::new(
    "KER-KMS-035",
    "Certificate Already Exist, not allowed to upload same certificate again",
);
pub const INTERNAL: KeyManagerError = KeyManagerError::new("KER-KMS-500", "Internal server error");

pub const NOT_BASE64: KeyManagerError =
    KeyManagerError::new("KER-CRY-003", " input data is not base64 encoded");
pub const ENVELOPE_INVALID: KeyManagerError = KeyManagerError::new(
    "KER-CRY-003",
    "data sent to decrypt is without key splitter or invalid",
);
pub const ENCRYPTION_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-CRY-011",
    "Not Allowed to preform encryption with Master Key. Use Base/Encrypt key to encrypt data.",
);
pub const DECRYPTION_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-CRY-012",
    "Not Allowed to preform decryption for the provided application id and with authentication token",
);

pub const JWS_DATA_INVALID: KeyManagerError =
    KeyManagerError::new("KER-JWS-102", "Data to sign is not valid.");
pub const JWS_DATA_NOT_JSON: KeyManagerError =
    KeyManagerError::new("KER-JWS-103", "Data to sign is not valid JSON.");
pub const JWS_VERIFICATION_FAILED: KeyManagerError =
    KeyManagerError::new("KER-JWS-105", "Error - Unable to verify the data.");
pub const JWS_SIGNATURE_INVALID: KeyManagerError =
    KeyManagerError::new("KER-JWS-106", "Signature data to verify not valid.");
pub const JWS_CERTIFICATE_INVALID: KeyManagerError = KeyManagerError::new(
    "KER-JWS-107",
    "Signature verification certificate not valid.",
);
pub const JWS_SIGNING_FORBIDDEN: KeyManagerError = KeyManagerError::new(
    "KER-JWS-108",
    "Signing data not allowed for the authenticated token.",
);

pub const KEYSTORE_EXCEPTION: KeyManagerError =
    KeyManagerError::new("KER-KMA-005", "Error occured while processing exception: ");
