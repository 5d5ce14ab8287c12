//! A TCP relay between two machines, and the line in it: a test cuts it, lets it go half open, slows
//! it down and mends it, which is what a change of network does to an application or a worker.
//!
//! Each direction is read into a bounded queue and written from there in order, so that a line that
//! carries nothing for a while loses and reorders nothing, as TCP over a dead radio link. An end or a
//! break of one side waits in the queue too: over a half-open line the other side must not learn of it.

use crate::cluster::PATIENCE;
use bytes::{Bytes, BytesMut};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// Most bytes that are read at once.
const PIECE_BYTES: usize = 16 * 1024;
/// Pieces that a direction holds; then its sender waits, as behind a full TCP window.
const PIECES: usize = 64;

/// A running relay. Dropping it ends it and its connections.
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

struct Shared {
    line: watch::Sender<Line>,
    counts: watch::Sender<Counts>,
}

/// The state of the line.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Where connections go; `None` while the line is cut.
    to: Option<SocketAddr>,
    /// Nothing passes, nothing is closed.
    half_open: bool,
    /// How much later each byte arrives, either way.
    delay: Duration,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Connections that are open now.
    open: usize,
    /// Connections that were taken while the line was not cut.
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
        let line = Line { to, half_open: false, delay: Duration::ZERO };
        let shared =
            Arc::new(Shared { line: watch::Sender::new(line), counts: watch::Sender::default() });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let accepting = accept(listener, Arc::clone(&shared), tasks.clone(), stop.clone());
        tasks.spawn(stop.clone().run_until_cancelled_owned(accepting));
        Self { address, shared, _stop: stop.drop_guard() }
    }

    /// The address of the far side as the near side sees it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Resets every connection on both sides, and every new one as soon as it is made. Waits until
    /// they are gone.
    pub async fn cut(&self) {
        self.shared.line.send_modify(|line| line.to = None);
        self.wait(|counts| counts.open == 0).await;
    }

    /// From now on no byte passes either way, and nobody is told: connections stay open, new ones are
    /// taken and lead nowhere.
    pub fn go_half_open(&self) {
        self.shared.line.send_modify(|line| line.half_open = true);
    }

    /// From now on every byte arrives later by `delay`, either way.
    pub fn slow_down(&self, delay: Duration) {
        self.shared.line.send_modify(|line| line.delay = delay);
    }

    /// Forwards connections again. What a half-open line held back arrives.
    pub fn mend(&self, to: SocketAddr) {
        let line = Line { to: Some(to), half_open: false, delay: Duration::ZERO };
        self.shared.line.send_replace(line);
    }

    /// Waits until a client has tried in vain.
    pub async fn wait_for_one_turned_away(&self) {
        self.wait(|counts| counts.turned_away > 0).await;
    }

    /// Connections that were taken while the line was not cut.
    #[must_use]
    pub fn forwarded(&self) -> usize {
        self.shared.counts.borrow().forwarded
    }

    async fn wait(&self, wanted: impl Fn(&Counts) -> bool) {
        let mut counts = self.shared.counts.subscribe();
        let reached = tokio::time::timeout(PATIENCE, counts.wait_for(wanted)).await;
        reached.expect("connections as wanted in time").expect("the relay lives");
    }
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    while let Ok((near, _)) = listener.accept().await {
        if shared.line.borrow().to.is_none() {
            reset(&near);
            drop(near);
            shared.counts.send_modify(|counts| counts.turned_away += 1);
            continue;
        }
        shared.counts.send_modify(|counts| {
            counts.open += 1;
            counts.forwarded += 1;
        });
        let forwarding = forward(near, Arc::clone(&shared));
        tasks.spawn(stop.clone().run_until_cancelled_owned(forwarding));
    }
}

async fn forward(mut near: TcpStream, shared: Arc<Shared>) {
    match shared.dial().await {
        Some(mut far) => shared.carry(&mut near, &mut far).await,
        None => reset(&near),
    }
    drop(near);
    shared.counts.send_modify(|counts| counts.open -= 1);
}

impl Shared {
    /// A connection to where the line leads, once it carries anything; `None` if it is cut or nobody
    /// is there.
    async fn dial(&self) -> Option<TcpStream> {
        let mut line = self.line.subscribe();
        let line = *line.wait_for(|line| !line.half_open || line.to.is_none()).await.ok()?;
        TcpStream::connect(line.to?).await.ok()
    }

    /// Carries bytes both ways until both sides have ended, one has broken, or the line is cut.
    /// However it ends, it ends for both.
    async fn carry(&self, near: &mut TcpStream, far: &mut TcpStream) {
        for side in [&*near, &*far] {
            side.set_nodelay(true).expect("a socket option");
        }
        let mut line = self.line.subscribe();
        let was_cut = {
            let ((from_near, to_near), (from_far, to_far)) = (near.split(), far.split());
            let there = pump(from_near, to_far, self.line.subscribe());
            let back = pump(from_far, to_near, self.line.subscribe());
            tokio::select! {
                biased;
                _ = line.wait_for(|line| line.to.is_none()) => true,
                _ = async { tokio::try_join!(there, back) } => false,
            }
        };
        if was_cut {
            reset(near);
            reset(far);
        }
    }
}

/// Carries one direction. `Ok` at its orderly end.
async fn pump(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    mut line: watch::Receiver<Line>,
) -> io::Result<()> {
    let (queue, mut pieces) = mpsc::channel::<(Instant, io::Result<Bytes>)>(PIECES);
    let reading = async move {
        loop {
            let mut piece = BytesMut::with_capacity(PIECE_BYTES);
            let read = from.read_buf(&mut piece).await.map(|_| piece.freeze());
            let is_last = !matches!(&read, Ok(piece) if !piece.is_empty());
            if queue.send((Instant::now(), read)).await.is_err() || is_last {
                return Ok(());
            }
        }
    };
    let writing = async move {
        while let Some((read_at, piece)) = pieces.recv().await {
            pass(&mut line, read_at).await;
            let piece = piece?;
            if piece.is_empty() {
                return to.shutdown().await;
            }
            to.write_all(&piece).await?;
        }
        Ok(())
    };
    tokio::try_join!(reading, writing).map(|_| ())
}

/// Waits until what was read at `read_at` arrives on the other side.
async fn pass(line: &mut watch::Receiver<Line>, read_at: Instant) {
    let due = read_at + line.borrow().delay;
    // Time is what a slow line takes; a cut ends the wait from outside.
    let _ = timeout_at(due, std::future::pending::<()>()).await;
    let _ = line.wait_for(|line| !line.half_open).await;
}

/// Without lingering, closing a socket sends a reset.
fn reset(stream: &TcpStream) {
    stream.set_zero_linger().expect("a socket option");
}
