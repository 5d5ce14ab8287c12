//! Case files from disk: found, read, and told of with file, line and column like policies are.
//!
//! The cases themselves are run by the pure core; this file finds them and the policy that they name.

use crate::policy_files::{SourceText, placed, read};
use littoral_core::policy_case::{Case, Cases};
use littoral_kit::config::Problem;
use std::fs;
use std::path::{Path, PathBuf};

/// Most case files of a folder. More is a path that was mistyped.
pub const MOST_FILES: usize = 1_000;

/// The cases of one file.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// The file.
    pub path: PathBuf,
    /// The policy that the cases are written for.
    pub policy: PathBuf,
    /// The cases, in file order.
    pub cases: Vec<Case>,
}

/// The case files of some paths: a file itself, a folder's `*.toml` in the order of their names.
///
/// # Errors
/// Every path that is neither, or holds no file.
pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<Problem>> {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match of_path(path) {
            Ok(found) => files.extend(found),
            Err(reason) => {
                let name = path.display().to_string();
                problems.push(Problem::at(&name, None, String::new(), reason));
            }
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn of_path(path: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("failed to read it: {error}");
    if !fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".toml") && !name.starts_with('.') && !file.is_dir() {
            files.push(file);
        }
    }
    files.sort();
    match files.len() {
        0 => Err("holds no case files: put at least one file *.toml there".into()),
        count if count > MOST_FILES => {
            Err(format!("holds {count} files *.toml, and {MOST_FILES} are the most"))
        }
        _ => Ok(files),
    }
}

/// Reads a case file.
///
/// # Errors
/// Every problem, in the order of the lines.
pub fn read(path: &Path) -> Result<CaseFile, Vec<Problem>> {
    let source = read::text(path).map_err(|problem| vec![problem])?;
    let cases = read_text(&source)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Ok(CaseFile {
        path: path.to_owned(),
        policy: plain(&folder.join(&cases.policy)),
        cases: cases.cases,
    })
}

/// Makes cases of a text. Reads nothing.
///
/// # Errors
/// Every problem, in the order of the lines.
pub fn read_text(source: &SourceText) -> Result<Cases, Vec<Problem>> {
    placed::compiled(source, Cases::compile)
}

/// `a/b/../c` as `a/c`, for people; links are not followed.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let leaves_a_name = plain.file_name().is_some();
        if part == std::path::Component::ParentDir && leaves_a_name {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let source = SourceText { name: "cases.toml".into(), text: text.into() };
        read_text(&source).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_of_a_case_file_is_told_at_once_with_its_line() {
        let told = problems(
            "policy = 'p.toml'\n[worker.laptop]\nmodel = 'small'\nregion = 'eu'\nslots = 'two'\n\
             [[case]]\nname = 'a'\nclas = 'public'\nexpect.route = ['latpop']\n\
             [[case]]\nname = 'a'\ntime = 'sat 25:00'\nexpect.refused = 'EGRES_DENIED'\n",
        );
        let expected = [
            "cases.toml:4:10: worker.laptop.region: a worker has no such fact",
            "cases.toml:5:9: worker.laptop.slots: is the string \"two\"",
            "cases.toml:8:1: case[0].clas: unknown key `clas`: did you mean `class`?",
            "cases.toml:9:17: case[0].expect.route[0]: \"latpop\" is not in the fleet",
            "cases.toml:11:8: case[1].name: is the name of an earlier case",
            "cases.toml:12:8: case[1].time: is no moment of the week",
            "cases.toml:13:18: case[1].expect.refused: unknown word `EGRES_DENIED`: did you mean",
        ];
        assert_eq!(told.len(), expected.len(), "{told:#?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}\n{expected}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_as_such() {
        assert!(problems("policy = ")[0].contains("is not valid TOML"));
    }

    #[test]
    fn a_folder_gives_its_files_in_order_and_an_empty_one_is_a_mistake() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_path_buf();
        let told = find(std::slice::from_ref(&path)).unwrap_err();
        assert!(told[0].reason.contains("holds no case files"), "{told:?}");
        for name in ["b.toml", "a.toml", ".hidden.toml", "notes.txt"] {
            fs::write(path.join(name), "").unwrap();
        }
        let found = find(std::slice::from_ref(&path)).unwrap();
        assert_eq!(found, [path.join("a.toml"), path.join("b.toml")]);
        let missing =
            find(&[path.join("none"), path.join("a.toml"), path.join("nil")]).unwrap_err();
        assert_eq!(missing.len(), 2, "{missing:?}");
    }

    #[test]
    fn the_policy_is_found_from_the_file_of_the_cases() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cases").join("c.toml");
        fs::create_dir(folder.path().join("cases")).unwrap();
        let text = "policy = '../default/p.toml'\n[[case]]\nname = 'a'\nexpect.refused = 'SHED'\n";
        fs::write(&file, text).unwrap();
        let read = read(&file).unwrap();
        assert_eq!(read.policy, folder.path().join("default").join("p.toml"));
        assert_eq!(read.cases.len(), 1);
        assert_eq!(plain(Path::new("../x/p.toml")), Path::new("../x/p.toml"));
    }
}
