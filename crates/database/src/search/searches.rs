//! The entities of the legacy searches, one file each (contract envelope-and-search.md §8.8).

mod api_keys;
mod device_mappings;
mod device_sub_types;
mod device_types;
mod devices;
mod ftm_chips;
mod interfaces;
mod mapping_requests;
mod misp_licences;
mod names;
mod partner_types;
mod partners;
mod policies;
mod policy_groups;
mod virtual_columns;

pub use api_keys::{ApiKeyFound, ApiKeys};
pub use device_mappings::{DeviceMappingFound, DeviceMappings};
pub use device_sub_types::{DeviceSubType, DeviceSubTypes};
pub use device_types::{DeviceType, DeviceTypes};
pub use devices::Devices;
pub use ftm_chips::FtmChips;
pub use interfaces::Interfaces;
pub use mapping_requests::{MappingRequestFound, MappingRequests};
pub use misp_licences::MispLicences;
pub use partner_types::PartnerTypes;
pub use partners::Partners;
pub use policies::{Policies, PolicyFound, of_type};
pub use policy_groups::PolicyGroups;
