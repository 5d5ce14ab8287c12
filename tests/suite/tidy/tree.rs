//! The files of the repository: what is or will be committed, as text.
//!
//! The folder is walked rather than git asked, so that the rules also hold in an unpacked archive;
//! what `.gitignore` names is left out. Its patterns are plain names, and a test keeps them so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A text file, with its path from the repository's root (`/` between parts).
pub struct File {
    pub path: String,
    pub text: String,
}

/// Every text file, sorted by path, and every entry of the root.
pub struct Tree {
    pub files: Vec<File>,
    pub root_entries: Vec<RootEntry>,
}

/// A file or folder directly in the root.
pub struct RootEntry {
    pub name: String,
    pub is_folder: bool,
}

impl Tree {
    /// Reads the repository that this test was built in.
    pub fn read() -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let ignored = Ignored::parse(&fs::read_to_string(root.join(".gitignore"))?);
        let mut tree = Self { files: Vec::new(), root_entries: Vec::new() };
        let mut folders = vec![PathBuf::new()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(root.join(&folder))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_folder = entry.file_type()?.is_dir();
                if ignored.covers(&name, folder.as_os_str().is_empty()) {
                    continue;
                }
                if folder.as_os_str().is_empty() {
                    tree.root_entries.push(RootEntry { name: name.clone(), is_folder });
                }
                let path = folder.join(&name);
                if is_folder {
                    folders.push(path);
                } else if let Ok(text) = String::from_utf8(fs::read(root.join(&path))?) {
                    let path = path.to_string_lossy().replace('\\', "/");
                    tree.files.push(File { path, text });
                }
            }
        }
        tree.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(tree)
    }

    /// The Rust sources.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// The file at `path`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }
}

/// Names that git ignores.
struct Ignored {
    anywhere: Vec<String>,
    in_root: Vec<String>,
}

impl Ignored {
    fn parse(gitignore: &str) -> Self {
        let mut ignored = Self { anywhere: vec![".git".into()], in_root: Vec::new() };
        for line in gitignore.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.trim_end_matches('/').strip_prefix('/') {
                Some(name) => ignored.in_root.push(name.into()),
                None => ignored.anywhere.push(line.trim_end_matches('/').into()),
            }
        }
        ignored
    }

    fn covers(&self, name: &str, in_root: bool) -> bool {
        let fits = |pattern: &String| match pattern.strip_prefix('*') {
            Some(ending) => name.ends_with(ending),
            None => name == pattern,
        };
        self.anywhere.iter().any(fits) || (in_root && self.in_root.iter().any(fits))
    }
}

#[test]
fn ignored_names_are_left_out_in_the_root_or_anywhere_as_git_does() {
    let ignored = Ignored::parse("/target\n# a comment\n*.egg-info/\n.venv/\n");
    assert!(ignored.covers("target", true) && !ignored.covers("target", false));
    assert!(ignored.covers("x.egg-info", false) && ignored.covers(".venv", true));
    assert!(ignored.covers(".git", true) && !ignored.covers("src", true));
}

#[test]
fn the_ignore_list_has_only_patterns_that_the_walk_understands() {
    let tree = super::tree();
    let list = &tree.file(".gitignore").expect("a .gitignore").text;
    let complaints = list
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| {
            let plain = line.trim_start_matches(['/', '*']).trim_end_matches('/');
            plain.contains(['/', '*', '?', '[', '!'])
        })
        .map(|line| format!(".gitignore: `{line}` is more than a plain name"));
    super::no_complaints(complaints);
}
