//! Rows that tests start from, as statements: each method of [`TestDatabase`]
//! inserts one row and says with its parameters what the test is about.

use crate::TestDatabase;

/// A partner; the default is an active authentication partner of the group `g-1`.
pub struct PartnerRow<'a> {
    /// Partner id.
    pub id: &'a str,
    /// User id of its owner.
    pub user: &'a str,
    /// Name of the organisation; `Org` and the id without one.
    pub name: Option<&'a str>,
    /// Code of its type, which is made if it isn't there.
    pub kind: &'a str,
    /// Policy group.
    pub group: Option<&'a str>,
    /// Approval status.
    pub status: &'a str,
    /// Whether it is active.
    pub active: bool,
    /// Id of its certificate at the key manager.
    pub alias: Option<&'a str>,
    /// E-mail address.
    pub email: &'a str,
    /// Its hash.
    pub email_hash: Option<&'a str>,
    /// Contact number.
    pub phone: &'a str,
    /// Address.
    pub address: &'a str,
}

impl Default for PartnerRow<'_> {
    fn default() -> Self {
        Self {
            id: "acme",
            user: "acme",
            name: None,
            kind: "Auth_Partner",
            group: Some("g-1"),
            status: "approved",
            active: true,
            alias: Some("cert-1"),
            email: "info@acme.org",
            email_hash: None,
            phone: "700-1",
            address: "1 Main Street",
        }
    }
}

impl TestDatabase {
    /// A policy group.
    pub fn group(&self, id: &str, name: &str, active: bool) {
        self.sql(&format!(
            "INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', '{name}', 'd', 'u', {active}, 'u', now())"
        ));
    }

    /// A policy for authentication that is valid from 2026-01-01 to 2030-01-01.
    pub fn policy(&self, id: &str, group: Option<&str>, name: &str, active: bool) {
        self.policy_with(id, group, name, ("Auth", r#"{"b":1,"a":[2]}"#), active);
    }

    /// [`Self::policy`] of this type, with this document.
    pub fn policy_with(
        &self,
        id: &str,
        group: Option<&str>,
        name: &str,
        (kind, document): (&str, &str),
        active: bool,
    ) {
        let group = quoted(group);
        self.sql(&format!(
            "INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id,
               policy_type, version, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', {group}, '{name}', 'About {name}', '{document}', '{kind}', '1.0',
               '2026-01-01', '2030-01-01', {active}, 'u', now())"
        ));
    }

    /// A partner, and its type.
    pub fn partner(&self, row: &PartnerRow<'_>) {
        let PartnerRow {
            id,
            user,
            kind,
            status,
            active,
            email,
            phone,
            address,
            ..
        } = row;
        let name = row.name.map_or_else(|| format!("Org {id}"), str::to_owned);
        let (group, alias, hash) = (quoted(row.group), quoted(row.alias), quoted(row.email_hash));
        self.sql(&format!(
            "INSERT INTO partner_type (code, partner_description, is_active, is_policy_required,
               cr_by, cr_dtimes)
             VALUES ('{kind}', '{kind}', true, true, 'u', now()) ON CONFLICT DO NOTHING;
             INSERT INTO partner (id, policy_group_id, name, address, contact_no, email_id,
               email_id_hash, certificate_alias, user_id, partner_type_code, approval_status,
               is_active, cr_by, cr_dtimes)
             VALUES ('{id}', {group}, '{name}', '{address}', '{phone}', '{email}', {hash},
               {alias}, '{user}', '{kind}', '{status}', {active}, 'u', now())"
        ));
    }

    /// A mapping request of now.
    pub fn mapping(&self, key: &str, partner: &str, policy: &str, status: &str) {
        self.mapping_of(key, partner, policy, status, "now");
    }

    /// A mapping request of a day.
    pub fn mapping_of(&self, key: &str, partner: &str, policy: &str, status: &str, day: &str) {
        self.sql(&format!(
            "INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes,
               request_detail, status_code, cr_by, cr_dtimes)
             VALUES ('{key}', '{partner}', '{policy}', '{day}', 'why', '{status}', 'u', '{day}')"
        ));
    }

    /// An API key of 2026, a second younger than the one before.
    pub fn key(&self, key: &str, partner: &str, policy: &str, label: &str, active: bool) {
        self.sql(&format!(
            "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
               valid_to_datetime, is_active, label, cr_by, cr_dtimes)
             SELECT '{key}', '{partner}', '{policy}', timestamp '2026-01-01' + age, '2027-01-01',
               {active}, '{label}', 'u', timestamp '2026-01-02' + age
             FROM (SELECT count(*) * interval '1 second' AS age FROM partner_policy) AS x"
        ));
    }

    /// A slap scanner of 2026.
    pub fn device(&self, id: &str, provider: &str, make: &str, status: &str, active: bool) {
        self.sql(&format!(
            "INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
               partner_org_name, approval_status, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', '{provider}', 'Finger', 'Slap', '{make}', 'Model', 'Org {provider}',
               '{status}', {active}, 'u', '2026-01-01')"
        ));
    }

    /// An SBI that expires on the day of the tests.
    pub fn interface(
        &self,
        id: &str,
        provider: Option<&str>,
        version: &str,
        status: &str,
        active: bool,
    ) {
        let provider = quoted(provider);
        self.sql(&format!(
            "INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
               sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
               cr_dtimes)
             VALUES ('{id}', 'hash', '{version}', '2025-01-01', '2026-11-24', '{status}', {active},
               {provider}, 'Org {id}', 'u', '2026-01-01')"
        ));
    }

    /// Maps a device of the provider `north` to an SBI.
    pub fn device_of(&self, device: &str, sbi: &str) {
        self.sql(&format!(
            "INSERT INTO device_detail_sbi (dprovider_id, partner_org_name, device_detail_id,
               sbi_id, is_active, cr_by, cr_dtimes)
             VALUES ('north', 'Org', '{device}', '{sbi}', false, 'u', '2026-01-01')"
        ));
    }

    /// An FTM chip of make `Make` whose model is its id.
    pub fn chip(
        &self,
        id: &str,
        provider: &str,
        (status, active): (&str, bool),
        alias: Option<&str>,
    ) {
        let alias = quoted(alias);
        self.sql(&format!(
            "INSERT INTO ftp_chip_detail (id, foundational_trust_provider_id, make, model,
               certificate_alias, partner_org_name, is_active, cr_by, cr_dtimes, approval_status,
               is_deleted)
             VALUES ('{id}', '{provider}', 'Make', '{id}', {alias}, 'Org {provider}', {active},
               'u', '2026-01-01 10:00:00.5', '{status}', false)"
        ));
    }

    /// How many rows of the table fulfil the condition.
    pub fn count(&self, table: &str, condition: &str) -> String {
        let query = format!("SELECT count(*) FROM {table} WHERE {condition}");
        self.text(&query).unwrap()
    }

    /// `status active` of a row of devices, SBIs or chips; empty without the row.
    pub fn state_of(&self, table: &str, id: &str) -> String {
        let query =
            format!("SELECT approval_status || ' ' || is_active FROM {table} WHERE id = '{id}'");
        self.text(&query).unwrap_or_default()
    }
}

fn quoted(value: Option<&str>) -> String {
    value.map_or("NULL".to_owned(), |value| format!("'{value}'"))
}
