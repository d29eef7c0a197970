//! pms-testkit
