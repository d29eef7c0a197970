//! What makes an FTM chip this one (contract devices.md §10.1 and §10.2).

use pms_database::ftm_chips::ChipModel;
use pms_domain::text::Spelling;

/// Make and model of a request.
pub(super) struct Model {
    make: Spelling,
    model: Spelling,
}

impl Model {
    pub(super) fn new(make: Option<String>, model: Option<String>) -> Self {
        Self {
            make: Spelling::new(make.unwrap_or_default()),
            model: Spelling::new(model.unwrap_or_default()),
        }
    }

    /// As it is stored.
    pub(super) fn normal(&self) -> ChipModel<'_> {
        ChipModel {
            make: self.make.normal(),
            model: self.model.normal(),
        }
    }

    /// As it was sent.
    pub(super) fn sent(&self) -> ChipModel<'_> {
        ChipModel {
            make: self.make.sent(),
            model: self.model.sent(),
        }
    }
}
