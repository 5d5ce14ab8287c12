//! Where the policy lives on disk, and reading it as a whole.
//!
//! Memory and disk must not disagree for longer than it takes to read, so there is always a path: the
//! one of the configuration, or else a file in the state folder, which need not exist. While it does
//! not, the shipped default holds. A configured path that goes missing is an error instead: somebody
//! said that there is a policy.

use super::survey::Survey;
use crate::policy_files::{self, Loaded, SourceText};
use littoral_kit::config::Problem;
use ring::digest::{Context, SHA256};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// File of the state folder that holds the policy where the configuration names none. It has a folder
/// of its own: the database beside it changes all the time, and watchers would hear of that.
const OWN: &str = "policy/policy.toml";
/// A file is digested up to here; a longer one is no policy.
const MOST_BYTES: u64 = 2 * 1024 * 1024;
/// Tries to read files that keep changing.
const TRIES: usize = 3;

/// Where the policy lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file or a folder that the configuration names.
    Given(PathBuf),
    /// A file of the state folder; the shipped default where it is missing.
    Own(PathBuf),
}

/// The files as they are, and what they mean.
#[derive(Debug)]
pub struct Reading {
    /// Digest of the files.
    pub etag: String,
    /// The policy, or all that is wrong.
    pub outcome: Result<Loaded, Vec<Problem>>,
}

impl Place {
    /// The place for a configured path, or for none.
    #[must_use]
    pub fn new(given: Option<PathBuf>, state: &Path) -> Self {
        given.map_or_else(|| Self::Own(state.join(OWN)), Self::Given)
    }

    /// File or folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        let (Self::Given(path) | Self::Own(path)) = self;
        path
    }

    /// There is no file, and need not be one.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        let missing = |path: &Path| {
            path.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        matches!(self, Self::Own(path) if missing(path))
    }

    /// Reads the files. Where they change meanwhile, it reads again, a few times.
    #[must_use]
    pub fn read(&self) -> Reading {
        let mut etag = self.etag();
        let mut outcome = self.load();
        for _ in 1..TRIES {
            let after = self.etag();
            if after == etag {
                break;
            }
            etag = after;
            outcome = self.load();
        }
        Reading { etag, outcome }
    }

    fn load(&self) -> Result<Loaded, Vec<Problem>> {
        policy_files::load((!self.is_shipped()).then(|| self.path()))
    }

    /// Digest of the files' names and bytes. What cannot be read has one too: that of the reason.
    #[must_use]
    pub fn etag(&self) -> String {
        if self.is_shipped() {
            let shipped = littoral_core::policy::DEFAULT_POLICY_TOML.as_bytes();
            return digest([(self.path().to_path_buf(), Ok(shipped.to_vec()))]);
        }
        let files = match self.files() {
            Ok(files) => files,
            Err(error) => return digest([(self.path().to_path_buf(), Err(error))]),
        };
        digest(files.into_iter().map(|file| {
            let bytes = bytes_of(&file);
            (file, bytes)
        }))
    }

    /// The files there are: the one, or those of the folder that end in `.toml`, in the order of their
    /// names.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn files(&self) -> io::Result<Vec<PathBuf>> {
        let path = self.path();
        if !path.is_dir() {
            return Ok(vec![path.to_path_buf()]);
        }
        let mut files = Vec::new();
        for entry in path.read_dir()? {
            let file = entry?.path();
            if file.extension().is_some_and(|ending| ending == "toml") {
                files.push(file);
            }
        }
        files.sort();
        Ok(files)
    }

    /// What is there to watch, as it stands now.
    #[must_use]
    pub fn survey(&self) -> Survey {
        Survey::of(self.path(), &self.files().unwrap_or_default())
    }
}

/// The part of a source's name that counts: what is behind the last slash.
pub(super) fn file_name(source: &SourceText) -> &str {
    let behind = |c| source.name.rsplit(c).next();
    behind(['/', '\\']).unwrap_or_default()
}

pub(super) fn bytes_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(MOST_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Lengths go in front of what they measure, so that no two lists of files have one digest.
fn digest(files: impl IntoIterator<Item = (PathBuf, io::Result<Vec<u8>>)>) -> String {
    let mut context = Context::new(&SHA256);
    for (file, bytes) in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (kind, bytes) = match bytes {
            Ok(bytes) => (0_u8, bytes),
            Err(error) => (1, error.to_string().into_bytes()),
        };
        for part in [name.as_bytes(), &[kind], &bytes] {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
    }
    let hex = |byte: &u8| format!("{byte:02x}");
    context.finish().as_ref().iter().map(hex).collect()
}
