//! The device registry: what may be used to capture biometrics, a page of it with
//! the state that it belongs to, in one statement.
#![expect(missing_docs, reason = "fields are columns")]

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text, Timestamp};
use pms_domain::device_registry::{Place, State};

/// A page and the state that it is of.
#[derive(Debug)]
pub struct RegistryPage {
    pub state: State,
    /// One more than was asked for, if there are more.
    pub rows: Vec<RegistryRow>,
}

/// A line of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegistryRow {
    /// An SBI with one of its devices, or without any.
    Device {
        sbi: RegisteredSbi,
        device: Option<RegisteredDevice>,
    },
    /// An FTM chip.
    Chip(RegisteredChip),
}

/// An SBI that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredSbi {
    pub id: String,
    pub provider_id: String,
    pub partner_org_name: Option<String>,
    pub sw_version: String,
    pub sw_binary_hash: Vec<u8>,
    pub sw_cr_dtimes: Option<NaiveDateTime>,
    pub sw_expiry_dtimes: Option<NaiveDateTime>,
}

/// A device that may be used with an SBI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredDevice {
    pub id: String,
    pub dtype_code: String,
    pub dstype_code: String,
    pub make: String,
    pub model: String,
}

/// A chip that may be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredChip {
    pub id: String,
    pub provider_id: String,
    pub partner_org_name: Option<String>,
    pub make: Option<String>,
    pub model: Option<String>,
    /// End of the certificate that the provider uploaded, where it is known.
    pub certificate_not_after: Option<NaiveDateTime>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = BigInt)]
    changes: i64,
    #[diesel(sql_type = Nullable<Timestamp>)]
    sbi_ended: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    certificate_ended: Option<NaiveDateTime>,
    /// 1 for SBIs, 2 for chips, nothing in the only line of an empty page.
    #[diesel(sql_type = Nullable<Integer>)]
    kind: Option<i32>,
    #[diesel(sql_type = Nullable<Text>)]
    id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    provider_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    organisation: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
    #[diesel(sql_type = Nullable<Binary>)]
    hash: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    begins: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Timestamp>)]
    ends: Option<NaiveDateTime>,
    #[diesel(sql_type = Nullable<Text>)]
    device_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_type: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    device_sub_type: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    make: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model: Option<String>,
}

/// The parameters: 1 the instant, 2 the start of its day, 3 and 4 the SBI and device
/// after which the page begins, 5 the chip, 6 the number of rows.
///
/// SBIs are read along their index, and for each of them its devices along that of
/// the mappings, so that a page reads about as many rows as it has.
const PAGE: &str = "
WITH state AS MATERIALIZED (
    SELECT (SELECT coalesce(sum(changes), 0)::bigint FROM pms.device_registry_change) AS changes,
           (SELECT max(sw_expiry_dtimes) FROM pms.secure_biometric_interface
            WHERE approval_status = 'approved' AND is_active AND sw_expiry_dtimes < $2)
               AS sbi_ended,
           (SELECT max(uploaded_not_after) FROM pms.ftm_certificate
            WHERE uploaded_not_after < $1) AS certificate_ended
), devices AS MATERIALIZED (
    SELECT 1 AS kind, sbi.id, sbi.provider_id, sbi.partner_org_name AS organisation,
           sbi.sw_version AS version, sbi.sw_binary_hash AS hash, sbi.sw_cr_dtimes AS begins,
           sbi.sw_expiry_dtimes AS ends, device.id AS device_id,
           device.dtype_code AS device_type, device.dstype_code AS device_sub_type,
           device.make, device.model
    FROM pms.secure_biometric_interface AS sbi
    JOIN pms.partner AS provider ON provider.id = sbi.provider_id AND provider.is_active
        AND provider.is_deleted IS NOT TRUE
    LEFT JOIN LATERAL (
        SELECT DISTINCT ON (mapping.device_detail_id) known.*
        FROM pms.device_detail_sbi AS mapping
        JOIN pms.device_detail AS known ON known.id = mapping.device_detail_id
            AND known.approval_status = 'approved' AND known.is_active
            AND known.is_deleted IS NOT TRUE
            AND known.dprovider_id = sbi.provider_id
        WHERE mapping.sbi_id = sbi.id AND mapping.is_deleted IS NOT TRUE
          AND mapping.device_detail_id > CASE WHEN sbi.id > $3 THEN '' ELSE $4 END
        ORDER BY mapping.device_detail_id
        LIMIT $6
    ) AS device ON true
    WHERE sbi.approval_status = 'approved' AND sbi.is_active
      AND sbi.is_deleted IS NOT TRUE
      AND (sbi.sw_expiry_dtimes IS NULL OR sbi.sw_expiry_dtimes >= $2)
      AND sbi.id >= $3 AND (sbi.id > $3 OR device.id IS NOT NULL)
    ORDER BY sbi.id, device.id
    LIMIT $6
), chips AS MATERIALIZED (
    SELECT 2 AS kind, chip.id, chip.foundational_trust_provider_id AS provider_id,
           chip.partner_org_name AS organisation, NULL::varchar AS version, NULL::bytea AS hash,
           NULL::timestamp AS begins, certificate.uploaded_not_after AS ends,
           NULL::varchar AS device_id, NULL::varchar AS device_type,
           NULL::varchar AS device_sub_type, chip.make, chip.model
    FROM pms.ftp_chip_detail AS chip
    JOIN pms.partner AS provider ON provider.id = chip.foundational_trust_provider_id
        AND provider.is_active AND provider.is_deleted IS NOT TRUE
    LEFT JOIN pms.ftm_certificate AS certificate
        ON certificate.certificate_id = chip.certificate_alias
    WHERE chip.approval_status = 'approved' AND chip.is_active
      AND chip.is_deleted IS NOT TRUE AND chip.id > $5
      AND (certificate.uploaded_not_after IS NULL OR certificate.uploaded_not_after >= $1)
    ORDER BY chip.id
    LIMIT greatest($6 - (SELECT count(*) FROM devices), 0)
)
SELECT state.*, line.*
FROM state
LEFT JOIN (SELECT * FROM devices UNION ALL SELECT * FROM chips) AS line ON true
ORDER BY line.kind, line.id, line.device_id";

/// The page after `place` with up to `size` rows and one more, if there is one, and
/// the state that it is of, at `now`.
pub fn page(
    conn: &mut PgConnection,
    place: &Place,
    size: i64,
    now: NaiveDateTime,
) -> QueryResult<RegistryPage> {
    let (sbi, device, chip) = match place {
        Place::Device { sbi_id, device_id } => (Some(sbi_id.as_str()), device_id.as_str(), ""),
        Place::Chip(id) => (None, "", id.as_str()),
    };
    let lines: Vec<Line> = diesel::sql_query(PAGE)
        .bind::<Timestamp, _>(now)
        .bind::<Timestamp, _>(now.date().and_time(chrono::NaiveTime::MIN))
        .bind::<Nullable<Text>, _>(sbi)
        .bind::<Text, _>(device)
        .bind::<Text, _>(chip)
        .bind::<BigInt, _>(size.saturating_add(1))
        .load(conn)?;
    let first = lines.first().ok_or(diesel::NotFound)?;
    let state = State {
        changes: first.changes,
        sbi_ended: first.sbi_ended,
        certificate_ended: first.certificate_ended,
    };
    let rows = lines.into_iter().filter_map(Line::into_row).collect();
    Ok(RegistryPage { state, rows })
}

impl Line {
    fn into_row(self) -> Option<RegistryRow> {
        let (id, provider_id) = (self.id?, self.provider_id?);
        if self.kind != Some(1) {
            return Some(RegistryRow::Chip(RegisteredChip {
                id,
                provider_id,
                partner_org_name: self.organisation,
                make: self.make,
                model: self.model,
                certificate_not_after: self.ends,
            }));
        }
        let device = self.device_id.map(|id| RegisteredDevice {
            id,
            dtype_code: self.device_type.unwrap_or_default(),
            dstype_code: self.device_sub_type.unwrap_or_default(),
            make: self.make.unwrap_or_default(),
            model: self.model.unwrap_or_default(),
        });
        let sbi = RegisteredSbi {
            id,
            provider_id,
            partner_org_name: self.organisation,
            sw_version: self.version.unwrap_or_default(),
            sw_binary_hash: self.hash.unwrap_or_default(),
            sw_cr_dtimes: self.begins,
            sw_expiry_dtimes: self.ends,
        };
        Some(RegistryRow::Device { sbi, device })
    }
}

impl RegistryRow {
    /// The place after it.
    pub fn place(&self) -> Place {
        match self {
            Self::Device { sbi, device } => Place::Device {
                sbi_id: sbi.id.clone(),
                device_id: device
                    .as_ref()
                    .map_or_else(String::new, |one| one.id.clone()),
            },
            Self::Chip(chip) => Place::Chip(chip.id.clone()),
        }
    }
}
