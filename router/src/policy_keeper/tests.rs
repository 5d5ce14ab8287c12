//! Reading, watching and changing the policy, on a real file system and a real database.

mod changes;
mod watching;
mod writing;

use super::watch::{Pace, watch_until};
use super::*;
use crate::store::SqliteStore;
use futures_util::future::BoxFuture;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(30);
/// Never, as far as a test lives.
const NEVER: Duration = Duration::from_secs(3_600);
/// Changes are noticed because the system tells of them, or not at all.
const LISTENING: Pace = Pace { quiet: Duration::from_millis(20), poll: NEVER, listen: true };
/// The system tells nothing, as a network file system does.
const POLLING: Pace =
    Pace { quiet: Duration::from_millis(5), poll: Duration::from_millis(10), listen: false };

fn text(name: &str) -> String {
    format!("version = 1\nname = '{name}'\n")
}

fn source(name: &str, text: &str) -> SourceText {
    SourceText { name: name.into(), text: text.into() }
}

/// A keeper on a place in a folder of its own.
struct Stage {
    keeper: Arc<PolicyKeeper>,
    folder: TempDir,
    _stop: tokio_util::sync::DropGuard,
}

impl Stage {
    /// A keeper of `path`, which `fill` has made in the folder; not watched without a pace.
    async fn new(path: &str, pace: Option<Pace>, fill: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path());
        let store = SqliteStore::open(&folder.path().join("state/littoral.db")).unwrap();
        let place = Place::new(Some(folder.path().join(path)), Path::new(""));
        Self::with(folder, place, Arc::new(store), pace).await
    }

    /// A keeper of the file `policy.toml`.
    async fn of_file(name: &str, pace: Option<Pace>) -> Self {
        Self::new("policy.toml", pace, |folder| {
            fs::write(folder.join("policy.toml"), text(name)).unwrap();
        })
        .await
    }

    async fn with(
        folder: TempDir,
        place: Place,
        history: Arc<dyn PolicyHistory>,
        pace: Option<Pace>,
    ) -> Self {
        let opening = Opening::read(place).unwrap();
        let keeper = Arc::new(PolicyKeeper::open(opening, history).await);
        let stop = CancellationToken::new();
        if let Some(pace) = pace {
            let watching = watch_until(Arc::clone(&keeper), pace, stop.clone());
            keeper.changes.spawn(watching);
        }
        Self { keeper, folder, _stop: stop.drop_guard() }
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.folder.path().join(inside)
    }

    fn write(&self, inside: &str, text: &str) {
        fs::write(self.path(inside), text).unwrap();
    }

    /// Replaces a file as editors do.
    fn rename_over(&self, inside: &str, text: &str) {
        self.write("elsewhere", text);
        fs::rename(self.path("elsewhere"), self.path(inside)).unwrap();
    }

    /// Waits until things stand as wanted.
    async fn wait(&self, wanted: impl Fn(&Standing) -> bool) -> Arc<Standing> {
        let mut standings = self.keeper.watch();
        let waiting = standings.wait_for(|standing| wanted(standing));
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(standing) => Arc::clone(&standing.unwrap()),
            Err(_) => panic!("in time; it stands at {:?}", self.keeper.standing()),
        }
    }

    async fn wait_for(&self, name: &str) -> Arc<Standing> {
        let standing = self.wait(|standing| standing.name == name && standing.refused.is_none());
        let standing = standing.await;
        assert_eq!(self.keeper.in_force().load().name(), name);
        standing
    }

    async fn wait_for_refusal(&self) -> Vec<String> {
        let standing = self.wait(|standing| standing.refused.is_some()).await;
        let refused = standing.refused.as_ref().unwrap();
        refused.problems.iter().map(ToString::to_string).collect()
    }

    /// Waits until the files are watched. What changed before is found by looking once, which would
    /// hide that the watch is deaf.
    async fn watched(&self, file: &str) {
        let (path, before) = (self.path(file), self.keeper.standing().etag.clone());
        let commented = format!("{}# watched\n", fs::read_to_string(&path).unwrap());
        fs::write(path, commented).unwrap();
        self.wait(|standing| standing.etag != before).await;
    }

    /// The names in the history, the first one first.
    async fn names(&self) -> Vec<String> {
        let entries = self.keeper.list(100).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.name).collect()
    }
}

/// A disk that takes nothing.
struct FullDisk;

impl PolicyHistory for FullDisk {
    fn append(&self, _: PolicyEntry, _: Vec<SourceText>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async { Err(StoreError::Database("disk is full".into())) })
    }

    fn latest(&self, _: u32) -> BoxFuture<'_, Result<Vec<PolicyEntry>, StoreError>> {
        Box::pin(async { Err(StoreError::Database("disk is full".into())) })
    }

    fn sources(&self, _: &str) -> BoxFuture<'_, Result<Option<Vec<SourceText>>, StoreError>> {
        Box::pin(async { Err(StoreError::Database("disk is full".into())) })
    }
}
