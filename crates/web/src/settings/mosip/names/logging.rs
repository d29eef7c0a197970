//! Levels of the log (contract config-and-deploy.md §11).

use super::Translation;

const ROOT: &str = "logging.level.root";
/// Loggers of the reference's services, from far to near: the last one counts. Others
/// are those of libraries that are not here.
const SERVICES: [&str; 3] = [
    "logging.level.io",
    "logging.level.io.mosip",
    "logging.level.io.mosip.pms",
];
/// What a logger below these is called: part of the services, but not all of them.
const PARTS: &str = "logging.level.io.mosip.pms.";
const ACCESS_LOG: &str = "server.tomcat.accesslog.enabled";
const KEY: &str = "telemetry.log";

/// Spring's levels, and ours for this system's code and for libraries: at the finest
/// level these would write what they send.
const LEVELS: [(&str, &str, &str); 8] = [
    ("off", "off", "off"),
    ("false", "off", "off"),
    ("fatal", "error", "error"),
    ("error", "error", "error"),
    ("warn", "warn", "warn"),
    ("info", "info", "info"),
    ("debug", "debug", "debug"),
    ("trace", "trace", "debug"),
];

/// Makes one filter of the levels; names those that can't be followed.
pub(super) fn translate(translation: &mut Translation<'_>) -> Vec<String> {
    let mut others = Vec::new();
    let mut level = |translation: &mut Translation<'_>, property: &str| {
        let value = translation.value_if_any(property)?.to_lowercase();
        let known = LEVELS.iter().find(|(name, ..)| *name == value);
        if known.is_none() {
            others.push(property.to_owned());
        }
        known.map(|(_, ours, libraries)| (*ours, *libraries))
    };
    let root = level(translation, ROOT);
    let nearest = SERVICES.map(|property| (level(translation, property), property));
    let nearest = nearest
        .into_iter()
        .rev()
        .find_map(|(found, property)| found.map(|found| (found, property)));
    let access = translation.value_if_any(ACCESS_LOG);
    let no_access = access.is_some_and(|on| on.eq_ignore_ascii_case("false"));
    others.extend(translation.names_below(PARTS));

    let property = match (nearest, root) {
        (Some((_, property)), _) => property,
        (None, Some(_)) => ROOT,
        (None, None) if no_access => ACCESS_LOG,
        (None, None) => return others,
    };
    let libraries = root.map_or("info", |(_, libraries)| libraries);
    let ours = nearest.map(|(found, _)| found).or(root);
    let ours = ours.map_or("info", |(ours, _)| ours);
    // Neither the access log nor audit records belong to a logger of the reference.
    let access = if no_access { "off" } else { "info" };
    let server = if matches!(libraries, "off" | "error") {
        libraries
    } else {
        "warn"
    };
    let filter = format!("{libraries},actix_server={server},pms={ours},access={access},audit=info");
    translation.put(KEY, filter, property);
    others
}
