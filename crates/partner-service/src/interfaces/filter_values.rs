//! `POST /securebiometricinterface/filtervalues`
//!
//! Values of columns of SBIs, each with the id of an SBI that has it
//! (contract devices.md §6).

use pms_database::search::Entity;
use pms_database::search::searches::Interfaces;
use pms_runtime::Visible;
use pms_runtime::searches::{AuditPair, LegacyValues};
use pms_web::Caller;

use crate::Context;
use crate::devices::filter_values::InterfaceValues;
use crate::scope::rows_of_own;

/// The filter values of SBIs.
pub struct FilterInterfaces;

impl LegacyValues for FilterInterfaces {
    type Context = Context;
    type Entity = Interfaces;
    type Request = InterfaceValues;
    const AUDITS: Option<AuditPair> = None;

    fn visible(caller: Caller) -> Visible<<Interfaces as Entity>::Source> {
        rows_of_own(caller, Interfaces::of_partners)
    }
}
