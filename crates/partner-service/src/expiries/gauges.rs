//! The metric `pms_expiring`: how much ends within a day, a week and 30 days.

use pms_database::ends::{self, EndingCount};
use pms_runtime::{Runtime, RuntimeError};
use prometheus::{IntGaugeVec, Opts};

/// Kinds of rows that end, as the view `pms.expiring` calls them.
const KINDS: [&str; 6] = [
    "ca-certificate",
    "partner-certificate",
    "ftm-chip-certificate",
    "sbi",
    "api-key",
    "misp-licence",
];
/// Days within which they end.
const DAYS: [i32; 3] = [1, 7, 30];

/// Keeps the gauges true while the process runs jobs; other processes have none.
///
/// # Errors
/// When the metric can't be made.
pub(crate) fn watch(runtime: &Runtime) -> Result<(), RuntimeError> {
    if !runtime.settings.jobs.run {
        return Ok(());
    }
    let options = Opts::new(
        "pms_expiring",
        "Things in force that end within so many days, by kind",
    );
    let gauges = IntGaugeVec::new(options, &["kind", "days"])?;
    runtime.count_hourly(
        "what ends soon",
        gauges.clone(),
        |conn, now| Ok(ends::count_ending(conn, now)?),
        move |counts| show(&gauges, &counts),
    )
}

/// What is not counted is none.
fn show(gauges: &IntGaugeVec, counts: &[EndingCount]) {
    for kind in KINDS {
        for days in DAYS {
            let is_it = |count: &&EndingCount| count.kind == kind && count.days == days;
            let amount = counts.iter().find(is_it).map_or(0, |count| count.amount);
            gauges
                .with_label_values(&[kind, &days.to_string()])
                .set(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_gauges_even_without_rows() {
        let gauges = IntGaugeVec::new(Opts::new("x", "x"), &["kind", "days"]).unwrap();
        let count = EndingCount {
            kind: "sbi".to_owned(),
            days: 7,
            amount: 3,
        };
        show(&gauges, &[count]);
        let value = |kind: &str, days: &str| gauges.with_label_values(&[kind, days]).get();

        assert_eq!(value("sbi", "7"), 3);
        show(&gauges, &[]);
        assert_eq!(value("sbi", "7"), 0);
        assert_eq!(value("api-key", "30"), 0);
    }
}
