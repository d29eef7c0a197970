use super::texts::TEXTS;
use super::*;

fn named(name: &str) -> &'static Index {
    INDEXES.iter().find(|index| index.name == name).unwrap()
}

#[test]
fn the_indexes_of_all_migrations_are_found() {
    let made: usize = TEXTS
        .iter()
        .map(|(_, text)| text.matches("\nCREATE INDEX IF NOT EXISTS").count())
        .sum();

    let plain = INDEXES
        .iter()
        .filter(|index| !index.unique && !index.trigram && index.needless_with.is_none());
    assert_eq!(plain.count(), made);
    assert_eq!(
        named("ix_part_email_clear").body,
        "USING hash (email_id) WHERE email_id_hash IS NULL"
    );
    assert_eq!(
        named("tx_part_name").body,
        "USING gin (lower(name) gin_trgm_ops)"
    );
    let unique = named("uk_ppol_label");
    assert_eq!(
        (unique.table.as_str(), unique.body.as_str(), unique.version),
        (
            "pms.partner_policy",
            "(part_id, policy_id, label)",
            UNIQUE_WHERE_POSSIBLE
        )
    );
}
