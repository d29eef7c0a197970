//! What may be uploaded: decisions over certificates, in the order of the contract
//! (contract keymanager.md §6, §8).

mod authority_upload;
mod columns;
mod concerns;
mod dates;
mod domain;
mod partner_upload;
mod settings;
mod sign_algorithms;
mod version;

pub use authority_upload::{Admitted, AuthorityUpload, UploadStatus, admit_authorities};
pub use concerns::{Concern, partner_concerns};
pub use domain::Domain;
pub use partner_upload::check_partner;
pub use settings::UploadRules;
pub use sign_algorithms::SignAlgorithms;
