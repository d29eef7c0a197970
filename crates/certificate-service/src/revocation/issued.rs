//! What the store of partner certificates says about the issued ones.

use pms_database::certificates::{IssuedFacts, Unfilled, fill, list_unfilled};
use pms_database::{Connection, Db, DbError};
use pms_pki::{Certificate, reading};

/// Rows that are filled in one transaction.
const RUN: i64 = 500;
/// Runs that the start waits for; the rest is filled behind it.
const RUNS_AT_START: u32 = 20;

/// The columns about an issued certificate.
pub(crate) fn facts(signed: &Certificate) -> IssuedFacts {
    let validity = signed.validity();
    IssuedFacts {
        signed_subject: signed.subject().text(),
        signed_issuer: signed.issuer().text(),
        signed_not_before: validity.not_before.naive_utc(),
        signed_not_after: validity.not_after.naive_utc(),
        signed_serial_no: signed.serial(),
        signed_thumbprint: signed.thumbprint(),
        signed_sha256: hex::encode(signed.sha256()),
        public_key_sha256: hex::encode(signed.public_key_sha256()),
    }
}

/// Fills the rows that were stored before the columns were there: the first ten
/// thousand at once, more of them while the service runs.
///
/// # Errors
/// When a statement fails.
pub(crate) async fn fill_all(db: &Db) -> Result<(), DbError> {
    let mut last = Some(String::new());
    for _ in 0..RUNS_AT_START {
        let Some(after) = last.take() else { break };
        last = fill_run(db, after).await?;
    }
    if let Some(mut after) = last {
        let db = db.clone();
        tokio::spawn(async move {
            loop {
                match fill_run(&db, after).await {
                    Ok(Some(last)) => after = last,
                    Ok(None) => break,
                    Err(error) => {
                        tracing::warn!(%error, "facts of issued certificates are not filled");
                        break;
                    }
                }
            }
        });
    }
    Ok(())
}

/// Fills some rows behind the row `after`, and names the last of them if there
/// may be more.
async fn fill_run(db: &Db, after: String) -> Result<Option<String>, DbError> {
    let work = move |conn: &mut Connection| {
        let rows = list_unfilled(conn, &after, RUN)?;
        for row in &rows {
            fill_row(conn, row)?;
        }
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == RUN);
        Ok(rows.last().filter(|_| full).map(|row| row.cert_id.clone()))
    };
    db.transaction(work).await
}

fn fill_row(conn: &mut Connection, row: &Unfilled) -> Result<(), DbError> {
    match reading::read_certificate(&row.signed_cert_data) {
        Ok(signed) => Ok(fill(conn, &row.cert_id, &facts(&signed))?),
        Err(error) => {
            tracing::warn!(cert_id = row.cert_id, %error, "an issued certificate is unreadable");
            Ok(())
        }
    }
}
