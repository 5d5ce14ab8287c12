//! The thread that sends to collectors, on an event loop of its own: a batch is put together there, and no request
//! waits behind it.

use std::io;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

/// The event loop, before its thread begins.
pub(super) struct Sending {
    runtime: Runtime,
    all: Vec<JoinHandle<()>>,
}

impl Sending {
    pub(super) fn new() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { runtime, all: Vec::new() })
    }

    /// Makes something that belongs to the event loop, as connections do.
    pub(super) fn inside<T>(&self, make: impl FnOnce() -> T) -> T {
        let _inside = self.runtime.enter();
        make()
    }

    /// Adds something that sends, to its end, known to `tasks`.
    pub(super) fn add(
        &mut self,
        run: impl Future<Output = ()> + Send + 'static,
        tasks: &TaskTracker,
    ) {
        self.all.push(self.runtime.spawn(tasks.track_future(run)));
    }

    /// Begins. The thread ends when all that was added does.
    pub(super) fn begin(self) -> io::Result<()> {
        let Self { runtime, all } = self;
        let run = move || {
            runtime.block_on(async {
                for one in all {
                    // One that panicked has ended too, and the others go on.
                    let _ = one.await;
                }
            });
        };
        std::thread::Builder::new().name("littoral-otlp".into()).spawn(run).map(drop)
    }
}
