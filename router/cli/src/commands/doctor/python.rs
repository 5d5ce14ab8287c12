//! The Python that fetching needs: found, of a fitting version, with `venv` and pip's seed.

use super::check::Check;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// Longest wait for an interpreter to tell about itself.
const LIMIT: Duration = Duration::from_secs(20);
/// Prints the version, and the modules that are missing.
const QUESTION: &str = "import importlib.util as u, sys
print('%d.%d' % sys.version_info[:2], *[m for m in ('venv', 'ensurepip') if not u.find_spec(m)])";
/// Minor versions of Python 3 for which every package has a wheel.
const MINORS: std::ops::RangeInclusive<u32> = 11..=14;

/// Whether a Python is there that can fetch. Where nothing is to be fetched, its lack is a warning.
pub async fn check(complete: bool) -> Check {
    let named = std::env::var("LITTORAL_PYTHON").ok().filter(|name| !name.is_empty());
    let candidates =
        named.map_or_else(|| vec!["python3".into(), "python".into()], |name| vec![name]);
    let mut bad = None;
    for python in &candidates {
        match ask(python).await {
            Some(answer) => match judge(python, &answer) {
                Ok(found) => return Check::ok("python", found),
                Err(told) => {
                    bad.get_or_insert(told);
                }
            },
            None => continue,
        }
    }
    let missing = || {
        let fix = "install Python 3.11 to 3.14 with pip and venv, or set LITTORAL_PYTHON";
        (format!("none of {} starts", candidates.join(", ")), fix.to_owned())
    };
    let (found, fix) = bad.unwrap_or_else(missing);
    if complete {
        let found = format!("{found}; not needed while runtime and model are here");
        return Check::warn("python", found, fix);
    }
    Check::fail("python", found, fix)
}

async fn ask(python: &str) -> Option<String> {
    let mut command = Command::new(python);
    command.args(["-I", "-c", QUESTION]).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(LIMIT, command.output()).await.ok()?.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What an interpreter's answer means: fine, or what is wrong and what to do.
fn judge(python: &str, answer: &str) -> Result<String, (String, String)> {
    let (version, missing) = answer.split_once(' ').unwrap_or((answer, ""));
    let minor = version.strip_prefix("3.").and_then(|minor| minor.parse::<u32>().ok());
    if !minor.is_some_and(|minor| MINORS.contains(&minor)) {
        let fix = "set LITTORAL_PYTHON to a Python 3.11 to 3.14".to_owned();
        return Err((format!("{python} is Python {version}, the packages need 3.11 to 3.14"), fix));
    }
    if missing.is_empty() {
        return Ok(format!("{python} is Python {version} with pip and venv"));
    }
    let fix = "install it (on Debian and Ubuntu: apt install python3-venv)".to_owned();
    Err((format!("{python} is Python {version} without {missing}"), fix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_and_missing_modules_are_told_apart() {
        assert!(judge("python3", "3.11").unwrap().contains("3.11 with pip"));
        assert!(judge("python3", "3.12 ensurepip").unwrap_err().0.contains("without ensurepip"));
        for version in ["3.10", "2.7", "3.15", "", "nonsense"] {
            assert!(judge("python3", version).is_err(), "{version}");
        }
    }
}
