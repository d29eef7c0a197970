//! `POST /dev/clock`: a clock of the notice jobs alone, which goes to any day. The process's own clock stays: tokens and certificates are as valid as they
//! were.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::guard::fn_guard;
use actix_web::web::{self, Bytes, Data, ServiceConfig, resource};
use chrono::{Days, NaiveDate};
use pms_database::Clock;
use pms_domain::schedule;
use pms_partner_service::jobs::{Jobs, RunPlan};
use pms_runtime::{Runtime, RuntimeError};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{Mutex, watch};
use url::Url;

use crate::own_host::is_named;

/// The jobs that notify people, in the order of a night.
const JOBS: [&str; 8] = [
    "ca-certificates",
    "partner-certificates",
    "ftm-certificates",
    "sbis",
    "api-keys",
    "misp-licences",
    "weekly-summary",
    "escalation",
];
/// Most days that one step looks at, as after an outage.
const MOST_DAYS: usize = 31;

/// The clock and its jobs; clones share them.
#[derive(Clone)]
pub(super) struct DevelopmentClock {
    base: Url,
    parts: Arc<Parts>,
}

struct Parts {
    jobs: Jobs,
    clock: Clock,
    runtime: Runtime,
    /// The day that the clock was moved to last.
    day: Mutex<Option<NaiveDate>>,
}

#[derive(Deserialize)]
struct Move {
    day: NaiveDate,
}

impl DevelopmentClock {
    /// A clock beside the process `runtime`, with connections and metrics of its own.
    pub(super) fn new(runtime: &Runtime, base: &Url) -> Result<Self, RuntimeError> {
        let clock = Clock::fixed(runtime.clock.now());
        let own = Runtime::build((*runtime.settings).clone(), "pms-clock", clock.clone())?;
        Ok(Self {
            base: base.clone(),
            parts: Arc::new(Parts {
                jobs: Jobs::new(&own)?,
                clock,
                runtime: own,
                day: Mutex::default(),
            }),
        })
    }

    /// Adds the endpoint.
    pub(super) fn configure(&self, app: &mut ServiceConfig) {
        let named = is_named(&self.base);
        app.app_data(Data::from(Arc::clone(&self.parts))).service(
            resource("/dev/clock")
                .guard(fn_guard(named))
                .route(web::post().to(move_clock)),
        );
    }
}

/// Moves the clock to the beginning of a day, and runs the jobs for the days since
/// the last move forward.
async fn move_clock(parts: Data<Parts>, body: Bytes) -> HttpResponse {
    let Ok(wanted) = serde_json::from_slice::<Move>(&body) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut last = parts.day.lock().await;
    let day = wanted.day;
    // Back to an earlier day is a new beginning: notices that were given stay.
    let since = last.filter(|last| *last < day);
    let Ok(zone) = parts.runtime.settings.jobs.zone() else {
        return HttpResponse::InternalServerError().finish();
    };
    let Some(begin) = schedule::begin_of(day, zone) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut days: Vec<NaiveDate> = (0..)
        .map_while(|back| day.checked_sub_days(Days::new(back)))
        .take_while(|one| since.map_or(*one == day, |since| *one > since))
        .take(MOST_DAYS)
        .collect();
    days.reverse();
    parts.clock.set(begin);
    let plan = RunPlan {
        planned_at: begin,
        days,
        now: begin,
        dry_run: false,
    };
    let (_stop, stopped) = watch::channel(false);
    let mut jobs: Vec<Value> = Vec::new();
    for name in JOBS {
        jobs.push(
            match parts.jobs.run_plan(name, &plan, stopped.clone()).await {
                Ok(outcome) => json!({
                    "name": name, "given": outcome.changed, "failed": outcome.failed,
                }),
                Err(error) => json!({ "name": name, "error": error.to_string() }),
            },
        );
    }
    *last = Some(day);
    HttpResponse::Ok().json(json!({ "day": day, "jobs": jobs }))
}
