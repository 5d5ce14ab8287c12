//! The list of a part's files, written as the last thing before the part is put into place.
//!
//! It tells a finished part from anything else, what the part was made from, and, later, whether
//! its files are still what they were.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The manifest's file name inside a part's folder.
pub(super) const FILE_NAME: &str = "installed.json";

/// What a finished part consists of.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// Identity of what the part was made from.
    pub(super) made_from: String,
    files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The file's name; parts with files in subfolders list none.
    name: String,
    bytes: u64,
    sha256: String,
}

impl Manifest {
    /// Lists the files that lie directly in `folder`, flushed to the disk.
    pub(super) fn of(folder: &Path, made_from: String) -> io::Result<Self> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if !entry.file_type()?.is_file() {
                continue;
            }
            // A rename may reach the disk before the data does; the manifest must not.
            fs::OpenOptions::new().append(true).open(entry.path())?.sync_all()?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let (bytes, sha256) = checksum(&entry.path())?;
            files.push(Entry { name, bytes, sha256 });
        }
        files.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(Self { made_from, files })
    }

    /// A part whose files are too many to list: its identity stands for it.
    pub(super) fn unlisted(made_from: String) -> Self {
        Self { made_from, files: Vec::new() }
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        let path = folder.join(FILE_NAME);
        fs::write(&path, text + "\n")?;
        fs::OpenOptions::new().append(true).open(&path)?.sync_all()
    }

    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE_NAME))?).map_err(io::Error::other)
    }

    /// The first file that is missing or has another size, in words.
    pub(super) fn first_wrong_size(&self, folder: &Path) -> Option<String> {
        self.files.iter().find_map(|entry| match fs::metadata(folder.join(&entry.name)) {
            Ok(found) if found.len() == entry.bytes => None,
            Ok(found) => {
                Some(format!("{} has {} bytes instead of {}", entry.name, found.len(), entry.bytes))
            }
            Err(error) => Some(format!("{}: {error}", entry.name)),
        })
    }

    /// The first file whose content is not what was installed, in words.
    pub(super) fn first_wrong_sum(&self, folder: &Path) -> Option<String> {
        self.files.iter().find_map(|entry| match checksum(&folder.join(&entry.name)) {
            Ok((_, sha256)) if sha256 == entry.sha256 => None,
            Ok((_, sha256)) => {
                Some(format!("{} has SHA-256 {sha256} instead of {}", entry.name, entry.sha256))
            }
            Err(error) => Some(format!("{}: {error}", entry.name)),
        })
    }
}

/// Size in bytes and SHA-256 in hexadecimal of one file.
pub(super) fn checksum(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&digest.finalize())));
        }
        digest.update(&buffer[..read]);
        bytes += read as u64;
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_a_shortened_and_a_lost_file_are_told_apart() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (path, file) = (folder.path(), folder.path().join("weights"));
        fs::write(&file, b"abc").expect("written");
        Manifest::of(path, "pins".to_owned()).and_then(|made| made.write(path)).expect("made");
        let manifest = Manifest::read(path).expect("read back");
        assert_eq!((manifest.first_wrong_size(path), manifest.first_wrong_sum(path)), (None, None));

        fs::write(&file, b"abd").expect("written");
        assert_eq!(manifest.first_wrong_size(path), None, "the size is the same");
        assert!(manifest.first_wrong_sum(path).is_some_and(|what| what.contains("SHA-256")));

        fs::write(&file, b"ab").expect("written");
        let what = manifest.first_wrong_size(path);
        assert_eq!(what.as_deref(), Some("weights has 2 bytes instead of 3"));

        fs::remove_file(&file).expect("removed");
        assert!(manifest.first_wrong_size(path).is_some_and(|what| what.starts_with("weights: ")));
    }

    #[test]
    fn a_checksum_is_the_published_sha_256_of_abc() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("abc");
        fs::write(&path, b"abc").expect("written");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2
        assert_eq!(checksum(&path).expect("read"), (3, known.to_owned()));
    }
}
