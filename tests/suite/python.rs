//! Private virtual environments for what only Python has, filled by pip as a user would fill them, with
//! the versions that a file of requirements pins.
//!
//! Each lies in the cache of the home folder under a name made from everything that went into it, so
//! that an edit is another environment and no test ever runs on an old one. Test processes that need one
//! at once wait for the one that makes it.

use littoral_kit::home;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::process::Command;

/// Longest time to make one: about 20 MB from the package index at 100 KB/s, and the building.
const LIMIT: Duration = Duration::from_secs(10 * 60);
/// Written last: without it the environment is one that was interrupted.
const COMPLETE: &str = "complete";

/// What an environment is made of.
pub struct Recipe {
    /// The beginning of its folder's name.
    pub name: &'static str,
    /// The file that pins every package by its hashes.
    pub requirements: PathBuf,
    /// The folder of a package of our own, to be built and installed.
    pub package: Option<PathBuf>,
    /// Files besides the requirements that decide what the package is.
    pub sources: Vec<PathBuf>,
}

impl Recipe {
    /// The interpreter of the environment, which is made if it is not there.
    ///
    /// # Panics
    /// If it cannot be made: the tests that need it cannot go on.
    pub async fn interpreter(&self) -> PathBuf {
        let made = tokio::time::timeout(LIMIT, self.ensure()).await;
        made.unwrap_or_else(|_| panic!("no Python environment {} within {LIMIT:?}", self.name))
    }

    async fn ensure(&self) -> PathBuf {
        let tools = home::home().join("tools");
        fs::create_dir_all(&tools).expect("a cache folder");
        let tools = fs::canonicalize(tools).expect("the cache folder");
        let folder = tools.join(format!("{}-{:016x}", self.name, self.ingredients().await));
        let inner = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let interpreter = folder.join(inner);
        if folder.join(COMPLETE).exists() {
            return interpreter;
        }
        let _lock = lock(tools.join(format!("{}.lock", self.name))).await;
        if folder.join(COMPLETE).exists() {
            return interpreter;
        }
        self.forget_others(&tools);
        run(Path::new("python3"), [OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()]).await;
        let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--no-deps"].map(OsStr::new);
        let pinned = ["--only-binary", ":all:", "--require-hashes", "--requirement"];
        let pinned = pinned.map(OsStr::new).into_iter().chain([self.requirements.as_os_str()]);
        run(&interpreter, pip.into_iter().chain(pinned)).await;
        if let Some(package) = &self.package {
            let built = [OsStr::new("--no-build-isolation"), package.as_os_str()];
            run(&interpreter, pip.into_iter().chain(built)).await;
        }
        fs::write(folder.join(COMPLETE), "").expect("a mark that it is complete");
        interpreter
    }

    /// A digest of everything that decides what the environment holds.
    async fn ingredients(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut version = Command::new("python3");
        let version = version.arg("--version").kill_on_drop(true).output().await;
        version.expect("python3, to test with what only Python has").stdout.hash(&mut hasher);
        for file in self.sources.iter().chain([&self.requirements]) {
            file.file_name().hash(&mut hasher);
            fs::read(file).expect("a readable file").hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Removes environments of earlier states, and what an interruption left of this one.
    fn forget_others(&self, tools: &Path) {
        let beginning = format!("{}-", self.name);
        for entry in fs::read_dir(tools).expect("the cache folder").flatten() {
            if entry.file_name().to_string_lossy().starts_with(&beginning) {
                fs::remove_dir_all(entry.path()).expect("an old environment to go");
            }
        }
    }
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

async fn run<'a>(program: &Path, arguments: impl IntoIterator<Item = &'a OsStr>) {
    let mut command = clean(program);
    command.args(arguments);
    let output = command.output().await.expect("a process");
    let said = String::from_utf8_lossy(&output.stderr);
    let way_out = "if pip found no package, see whether it reaches its index: `pip config list`";
    assert!(output.status.success(), "{command:?}: {said}\n{way_out}");
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
