//! Who edits a device, an SBI or an FTM chip.

/// The kind of caller that edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Editor {
    /// An administrator, whose word is an approval.
    Admin,
    /// The provider.
    Provider,
}
