//! The one way into place: made beside it under another name, renamed when finished.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{ProvisionError, io_error};
use super::layout::{Layout, Part};
use super::manifest::Manifest;

const SUFFIX: &str = ".partial";

/// A folder that is being made; removed again unless it is published.
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
}

impl Partial {
    /// Creates an empty folder beside `target`, on the same file system. Its name holds the
    /// process id: a child of a killed run may still be writing into the one it knew.
    pub(super) fn beside(target: &Path) -> Result<Self, ProvisionError> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = target.with_file_name(format!("{name}.{}{SUFFIX}", std::process::id()));
        remove(&path).map_err(io_error("remove", &path))?;
        fs::create_dir_all(&path).map_err(io_error("create", &path))?;
        Ok(Self { path, target: target.to_owned() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the manifest and puts the folder into place, instead of what was there.
    pub(super) fn publish(self, manifest: &Manifest) -> Result<(), ProvisionError> {
        manifest.write(&self.path).map_err(io_error("write the manifest of", &self.path))?;
        discard(&self.target)?;
        fs::rename(&self.path, &self.target).map_err(io_error("rename", &self.path))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next run.
        let _ = remove(&self.path);
    }
}

/// Takes a part out of its place and removes it: in that order, so that it is never half there.
pub(super) fn discard(folder: &Path) -> Result<(), ProvisionError> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(format!("{name}.old.{}{SUFFIX}", std::process::id()));
    match fs::rename(folder, &aside) {
        Ok(()) => remove(&aside).map_err(io_error("remove", &aside)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io_error("rename", folder)(error)),
    }
}

/// Removes what killed runs left behind; only under the lock.
pub(super) fn sweep(layout: &Layout) -> Result<(), ProvisionError> {
    let places =
        Part::ALL.iter().filter_map(|part| Some(layout.folder(*part).parent()?.to_owned()));
    for place in places.chain([layout.downloads()]) {
        let Ok(entries) = fs::read_dir(&place) else { continue };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().ends_with(SUFFIX) {
                remove(&entry.path()).map_err(io_error("remove", &entry.path()))?;
            }
        }
    }
    Ok(())
}

// Removes a file or a whole folder; not being there is fine.
fn remove(path: &Path) -> io::Result<()> {
    let outcome = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match outcome {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
