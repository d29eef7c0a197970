//! The operator's patterns, of e-mail addresses (contract partner.md §4.1) and of ids
//! of FTM chips (contract devices.md §10.8), written for Java as a rule.
//!
//! Most patterns become linear ones. Look-around, possessive quantifiers and back
//! references need backtracking, which is bounded: a text that costs more steps
//! does not match.

use std::str::Chars;

/// Most steps back for one text.
const MOST_STEPS: usize = 100_000;

/// A compiled pattern, which a whole text must match.
#[derive(Debug, Clone)]
pub(crate) struct OperatorPattern {
    /// The setting that it comes from.
    setting: &'static str,
    compiled: Compiled,
}

#[derive(Debug, Clone)]
enum Compiled {
    /// Matches in time in proportion to the text.
    Linear(regex::Regex),
    /// Backtracks, up to [`MOST_STEPS`].
    Bounded(fancy_regex::Regex),
}

impl OperatorPattern {
    /// Compiles the pattern of a setting, in Java's syntax or ours.
    ///
    /// # Errors
    /// What is wrong with it, in one line.
    pub(crate) fn compile(setting: &'static str, pattern: &str) -> Result<Self, String> {
        let compiled = Compiled::of(pattern)?;
        Ok(Self { setting, compiled })
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        match &self.compiled {
            Compiled::Linear(pattern) => pattern.is_match(text),
            Compiled::Bounded(pattern) => pattern.is_match(text).unwrap_or_else(|error| {
                tracing::warn!(%error, "{} takes too long for a text", self.setting);
                false
            }),
        }
    }
}

impl Compiled {
    fn of(pattern: &str) -> Result<Self, String> {
        let translated = format!(r"\A(?:{})\z", from_java(pattern));
        if let Ok(linear) = regex::Regex::new(&translated) {
            return Ok(Self::Linear(linear));
        }
        fancy_regex::RegexBuilder::new(&translated)
            .backtrack_limit(MOST_STEPS)
            .build()
            .map(Self::Bounded)
            .map_err(|error| {
                let text = error.to_string();
                text.split_whitespace().collect::<Vec<_>>().join(" ")
            })
    }
}

/// The same pattern in our syntax, where Java's differs: its classes are ASCII, it
/// takes any escaped sign for itself, quotes with `\Q…\E`, and has no set operators
/// but `&&`.
fn from_java(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern.chars();
    // Open brackets.
    let mut depth = 0_usize;
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(&mut rest, &mut translated),
            '[' => {
                depth += 1;
                translated.push('[');
            }
            ']' => {
                depth = depth.saturating_sub(1);
                translated.push(']');
            }
            '-' | '~'
                if depth > 0
                    && translated.ends_with(c)
                    && !translated.ends_with(&format!("\\{c}")) =>
            {
                translated.push('\\');
                translated.push(c);
            }
            c => translated.push(c),
        }
    }
    translated
}

/// Translates what follows a backslash.
fn escape(rest: &mut Chars<'_>, translated: &mut String) {
    let class = match rest.next() {
        None => r"\",
        Some('w') => "[0-9A-Za-z_]",
        Some('W') => "[^0-9A-Za-z_]",
        Some('d') => "[0-9]",
        Some('D') => "[^0-9]",
        Some('s') => r"[ \t\n\x0B\f\r]",
        Some('S') => r"[^ \t\n\x0B\f\r]",
        Some('Q') => return quote(rest, translated),
        Some(kind @ ('p' | 'P')) => return property(kind, rest, translated),
        Some(c) if c.is_ascii_alphanumeric() => {
            translated.push('\\');
            translated.push(c);
            return;
        }
        Some(c) => {
            translated.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            return;
        }
    };
    translated.push_str(class);
}

/// Takes everything up to `\E` for itself.
fn quote(rest: &mut Chars<'_>, translated: &mut String) {
    let text = rest.as_str();
    let (quoted, after) = text.split_once(r"\E").unwrap_or((text, ""));
    translated.push_str(&regex::escape(quoted));
    *rest = after.chars();
}

/// Java's POSIX classes are ASCII; its `IsLatin` is our `Latin`.
fn property(kind: char, rest: &mut Chars<'_>, translated: &mut String) {
    let text = rest.as_str();
    let Some((name, after)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) else {
        translated.push('\\');
        translated.push(kind);
        return;
    };
    const POSIX: [&str; 10] = [
        "Alpha", "Alnum", "Digit", "Lower", "Upper", "Punct", "Graph", "Print", "Space", "XDigit",
    ];
    if POSIX.contains(&name) {
        let not = if kind == 'P' { "^" } else { "" };
        translated.push_str(&format!("[[:{not}{}:]]", name.to_lowercase()));
    } else {
        let name = name.strip_prefix("Is").unwrap_or(name);
        translated.push_str(&format!("\\{kind}{{{name}}}"));
    }
    *rest = after.chars();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        OperatorPattern::compile("test", pattern)
            .unwrap()
            .matches(text)
    }

    #[test]
    fn classes_are_ascii_as_in_java() {
        assert!(matches(r"\w+@\w+", "a_1@b"));
        assert!(!matches(r"\w+@\w+", "ä@b"));
        assert!(!matches(r"\d+@b", "\u{661}@b"));
        assert!(matches(r"[\w\-\+]+@[^\W_]+", "a-+@b"));
        assert!(!matches(r"\p{Alpha}+@b", "ä@b") && matches(r"\p{IsAlphabetic}+@b", "ä@b"));
    }

    #[test]
    fn any_sign_may_stand_for_any() {
        assert!(matches(r"^[A-Za-z0-9+_.-]+@(.+)$", "a@zürich.example"));
        assert!(matches(r"^(.+)@(\S+)$", "ä@b"));
        assert!(!matches(r"^(.+)@(\S+)$", "a@b c"));
    }

    #[test]
    fn look_around_possessive_quantifiers_and_quotes_work() {
        let pattern =
            r"^(?=.{1,64}@)[A-Za-z0-9_-]++(\.[A-Za-z0-9_-]+)*@[^-][A-Za-z0-9-]+(\.[a-z]{2,})$";
        assert!(matches(pattern, "user.name@example.org"));
        assert!(!matches(pattern, "user.name@-example.org"));
        assert!(!matches(
            pattern,
            &format!("{}@example.org", "x".repeat(65))
        ));
        assert!(matches(r"\Qa.b*\E@c", "a.b*@c") && !matches(r"\Qa.b\E@c", "axb@c"));
        assert!(matches(r"[+--]+@\<b\>", "+,-@<b>"));
    }

    #[test]
    fn the_whole_text_must_match() {
        assert!(!matches("a@b", "xa@b") && !matches("a@b", "a@bx") && !matches("a@b$", "a@b\n"));
    }

    #[test]
    fn what_would_take_for_ever_does_not_match() {
        let pattern = r"^(?=(a+)+$)(a+)+@b$";
        assert!(!matches(pattern, &"a".repeat(254)));
        assert!(!matches(
            r"^(?:(a+)+)+(?!x)b$",
            &format!("{}c", "a".repeat(250))
        ));
    }

    #[test]
    fn a_wrong_pattern_is_reported_in_one_line() {
        for pattern in [r"^(a@b", r"\p{javaLowerCase}+", "[z-a]", r"(?<n"] {
            let error = OperatorPattern::compile("test", pattern).unwrap_err();
            assert!(!error.is_empty() && !error.contains('\n'), "{error}");
        }
    }
}
