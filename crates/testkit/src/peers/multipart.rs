//! Reading `multipart/form-data`, as strictly as the real peers do.

/// One part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) value: String,
}

/// The parts of a form; nothing when it is none.
pub(super) fn parts(content_type: Option<&str>, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = content_type?
        .strip_prefix("multipart/form-data; boundary=")?
        .trim_matches('"');
    let text = std::str::from_utf8(body).ok()?;
    let end = format!("\r\n--{boundary}--");
    let inner = text
        .strip_prefix(&format!("--{boundary}\r\n"))?
        .split_once(&end)?
        .0;
    inner
        .split(&format!("\r\n--{boundary}\r\n"))
        .map(part)
        .collect()
}

fn part(text: &str) -> Option<Part> {
    let (head, value) = text.split_once("\r\n\r\n")?;
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = header("content-disposition")?;
    let attribute = |name: &str| {
        disposition.split(';').find_map(|item| {
            let (found, value) = item.trim().split_once('=')?;
            (found == name).then(|| value.trim_matches('"').to_owned())
        })
    };
    Some(Part {
        name: attribute("name")?,
        file_name: attribute("filename"),
        content_type: header("content-type"),
        value: value.to_owned(),
    })
}
