//! Where a browser may be sent after login and logout (contract auth.md §5.5).

use url::Url;

use super::ant::{glob, path_matches, segments};

/// Longest address that is looked at, in bytes.
const LONGEST: usize = 8192;

/// The addresses that an operator allows: exact ones, and patterns with `?`,
/// `*` and `**` as Ant has them.
///
/// A pattern's host is compared with the host alone: nothing in an address can
/// make a browser go elsewhere than where the pattern points.
#[derive(Debug, Clone, Default)]
pub struct AllowedRedirects {
    exact: Vec<Url>,
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone)]
struct Pattern {
    scheme: String,
    authority: String,
    segments: Vec<String>,
}

impl AllowedRedirects {
    /// Reads the operator's list; empty entries are skipped.
    ///
    /// # Errors
    /// One line about an entry that can't be meant: no http or https address,
    /// or one that would allow every host.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut allowed = Self::default();
        for entry in entries.into_iter().map(str::trim) {
            if entry.is_empty() {
                continue;
            }
            if entry.contains(['*', '?']) {
                allowed.patterns.push(Pattern::new(entry)?);
            } else {
                let url = browser_target(entry).map_err(|why| format!("{entry}: {why}"))?;
                allowed.exact.push(url);
            }
        }
        Ok(allowed)
    }

    /// Whether a browser may be sent to `address`: the part before `#` is an
    /// entry, or the whole matches a pattern.
    pub fn allows(&self, address: &str) -> bool {
        let Ok(mut target) = browser_target(address) else {
            return false;
        };
        if self.patterns.iter().any(|pattern| pattern.matches(&target)) {
            return true;
        }
        target.set_fragment(None);
        self.exact.contains(&target)
    }

    /// A page that is allowed, for a link out of a dead end: the first exact
    /// entry, else the beginning of the first pattern for a single host.
    pub fn home(&self) -> Option<String> {
        let exact = self.exact.first().map(Url::to_string);
        exact.or_else(|| {
            let single = |pattern: &&Pattern| !pattern.authority.contains(['*', '?']);
            let pattern = self.patterns.iter().find(single)?;
            let home = format!("{}://{}/", pattern.scheme, pattern.authority);
            self.allows(&home).then_some(home)
        })
    }
}

impl Pattern {
    fn new(entry: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("{entry}: {why}"));
        let Some((scheme, rest)) = entry.split_once("://") else {
            return wrong("must be an http or https address");
        };
        let scheme = scheme.to_ascii_lowercase();
        if !matches!(scheme.as_str(), "http" | "https") {
            return wrong("must be an http or https address");
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !authority.contains(|c: char| c.is_ascii_alphanumeric()) {
            return wrong("must name a host");
        }
        if authority.contains(['\\', '@', '#']) {
            return wrong("must name nothing but a host and a port before the path");
        }
        Ok(Self {
            scheme,
            authority: authority.to_ascii_lowercase(),
            segments: segments(path),
        })
    }

    fn matches(&self, target: &Url) -> bool {
        let host = target.host_str().unwrap_or_default();
        let authority = match target.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let behind = target.as_str().splitn(4, '/').nth(3).unwrap_or_default();
        self.scheme == target.scheme()
            && glob(self.authority.as_bytes(), authority.as_bytes())
            && path_matches(&self.segments, &segments(behind))
    }
}

/// The address as a browser takes it.
///
/// Refused is what parsers read in different ways: backslashes, user names,
/// blanks, control characters, missing or surplus slashes.
fn browser_target(address: &str) -> Result<Url, &'static str> {
    if address.len() > LONGEST {
        return Err("is too long");
    }
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>');
    if !address.bytes().all(plain) {
        return Err("holds characters that no address has");
    }
    let (scheme, rest) = address
        .split_once("://")
        .ok_or("must be an http or https address")?;
    let web = ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    if !web {
        return Err("must be an http or https address");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains(['@', '%']) {
        return Err("must name nothing but a host and a port before the path");
    }
    Url::parse(address).map_err(|_unreadable| "is no address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(entries: &[&str]) -> AllowedRedirects {
        AllowedRedirects::new(entries.iter().copied()).unwrap()
    }

    #[test]
    fn the_part_before_the_fragment_must_be_an_entry() {
        let allowed = allowed(&["https://portal.example.org/", ""]);

        for address in [
            "https://portal.example.org/",
            "https://portal.example.org",
            "HTTPS://Portal.Example.org/",
            "https://portal.example.org:443/",
            "https://portal.example.org/#/partnermanagement/dashboard",
            "https://portal.example.org/#/list?sbiId=1#https://evil.com",
        ] {
            assert!(allowed.allows(address), "{address}");
        }
        for address in [
            "",
            "/",
            "https://portal.example.org/x",
            "https://portal.example.org/?x=1#/",
            "http://portal.example.org/",
            "https://portal.example.org:8443/",
            "https://portal.example.org.evil.com/",
            "https://evil.com/#https://portal.example.org/",
        ] {
            assert!(!allowed.allows(address), "{address}");
        }
    }

    #[test]
    fn tricks_of_open_redirects_do_not_work() {
        let allowed = allowed(&[
            "https://allowed.org/**",
            "https://*.allowed.org/**",
            "https://exact.org/",
        ]);

        for address in [
            "//evil.com",
            "https:evil.com",
            "https:/exact.org/",
            "https:///evil.com/",
            "https://\\evil.com/",
            "https://evil.com\\.allowed.org/",
            "https://evil.com/.allowed.org/",
            "https://evil.com?.allowed.org/",
            "https://evil.com#.allowed.org/",
            "https://allowed.org@evil.com/",
            "https://evil.com@allowed.org/",
            "https://u:p@allowed.org/",
            "https://allowed.org%2f@evil.com/",
            "https://evil.com%2f.allowed.org/",
            "https://allowed.org.evil.com/",
            "https://allowed.evil.com/",
            "https://allowed.org:8443/",
            "javascript://allowed.org/%0aalert(1)",
            "data:text/html,x",
            "https://allowed.org/ x",
            "https://allowed.org/\r\nSet-Cookie:x=y",
            "https://allowed.org/\u{e9}",
            "https://allowed.org/\"><script>",
            "\thttps://allowed.org/",
        ] {
            assert!(!allowed.allows(address), "{address}");
        }
        for address in [
            "https://allowed.org",
            "https://allowed.org/a/b?c=d#/e?f=/g",
            "https://a.b.allowed.org/",
            "https://exact.org/#/x",
        ] {
            assert!(allowed.allows(address), "{address}");
        }
    }

    #[test]
    fn patterns_are_those_of_ant() {
        let matches = |pattern: &str, address: &str| allowed(&[pattern]).allows(address);

        assert!(matches("http://h:8080/**", "http://h:8080/#/a"));
        assert!(!matches("http://h:8080/**", "http://h/#/a"));
        assert!(matches("http://h/*", "http://h/a"));
        assert!(!matches("http://h/*", "http://h/a/b"));
        assert!(matches("http://h/a/**/z", "http://h/a/z"));
        assert!(matches("http://h/a/**/z", "http://h/a/b/c/z"));
        assert!(!matches("http://h/a/**/z", "http://h/a/b/c"));
        assert!(matches("http://h/a?c", "http://h/abc"));
        assert!(!matches("http://h/a?c", "http://h/ac"));
        assert!(matches("http://h?/**", "http://h1/"));
    }

    #[test]
    fn entries_that_would_allow_every_host_are_refused() {
        for entry in [
            "*",
            "**",
            "https://**",
            "https://*/x",
            "ftp://h/**",
            "h/**",
            "portal",
        ] {
            assert!(AllowedRedirects::new([entry]).is_err(), "{entry}");
        }
    }

    #[test]
    fn a_way_back_is_found_when_there_is_one() {
        assert_eq!(allowed(&[]).home(), None);
        assert_eq!(allowed(&["https://*.a.org/**"]).home(), None);
        assert_eq!(allowed(&["https://a.org/x/*"]).home(), None);
        assert_eq!(
            allowed(&["https://*.a.org/**", "https://b.org/**"])
                .home()
                .as_deref(),
            Some("https://b.org/")
        );
    }
}
