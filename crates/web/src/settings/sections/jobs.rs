//! What runs by the clock.

use std::num::{NonZeroU32, NonZeroU64};

use pms_domain::schedule::{Schedule, Tz};
use serde::Deserialize;

use crate::SettingsError;

/// The types of notices, as `GET /notifications` filters by them
/// (contract clients-users-notifications.md §3.3).
pub const NOTICE_TYPES: [&str; 8] = [
    "root",
    "intermediate",
    "partner",
    "weekly",
    "ftm-chip",
    "sbi",
    "apikey",
    "misp",
];

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobSettings {
    pub run: bool,
    pub time_zone: String,
    pub ca_certificates_cron: String,
    pub partner_certificates_cron: String,
    pub ftm_certificates_cron: String,
    pub sbis_cron: String,
    pub api_keys_cron: String,
    pub misp_licences_cron: String,
    pub weekly_summary_cron: String,
    pub escalation_cron: String,
    pub clean_up_cron: String,
    pub deactivate_expired_cron: String,
    pub unfinished_clients_cron: String,
    pub notice_types: Vec<String>,
    pub ca_certificates_periods: Vec<u32>,
    pub partner_certificates_periods: Vec<u32>,
    pub ftm_certificates_periods: Vec<u32>,
    pub sbis_periods: Vec<u32>,
    pub api_keys_periods: Vec<u32>,
    pub misp_licences_periods: Vec<u32>,
    pub api_key_mail_days: u32,
    pub escalate_days: u32,
    pub skip_partners: Vec<String>,
    pub default_language: String,
    pub deactivate_expired: bool,
    pub delete_notifications: bool,
    pub keep_notifications_days: u32,
    pub look_back_days: NonZeroU32,
    pub keep_runs_days: NonZeroU32,
    pub lease_seconds: NonZeroU64,
    pub max_attempts: NonZeroU32,
    pub poll_ms: NonZeroU64,
}

impl JobSettings {
    /// The zone of the schedules, and of the days that jobs look at.
    ///
    /// # Errors
    /// When the IANA database has no such zone.
    pub fn zone(&self) -> Result<Tz, SettingsError> {
        self.time_zone.parse::<Tz>().map_err(|_unknown| {
            SettingsError(format!(
                "jobs.time_zone is {:?}; it must be a name of the IANA database, such as UTC or \
                 Asia/Manila",
                self.time_zone
            ))
        })
    }

    /// Whether notices of this type are written.
    pub fn notices_of(&self, notice_type: &str) -> bool {
        self.notice_types.iter().any(|name| name == notice_type)
    }

    /// The schedules, by their keys.
    fn crons(&self) -> [(&'static str, &str); 11] {
        [
            ("jobs.ca_certificates_cron", &self.ca_certificates_cron),
            (
                "jobs.partner_certificates_cron",
                &self.partner_certificates_cron,
            ),
            ("jobs.ftm_certificates_cron", &self.ftm_certificates_cron),
            ("jobs.sbis_cron", &self.sbis_cron),
            ("jobs.api_keys_cron", &self.api_keys_cron),
            ("jobs.misp_licences_cron", &self.misp_licences_cron),
            ("jobs.weekly_summary_cron", &self.weekly_summary_cron),
            ("jobs.escalation_cron", &self.escalation_cron),
            ("jobs.clean_up_cron", &self.clean_up_cron),
            (
                "jobs.deactivate_expired_cron",
                &self.deactivate_expired_cron,
            ),
            (
                "jobs.unfinished_clients_cron",
                &self.unfinished_clients_cron,
            ),
        ]
    }

    /// Refuses schedules that can't be kept, zones and types that don't exist.
    ///
    /// # Errors
    /// Names the setting and what is wrong with it.
    pub(in crate::settings) fn check(&self) -> Result<(), SettingsError> {
        let zone = self.zone()?;
        for (key, expression) in self.crons() {
            Schedule::parse(expression, zone)
                .map_err(|error| SettingsError(format!("{key} is {expression:?}: {error}")))?;
        }
        if let Some(unknown) = self
            .notice_types
            .iter()
            .find(|name| !NOTICE_TYPES.contains(&name.as_str()))
        {
            return Err(SettingsError(format!(
                "jobs.notice_types: there is no type {unknown:?}; the types are {}",
                NOTICE_TYPES.join(", ")
            )));
        }
        let lease = self.lease_seconds.get();
        if lease.saturating_mul(1000) <= self.poll_ms.get() {
            return Err(SettingsError(
                "jobs.poll_ms must be shorter than jobs.lease_seconds".to_owned(),
            ));
        }
        Ok(())
    }
}
