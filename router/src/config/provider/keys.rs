//! The keys of a provider: in the environment, or else in files.

use crate::config::raw::RawProvider;
use secrecy::SecretString;
use std::env;
use std::path::{Path, PathBuf};

/// One sentence: where this provider looks for its keys.
#[must_use]
pub fn how_to_give_a_key(raw: &RawProvider) -> String {
    let variables = variables(raw).map(|name| format!("set {name}"));
    let files = files(raw).map(|(_, path)| format!("write {}", path.display()));
    let places: Vec<String> = variables.chain(files).collect();
    if places.is_empty() {
        format!("{}: give it api_key_env or api_key_file", raw.name)
    } else {
        format!("{}: {}", raw.name, places.join(" or "))
    }
}

/// All keys that the environment holds, or those of the files where it holds none.
pub(super) fn find(
    raw: &RawProvider,
    home: &Path,
    bad: &mut impl FnMut(&str, String),
) -> Vec<SecretString> {
    let of_variables = variables(raw).filter_map(|name| env::var(name).ok());
    let of_variables: Vec<SecretString> = of_variables
        .map(|key| key.trim().to_owned())
        .filter(|key| !key.is_empty())
        .map(SecretString::from)
        .collect();
    if !of_variables.is_empty() {
        return of_variables;
    }
    let mut keys = Vec::new();
    for (field, path) in files(raw) {
        match read(&home.join(path)) {
            Ok(key) => keys.push(key),
            Err(why) => bad(&field, why),
        }
    }
    keys
}

fn variables(raw: &RawProvider) -> impl Iterator<Item = &String> {
    raw.api_key_env.iter().chain(&raw.api_key_envs)
}

/// The files, each with its place in the provider's table.
fn files(raw: &RawProvider) -> impl Iterator<Item = (String, &PathBuf)> {
    let first = raw.api_key_file.iter().map(|path| ("api_key_file".to_owned(), path));
    let further = raw.api_key_files.iter().enumerate();
    first.chain(further.map(|(index, path)| (format!("api_key_files[{index}]"), path)))
}

fn read(path: &Path) -> Result<SecretString, String> {
    match std::fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Err(format!("{} is empty", path.display())),
        Ok(text) => Ok(text.trim().to_owned().into()),
        Err(error) => Err(format!("failed to read {}: {error}", path.display())),
    }
}
