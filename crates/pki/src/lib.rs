//! pms-pki
