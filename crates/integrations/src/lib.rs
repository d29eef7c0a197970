//! pms-integrations
