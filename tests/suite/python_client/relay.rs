//! A TCP relay between a client and the router that breaks connections when a test says so, which is
//! what a change of network does to an application.

use littoral_tests::cluster::PATIENCE;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// A running relay. Dropping it ends it.
pub struct Relay {
    address: SocketAddr,
    line: Arc<Line>,
    _stop: DropGuard,
}

struct Line {
    /// Where connections go; `None` while the line is cut.
    to: watch::Sender<Option<SocketAddr>>,
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Connections that are open now.
    open: usize,
    /// Connections that were forwarded so far.
    forwarded: usize,
    /// Connections that were broken at once because the line was cut.
    turned_away: usize,
}

impl Relay {
    /// A relay on a free port of the loopback interface; `to` is where it leads, `None` for a line
    /// that is cut.
    pub async fn start(to: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let line = Line { to: watch::Sender::new(to), counts: watch::Sender::default() };
        let (line, stop) = (Arc::new(line), CancellationToken::new());
        let tasks = TaskTracker::new();
        let accepting = accept(listener, Arc::clone(&line), tasks.clone());
        tasks.spawn(stop.clone().run_until_cancelled_owned(accepting));
        Self { address, line, _stop: stop.drop_guard() }
    }

    /// The router's address as the client sees it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks every connection, and every new one as soon as it is made. Waits until they are gone.
    pub async fn cut(&self) {
        self.line.to.send_replace(None);
        self.wait(|counts| counts.open == 0).await;
    }

    /// Forwards new connections.
    pub fn mend(&self, to: SocketAddr) {
        self.line.to.send_replace(Some(to));
    }

    /// Waits until a client has tried in vain.
    pub async fn wait_for_one_turned_away(&self) {
        self.wait(|counts| counts.turned_away > 0).await;
    }

    /// Connections that were forwarded so far.
    pub fn forwarded(&self) -> usize {
        self.line.counts.borrow().forwarded
    }

    async fn wait(&self, wanted: impl Fn(&Counts) -> bool) {
        let mut counts = self.line.counts.subscribe();
        let reached = tokio::time::timeout(PATIENCE, counts.wait_for(wanted)).await;
        reached.expect("connections as wanted in time").expect("the relay lives");
    }
}

async fn accept(listener: TcpListener, line: Arc<Line>, tasks: TaskTracker) {
    while let Ok((client, _)) = listener.accept().await {
        let to = *line.to.borrow();
        let line = Arc::clone(&line);
        match to {
            Some(to) => {
                line.counts.send_modify(|counts| {
                    counts.open += 1;
                    counts.forwarded += 1;
                });
                tasks.spawn(forward(client, to, line));
            }
            None => {
                reset(&client);
                drop(client);
                line.counts.send_modify(|counts| counts.turned_away += 1);
            }
        }
    }
}

async fn forward(mut client: TcpStream, to: SocketAddr, line: Arc<Line>) {
    if let Ok(mut router) = TcpStream::connect(to).await {
        let mut cut = line.to.subscribe();
        tokio::select! {
            biased;
            _ = cut.wait_for(Option::is_none) => {
                reset(&client);
                reset(&router);
            }
            // However it ends, it ends for both sides.
            _ = tokio::io::copy_bidirectional(&mut client, &mut router) => {}
        }
    }
    drop(client);
    line.counts.send_modify(|counts| counts.open -= 1);
}

/// Without lingering, closing a socket sends a reset.
fn reset(stream: &TcpStream) {
    stream.set_zero_linger().expect("a socket option");
}
