//! Audit records of devices and SBIs (contract devices.md §8). A failure records code
//! and text of its refusal instead of its description.
#![expect(missing_docs, reason = "the names say when a record is made")]

use crate::audit::{Subject, audits};

/// A device, by id.
pub const fn about_device(id: &str) -> Subject<'_> {
    Some((id, "deviceDetailId"))
}

/// An SBI, by id.
pub const fn about_sbi(id: &str) -> Subject<'_> {
    Some((id, "sbiId"))
}

audits! {
    @module DEVICE_MANAGEMENT;
    Attempt CREATE_DEVICE = "AUT-001", "Create API called::DeviceDetail", "Create API called::DeviceDetail", else CREATE_DEVICE_FAILED;
    Success DEVICE_CREATED = "AUT-005", "Create DeviceDetail - Success", "Create DeviceDetail - Success", else CREATE_DEVICE_FAILED;
    Failure NEW_SUB_TYPE_UNKNOWN = "AUT-002", "Create DeviceDetail - Failure", "Create DeviceDetail - Failure";
    Failure CREATE_DEVICE_FAILED = "AUT-003", "Create DeviceDetail - Failure", "Create DeviceDetail - Failure";
    Failure DEVICE_EXISTS = "AUT-004", "Create DeviceDetail - Failure", "Create DeviceDetail - Failure";

    Attempt UPDATE_DEVICE = "AUT-006", "Update API called::DeviceDetail", "Update API called::DeviceDetail", else UPDATE_DEVICE_FAILED;
    Attempt DECIDE_DEVICE = "AUT-006", "Status update API called::DeviceDetail", "Status update API called::DeviceDetail", else DECIDE_DEVICE_FAILED;
    Success DEVICE_UPDATED = "AUT-007", "Update DeviceDetail - Success", "Update DeviceDetail - Success", else UPDATE_DEVICE_FAILED;
    Failure UPDATE_DEVICE_FAILED = "AUT-008", "Update DeviceDetail - Failure", "Update DeviceDetail - Failure";
    Failure UPDATED_SUB_TYPE_UNKNOWN = "AUT-009", "Update DeviceDetail - Failure", "Update DeviceDetail - Failure";
    Failure DECIDE_DEVICE_FAILED = "AUT-008", "Status Update DeviceDetail - Failure", "Status Update DeviceDetail - Failure";

    Attempt CREATE_SBI = "AUT-011", "Create API called::SecureBiometricInterface", "Create API called::SecureBiometricInterface", else CREATE_SBI_FAILED;
    Success SBI_CREATED = "AUT-012", "Create SecureBiometricInterface - Success", "Create SecureBiometricInterface - Success", else CREATE_SBI_FAILED;
    Failure CREATE_SBI_FAILED = "AUT-003", "Create SecureBiometricInterface - Failure", "Create SecureBiometricInterface - Failure";
    Failure SBI_VERSION_EXISTS = "AUT-005", "Create SecureBiometricInterface - Failure", "Create SecureBiometricInterface - Failure";
    Failure SBI_DATES_WRONG = "AUT-015", "Create SecureBiometricInterface - Failure", "Create SecureBiometricInterface - Failure";

    Attempt UPDATE_SBI = "AUT-013", "Update API called::SecureBiometricInterface", "Update API called::SecureBiometricInterface", else UPDATE_SBI_FAILED;
    Success SBI_UPDATED = "AUT-012", "Update SecureBiometricInterface - Success", "Update SecureBiometricInterface - Success", else UPDATE_SBI_FAILED;
    Failure UPDATE_SBI_FAILED = "AUT-016", "Update SecureBiometricInterface - Failure", "Update SecureBiometricInterface - Failure";

    Attempt DECIDE_SBI = "AUT-006", "Status update API called::SecureBiometricInterface", "Status update API called::SecureBiometricInterface", else UPDATE_SBI_FAILED;
    Success SBI_DECIDED = "AUT-007", "Update SecureBiometricInterface - Success", "Update SecureBiometricInterface - Success", else UPDATE_SBI_FAILED;
    Failure DECIDE_SBI_FAILED = "AUT-008", "Status Update SecureBiometricInterface - Failure", "Status Update SecureBiometricInterface - Failure";

    Failure MAP_DEVICE_REFUSED = "AUT-008", "Update DeviceDetailSBI - Failure", "Update DeviceDetailSBI - Failure";
    Failure MAP_SBI_REFUSED = "AUT-016", "Update DeviceDetailSBI - Failure", "Update DeviceDetailSBI - Failure";
}
