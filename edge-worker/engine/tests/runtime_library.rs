//! A runtime library that is missing or is none, in a process that has not loaded one yet.
#![cfg(test)]

use littoral_engine::provision::{Silent, provision};
use littoral_engine::{EngineError, Runtime};

#[test]
fn a_missing_or_broken_library_is_told_apart_and_does_not_spoil_the_next_try() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("libonnxruntime.so");
    let error = Runtime::load(&path).expect_err("missing");
    assert_eq!(
        error.to_string(),
        format!(
            "find the ONNX Runtime library at {}: no such file; run `littoral provision`",
            path.display()
        )
    );
    std::fs::write(&path, "not a library").expect("written");
    let error = Runtime::load(&path).expect_err("broken");
    assert!(matches!(error, EngineError::RuntimeUnusable { .. }), "{error}");
    assert!(error.to_string().ends_with("remove the file and run `littoral provision`"), "{error}");

    let home = littoral_kit::home::home();
    let library = provision(&home, &mut Silent).expect("provisioned").runtime_library;
    let first = Runtime::load(&library).expect("loads");
    let second = Runtime::load(&library).expect("is loaded already");
    assert_eq!(first.library(), second.library());
}
