//! pms-cluster
