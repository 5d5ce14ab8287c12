//! The home folder: where caches and state live.
//!
//! `LITTORAL_HOME` wins. Else, inside a checkout (an ancestor with a `Cargo.toml` and a `policies`
//! folder) it is `.littoral` at its top, so that trying the project leaves nothing elsewhere. Else
//! it is `.littoral` in the user's home, and last in the current folder.

use std::env;
use std::path::{Path, PathBuf};

/// The home folder of this process. It may not exist yet.
#[must_use]
pub fn home() -> PathBuf {
    if let Some(named) = env::var_os("LITTORAL_HOME").filter(|value| !value.is_empty()) {
        return PathBuf::from(named);
    }
    let here = env::current_dir().unwrap_or_default();
    if let Some(checkout) = here.ancestors().find(|folder| is_checkout(folder)) {
        return checkout.join(".littoral");
    }
    env::var_os("HOME")
        .map_or_else(|| here.join(".littoral"), |home| Path::new(&home).join(".littoral"))
}

fn is_checkout(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file() && folder.join("policies/default").is_dir()
}
