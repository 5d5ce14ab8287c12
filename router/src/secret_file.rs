//! Files that hold a secret: made once, readable by their owner alone.
//!
//! Two routers that start at once on one folder must end up with one secret, and a crash must not leave half
//! of one that every later start refuses. So the bytes go to a file of another name first, and a hard link
//! puts them in place: it is atomic and, unlike a rename, never replaces what is already there. Whoever loses
//! the race reads the winner's.

use ring::rand::{SecureRandom as _, SystemRandom};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Longest secret, in bytes.
const LONGEST: u64 = 64 * 1024;

/// Why a secret cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The file exists and cannot be read.
    #[error("read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file does not exist and cannot be made.
    #[error("create {}: {source}; is its folder writable?", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Others on this machine could read it.
    #[error(
        "{} can be read by others (mode {mode:04o}): run `chmod 600` on it, and make a new one if somebody \
         may have copied it",
        path.display()
    )]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

/// What the file holds; `None` if there is none.
///
/// # Errors
/// It cannot be read, or others can read it too.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, SecretFileError> {
    read_up_to(path, LONGEST)
}

/// The first bytes of what the file holds, at most so many; `None` if there is none.
///
/// # Errors
/// It cannot be read, or others can read it too.
pub fn read_up_to(path: &Path, longest: u64) -> Result<Option<Vec<u8>>, SecretFileError> {
    let failed = |source| SecretFileError::Read { path: path.into(), source };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(SecretFileError::Permissions { path: path.into(), mode });
        }
    }
    let mut bytes = Vec::new();
    file.take(longest).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

/// Makes the file (mode 0600, with its folder if that is missing), unless there is one by now; returns what
/// it holds.
///
/// # Errors
/// It can neither be made nor read.
pub fn place(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, SecretFileError> {
    let failed = |source| SecretFileError::Create { path: path.into(), source };
    let mut random = [0; 8];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| failed(io::Error::other("the system gave no random bytes")))?;
    let suffix: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = path.with_extension(format!("{suffix}.new"));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let placed = write(&draft, bytes, false).and_then(|()| fs::hard_link(&draft, path));
    let tidied = fs::remove_file(&draft);
    match placed {
        Ok(()) => tidied.map(|()| bytes.to_vec()).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read(path)?.ok_or_else(|| failed(error))
        }
        Err(error) => Err(failed(error)),
    }
}

/// Writes a file that its owner alone can read; over one that is there only if that is wanted.
///
/// # Errors
/// The system's answer.
pub fn write(path: &Path, bytes: &[u8], replace: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(replace).create_new(!replace).truncate(replace);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
