//! Writing a policy to its place, so that whoever reads finds the old one or the whole of the next.
//!
//! A file is replaced by renaming a finished one over it. Two files cannot be renamed in one step, and
//! half of a change may be looser than both sides of it; so of a folder, one file may change at a time.

use super::place::{Place, bytes_of, file_name};
use crate::policy_files::SourceText;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Why a policy was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The place is one file.
    #[error("the policy is the one file {}, and {given} were given: put them into one", path.display())]
    NotOne {
        /// The file.
        path: PathBuf,
        /// How many were given.
        given: usize,
    },
    /// The place is a folder with other files.
    #[error(
        "the policy is the folder {} with {there}, and {given} was given: give all of its files, under their names; files are added and removed in the folder itself",
        path.display()
    )]
    OtherFiles {
        /// The folder.
        path: PathBuf,
        /// Its files.
        there: String,
        /// The files that were given.
        given: String,
    },
    /// More than one file of a folder differs.
    #[error(
        "{differing} differ, and two files of a folder cannot be replaced in one step: change them one by one, or put another folder in the place of {}",
        path.display()
    )]
    Several {
        /// The folder.
        path: PathBuf,
        /// The files that differ.
        differing: String,
    },
    /// The system refused.
    #[error("failed to write {}: {source}; the policy in force stays", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Puts these texts in the place of the present ones. What is equal is not touched.
pub(super) fn write(place: &Place, texts: &[SourceText]) -> Result<(), WriteError> {
    let path = place.path();
    if !path.is_dir() {
        let [source] = texts else {
            return Err(WriteError::NotOne { path: path.into(), given: texts.len() });
        };
        return replace(path, &source.text);
    }
    let io_error = |source| WriteError::Io { path: path.into(), source };
    let there = place.files().map_err(io_error)?;
    let differing = differing(path, &there, texts)?;
    match differing[..] {
        [] => Ok(()),
        [(file, text)] => replace(file, text),
        _ => {
            let names = differing.iter().map(|(file, _)| name_of(file));
            let differing = names.collect::<Vec<_>>().join(", ");
            Err(WriteError::Several { path: path.into(), differing })
        }
    }
}

fn differing<'a>(
    folder: &Path,
    there: &'a [PathBuf],
    texts: &'a [SourceText],
) -> Result<Vec<(&'a Path, &'a str)>, WriteError> {
    let names: Vec<String> = there.iter().map(|file| name_of(file)).collect();
    let mut given: Vec<&str> = texts.iter().map(file_name).collect();
    given.sort_unstable();
    if !given.iter().eq(names.iter()) {
        return Err(WriteError::OtherFiles {
            path: folder.into(),
            there: names.join(", "),
            given: given.join(", "),
        });
    }
    let mut differing = Vec::new();
    for (file, name) in there.iter().zip(&names) {
        let text = texts.iter().find(|source| file_name(source) == name);
        let text = text.map_or("", |source| source.text.as_str());
        if bytes_of(file).ok().as_deref() != Some(text.as_bytes()) {
            differing.push((file.as_path(), text));
        }
    }
    Ok(differing)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Replaces one file; where it is a link, the file it leads to.
fn replace(path: &Path, text: &str) -> Result<(), WriteError> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    replace_file(&path, text).map_err(|source| WriteError::Io { path, source })
}

fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // One name for all times: what a crash left behind is written over. The ending is not `.toml`, so
    // it is no file of a policy.
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".next");
    let next = folder.join(name);
    let written = fill(&next, path, text).and_then(|()| fs::rename(&next, path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&next);
    }
    written?;
    sync_folder(folder)
}

fn fill(next: &Path, old: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(next)?;
    if let Ok(metadata) = old.metadata() {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// A rename is kept by its folder.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
