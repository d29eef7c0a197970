//! pms-web
