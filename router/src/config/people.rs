//! Who may administer and who is in which group, as the configuration says it.
//!
//! Until askers prove who they are with keys, two users exist: `local`, the person at the router's
//! machine, and `guest`, everybody else. Other names may be written down already. `guest` may not: a
//! right given to it is given to anyone who reaches the router.

use super::problem;
use super::raw::RawConfig;
use crate::ingress::principal::{GUEST, People};
use littoral_kit::config::Problem;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Longest name of a user, in bytes.
const LONGEST_USER: usize = 128;
/// Longest name of a group, in bytes.
const LONGEST_GROUP: usize = 64;

/// The name of a user in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct UserName(pub String);

impl TryFrom<String> for UserName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let bad = |why: &str| Err(format!("{name:?} is no user: {why}"));
        if name == GUEST {
            return bad("a guest is anyone who reaches the router, and has no rights");
        }
        if name.is_empty() || name.len() > LONGEST_USER || name.chars().any(char::is_control) {
            return bad("1 to 128 bytes without control characters");
        }
        Ok(Self(name))
    }
}

/// Compiles what is said of people, and notes everything that is wrong with it.
pub(super) fn compile(raw: &RawConfig, file: &str, problems: &mut Vec<Problem>) -> People {
    let mut people = People { asker_device_class: raw.asker_device_class, ..People::default() };
    if let Some(administrators) = &raw.administrators {
        once("administrators", administrators, file, problems);
        people.administrators = administrators.iter().map(|user| user.0.clone()).collect();
    }
    let mut groups = BTreeMap::<String, BTreeSet<String>>::new();
    for (group, users) in &raw.groups {
        let path = format!("groups.{group}");
        let fine = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if group.is_empty() || group.len() > LONGEST_GROUP || !group.chars().all(fine) {
            let reason = format!("{group:?} is no name of a group: 1 to 64 of A-Z a-z 0-9 . _ -");
            problems.push(problem(file, &path, reason));
        }
        once(&path, users, file, problems);
        for user in users {
            groups.entry(user.0.clone()).or_default().insert(group.clone());
        }
    }
    people.groups =
        groups.into_iter().map(|(user, groups)| (user, groups.into_iter().collect())).collect();
    people
}

/// Notes every user of a list that stands there twice.
fn once(path: &str, users: &[UserName], file: &str, problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for (index, user) in users.iter().enumerate() {
        if !seen.insert(user) {
            let reason = format!("{} is named twice", user.0);
            problems.push(problem(file, &format!("{path}[{index}]"), reason));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RouterConfig;
    use littoral_core::device::DeviceClass;

    fn load(text: &str) -> Result<RouterConfig, Vec<String>> {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("router.toml");
        std::fs::write(&file, text).unwrap();
        RouterConfig::load(Some(&file), home.path()).map_err(|problems| {
            let name = format!("{}", file.display());
            problems.iter().map(|bad| bad.to_string().replace(&name, "router.toml")).collect()
        })
    }

    #[test]
    fn groups_are_sorted_by_user_and_the_loopback_user_administers_by_default() {
        let text = "asker_device_class = 'vehicle'\n[groups]\nwards = ['local', 'bob']\n\
                    clinicians = ['alice', 'local']\n";
        let people = load(text).unwrap().people;
        assert_eq!(people.groups["local"], ["clinicians", "wards"]);
        assert_eq!(people.groups["alice"], ["clinicians"]);
        assert_eq!(people.asker_device_class, Some(DeviceClass::Vehicle));
        assert!(people.administrators.contains("local"));
        let people = load("administrators = ['alice']").unwrap().people;
        assert_eq!(people.administrators.iter().collect::<Vec<_>>(), ["alice"]);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = "asker_device_class = 'toaster'\nadministrators = ['local', 'guest', '']\n\
                    [groups]\nwards = [7]\n";
        let told = load(text).map(|_| ()).unwrap_err();
        let wanted = [
            (
                "router.toml:1:",
                "asker_device_class: unknown word `toaster`, expected one of `phone`",
            ),
            ("router.toml:2:", "administrators[1]: \"guest\" is no user"),
            ("router.toml:2:", "administrators[2]: \"\" is no user"),
            ("router.toml:4:", "groups.wards[0]: "),
        ];
        assert_eq!(told.len(), wanted.len(), "{told:?}");
        for (told, (place, wanted)) in told.iter().zip(wanted) {
            assert!(told.starts_with(place) && told.contains(wanted), "{told}");
        }
        let told = load("[groups]\n'a b' = ['bob', 'bob']").map(|_| ()).unwrap_err();
        assert_eq!(
            told,
            [
                "router.toml: groups.a b: \"a b\" is no name of a group: 1 to 64 of A-Z a-z 0-9 . _ -",
                "router.toml: groups.a b[1]: bob is named twice",
            ]
        );
    }
}
