//! The database, as its Java driver is told about it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Translation;

/// What stays as it is in the user information of a URL.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

const PROPERTY: &str = "javax.persistence.jdbc.url";

/// Parameters of pgjdbc and what libpq calls them; of two for one the first counts.
const SAME: [(&str, &str); 7] = [
    ("sslmode", "sslmode"),
    ("sslrootcert", "sslrootcert"),
    ("sslcert", "sslcert"),
    ("sslkey", "sslkey"),
    ("loginTimeout", "connect_timeout"),
    ("connectTimeout", "connect_timeout"),
    ("connect_timeout", "connect_timeout"),
];

/// Which server of several to take, in pgjdbc's words and in libpq's.
const SERVERS: [(&str, &str); 8] = [
    ("any", "any"),
    ("primary", "read-write"),
    ("master", "read-write"),
    ("secondary", "standby"),
    ("slave", "standby"),
    ("preferSecondary", "prefer-standby"),
    ("preferSlave", "prefer-standby"),
    ("preferPrimary", "any"),
];

/// Parameters about the Java driver's own work, and those that are read below.
const DRIVERS_OWN: [&str; 17] = [
    "ApplicationName",
    "assumeMinServerVersion",
    "binaryTransfer",
    "defaultRowFetchSize",
    "gssEncMode",
    "loadBalanceHosts",
    "loggerLevel",
    "password",
    "preferQueryMode",
    "prepareThreshold",
    "preparedStatementCacheQueries",
    "reWriteBatchedInserts",
    "ssl",
    "sslfactory",
    "stringtype",
    "tcpKeepAlive",
    "user",
];

/// The parameters behind the question mark of a JDBC address.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn read(text: &'a str) -> Self {
        let all = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            all.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    /// The value of a parameter that may hold escapes.
    fn decoded(&self, name: &str) -> Option<String> {
        let value = percent_decode_str(self.get(name)?);
        Some(value.decode_utf8_lossy().into_owned())
    }
}

/// `jdbc:postgresql://host:port/database?parameters`, with its account. Names the
/// parameters that can't be followed.
///
/// # Errors
/// When the address is none of PostgreSQL.
pub(super) fn translate(translation: &mut Translation<'_>) -> Result<Vec<String>, String> {
    let Some(jdbc) = translation.value(PROPERTY)? else {
        return Ok(Vec::new());
    };
    let user = translation.value("javax.persistence.jdbc.user")?;
    let password = translation.value("javax.persistence.jdbc.password")?;
    let Some(rest) = jdbc.strip_prefix("jdbc:postgresql://") else {
        return Err(format!(
            "property {PROPERTY} is no jdbc:postgresql:// address"
        ));
    };
    let (address, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let parameters = Parameters::read(parameters);
    // As in pgjdbc, what the address says wins.
    let user = parameters.decoded("user").or(user);
    let password = parameters.decoded("password").or(password);
    let account = match (user, password) {
        (Some(user), Some(password)) => format!("{}:{}@", encoded(&user), encoded(&password)),
        (Some(user), None) => format!("{}@", encoded(&user)),
        _ => String::new(),
    };
    let (ours, others) = of_libpq(&parameters);
    let question = if ours.is_empty() { "" } else { "?" };
    let url = format!("postgres://{account}{address}{question}{ours}");
    translation.put("database.url", url, PROPERTY);
    Ok(others)
}

/// The parameters for libpq, and the names of those that it can't follow.
fn of_libpq(parameters: &Parameters<'_>) -> (String, Vec<String>) {
    let mut ours: Vec<(&str, &str)> = Vec::new();
    for (name, same) in SAME {
        let is_new = ours.iter().all(|(known, _)| *known != same);
        // No time at all is none here: every wait has an end.
        let value = parameters.get(name).filter(|value| {
            same != "connect_timeout" || value.parse().is_ok_and(|seconds: u32| seconds > 0)
        });
        if let Some(value) = value.filter(|_| is_new) {
            ours.push((same, value));
        }
    }
    ours.extend(encryption(parameters).map(|mode| ("sslmode", mode)));
    let mut others = Vec::new();
    for (name, value) in &parameters.0 {
        let followed = match *name {
            "targetServerType" => {
                let known = SERVERS.iter().find(|(word, _)| word == value);
                ours.extend(known.map(|(_, same)| ("target_session_attrs", *same)));
                known.is_some()
            }
            // The tables are read there whatever the search path is.
            "currentSchema" => value.split(',').any(|schema| schema.trim() == "pms"),
            name => SAME.iter().any(|(known, _)| *known == name) || DRIVERS_OWN.contains(&name),
        };
        if !followed {
            others.push(format!("{PROPERTY}?{name}"));
        }
    }
    let ours: Vec<String> = ours
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    (ours.join("&"), others)
}

/// `ssl` alone asks pgjdbc for a server that is who it says, where libpq would fall
/// back to no encryption at all. With a factory that checks nothing it asks for
/// encryption.
fn encryption(parameters: &Parameters<'_>) -> Option<&'static str> {
    let ssl = parameters.get("ssl")?;
    let wanted = ssl.is_empty() || ssl.eq_ignore_ascii_case("true");
    if !wanted || parameters.get("sslmode").is_some() {
        return None;
    }
    let factory = parameters.get("sslfactory");
    let unchecked = factory.is_some_and(|name| name.ends_with("NonValidatingFactory"));
    Some(if unchecked { "require" } else { "verify-full" })
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}
