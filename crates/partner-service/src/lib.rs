//! pms-partner-service
