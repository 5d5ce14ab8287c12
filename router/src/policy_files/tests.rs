//! What the loader makes of files: of good ones a policy, of bad ones every problem with its place.

mod cases;
mod disk;
mod hostile;

use super::*;

fn source(name: &str, text: impl Into<String>) -> SourceText {
    SourceText { name: name.into(), text: text.into() }
}

/// A policy of these files, or what is told of them, a problem a line.
fn told(sources: &[SourceText]) -> Result<Loaded, String> {
    load_texts(sources)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn without_a_path_the_shipped_policy_holds_and_nothing_is_told_of_it() {
    let loaded = load(None).unwrap();
    assert_eq!(loaded.policy, Policy::shipped());
    assert_eq!(loaded.warnings, []);
    assert_eq!(loaded.sources.len(), 1);
}

#[test]
fn several_files_are_one_policy_whatever_order_they_are_given_in() {
    let parts = [
        source(
            "20-rules.toml",
            "version = 1\n[[rule]]\nname = 'b'\nwhen = 'request.labelled'\ndeny = true\n",
        ),
        source(
            "10-head.toml",
            "version = 1\nname = 'house'\n[ceilings]\npublic = 'edge'\ninternal = 'edge'\n[[rule]]\nname = 'a'\nwhen = 'principal.loopback'\ndeny = true\n",
        ),
        source(
            "30-more.toml",
            "version = 1\n[ceilings]\npersonal = 'device'\n[device_class.phone]\nbattery_floor_fraction = 0.5\n",
        ),
    ];
    let loaded = told(&parts).unwrap();
    let one = source(
        "one.toml",
        "version = 1\nname = 'house'\n[ceilings]\npublic = 'edge'\ninternal = 'edge'\n\
         personal = 'device'\n[device_class.phone]\nbattery_floor_fraction = 0.5\n\
         [[rule]]\nname = 'a'\nwhen = 'principal.loopback'\ndeny = true\n\
         [[rule]]\nname = 'b'\nwhen = 'request.labelled'\ndeny = true\n",
    );
    assert_eq!(loaded.policy, told(&[one]).unwrap().policy);
    let names: Vec<&str> = loaded.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["10-head.toml", "20-rules.toml", "30-more.toml"]);
    let mut turned = parts;
    turned.reverse();
    assert_eq!(told(&turned).unwrap().policy.hash(), loaded.policy.hash());
}

#[test]
fn too_many_files_and_too_many_bytes_are_refused_unread() {
    assert_eq!(told(&[]).unwrap_err(), "the policy: has no file: give it one");
    let many: Vec<SourceText> = (0..65).map(|n| source(&format!("{n:02}"), "?")).collect();
    assert_eq!(
        told(&many).unwrap_err(),
        "00: and 64 more files are too many: a policy has at most 64"
    );
    let large: Vec<SourceText> =
        (0..5).map(|n| source(&format!("{n}"), "#".repeat(1 << 20))).collect();
    assert_eq!(
        told(&large).unwrap_err(),
        "0: 5242880 bytes in 5 files are more than the 4194304 allowed"
    );
    let long = source("a", "#".repeat((1 << 20) + 1));
    assert_eq!(told(&[long]).unwrap_err(), "a: 1048577 bytes are more than the 1048576 allowed");
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    let deep = format!("version = 1\nname = {}1{}", "[".repeat(200_000), "]".repeat(200_000));
    let told = told(&[source("deep.toml", deep)]).unwrap_err();
    assert!(told.starts_with("deep.toml:2:"), "{told}");
    assert!(told.contains("is not valid TOML"), "{told}");
}

#[test]
fn two_files_of_one_name_are_refused() {
    let twice = [source("a", "version = 1\nname = 'x'"), source("a", "version = 1")];
    assert_eq!(told(&twice).unwrap_err(), "a: is given twice: give each file its own name");
}
