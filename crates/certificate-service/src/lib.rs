//! pms-certificate-service
