//! Files and folders on a disk, good and bad.

use crate::policy_files::load;
use std::fs;
use std::path::Path;

/// What is told of a path, with the path itself as DIR.
fn told(path: &Path, folder: &Path) -> Vec<String> {
    let folder = folder.display().to_string();
    match load(Some(path)) {
        Ok(loaded) => panic!("accepted: {:?}", loaded.sources),
        Err(problems) => {
            problems.iter().map(|problem| problem.to_string().replace(&folder, "DIR")).collect()
        }
    }
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names_and_hidden_files_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("b.toml", "version = 1\nname = 'house'\n");
    write("a.toml", "version = 1\n[ceilings]\ninternal = 'edge'\n");
    write(".#a.toml", "an editor's lock");
    write("a.toml~", "an editor's copy");
    write("notes.md", "for people");
    fs::create_dir(folder.path().join("more.toml")).unwrap();
    let loaded = load(Some(folder.path())).unwrap();
    assert_eq!(loaded.policy.name(), "house");
    let names: Vec<String> = loaded
        .sources
        .iter()
        .map(|source| Path::new(&source.name).file_name().unwrap().display().to_string())
        .collect();
    assert_eq!(names, ["a.toml", "b.toml"]);
}

#[test]
fn bytes_that_are_no_utf_8_are_told_with_line_and_column_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.toml"), b"version = 1\nname = '\xc3\xa9\xff'\n").unwrap();
    fs::write(folder.path().join("b.toml"), b"\xfe").unwrap();
    assert_eq!(
        told(folder.path(), folder.path()),
        [
            "DIR/a.toml:2:10: is not UTF-8 (byte 0xff): save the file as UTF-8",
            "DIR/b.toml:1:1: is not UTF-8 (byte 0xfe): save the file as UTF-8",
        ]
    );
}

#[test]
fn what_is_no_policy_file_at_all_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert_eq!(told(path, path), ["DIR: holds no policy: put at least one file *.toml there"]);
    let missing = &told(&path.join("none.toml"), path)[0];
    assert!(missing.starts_with("DIR/none.toml: failed to read it: "), "{missing}");
    assert_eq!(
        told(Path::new("/dev/zero"), path),
        ["/dev/zero: is no regular file: name a policy file or a folder of them"]
    );
    fs::write(path.join("huge.toml"), vec![b'#'; (1 << 20) + 1]).unwrap();
    let huge = "DIR/huge.toml: is longer than the 1048576 bytes allowed";
    assert_eq!(told(&path.join("huge.toml"), path), [huge]);
    fs::remove_file(path.join("huge.toml")).unwrap();
    for n in 0..65 {
        fs::write(path.join(format!("{n}.toml")), "version = 1").unwrap();
    }
    assert_eq!(told(path, path), ["DIR: holds more than 64 files *.toml: merge some of them"]);
}
