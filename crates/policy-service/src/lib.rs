//! pms-policy-service
