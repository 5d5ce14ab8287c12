//! The signing key's file: 32 random bytes, readable by its owner alone.
//!
//! Two routers that start at once on one folder must end up with one key, and a crash must not
//! leave half a key that every later start refuses. So the bytes go to a file of another name
//! first, and a hard link puts them in place: it is atomic and, unlike a rename, never replaces a
//! key that is already there. Whoever loses the race reads the winner's.

use super::JoinKey;
use ring::rand::{SecureRandom, SystemRandom};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Length of the key in bytes: that of the HMAC's own output.
const KEY_BYTES: usize = 32;

/// Why the signing key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum JoinKeyError {
    /// The file exists and cannot be read.
    #[error("read the join key {}: {source}", path.display())]
    Read {
        /// The key file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file does not exist and cannot be made.
    #[error("create the join key {}: {source}; is its folder writable?", path.display())]
    Create {
        /// The key file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file is not a key.
    #[error(
        "the join key {} has {found} bytes instead of 32; restore it, or delete it and issue every worker a new token",
        path.display()
    )]
    Size {
        /// The key file.
        path: PathBuf,
        /// Its length in bytes.
        found: u64,
    },
    /// Others on this machine could sign tokens.
    #[error(
        "the join key {} can be read by others (mode {mode:04o}): run `chmod 600` on it, and issue new tokens if somebody may have copied it",
        path.display()
    )]
    Permissions {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The system gave no random bytes.
    #[error("draw random bytes for the join key {}", path.display())]
    Random {
        /// The key file.
        path: PathBuf,
    },
}

impl JoinKey {
    /// Reads the key at `path`, or makes one there (mode 0600, with its folder if that is missing).
    ///
    /// # Errors
    /// [`JoinKeyError`]; an existing file of the wrong size or with open permissions is never
    /// replaced, because a new key would void every token out there.
    pub fn load_or_create(path: &Path) -> Result<Self, JoinKeyError> {
        match File::open(path) {
            Ok(file) => load(path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path),
            Err(source) => Err(JoinKeyError::Read { path: path.into(), source }),
        }
    }
}

fn load(path: &Path, mut file: File) -> Result<JoinKey, JoinKeyError> {
    let read_error = |source| JoinKeyError::Read { path: path.into(), source };
    let metadata = file.metadata().map_err(read_error)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(JoinKeyError::Permissions { path: path.into(), mode });
        }
    }
    if metadata.len() != KEY_BYTES as u64 {
        return Err(JoinKeyError::Size { path: path.into(), found: metadata.len() });
    }
    let mut bytes = [0; KEY_BYTES];
    file.read_exact(&mut bytes).map_err(read_error)?;
    Ok(JoinKey::from_bytes(&bytes))
}

fn create(path: &Path) -> Result<JoinKey, JoinKeyError> {
    let create_error = |source| JoinKeyError::Create { path: path.into(), source };
    let mut random = [0; KEY_BYTES + 8];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| JoinKeyError::Random { path: path.into() })?;
    let (bytes, suffix) = random.split_at(KEY_BYTES);
    let suffix: String = suffix.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = path.with_extension(format!("{suffix}.new"));

    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(create_error)?;
    }
    let placed = write_draft(&draft, bytes).and_then(|()| fs::hard_link(&draft, path));
    let tidied = fs::remove_file(&draft);
    match placed {
        Ok(()) => {
            tidied.map_err(create_error)?;
            Ok(JoinKey::from_bytes(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let read_error = |source| JoinKeyError::Read { path: path.into(), source };
            load(path, File::open(path).map_err(read_error)?)
        }
        Err(source) => Err(create_error(source)),
    }
}

fn write_draft(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}
