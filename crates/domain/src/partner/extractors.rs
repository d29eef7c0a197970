//! Biometric extractors on the wire (contract partner.md §4.8 and §4.9).

/// Takes `modality[sub,sub]` apart: the text before the first `[`, and what
/// stands between it and the next `]`.
pub fn parse_biometric(text: &str) -> (&str, Option<&str>) {
    let Some((modality, rest)) = text.split_once('[') else {
        return (text, None);
    };
    (
        modality,
        rest.split_once(']').map(|(sub_types, _)| sub_types),
    )
}

/// Puts modality and sub types together again.
pub fn format_biometric(modality: &str, sub_types: Option<&str>) -> String {
    match sub_types {
        Some(sub_types) => format!("{modality}[{sub_types}]"),
        None => modality.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sub_types_stand_in_brackets() {
        assert_eq!(parse_biometric("face"), ("face", None));
        assert_eq!(
            parse_biometric("finger[left,right]x"),
            ("finger", Some("left,right"))
        );
        assert_eq!(parse_biometric("iris[]"), ("iris", Some("")));
        assert_eq!(parse_biometric("iris[left"), ("iris", None));
    }

    proptest! {
        #[test]
        fn what_was_put_together_comes_apart_again(
            modality in "[^\\[\\]]{0,10}", sub_types in proptest::option::of("[^\\[\\]]{0,10}"),
        ) {
            let text = format_biometric(&modality, sub_types.as_deref());

            prop_assert_eq!(parse_biometric(&text), (modality.as_str(), sub_types.as_deref()));
        }
    }
}
