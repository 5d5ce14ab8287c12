//! Reading policy files from disk, within bounds.
//!
//! A path that a person mistyped can be a device, a pipe or a disk image. So only regular files are
//! read, and none further than a policy can be long. Hidden files are left alone: editors keep their
//! copies and locks there.

use super::{MOST_FILES, SourceText, whole};
use littoral_kit::config::{LONGEST_BYTES, Position, Problem};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The texts of a file, or of the files of a folder in the byte order of their names.
pub(super) fn sources(path: &Path) -> Result<Vec<SourceText>, Vec<Problem>> {
    let name = path.display().to_string();
    let failed = |error| vec![whole(&name, &format!("failed to read it: {error}"))];
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![text(path).map_err(|problem| vec![problem])?]);
    }
    let files = files(path)
        .map_err(|error| vec![whole(&name, &format!("failed to read the folder: {error}"))])?;
    let reason = match files.len() {
        0 => "holds no policy: put at least one file *.toml there".to_owned(),
        count if count > MOST_FILES => {
            format!("holds more than {MOST_FILES} files *.toml: merge some of them")
        }
        _ => {
            let (mut sources, mut problems) = (Vec::new(), Vec::new());
            for file in &files {
                match text(file) {
                    Ok(source) => sources.push(source),
                    Err(problem) => problems.push(problem),
                }
            }
            return if problems.is_empty() { Ok(sources) } else { Err(problems) };
        }
    };
    Err(vec![whole(&name, &reason)])
}

/// The files of a folder that are part of the policy, sorted; a few more than allowed at most.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_policy = name.ends_with(".toml") && !name.starts_with('.') && !path.is_dir();
        if is_policy {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            break;
        }
    }
    files.sort();
    Ok(files)
}

/// The text of a file, if it is one and can be a policy.
pub(crate) fn text(path: &Path) -> Result<SourceText, Problem> {
    let name = path.display().to_string();
    let failed = |error| whole(&name, &format!("failed to read it: {error}"));
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(whole(&name, "is no regular file: name a policy file or a folder of them"));
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(LONGEST_BYTES).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() > LONGEST_BYTES {
        return Err(whole(&name, &format!("is longer than the {LONGEST_BYTES} bytes allowed")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(SourceText { name, text }),
        Err(error) => Err(no_utf8(&name, &error)),
    }
}

fn no_utf8(name: &str, error: &std::string::FromUtf8Error) -> Problem {
    let end = error.utf8_error().valid_up_to();
    let valid = String::from_utf8_lossy(error.as_bytes().get(..end).unwrap_or_default());
    let byte = error.as_bytes().get(end).copied().unwrap_or_default();
    let position = Position {
        line: valid.matches('\n').count() + 1,
        column: valid.chars().rev().take_while(|c| *c != '\n').count() + 1,
    };
    let reason = format!("is not UTF-8 (byte 0x{byte:02x}): save the file as UTF-8");
    Problem::at(name, Some(position), String::new(), reason)
}
