//! The address that a browser wants to come back to: base64, as the portal
//! makes it (contract portal.md §2.4).

use actix_web::HttpRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use percent_encoding::percent_decode_str;

/// Name of the path parameter.
pub(super) const PARAMETER: &str = "redirectURI";

/// Base64 of an address, with nothing else in it.
pub(super) struct ReturnAddress {
    encoded: String,
    decoded: Option<String>,
}

impl ReturnAddress {
    /// The rest of the request's path. Some proxies encode what browsers send
    /// plain, so encodings are undone.
    pub(super) fn of_path(request: &HttpRequest) -> Self {
        let tail = request.match_info().get(PARAMETER).unwrap_or_default();
        Self::new(&percent_decode_str(tail).decode_utf8_lossy())
    }

    /// `text` is base64, standard or for URLs, padded or not, or with blanks in
    /// place of `+`, as decoded queries have them.
    pub(super) fn new(text: &str) -> Self {
        let encoded = text.replace(' ', "+");
        let standard: String = encoded
            .trim_end_matches('=')
            .chars()
            .map(|c| match c {
                '-' => '+',
                '_' => '/',
                other => other,
            })
            .collect();
        let decoded = STANDARD_NO_PAD.decode(standard).ok();
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        Self { encoded, decoded }
    }

    /// As the browser sent it.
    pub(super) fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The address; `None` when it can't be read.
    pub(super) fn decoded(&self) -> Option<&str> {
        self.decoded.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Option<String> {
        ReturnAddress::new(text).decoded().map(str::to_owned)
    }

    #[test]
    fn every_spelling_of_base64_is_read() {
        let expected = Some("https://h/~>?a=\u{ff}".to_owned());
        for text in [
            "aHR0cHM6Ly9oL34+P2E9w78=",
            "aHR0cHM6Ly9oL34+P2E9w78",
            "aHR0cHM6Ly9oL34-P2E9w78",
            "aHR0cHM6Ly9oL34 P2E9w78=",
        ] {
            assert_eq!(decoded(text), expected, "{text}");
        }
        assert_eq!(decoded("aHR0cDovL2gvYT8/"), Some("http://h/a??".to_owned()));
        assert_eq!(decoded("aHR0cDovL2gvYT8_"), Some("http://h/a??".to_owned()));
    }

    #[test]
    fn anything_else_is_no_address() {
        for text in ["https://h/", "%%%", "a", "/w==", "aHR0\ncDov"] {
            assert_eq!(decoded(text), None, "{text}");
        }
        assert_eq!(decoded(""), Some(String::new()));
    }
}
