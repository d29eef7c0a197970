//! Reading `multipart/form-data` (RFC 7578), as strictly as the real modules do.

/// One part of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Name of the field.
    pub name: String,
    /// Name of the file; a part with one is a file, one without is a text.
    pub file_name: Option<String>,
    /// Its `Content-Type`.
    pub content_type: Option<String>,
    /// What it holds.
    pub value: Vec<u8>,
}

impl Part {
    /// What it holds, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.value).into_owned()
    }
}

/// Whether this content type is that of a form with parts.
pub fn is_form(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("multipart/form-data")
}

/// The parts of a form; `None` when it is none, or breaks off.
pub fn parts(content_type: Option<&str>, body: &[u8]) -> Option<Vec<Part>> {
    let content_type = content_type.filter(|kind| is_form(kind))?;
    let boundary = parameter(content_type, "boundary").filter(|text| !text.is_empty())?;
    let first = format!("--{boundary}");
    let delimiter = format!("\r\n{first}");
    let mut rest = match body.strip_prefix(first.as_bytes()) {
        Some(rest) => rest,
        None => split(body, delimiter.as_bytes())?.1,
    };
    let mut parts = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(parts);
        }
        let (padding, after) = split(rest, b"\r\n")?;
        if !padding.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        let (content, next) = split(after, delimiter.as_bytes())?;
        parts.push(part(content)?);
        rest = next;
    }
}

fn part(content: &[u8]) -> Option<Part> {
    let (head, value) = split(content, b"\r\n\r\n")?;
    let head = std::str::from_utf8(head).ok()?;
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            let same = found.trim().eq_ignore_ascii_case(name);
            same.then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(&disposition, "name")?,
        file_name: parameter(&disposition, "filename"),
        content_type: header("content-type"),
        value: value.to_vec(),
    })
}

/// A parameter behind the first semicolon of a header's value.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, more) = value(after.trim_start());
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = more.split_once(';')?.1;
    }
}

/// A value, quoted or not, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let (mut value, mut letters) = (String::new(), quoted.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '"' => break,
            '\\' => value.extend(letters.next()),
            other => value.push(other),
        }
    }
    (value, letters.as_str())
}

/// What is before and behind the first `needle`.
fn split<'h>(hay: &'h [u8], needle: &[u8]) -> Option<(&'h [u8], &'h [u8])> {
    let at = hay
        .windows(needle.len())
        .position(|window| window == needle)?;
    let (before, found) = hay.split_at_checked(at)?;
    Some((before, found.strip_prefix(needle)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Option<&str> = Some("multipart/form-data; charset=utf-8; boundary=\"b;1\"");

    #[test]
    fn texts_and_files_are_distinguished() {
        let body = b"before\r\n--b;1 \r\n\
            Content-Disposition: form-data; name=\"a \\\"b\\\"; c\"\r\n\r\none\r\n--b;2\r\n--b;1\r\n\
            content-type: text/plain\r\n\
            content-disposition: form-data; filename=f.txt; name=file\r\n\r\n\xff\r\n--b;1--\r\n";

        let parts = parts(KIND, body).unwrap();

        assert_eq!(parts.len(), 2);
        assert_eq!(parts[0].name, "a \"b\"; c");
        assert_eq!(
            (parts[0].text().as_str(), &parts[0].file_name),
            ("one\r\n--b;2", &None)
        );
        assert_eq!(parts[1].name, "file");
        assert_eq!(parts[1].file_name.as_deref(), Some("f.txt"));
        assert_eq!(parts[1].content_type.as_deref(), Some("text/plain"));
        assert_eq!(parts[1].value, b"\xff");
    }

    #[test]
    fn what_is_no_form_has_no_parts() {
        let whole = b"--b;1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b;1--";
        assert!(parts(KIND, whole).is_some());
        assert!(parts(None, whole).is_none());
        assert!(parts(Some("multipart/form-data"), whole).is_none());
        assert!(parts(Some("multipart/mixed; boundary=\"b;1\""), whole).is_none());
        for end in 0..whole.len() - 2 {
            assert!(parts(KIND, &whole[..end]).is_none(), "{end}");
        }
        let nameless = b"--b;1\r\nContent-Disposition: form-data\r\n\r\none\r\n--b;1--";
        assert!(parts(KIND, nameless).is_none());
        let other = b"--b;1x\r\nContent-Disposition: form-data; name=a\r\n\r\none\r\n--b;1--";
        assert!(parts(KIND, other).is_none());
        assert_eq!(parts(KIND, b"--b;1--"), Some(Vec::new()));
    }
}
