//! Which way to a database thread is cheaper: tokio's blocking threads behind a
//! semaphore and r2d2, or threads that take work from a bounded channel. It decided
//! how `pms_database::Db` goes: by threads of its own, with connections of r2d2.
//!
//! Environment: `BENCH_URL` (database with the rows of `benches/rows.sql`),
//! `BENCH_POOL` (connections), `BENCH_SECONDS` per measurement (2), `BENCH_ROUNDS`
//! (5). Prints reads per second of both, interleaved.
#![expect(
    clippy::print_stdout,
    reason = "what a measurement finds is its output"
)]

use std::env::var;
use std::io::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::r2d2::{ConnectionManager, Pool};
use pms_database::{connect, partners};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::LocalSet;

/// As many as the tasks of [`measure`], so that none finds the channel full.
const WAITING: usize = 64;
/// Threads that serve requests, and requests in flight on each.
const WORKERS: usize = 2;
const IN_FLIGHT: usize = 16;

fn read(conn: &mut PgConnection, number: u64) -> bool {
    let id = format!("bt{}", number * 7919 % 1000);
    partners::find_profile(conn, &id).is_ok_and(|found| found.is_some())
}

/// Work and where its answer goes.
type Work = (u64, oneshot::Sender<bool>);

/// One of the two ways.
#[derive(Clone)]
enum Way {
    Blocking(Arc<Semaphore>, Pool<ConnectionManager<PgConnection>>),
    Channel(SyncSender<Work>),
}

impl Way {
    fn blocking(url: &str, size: u32) -> Result<Self> {
        let slots = usize::try_from(size).map_err(Error::other)?;
        let pool = Pool::builder().max_size(size).test_on_check_out(false);
        let pool = pool
            .build(ConnectionManager::new(url))
            .map_err(Error::other)?;
        Ok(Self::Blocking(Arc::new(Semaphore::new(slots)), pool))
    }

    fn channel(url: &str, size: u32) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..size {
            let conn = connect(url).map_err(Error::other)?;
            let receiver = Arc::clone(&receiver);
            std::thread::spawn(move || serve(conn, &receiver));
        }
        Ok(Self::Channel(sender))
    }

    async fn read(&self, number: u64) -> bool {
        match self {
            Self::Blocking(slots, pool) => {
                let Ok(slot) = Arc::clone(slots).acquire_owned().await else {
                    return false;
                };
                let pool = pool.clone();
                let done = tokio::task::spawn_blocking(move || {
                    let found = pool.get().is_ok_and(|mut conn| read(&mut conn, number));
                    drop(slot);
                    found
                });
                done.await.unwrap_or(false)
            }
            Self::Channel(sender) => {
                let (answer, answered) = oneshot::channel();
                match sender.try_send((number, answer)) {
                    Ok(()) => answered.await.unwrap_or(false),
                    Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => false,
                }
            }
        }
    }
}

fn serve(mut conn: PgConnection, work: &Mutex<Receiver<Work>>) {
    loop {
        let next = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, answer)) = next else {
            return;
        };
        // The other side may have given up.
        let _ = answer.send(read(&mut conn, number));
    }
}

/// Reads per second.
fn measure(way: &Way, time: Duration) -> Result<u64> {
    let done = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + time;
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (way, done) = (way.clone(), Arc::clone(&done));
            std::thread::spawn(move || -> Result<()> {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                let tasks = LocalSet::new();
                for _ in 0..IN_FLIGHT {
                    let (way, done) = (way.clone(), Arc::clone(&done));
                    tasks.spawn_local(async move {
                        while Instant::now() < until {
                            let number = done.load(Ordering::Relaxed);
                            if way.read(number).await {
                                done.fetch_add(1, Ordering::Relaxed);
                            }
                        }
                    });
                }
                runtime.block_on(tasks);
                Ok(())
            })
        })
        .collect();
    for worker in workers {
        let ended = worker.join();
        ended.map_err(|_panic| Error::other("a worker panicked"))??;
    }
    let millis = time.as_millis().max(1);
    let millis = u64::try_from(millis).map_err(Error::other)?;
    Ok(done.load(Ordering::Relaxed) * 1000 / millis)
}

fn number(name: &str, usual: u32) -> Result<u32> {
    var(name).map_or(Ok(usual), |text| text.parse().map_err(Error::other))
}

fn main() -> Result<()> {
    let url = var("BENCH_URL").map_err(Error::other)?;
    let (size, rounds) = (number("BENCH_POOL", 10)?, number("BENCH_ROUNDS", 5)?);
    let time = Duration::from_secs(number("BENCH_SECONDS", 2)?.into());
    let ways = [Way::blocking(&url, size)?, Way::channel(&url, size)?];
    let [blocking, channel] = &ways;
    for round in 0..=rounds {
        let (first, second) = (measure(blocking, time)?, measure(channel, time)?);
        // The first round only fills the caches.
        if round > 0 {
            println!("blocking threads {first}/s, threads with connections {second}/s");
        }
    }
    Ok(())
}
