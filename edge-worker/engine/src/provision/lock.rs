//! One process at a time provisions a home.
//!
//! The lock is the operating system's, on an open file: it ends with the process that holds it,
//! however that process ends, so there is no stale lock to clean up.

use std::fs::{self, File, TryLockError};
use std::sync::mpsc;
use std::time::Duration;

use super::error::{ProvisionError, io_error};
use super::layout::Layout;
use super::progress::Progress;

/// Held while this process works on the home.
pub(super) struct HomeLock {
    _file: File,
}

/// Takes the lock, waiting at most `limit` for whoever has it, and says so if it has to wait.
pub(super) fn acquire(
    layout: &Layout,
    limit: Duration,
    progress: &mut dyn Progress,
) -> Result<HomeLock, ProvisionError> {
    let path = layout.lock();
    fs::create_dir_all(layout.home()).map_err(io_error("create", layout.home()))?;
    let open = || File::options().create(true).append(true).open(&path);
    let file = open().map_err(io_error("open", &path))?;
    match file.try_lock() {
        Ok(()) => return Ok(HomeLock { _file: file }),
        Err(TryLockError::WouldBlock) => {}
        Err(TryLockError::Error(error)) => return Err(io_error("lock", &path)(error)),
    }
    progress.note(&format!(
        "another process is provisioning {}; waiting for it to finish",
        layout.home().display()
    ));
    // The system's wait has no bound. A thread waits, this one waits for the thread; given up, the
    // thread gets the lock some day, finds nobody to hand it to and lets it go.
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let outcome = file.lock().map(|()| file);
        let _ = sender.send(outcome);
    });
    match receiver.recv_timeout(limit) {
        Ok(Ok(file)) => Ok(HomeLock { _file: file }),
        Ok(Err(error)) => Err(io_error("lock", &path)(error)),
        Err(_) => Err(ProvisionError::Locked { lock: path, limit_s: limit.as_secs() }),
    }
}
