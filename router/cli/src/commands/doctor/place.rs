//! The home folder, its disk, and the clock.

use super::check::Check;
use crate::units;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Free space that provisioning needs while it works, in bytes.
const TO_PROVISION: u64 = 600_000_000;
/// Free space below which records may soon fail to be written, in bytes.
const TO_RUN: u64 = 100_000_000;
/// A clock that is behind the build by less than this is called slow, not wrong.
const SKEW: Duration = Duration::from_secs(3_600);
/// No clock is right that shows more than this after the build: seven years.
const LATEST: Duration = Duration::from_secs(7 * 365 * 86_400);

/// Whether the home folder can be written to.
pub fn home(home: &Path) -> Check {
    let shown = home.display();
    let Some(nearest) = home.ancestors().find(|folder| folder.exists()) else {
        let found = format!("{shown}: no part of this path exists");
        return Check::fail("home", found, "name another place with --home or LITTORAL_HOME");
    };
    match nearest.metadata() {
        Ok(metadata) if !metadata.is_dir() => {
            let found = format!("{} is no folder", nearest.display());
            Check::fail("home", found, "name another place with --home or LITTORAL_HOME")
        }
        Ok(_) if !may_write(nearest) => {
            let found = format!("{} cannot be written to", nearest.display());
            Check::fail("home", found, "make it writable, or name another with --home")
        }
        Ok(_) if nearest == home => Check::ok("home", shown.to_string()),
        Ok(_) => Check::ok("home", format!("{shown}, not made yet")),
        Err(error) => {
            let found = format!("{}: {error}", nearest.display());
            Check::fail("home", found, "name another place with --home or LITTORAL_HOME")
        }
    }
}

#[cfg(unix)]
fn may_write(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    // An empty ancestor is the current folder.
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn may_write(folder: &Path) -> bool {
    folder.metadata().is_ok_and(|metadata| !metadata.permissions().readonly())
}

/// Whether the disk has room.
pub fn disk(home: &Path, complete: bool) -> Check {
    match free_bytes(home) {
        Some(free) => room(free, complete),
        None => Check::ok("disk", "this system does not tell how much is free"),
    }
}

fn room(free: u64, complete: bool) -> Check {
    let shown = format!("{} free", units::size(free));
    let roomier = "free some, or name a roomier place with --home";
    match complete {
        false if free < TO_PROVISION => {
            let found = format!("{shown}, fetching needs {}", units::size(TO_PROVISION));
            Check::fail("disk", found, roomier)
        }
        true if free < TO_RUN => Check::warn("disk", format!("only {shown}"), roomier),
        _ => Check::ok("disk", shown),
    }
}

#[cfg(unix)]
fn free_bytes(home: &Path) -> Option<u64> {
    let there = home.ancestors().find(|folder| folder.exists())?;
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let disk = rustix::fs::statvfs(there).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<u64> {
    None
}

/// When this program was written to disk; where that is unknown, the epoch.
pub fn built() -> SystemTime {
    let program = std::env::current_exe().and_then(|path| path.metadata());
    program.and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Whether the clock can be right: tokens expire and records are dated by it.
pub fn clock(now: SystemTime, built: SystemTime) -> Check {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let shown = units::moment(u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
    let fix = "set the clock; join tokens expire by it";
    match (now.duration_since(built), built.duration_since(now)) {
        (_, Ok(behind)) if behind > SKEW => {
            Check::fail("clock", format!("{shown}, which is before this program was built"), fix)
        }
        (_, Ok(behind)) if !behind.is_zero() => {
            Check::warn("clock", format!("{shown}, a little before this program was built"), fix)
        }
        (Ok(age), _) if age > LATEST && built > SystemTime::UNIX_EPOCH => {
            Check::warn("clock", format!("{shown}, years after this program was built"), fix)
        }
        _ => Check::ok("clock", shown),
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Verdict;
    use super::*;

    #[test]
    fn a_clock_before_the_build_is_wrong() {
        let built = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_356_185);
        let verdict = |now| clock(now, built).verdict;
        assert_eq!(verdict(built + Duration::from_secs(60)), Verdict::Ok);
        assert_eq!(verdict(built - Duration::from_secs(60)), Verdict::Warn);
        assert_eq!(verdict(SystemTime::UNIX_EPOCH), Verdict::Fail);
        assert_eq!(verdict(built + LATEST * 2), Verdict::Warn);
        assert_eq!(clock(SystemTime::now(), self::built()).verdict, Verdict::Ok);
    }

    #[test]
    fn a_full_disk_fails_only_if_something_is_to_be_fetched() {
        assert_eq!(room(TO_PROVISION, false).verdict, Verdict::Ok);
        assert_eq!(room(TO_PROVISION - 1, false).verdict, Verdict::Fail);
        assert_eq!(room(TO_RUN, true).verdict, Verdict::Ok);
        assert_eq!(room(TO_RUN - 1, true).verdict, Verdict::Warn);
    }

    #[test]
    fn a_home_that_is_a_file_fails_and_one_that_is_not_there_yet_does_not() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(home(folder.path()).verdict, Verdict::Ok);
        let new = folder.path().join("a/b");
        assert!(home(&new).found.contains("not made yet"));
        let file = folder.path().join("file");
        std::fs::write(&file, "x").unwrap();
        assert_eq!(home(&file.join("home")).verdict, Verdict::Fail);
        assert_eq!(disk(&new, true).verdict, Verdict::Ok);
    }
}
