//! Licences of a MISP end when the MISP is deactivated.

use pms_database::{Connection, DbError, Stamp, misp_licences};
use pms_domain::event::{PARTNER_MANAGER, Topic};

/// Ends all licences of the MISP, with an event for each.
pub(super) fn deactivate(
    conn: &mut Connection,
    misp_id: &str,
    stamp: &Stamp,
) -> Result<(), DbError> {
    let news = (Topic::MispLicenseUpdated, PARTNER_MANAGER);
    for licence in misp_licences::deactivate_all(conn, misp_id, stamp)? {
        misp_licences::tell(conn, &licence, news, stamp.at)?;
    }
    Ok(())
}
