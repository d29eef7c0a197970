//! A gate in front of a server: open, shut or stuck.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

/// What happens to connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They reach the server.
    Open,
    /// They are closed at once, those that were open too.
    Shut,
    /// They are taken, and nothing comes through.
    Stuck,
}

/// Where the server is.
#[derive(Debug, Clone)]
pub enum Server {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// A gate on a port of loopback.
pub struct Gate {
    port: u16,
    state: watch::Sender<State>,
    /// The gate ends with it.
    runtime: Option<tokio::runtime::Runtime>,
}

impl Gate {
    pub fn before(server: Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let (state, watched) = watch::channel(State::Open);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connect(client, server.clone(), watched.clone()));
            }
        });
        Self {
            port,
            state,
            runtime: Some(runtime),
        }
    }

    /// A gate before an HTTP server, given any address of it.
    pub fn before_http(url: &str) -> Self {
        let host = url.split('/').nth(2).unwrap();
        let address = host.replace("localhost", "127.0.0.1").parse().unwrap();
        Self::before(Server::Tcp(address))
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The same address, by way of the gate.
    pub fn url(&self, url: &str) -> String {
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    pub fn turn(&self, state: State) {
        self.state.send_replace(state);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn connect(client: TcpStream, server: Server, state: watch::Receiver<State>) {
    if *state.borrow() == State::Shut {
        return;
    }
    client.set_nodelay(true).unwrap();
    let (from_client, to_client) = tokio::io::split(client);
    match server {
        Server::Tcp(address) => {
            let Ok(server) = TcpStream::connect(address).await else {
                return;
            };
            server.set_nodelay(true).unwrap();
            let (from_server, to_server) = tokio::io::split(server);
            tokio::select! {
                () = pass(from_client, to_server, state.clone()) => {}
                () = pass(from_server, to_client, state) => {}
            }
        }
        Server::Unix(path) => {
            let Ok(server) = UnixStream::connect(path).await else {
                return;
            };
            let (from_server, to_server) = tokio::io::split(server);
            tokio::select! {
                () = pass(from_client, to_server, state.clone()) => {}
                () = pass(from_server, to_client, state) => {}
            }
        }
    }
}

/// Passes bytes on while the gate is open; ends with the connection, or when
/// the gate is shut.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<State>,
) {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            _ = until(&mut state, |state| state == State::Shut) => return,
            read = from.read(&mut bytes) => read,
        };
        let Ok(read @ 1..) = read else {
            return;
        };
        // It may have got stuck meanwhile.
        if until(&mut state, |state| state != State::Stuck).await != State::Open
            || to.write_all(&bytes[..read]).await.is_err()
        {
            return;
        }
    }
}

/// The state, once it is as wanted; shut when the gate is gone.
async fn until(state: &mut watch::Receiver<State>, wanted: impl Fn(State) -> bool) -> State {
    match state.wait_for(|state| wanted(*state)).await {
        Ok(state) => *state,
        Err(_) => State::Shut,
    }
}
