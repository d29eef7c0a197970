-- First history rows of the default SBIs (contract schema.md §4.9).
INSERT INTO pms.secure_biometric_interface_h
    (id, eff_dtimes, sw_binary_hash, sw_version, sw_cr_dtimes, sw_expiry_dtimes, approval_status, is_active,
     cr_by, cr_dtimes, upd_by, upd_dtimes)
SELECT s.id, s.cr_dtimes, s.sw_binary_hash, s.sw_version, s.sw_cr_dtimes, s.sw_expiry_dtimes,
       s.approval_status, s.is_active, s.cr_by, s.cr_dtimes, s.upd_by, s.upd_dtimes
FROM pms.secure_biometric_interface s
WHERE s.id IN (
    '618856c8-43fc-4e01-9d9b-67d20a07b352',
    '5fbe45ac-b4dc-4523-b368-c38f46633662',
    'd2479cf1-4c63-420e-9480-105e744caa99'
)
  AND NOT EXISTS (SELECT FROM pms.secure_biometric_interface_h h WHERE h.id = s.id)
ON CONFLICT DO NOTHING;
