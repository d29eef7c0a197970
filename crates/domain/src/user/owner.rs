//! Whose a partner is: which names are one user's (contract auth.md §7).

/// A user's name in a form in which names that differ in case alone are equal: each
/// capital letter as its small letter, where that is one character.
///
/// The function `pms.owner_key` of the database is the same rule, whatever the collation
/// of the database; `lower` is not. Names that the identity provider tells apart stay
/// apart: it keeps names in small letters, and makes no `İ` an `i`, nor `ſ` an `s`. A
/// newer Unicode with new capital letters needs a migration of that function; a test
/// compares the two for all characters.
pub fn key(name: &str) -> String {
    name.chars().map(small).collect()
}

fn small(letter: char) -> char {
    let mut letters = letter.to_lowercase();
    match (letters.next(), letters.next()) {
        (Some(small), None) => small,
        _ => letter,
    }
}

/// Whether the row of partner `partner_id` with the user id `owner` is `user`'s own: the
/// partner's id counts only where it has no owner.
pub fn is_own(user: &str, owner: &str, partner_id: &str) -> bool {
    let name = if owner.is_empty() { partner_id } else { owner };
    same(user, name)
}

/// Whether both are one user's name.
pub fn same(one: &str, other: &str) -> bool {
    one.chars().map(small).eq(other.chars().map(small))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_in_case_alone_are_one() {
        for (one, other) in [
            ("Anna", "aNNA"),
            ("ÉCOLE", "école"),
            ("БАНК", "банк"),
            ("𐐀", "𐐨"),
            ("بنك", "بنك"),
        ] {
            assert!(same(one, other), "{one} {other}");
            assert_eq!(key(one), key(other));
        }
    }

    #[test]
    fn names_that_the_identity_provider_tells_apart_are_two() {
        for (one, other) in [
            ("İxa", "ixa"),
            ("ıxa", "IXA"),
            ("maſ", "mas"),
            ("straße", "STRASSE"),
            ("νικος", "νικοσ"),
            ("anna", "ann"),
            ("anna", ""),
        ] {
            assert!(!same(one, other), "{one} {other}");
            assert_ne!(key(one), key(other));
        }
    }

    #[test]
    fn the_partners_id_counts_only_without_an_owner() {
        assert!(is_own("Anna", "anna", "p1"));
        assert!(is_own("anna", "", "ANNA"));
        assert!(!is_own("anna", "somebody", "ANNA"));
        assert!(!is_own("", "anna", ""));
    }
}
