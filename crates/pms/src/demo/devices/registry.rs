//! What the registry shows of the demo.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::journey::text;
use super::{BASE, Scenario};
use crate::commands::CommandError;

/// What the registry shows of the demonstration's providers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) sbis: usize,
    pub(super) devices: usize,
    pub(super) chips: usize,
}

impl Scenario {
    /// Reads all pages of the registry and compares what they show.
    pub(super) async fn read_registry(&mut self, expected: Shown) -> Result<(), CommandError> {
        let mut shown = Shown {
            sbis: 0,
            devices: 0,
            chips: 0,
        };
        let mut sbis = BTreeSet::new();
        let (mut query, mut pages) = (String::new(), 0_u32);
        loop {
            let path = format!("{BASE}/devices/registry{query}");
            let page = self.module.get(&path).await?;
            pages += 1;
            for sbi in of_partner(&page, "sbis", &self.devices.id) {
                // One whose devices don't fit into a page stands in the next one again.
                sbis.insert(text(sbi, "sbiId")?);
                shown.devices += sbi
                    .get("devices")
                    .and_then(Value::as_array)
                    .map_or(0, Vec::len);
            }
            shown.chips += of_partner(&page, "ftmChips", &self.chips.id).count();
            match page.get("nextCursor").and_then(Value::as_str) {
                Some(next) => query = format!("?cursor={next}"),
                None => break,
            }
        }
        shown.sbis = sbis.len();
        if shown != expected {
            return Err(CommandError(format!(
                "the registry shows {shown:?} of the demo and not {expected:?}"
            )));
        }
        let Shown {
            sbis,
            devices,
            chips,
        } = shown;
        self.tell(
            "A registration client reads the registry",
            format_args!("Of the demo's, it shows SBIs: {sbis}, devices: {devices}, chips: {chips} (pages: {pages})."),
        );
        Ok(())
    }
}

/// The entries of a page that belong to a partner.
fn of_partner<'a>(
    page: &'a Value,
    list: &str,
    partner: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let entries = page
        .get(list)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    entries.filter(move |entry| entry.get("partnerId").and_then(Value::as_str) == Some(partner))
}
