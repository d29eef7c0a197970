//! Connections that are given up: actix measures the time of a connection's first head
//! and of the pause between requests alone, so a client could hold a connection for ever
//! with half a head, or with an answer that it doesn't read.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::net::Shutdown;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::rt;
use actix_web::rt::net::TcpStream;
use socket2::{SockRef, Socket};

use crate::settings::LimitSettings;

/// What the kernel keeps of an answer until it can be sent, in bytes.
#[cfg(target_os = "linux")]
const KEPT_UNSENT: u32 = 128 * 1024;

/// Pause between looks at the connections of a worker.
const LOOK_EVERY: Duration = Duration::from_millis(500);

thread_local! {
    /// Those of this worker.
    static OPEN: RefCell<Open> = RefCell::default();
}

#[derive(Default)]
struct Open {
    connections: Vec<Weak<Connection>>,
    watched: bool,
}

/// A connection, as long as its server holds it.
pub(crate) struct Connection {
    /// The socket a second time: actix doesn't give away its own.
    socket: Socket,
    longest: Duration,
    /// When it was opened, or answered last.
    since: Cell<Instant>,
    serving: Cell<bool>,
}

impl Connection {
    /// The connection of a request; `None` under a server that doesn't watch them.
    pub(crate) fn of(request: &ServiceRequest) -> Option<Rc<Self>> {
        request.conn_data::<Rc<Self>>().cloned()
    }

    /// A request is being served: its own time limit counts.
    pub(crate) fn serves(&self) {
        self.serving.set(true);
    }

    /// The answer to the request begins.
    pub(crate) fn answers(&self) {
        self.serving.set(false);
        self.since.set(Instant::now());
    }

    fn is_overdue(&self) -> bool {
        !self.serving.get() && self.since.get().elapsed() > self.longest
    }
}

/// What a server does with every connection that it takes. An answer of which nothing
/// is taken ends with its connection after `limits.unread_seconds`, and so does one
/// whose next request is not there after `limits.connection_seconds`.
pub(crate) fn watch(limits: LimitSettings) -> impl Fn(&dyn Any, &mut Extensions) {
    let longest = Duration::from_secs(limits.connection_seconds.get());
    let unread = Duration::from_secs(limits.unread_seconds.get());
    move |connection, data| {
        let Some(stream) = connection.downcast_ref::<TcpStream>() else {
            return;
        };
        let socket = SockRef::from(stream);
        limit_answers(&socket, unread);
        match socket.try_clone() {
            Ok(socket) => {
                let connection = Rc::new(Connection {
                    socket,
                    longest,
                    since: Cell::new(Instant::now()),
                    serving: Cell::new(false),
                });
                keep(&connection);
                data.insert(connection);
            }
            Err(error) => {
                // The process has no file descriptor left: nothing could end it later.
                pms_log::warn("a connection is refused", &error.to_string(), |line| {
                    tracing::warn!(%error, "{line}");
                });
                let _ = socket.shutdown(Shutdown::Both);
            }
        }
    }
}

/// The kernel ends a connection whose peer is gone, or takes nothing, for so long.
#[cfg(target_os = "linux")]
fn limit_answers(socket: &Socket, unread: Duration) {
    // Without them `limits.connection_seconds` still ends the connection.
    let _ = socket.set_tcp_user_timeout(Some(unread));
    let _ = socket.set_tcp_notsent_lowat(KEPT_UNSENT);
}

#[cfg(not(target_os = "linux"))]
fn limit_answers(_: &Socket, _: Duration) {}

fn keep(connection: &Rc<Connection>) {
    OPEN.with_borrow_mut(|open| {
        open.connections.push(Rc::downgrade(connection));
        if !open.watched {
            open.watched = true;
            rt::spawn(close_overdue());
        }
    });
}

/// Runs as long as the worker has connections.
async fn close_overdue() {
    loop {
        rt::time::sleep(LOOK_EVERY).await;
        let any = OPEN.with_borrow_mut(|open| {
            open.connections.retain(|connection| {
                let Some(connection) = connection.upgrade() else {
                    return false;
                };
                if connection.is_overdue() {
                    // Its server sees the end of the connection, and drops it.
                    let _ = connection.socket.shutdown(Shutdown::Both);
                }
                true
            });
            open.watched = !open.connections.is_empty();
            open.watched
        });
        if !any {
            return;
        }
    }
}
