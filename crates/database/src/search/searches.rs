//! The entities of the legacy searches, one file each (contract envelope-and-search.md §8.8).

mod api_keys;
mod mapping_requests;
mod misp_licences;
mod names;
mod partner_types;
mod partners;
mod policies;
mod policy_groups;
mod virtual_columns;

pub use api_keys::{ApiKeyFound, ApiKeys};
pub use mapping_requests::{MappingRequestFound, MappingRequests};
pub use misp_licences::MispLicences;
pub use partner_types::PartnerTypes;
pub use partners::Partners;
pub use policies::{Policies, PolicyFound, of_type};
pub use policy_groups::PolicyGroups;
