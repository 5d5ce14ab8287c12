//! A private virtual environment with the Python client in it, installed from its folder by pip as a
//! user would, with the versions that its requirements pin.
//!
//! It lies in the cache of the home folder under a name made from everything that went into it, so
//! that an edit of the client or of the wire contract is another environment and no test ever runs
//! on an old one. Test processes that need it at once wait for the one that makes it.

use littoral_kit::home;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// Longest time to make it: about 20 MB from the package index at 100 KB/s, and the building.
const LIMIT: Duration = Duration::from_secs(10 * 60);
/// Written last: without it the environment is one that was interrupted.
const COMPLETE: &str = "complete";

/// The client's folder in the checkout.
pub fn client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/python")
}

/// The interpreter of the environment, which is made if it is not there.
pub async fn interpreter() -> PathBuf {
    let made = tokio::time::timeout(LIMIT, ensure());
    made.await.expect("an environment for the Python client in time")
}

async fn ensure() -> PathBuf {
    let tools = home::home().join("tools");
    fs::create_dir_all(&tools).expect("a cache folder");
    let tools = fs::canonicalize(tools).expect("the cache folder");
    let folder = tools.join(format!("python-client-{:016x}", ingredients().await));
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if folder.join(COMPLETE).exists() {
        return interpreter;
    }
    let _lock = lock(tools.join("python-client.lock")).await;
    if folder.join(COMPLETE).exists() {
        return interpreter;
    }
    forget_others(&tools);
    run(Path::new("python3"), [OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()]).await;
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--no-deps"].map(OsStr::new);
    let (client, requirements) = (client(), client().join("requirements.txt"));
    let pinned = ["--only-binary", ":all:", "--require-hashes", "--requirement"].map(OsStr::new);
    run(&interpreter, pip.iter().chain(&pinned).copied().chain([requirements.as_os_str()])).await;
    let built = [OsStr::new("--no-build-isolation"), client.as_os_str()];
    run(&interpreter, pip.iter().chain(&built).copied()).await;
    fs::write(folder.join(COMPLETE), "").expect("a mark that it is complete");
    interpreter
}

/// A digest of everything that decides what the environment holds.
async fn ingredients() -> u64 {
    let mut files = Vec::new();
    for name in ["pyproject.toml", "requirements.txt", "hatch_build.py"] {
        files.push(client().join(name));
    }
    let wire = Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto/littoral/v1");
    for folder in [client().join("src/littoral_client"), wire] {
        let entries = fs::read_dir(&folder).expect("a folder of the checkout");
        files.extend(entries.map(|entry| entry.expect("an entry").path()).filter(|p| p.is_file()));
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    let mut version = Command::new("python3");
    let version = version.arg("--version").kill_on_drop(true).output().await;
    version.expect("python3, to test the Python client with").stdout.hash(&mut hasher);
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(&file).expect("a readable file").hash(&mut hasher);
    }
    hasher.finish()
}

/// Takes the lock; it ends with the file, and with the process however that ends.
async fn lock(path: PathBuf) -> File {
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::options().create(true).append(true).open(&path).expect("a lock file");
        file.lock().expect("the lock");
        file
    });
    locked.await.expect("the lock")
}

/// Removes environments of earlier states of the client, and what an interruption left of this one.
fn forget_others(tools: &Path) {
    for entry in fs::read_dir(tools).expect("the cache folder").flatten() {
        let is_environment = entry.file_name().to_string_lossy().starts_with("python-client-");
        if is_environment {
            fs::remove_dir_all(entry.path()).expect("an old environment to go");
        }
    }
}

async fn run<'a>(program: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) {
    let mut command = clean(program);
    command.args(arguments);
    let output = command.output().await.expect("a process");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// A command that runs `python` undisturbed by the caller's Python settings. pip's own settings stay:
/// they are how the machine reaches the packages.
pub fn clean(python: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .env_remove("PYTHONPATH")
        .env_remove("PYTHONHOME")
        .env_remove("LITTORAL_ROUTER")
        .envs([("PYTHONNOUSERSITE", "1"), ("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUTF8", "1")])
        .kill_on_drop(true);
    command
}
