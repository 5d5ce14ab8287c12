//! The signing key's file: 32 random bytes, readable by its owner alone.

use super::JoinKey;
use crate::secret_file::{self, SecretFileError};
use ring::rand::{SecureRandom as _, SystemRandom};
use std::path::{Path, PathBuf};

/// Length of the key in bytes: that of the HMAC's own output.
const KEY_BYTES: usize = 32;

/// Why the signing key cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum JoinKeyError {
    /// Its file cannot be read or made.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// The file is not a key.
    #[error(
        "{} has {found} bytes instead of 32; restore it, or delete it and issue every worker a new token",
        path.display()
    )]
    Size {
        /// The key file.
        path: PathBuf,
        /// Its length in bytes.
        found: usize,
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
        let bytes = match secret_file::read(path)? {
            Some(bytes) => bytes,
            None => create(path)?,
        };
        if bytes.len() != KEY_BYTES {
            return Err(JoinKeyError::Size { path: path.into(), found: bytes.len() });
        }
        Ok(Self::from_bytes(&bytes))
    }
}

fn create(path: &Path) -> Result<Vec<u8>, JoinKeyError> {
    let mut bytes = [0; KEY_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| JoinKeyError::Random { path: path.into() })?;
    Ok(secret_file::place(path, &bytes)?)
}
