//! Stray commas. Documents of older installations hold them, and the reference reads
//! such documents.

/// `text` without the commas that follow an opening bracket, another comma, or
/// stand before a closing bracket. Commas inside of strings stay.
pub(super) fn without_stray(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut comma = false;
    let mut in_string = false;
    let mut escaped = false;
    let mut after_opening = false;
    for character in text.chars() {
        if in_string {
            kept.push(character);
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if character == ',' {
            comma = true;
        } else if character.is_ascii_whitespace() {
            kept.push(character);
        } else {
            if comma && !after_opening && !matches!(character, '}' | ']') {
                kept.push(',');
            }
            comma = false;
            after_opening = matches!(character, '{' | '[');
            in_string = character == '"';
            kept.push(character);
        }
    }
    if comma {
        // After the whole document it separates nothing either, but there it
        // is refused by every reader.
        kept.push(',');
    }
    kept
}
