//! One reader of a log: who was chosen first, then every event that follows its position.

use super::resume::Position;
use super::{StreamLog, Take};
use crate::pipeline::told::Told;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_stream::Stream;

/// One reader. Dropping it lets go of the log.
pub struct Reader {
    log: Arc<StreamLog>,
    id: u64,
    position: Position,
    greeted: bool,
    published: watch::Receiver<u64>,
}

impl Reader {
    pub(super) fn new(
        log: Arc<StreamLog>,
        id: u64,
        position: Position,
        published: watch::Receiver<u64>,
    ) -> Self {
        Self { log, id, position, greeted: false, published }
    }

    /// The next event, or `None` after the last.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            self.published.borrow_and_update();
            if !self.greeted {
                if let Some(routed) = self.log.routed() {
                    self.greeted = true;
                    return Some(routed);
                }
            } else {
                match self.log.take(self.id) {
                    Take::Event(told) => {
                        if let Some(new) = self.position.unheard(told) {
                            return Some(new);
                        }
                        continue;
                    }
                    Take::Ended => return None,
                    Take::Wait => {}
                }
            }
            self.published.changed().await.ok()?;
        }
    }

    /// This reader as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Told> + Send {
        futures_util::stream::unfold(self, |mut reader| async move {
            let told = reader.next().await?;
            Some((told, reader))
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.log.leave(self.id);
    }
}
