//! Noticing that the policy's files changed.
//!
//! The system tells at once, where it can; network file systems tell nothing, and watches can be had
//! in limited number only. So the files' marks are looked at every now and then as well. Either way
//! the files are read only after they were left alone for a moment: a file that is being written is
//! cut off somewhere, and cut off at the end of a line it may be a policy, and a looser one.
//!
//! A debouncer that keeps track of renames was not needed: nothing but "something happened" is asked
//! of the system, and the files themselves say what.

use super::PolicyKeeper;
use super::survey::Survey;
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How soon a change is acted upon.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Files are read once they were left alone for this long.
    pub quiet: Duration,
    /// Their marks are looked at this often.
    pub poll: Duration,
    /// The system is asked to tell of changes.
    pub listen: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { quiet: Duration::from_millis(300), poll: Duration::from_secs(2), listen: true }
    }
}

/// Files that are never left alone are read all the same after this many looks.
const MOST_LOOKS: usize = 20;

/// Keeps the policy in force and its files together until told to stop.
pub async fn watch_until(keeper: Arc<PolicyKeeper>, pace: Pace, stop: CancellationToken) {
    tokio::select! {
        () = watch(&keeper, pace) => {}
        () = stop.cancelled() => {}
    }
}

async fn watch(keeper: &PolicyKeeper, pace: Pace) {
    let bell = Arc::new(Notify::new());
    let mut seen = survey(keeper).await;
    let mut ears = pace.listen.then(|| Ears::at(&seen, &bell)).flatten();
    // What changed between the start and the watch is found by looking once.
    keeper.look().await;
    loop {
        let told = timeout(pace.poll, bell.notified()).await.is_ok();
        let mut now = survey(keeper).await;
        if !told && now == seen {
            continue;
        }
        for _ in 0..MOST_LOOKS {
            let disturbed = timeout(pace.quiet, bell.notified()).await.is_ok();
            let then = std::mem::replace(&mut now, survey(keeper).await);
            if !disturbed && then == now {
                break;
            }
        }
        if pace.listen && (ears.is_none() || now.folders != seen.folders || now.names != seen.names)
        {
            ears = Ears::at(&now, &bell);
        }
        seen = now;
        keeper.look().await;
    }
}

/// A disk may hang, so nothing is asked of it on the threads that answer requests.
async fn survey(keeper: &PolicyKeeper) -> Survey {
    let place = keeper.place().clone();
    tokio::task::spawn_blocking(move || place.survey()).await.unwrap_or_default()
}

/// The system's word on what changes in some folders. It ends when this is dropped.
struct Ears {
    _watcher: RecommendedWatcher,
}

impl Ears {
    /// Listens at every folder of a survey that can be listened to.
    fn at(survey: &Survey, bell: &Arc<Notify>) -> Option<Self> {
        let (concern, bell) = (survey.clone(), Arc::clone(bell));
        let heard = move |event: notify::Result<Event>| {
            // An error means that something was missed.
            if event.map_or(true, |event| matters(&event, &concern)) {
                bell.notify_one();
            }
        };
        let mut watcher = match notify::recommended_watcher(heard) {
            Ok(watcher) => watcher,
            Err(error) => {
                tracing::warn!(%error, "the system tells of no changes of the policy's files; they are looked at every now and then");
                return None;
            }
        };
        for folder in survey.folders.keys() {
            if let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive) {
                let folder = folder.display();
                tracing::debug!(%error, %folder, "changes in this folder are not told at once");
            }
        }
        Some(Self { _watcher: watcher })
    }
}

/// Whether an event may mean another policy. Reading a file is an event too, our own reading not
/// excepted.
fn matters(event: &Event, survey: &Survey) -> bool {
    let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    let only_read = event.kind.is_access() && event.kind != written;
    let concerns =
        || event.paths.is_empty() || event.paths.iter().any(|path| survey.concerns(path));
    event.need_rescan() || (!only_read && concerns())
}
