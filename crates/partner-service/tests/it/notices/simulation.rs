//! A leap year of days over a population, with outages, kills, two processes at
//! once and a key manager that fails: which notices were given, against a model that
//! knows nothing of the code.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc, Weekday};
use pms_domain::schedule::{Schedule, Tz};
use pms_testkit::peers::key_manager::PeerFailure;

use super::stage::{Notices, Process};
use crate::support::Row;

const ZONE: &str = "Europe/Berlin";
/// All jobs of a night, the escalation after what it looks at.
const DAILY: [&str; 7] = [
    "ca-certificates",
    "partner-certificates",
    "ftm-certificates",
    "sbis",
    "api-keys",
    "misp-licences",
    "escalation",
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Something that ends: type, owner, how notices call it, the day of its end.
#[derive(Clone)]
struct Thing {
    kind: &'static str,
    owner: String,
    name: String,
    ends: NaiveDate,
}

/// The notices that should have been given.
#[derive(Default)]
struct Model {
    things: Vec<Thing>,
    lines: Vec<String>,
    /// Types and names that their owners were told of, and that they put away.
    noticed: BTreeSet<(&'static str, String)>,
    away: BTreeSet<(&'static str, String)>,
    /// Days on which a summary was due, with its certificates and keys and so on.
    summaries: usize,
}

const ADMINS: [&str; 2] = ["Boss", "second"];

impl Model {
    /// A night that looks at these days.
    fn night(&mut self, days: &[NaiveDate]) {
        for thing in self.things.clone() {
            // From the least urgent to the most: the last that fits is given.
            let mut given = None;
            for period in [30, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0] {
                if days
                    .iter()
                    .any(|day| *day + Days::new(period) == thing.ends)
                {
                    given = Some(period);
                }
            }
            let Some(period) = given else { continue };
            if matches!(
                thing.kind,
                "ROOT_CERT_EXPIRY" | "INTERMEDIATE_CERT_EXPIRY" | "MISP_LICENSE_KEY_EXPIRY"
            ) {
                for admin in ADMINS {
                    self.lines
                        .push(format!("{admin} {} {} {period}", thing.kind, thing.name));
                }
            } else {
                self.lines.push(format!(
                    "{} {} {} {period}",
                    thing.owner, thing.kind, thing.name
                ));
                self.noticed.insert((thing.kind, thing.name));
            }
        }
        for thing in self.things.clone() {
            let key = (thing.kind, thing.name.clone());
            let seven = days.iter().any(|day| *day + Days::new(7) == thing.ends);
            if seven && self.noticed.contains(&key) && !self.away.contains(&key) {
                for admin in ADMINS {
                    self.lines
                        .push(format!("{admin} {} {} 7", thing.kind, thing.name));
                }
            }
        }
    }

    fn week(&mut self, day: NaiveDate) {
        let week = day..=day + Days::new(7);
        let shown = [
            "PARTNER_CERT_EXPIRY",
            "FTM_CHIP_CERT_EXPIRY",
            "SBI_EXPIRY",
            "API_KEY_EXPIRY",
        ];
        let any = self
            .things
            .iter()
            .any(|thing| shown.contains(&thing.kind) && week.contains(&thing.ends));
        self.summaries += if any { ADMINS.len() } else { 0 };
    }
}

fn populate(stage: &Notices, dice: &mut Dice) -> Vec<Thing> {
    let first: NaiveDate = "2028-01-01".parse().unwrap();
    let mut things = Vec::new();
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    let end = |forced: Option<&str>, dice: &mut Dice| -> (NaiveDate, String) {
        let day = match forced {
            Some(day) => day.parse().unwrap(),
            None => first + Days::new(dice.below(400)),
        };
        let time = ["00:00:00", "00:00:01", "12:30:00", "23:59:59.999999"];
        let time = time[usize::try_from(dice.below(4)).unwrap()];
        (day, format!("{day} {time}"))
    };
    let forced = [
        Some("2028-02-29"),
        Some("2028-03-01"),
        Some("2028-03-26"),
        Some("2028-10-29"),
        Some("2028-12-31"),
        Some("2029-01-01"),
    ];
    for number in 0..20_usize {
        let owner = format!("partner-{number:02}");
        let (day, at) = end(forced.get(number).copied().flatten(), dice);
        stage.certified(&owner, "Auth_Partner", &at);
        things.push(thing(
            "PARTNER_CERT_EXPIRY",
            &owner,
            &format!("cert-of-{owner}"),
            day,
        ));
        let (day, at) = end(None, dice);
        let key = format!("secret-{number:02}");
        stage.key(&key, &owner, &at);
        things.push(thing(
            "API_KEY_EXPIRY",
            &owner,
            &format!("label {key}"),
            day,
        ));
        if number % 2 == 0 {
            let (day, at) = end(None, dice);
            let id = format!("sbi-{number:02}");
            stage.interface(&id, &owner, &at);
            things.push(thing("SBI_EXPIRY", &owner, &id, day));
        }
        if number % 4 == 0 {
            let (day, at) = end(None, dice);
            let (id, alias) = (
                format!("chip-{number:02}"),
                format!("chip-cert-{number:02}"),
            );
            stage
                .stage
                .chip(&id, &owner, ("approved", true), Some(&alias));
            stage.chip_certificate(&alias, &at);
            things.push(thing("FTM_CHIP_CERT_EXPIRY", &owner, &id, day));
        }
        if number % 5 == 0 {
            let misp = format!("misp-{number:02}");
            stage.stage.partner(&Row {
                id: &misp,
                user: &misp,
                kind: "MISP_Partner",
                alias: None,
                ..Row::default()
            });
            let (day, at) = end(None, dice);
            stage.licence(&format!("licence-00{number:02}"), &misp, &at);
            things.push(thing(
                "MISP_LICENSE_KEY_EXPIRY",
                &misp,
                &format!("****00{number:02}"),
                day,
            ));
            let (day, at) = end(None, dice);
            let id = format!("ca-{number:02}");
            let kind = if number % 2 == 0 {
                "ROOT"
            } else {
                "INTERMEDIATE"
            };
            let at: String = at.replace(' ', "T").chars().take(19).collect();
            stage.stage.keys.authority(kind, &id, &at);
            let code = if kind == "ROOT" {
                "ROOT_CERT_EXPIRY"
            } else {
                "INTERMEDIATE_CERT_EXPIRY"
            };
            things.push(thing(code, "", &id, day));
        }
    }
    things
}

fn thing(kind: &'static str, owner: &str, name: &str, ends: NaiveDate) -> Thing {
    Thing {
        kind,
        owner: owner.to_owned(),
        name: name.to_owned(),
        ends,
    }
}

/// A night: jobs in their order, each to the end.
async fn night(process: &Process, jobs: &[&str], days: &[NaiveDate]) {
    for job in jobs {
        let outcome = process.run(job, days).await.unwrap();
        assert_eq!(outcome.failed, 0, "{job} {days:?}");
    }
}

/// A night in which something goes wrong, and after which all is done.
async fn bad_night(
    stage: &Notices,
    (one, other): (&std::sync::Arc<Process>, &std::sync::Arc<Process>),
    days: &[NaiveDate],
    dice: &mut Dice,
) {
    match dice.below(4) {
        0 => {
            // A process is killed somewhere, and another one begins anew.
            let (process, of_task) = (std::sync::Arc::clone(one), days.to_vec());
            let task = actix_web::rt::spawn(async move { night(&process, &DAILY, &of_task).await });
            tokio::time::sleep(Duration::from_millis(dice.below(80))).await;
            task.abort();
            let _ = task.await;
        }
        1 => {
            // Two at once: a network was split.
            futures_util::future::join(
                night(one, &DAILY[..6], days),
                night(other, &DAILY[..6], days),
            )
            .await;
        }
        2 => {
            stage.stage.keys.fail("encrypt", PeerFailure::Status(503));
            for job in DAILY {
                one.run(job, days).await.unwrap();
            }
        }
        _ => {
            stage
                .stage
                .keys
                .fail("getCaCertificates", PeerFailure::Status(500));
            one.run("ca-certificates", days).await.unwrap_err();
        }
    }
    stage.stage.keys.recover();
    night(other, &DAILY, days).await;
}

#[actix_web::test]
async fn a_leap_year_tells_everybody_what_a_simple_model_says() {
    let stage = Notices::with(|builder| {
        builder
            .setting("jobs.time_zone", ZONE)
            .setting("jobs.escalate_days", "7")
    })
    .await;
    stage
        .keycloak
        .add("second", "Se", "Cond", &["PARTNER_ADMIN"]);
    let mut dice = Dice(20_280_229);
    let mut model = Model {
        things: populate(&stage, &mut dice),
        ..Model::default()
    };
    let (one, other) = (stage.process(), stage.process());
    let (one, other) = (std::sync::Arc::new(one), std::sync::Arc::new(other));
    let zone: Tz = ZONE.parse().unwrap();
    let daily = Schedule::parse("0 0 0 * * *", zone).unwrap().unwrap();
    let saturdays = Schedule::parse("0 0 0 * * 6", zone).unwrap().unwrap();
    let start: DateTime<Utc> = "2027-12-31T12:00:00Z".parse().unwrap();
    let (mut done, mut done_weekly) = (start, start);
    let mut seen: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut outage = 0;

    for number in 0..366 {
        // Noon of each day: what was planned at midnight is due.
        let now = start + TimeDelta::days(number + 1);
        outage = match outage {
            0 if number < 360 && dice.chance(6) => 1 + dice.below(4),
            0 => 0,
            left => left - 1,
        };
        if outage > 0 {
            continue;
        }
        stage.stage.app.clock.set(now);
        let due = daily.due(done, now).unwrap();
        for day in &due.days {
            *seen.entry(*day).or_default() += 1;
        }
        if dice.chance(25) {
            bad_night(&stage, (&one, &other), &due.days, &mut dice).await;
        } else {
            night(&one, &DAILY, &due.days).await;
        }
        model.night(&due.days);
        done = now;
        if let Some(due) = saturdays.due(done_weekly, now) {
            let day = *due.days.last().unwrap();
            assert_eq!(day.weekday(), Weekday::Sat);
            night(&one, &["weekly-summary"], &due.days).await;
            night(&other, &["weekly-summary"], &due.days).await;
            model.week(day);
            done_weekly = now;
        }
        put_away(&stage, &mut model, &mut dice);
    }

    // No day of the leap year is missed or looked at twice, whatever the clocks do.
    assert_eq!(seen.len(), 366);
    assert!(seen.values().all(|times| *times == 1));
    let mut given = stage.given();
    let all = given.len();
    given.retain(|line| !line.contains("WEEKLY_SUMMARY"));
    model.lines.sort();
    assert!(model.lines.len() > 500, "{}", model.lines.len());
    let expected: BTreeSet<&String> = model.lines.iter().collect();
    let found: BTreeSet<&String> = given.iter().collect();
    let missing: Vec<_> = expected.difference(&found).collect();
    let wrong: Vec<_> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && wrong.is_empty(),
        "missing {missing:?}\nwrong {wrong:?}"
    );
    assert_eq!(given, model.lines);
    assert_eq!(all - given.len(), model.summaries);
    stage.assert_mails();
}

/// Now and then a partner reads its notices.
fn put_away(stage: &Notices, model: &mut Model, dice: &mut Dice) {
    if !dice.chance(30) {
        return;
    }
    let waiting: Vec<_> = model.noticed.difference(&model.away).cloned().collect();
    if waiting.is_empty() {
        return;
    }
    let place = usize::try_from(dice.below(u64::try_from(waiting.len()).unwrap())).unwrap();
    let (kind, name) = waiting[place].clone();
    let owner = model
        .things
        .iter()
        .find(|thing| (thing.kind, &thing.name) == (kind, &name))
        .map(|thing| thing.owner.clone())
        .unwrap();
    stage.stage.sql(&format!(
        "UPDATE notifications SET notification_status = 'DISMISSED'
         WHERE partner_id = '{owner}' AND notification_type = '{kind}'"
    ));
    model.away.insert((kind, name));
}
