//! Properties whose values are taken as they are, and those without a meaning
//! here.

/// Property and key.
pub(super) const VERBATIM: &[(&str, &str)] = &[
    ("hikari.maximumPoolSize", "database.pool_size"),
    (
        "auth.server.admin.allowed.audience",
        "auth.allowed_audiences",
    ),
    // That of this application counts, where there is one.
    (
        "auth.server.admin.allowed.audience.partner-management",
        "auth.allowed_audiences",
    ),
    // The same twice: the second counts (contract config-and-deploy.md §2.4).
    ("mosip.iam.adapter.clientid", "service_account.client_id"),
    ("mosip.pmp.auth.clientId", "service_account.client_id"),
    ("mosip.iam.module.clientID", "auth.client_id"),
    ("mosip.iam.module.clientsecret", "auth.client_secret"),
    ("mosip.iam.module.redirecturi", "auth.redirect_uri"),
    ("mosip.iam.module.login_flow.scope", "auth.scope"),
    ("mosip.iam.module.login_flow.claims", "auth.claims"),
    ("mosip.iam.logout.offline", "auth.offline_logout"),
    ("auth.allowed.urls", "auth.allowed_redirects"),
    (
        "mosip.iam.module.token.endpoint.private-key-jwt.auth.enabled",
        "auth.private_key_jwt",
    ),
    (
        "mosip.iam.adapter.clientsecret",
        "service_account.client_secret",
    ),
    ("mosip.pmp.auth.secretKey", "service_account.client_secret"),
    ("websub.publish.url", "websub.url"),
    ("mosip.kernel.masterdata.audit-url", "audit.url"),
    ("emailResourse.url", "notifier.url"),
    ("resource.template.url", "templates.url"),
    ("mosip.notification.timezone", "notifier.timezone"),
    ("pmp.certificaticate.datashare.rest.uri", "datashare.url"),
    ("pms.certs.datashare.policyId", "datashare.policy_id"),
    (
        "pms.certs.datashare.subscriberId",
        "datashare.subscriber_id",
    ),
    ("mosip.esignet.service.url", "esignet.url"),
    (
        "mosip.pms.esignet.oauth-client-create-url",
        "esignet.oauth_client_create_url",
    ),
    (
        "mosip.pms.esignet.oauth-client-update-url",
        "esignet.oauth_client_update_url",
    ),
    (
        "mosip.pms.esignet.oidc-client-create-url",
        "esignet.oidc_client_create_url",
    ),
    (
        "mosip.pms.esignet.oidc-client-update-url",
        "esignet.oidc_client_update_url",
    ),
    ("mosip.pms.esignet.config-url", "esignet.discovery_url"),
    (
        "mosip.pms.esignet.claims-mapping-file-url",
        "esignet.claims_mapping_url",
    ),
    (
        "mosip.pms.esignet.amr-acr-mapping-file-url",
        "esignet.acr_mapping_url",
    ),
    (
        "mosip.service.keymanager.crypto.appId",
        "key_manager.crypto_app_id",
    ),
    (
        "mosip.service.keymanager.crypto.refId",
        "key_manager.crypto_ref_id",
    ),
    (
        "mosip.kernel.keymanager.autogen.appids.list",
        "key_manager.applications",
    ),
    (
        "mosip.kernel.partner.allowed.domains",
        "pki.allowed_domains",
    ),
    (
        "mosip.kernel.partner.certificate.allowed.sign.algorithms",
        "pki.allowed_sign_algorithms",
    ),
    (
        "mosip.kernel.partner.issuer.certificate.duration.years",
        "pki.partner_certificate_years",
    ),
    (
        "mosip.kernel.partner.issuer.certificate.allowed.grace.duration",
        "pki.partner_grace_days",
    ),
    (
        "mosip.kernel.partner.cacertificate.upload.minimumvalidity.month",
        "pki.ca_minimum_validity_months",
    ),
    (
        "mosip.kernel.partner.resign.ftm.domain.certs",
        "pki.resign_ftm",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.common-name",
        "pki.common_name",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.organizational-unit",
        "pki.organizational_unit",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.organization",
        "pki.organization",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.location",
        "pki.location",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.state",
        "pki.state",
    ),
    (
        "mosip.kernel.keymanager.certificate.default.country",
        "pki.country",
    ),
    ("pmp.allowed.policy.types", "policy.allowed_types"),
    ("pmp.policy.schema.url", "policy.schema_url"),
    (
        "policy.allowed.kyc.attributes",
        "policy.allowed_kyc_attributes",
    ),
    (
        "policy.auth.allowed.token.types",
        "policy.allowed_token_types",
    ),
    ("pmp.partner.partnerId.max.length", "partner.id_max_length"),
    (
        "pmp.partner.mobileNumber.max.length",
        "partner.mobile_max_length",
    ),
    ("mosip.mandatory-languages", "partner.mandatory_languages"),
    ("mosip.optional-languages", "partner.optional_languages"),
    (
        "mosip.pmp.partner.policy.expiry.period.indays",
        "partner.api_key_validity_days",
    ),
    (
        "pmp.bioextractors.required.partner.types",
        "partner.bio_extractor_types",
    ),
    ("mosip.pms.misp.partner.type", "partner.misp_type"),
    (
        "mosip.kernel.idgenerator.misp.license-key-length",
        "partner.misp_licence_key_length",
    ),
    (
        "mosip.pmp.misp.license.expiry.period.indays",
        "partner.misp_licence_validity_days",
    ),
    ("pmp.allowed.credential.types", "partner.credential_types"),
    (
        "policy.credential.type.mapping.allowed.partner.types",
        "partner.credential_partner_types",
    ),
    ("mosip.pms.ui.required.roles", "partner.portal_roles"),
    ("mosip.pms.filtervalue.max_columns", "limits.filter_values"),
    (
        "mosip.pms.ca.signed.partner.certificate.available",
        "features.ca_signed_partner_certificate",
    ),
    (
        "mosip.pms.root.and.intermediate.certificates.available",
        "features.trust_certificates",
    ),
    ("mosip.pms.oidc.client.available", "features.oidc_clients"),
    (
        "mosip.pms.oidc.clients.grantTypes",
        "portal.oidc_grant_types",
    ),
    (
        "mosip.pms.oidc.clients.clientAuthMethods",
        "portal.oidc_client_auth_methods",
    ),
    (
        "mosip.pms.session.inactivity.timer",
        "portal.inactivity_minutes",
    ),
    (
        "mosip.pms.session.inactivity.prompt.timer",
        "portal.inactivity_prompt_minutes",
    ),
    ("mosip.pms.axios.timeout", "portal.request_timeout_minutes"),
    (
        "mosip.pms.pagination.items.per.page",
        "portal.items_per_page",
    ),
    (
        "mosip.pms.auto.refresh.notifications",
        "portal.notifications_refresh_seconds",
    ),
    (
        "mosip.pms.created.date.max.year",
        "devices.sbi_created_max_years",
    ),
    (
        "mosip.pms.expiry.date.max.year",
        "devices.sbi_expiry_max_years",
    ),
    (
        "mosip.pms.batch.job.root.intermediate.cert.expiry.cron.schedule",
        "jobs.ca_certificates_cron",
    ),
    (
        "mosip.pms.batch.job.partner.cert.expiry.cron.schedule",
        "jobs.partner_certificates_cron",
    ),
    (
        "mosip.pms.batch.job.weekly.notifications.cron.schedule",
        "jobs.weekly_summary_cron",
    ),
    (
        "mosip.pms.batch.job.delete.past.notifications.cron.schedule",
        "jobs.clean_up_cron",
    ),
    (
        "mosip.pms.batch.job.root.intermediate.cert.expiry.periods",
        "jobs.ca_certificates_periods",
    ),
    (
        "mosip.pms.batch.job.partner.cert.expiry.periods",
        "jobs.partner_certificates_periods",
    ),
    (
        "mosip.pms.batch.job.past.notifications.deletion.period",
        "jobs.keep_notifications_days",
    ),
    (
        "mosip.pms.batch.job.enable.past.notifications.deletion",
        "jobs.delete_notifications",
    ),
    (
        "mosip.pms.batch.job.skips.partner.ids",
        "jobs.skip_partners",
    ),
    ("notifications.sent.before.days", "jobs.api_key_mail_days"),
];

/// Patterns in Java's syntax.
pub(super) const PATTERNS: [(&str, &str); 2] = [
    (
        "pmp.partner.valid.email.address.regex",
        "partner.email_regex",
    ),
    ("mosip.pms.ftm.id.regex", "devices.ftm_id_regex"),
];

/// Lists that may be empty. Elsewhere an empty value leaves what is built in: an
/// empty list of audiences, for example, would accept the tokens of any client.
pub(super) const EMPTY_IS_NONE: [&str; 6] = [
    "mosip.pms.batch.job.root.intermediate.cert.expiry.periods",
    "mosip.pms.batch.job.partner.cert.expiry.periods",
    "mosip.pms.batch.job.skips.partner.ids",
    "mosip.optional-languages",
    "pmp.bioextractors.required.partner.types",
    "policy.credential.type.mapping.allowed.partner.types",
];

/// Properties of this system that mean nothing here: their rule is built in,
/// or nothing reads them in the reference either (contract config-and-deploy.md §3).
pub(super) const WITHOUT_MEANING: &[&str] = &[
    "mosip.pmp.auth.appId",
    "mosip.pmp.database.hostname",
    "mosip.pmp.database.port",
    "mosip.pmp.database.user",
    "mosip.pmp.database.password",
    "mosip.pmp.host",
    "mosip.pms.client.secret",
    "mosip.pms.policymanager.url",
    "mosip.pms.partnermanager.url",
    "partner.register.as.user.in.iam.enable",
    "partner.search.maximum.rows",
    "pmp.misp.valid.email.address.regex",
    "pmp.partner.mobileNumbe.max.length",
    "pmp.policy.allowed.authtokens.types",
    "pmp.policy.expiry.period.indays",
    "pms.cert.service.token.request.issuerUrl",
];
