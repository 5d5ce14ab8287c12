//! What has to be watched so that no change of a policy is missed, and marks that tell a change.
//!
//! People change files in three ways: they write into them, they rename another file over them
//! (editors do), or they turn a symbolic link (configuration that is mounted as a volume does). So the
//! folder of a file is watched and not the file, and so is the folder of every link on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Links that are followed one after another.
const MOST_LINKS: usize = 16;

/// What is there, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Folders to listen to, each with what tells it from another of the same path.
    pub folders: BTreeMap<PathBuf, Option<Identity>>,
    /// Names in these folders that matter.
    pub names: BTreeSet<OsString>,
    /// Every file ending in `.toml` matters.
    pub any_toml: bool,
    /// The files, each with the marks of its content.
    files: BTreeMap<PathBuf, Option<Mark>>,
}

/// Which thing a path means.
pub type Identity = (u64, u64);

/// Changes with the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    identity: Identity,
    bytes: u64,
    modified: Option<SystemTime>,
    changed: (i64, i64),
}

impl Survey {
    /// The survey of a policy at `path`, made of `files`.
    #[must_use]
    pub fn of(path: &Path, files: &[PathBuf]) -> Self {
        let mut survey = Self { any_toml: path.is_dir(), ..Self::default() };
        survey.follow(path, MOST_LINKS);
        if survey.any_toml {
            survey.listen_to(path);
        }
        for file in files {
            survey.follow(file, MOST_LINKS);
            let mark = file.metadata().ok().map(|metadata| Mark::of(&metadata));
            survey.files.insert(file.clone(), mark);
        }
        survey
    }

    /// Whether a thing of this path matters.
    #[must_use]
    pub fn concerns(&self, path: &Path) -> bool {
        let toml = path.extension().is_some_and(|ending| ending == "toml");
        (self.any_toml && toml)
            || path.file_name().is_some_and(|name| self.names.contains(name))
            || self.folders.contains_key(path)
    }

    /// Notes the folder of `path`, and those of all links on the way to it.
    fn follow(&mut self, path: &Path, links: usize) {
        self.note(path);
        for part in path.ancestors() {
            let Ok(target) = part.read_link() else { continue };
            self.note(part);
            if let (Some(folder), true) = (part.parent(), links > 0) {
                self.follow(&folder.join(target), links - 1);
            }
        }
    }

    fn note(&mut self, path: &Path) {
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            let here = folder.as_os_str().is_empty();
            self.listen_to(if here { Path::new(".") } else { folder });
            self.names.insert(name.to_owned());
        }
    }

    fn listen_to(&mut self, folder: &Path) {
        let metadata = folder.metadata().ok();
        self.folders.insert(folder.to_path_buf(), metadata.as_ref().map(identity));
    }
}

impl Mark {
    fn of(metadata: &Metadata) -> Self {
        Self {
            identity: identity(metadata),
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            changed: changed(metadata),
        }
    }
}

#[cfg(unix)]
fn identity(metadata: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

/// When the file's status changed: it moves even where somebody sets the time of modification back.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn identity(_: &Metadata) -> Identity {
    (0, 0)
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64) {
    (0, 0)
}
