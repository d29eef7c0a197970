//! The entities of the legacy searches, one file each (search contract §8.8).

mod policies;
mod policy_groups;

pub use policies::{Policies, PolicyFound, of_type};
pub use policy_groups::PolicyGroups;
