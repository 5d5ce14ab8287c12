//! A policy's files are replaced one at a time and as wholes.

use super::*;
use crate::policy_keeper::write::write;

fn place(folder: &TempDir, path: &str) -> Place {
    Place::new(Some(folder.path().join(path)), Path::new(""))
}

#[test]
fn a_file_takes_one_text_whatever_it_is_called_and_leaves_nothing_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    fs::write(&file, "old").unwrap();
    // What a crash left behind is in nobody's way.
    fs::write(folder.path().join(".policy.toml.next"), "half of som").unwrap();
    let error = write(&place(&folder, "policy.toml"), &[source("a", "1"), source("b", "2")]);
    assert!(error.unwrap_err().to_string().contains("2 were given"));
    write(&place(&folder, "policy.toml"), &[source("elsewhere/x.toml", "new")]).unwrap();
    assert_eq!(fs::read_to_string(file).unwrap(), "new");
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}

#[test]
fn a_folder_takes_its_own_files_and_one_difference_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("policies");
    fs::create_dir(&inside).unwrap();
    fs::write(inside.join("a.toml"), "1").unwrap();
    fs::write(inside.join("b.toml"), "2").unwrap();
    fs::write(inside.join("notes.txt"), "not a policy").unwrap();
    let place = place(&folder, "policies");
    let refused = |sources: &[SourceText]| write(&place, sources).unwrap_err().to_string();
    let alone = refused(&[source("a.toml", "1")]);
    assert!(alone.contains("a.toml, b.toml, and a.toml was given"), "{alone}");
    let foreign = refused(&[source("a.toml", "1"), source("c.toml", "2")]);
    assert!(foreign.contains("a.toml, c.toml was given"), "{foreign}");
    let twice = refused(&[source("x/a.toml", "1"), source("y/a.toml", "1")]);
    assert!(twice.contains("a.toml, a.toml was given"), "{twice}");
    let both = refused(&[source("a.toml", "3"), source("b.toml", "4")]);
    assert!(both.contains("a.toml, b.toml differ"), "{both}");
    assert_eq!(fs::read_to_string(inside.join("a.toml")).unwrap(), "1");
    write(&place, &[source("b.toml", "4"), source("a.toml", "1")]).unwrap();
    assert_eq!(fs::read_to_string(inside.join("b.toml")).unwrap(), "4");
    write(&place, &[source("b.toml", "4"), source("a.toml", "1")]).unwrap();
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay_as_they_were() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real.toml");
    fs::write(&real, "old").unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.toml", folder.path().join("policy.toml")).unwrap();
    write(&place(&folder, "policy.toml"), &[source("policy.toml", "new")]).unwrap();
    assert!(folder.path().join("policy.toml").is_symlink());
    assert_eq!(fs::read_to_string(&real).unwrap(), "new");
    assert_eq!(real.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_file_that_cannot_be_written_is_told_with_its_path_and_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("in the way"), "a file").unwrap();
    let error = write(&place(&folder, "in the way/policy.toml"), &[source("p", "1")]).unwrap_err();
    assert!(error.to_string().contains("in the way/policy.toml"), "{error}");
}

#[test]
fn lists_of_files_that_differ_have_different_digests() {
    let etag = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("p")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join("p").join(name), text).unwrap();
        }
        place(&folder, "p").etag()
    };
    let lists: [&[(&str, &str)]; 6] = [
        &[],
        &[("a.toml", "")],
        &[("b.toml", "")],
        &[("a.toml", "x")],
        &[("a.toml", "x"), ("b.toml", "")],
        &[("a.toml", ""), ("b.toml", "x")],
    ];
    let etags: std::collections::BTreeSet<String> = lists.iter().map(|list| etag(list)).collect();
    assert_eq!(etags.len(), lists.len());
    assert_eq!(etag(lists[4]), etag(lists[4]), "of a folder elsewhere too");
}
