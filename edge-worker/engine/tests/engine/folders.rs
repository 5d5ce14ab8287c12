//! Folders and graphs that do not fit: the sentence a user reads.

use std::path::{Path, PathBuf};

use littoral_engine::{ChatModel, EngineError, Runtime};

use crate::fixtures::{python, quick, runtime, tiny};

fn copy_of(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(tiny().join(name)).expect("made") {
        let entry = entry.expect("readable");
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).expect("copied");
    }
    folder
}

fn refusal(folder: &Path) -> String {
    let error = ChatModel::load(&runtime(), folder, quick()).expect_err("refused");
    error.to_string().replace(&folder.display().to_string(), "FOLDER")
}

/// Changes the graph in `folder` with a few lines of Python; `m` is the model.
fn change(folder: &Path, lines: &str) {
    let path = folder.join("model.onnx");
    let script = format!(
        "import onnx,sys\np=sys.argv[1]\nm=onnx.load(p)\ng=m.graph\n{lines}\nonnx.save(m,p)"
    );
    let output = python().arg("-c").arg(script).arg(path).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = PathBuf::from("no/such/folder");
    assert_eq!(
        refusal(&folder),
        "open the model folder FOLDER: there is no such folder; run `littoral provision` or check \
         the path"
    );
}

#[test]
fn everything_missing_or_broken_in_a_folder_is_listed_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("littoral.toml"), "name = \"x\"\nquality = 7.0\n")
        .expect("written");
    std::fs::write(folder.path().join("generation_config.json"), "{,}").expect("written");
    assert_eq!(
        refusal(folder.path()),
        "open the model folder FOLDER: model.onnx is missing (onnx/model.onnx would do as well); \
         tokenizer.json is missing; tokenizer_config.json is missing; generation_config.json does \
         not parse: key must be a string at line 1 column 2; littoral.toml: `quality` is a \
         probability, 0 to 1"
    );
}

#[test]
fn a_model_without_a_chat_template_is_refused() {
    let folder = copy_of("float32");
    std::fs::write(folder.path().join("tokenizer_config.json"), "{}").expect("written");
    assert_eq!(
        refusal(folder.path()),
        "open the model folder FOLDER: tokenizer_config.json has no `chat_template` and there is no \
         chat_template.jinja: only models made for chat can be used"
    );
}

#[test]
fn a_graph_of_another_layout_is_refused_with_what_was_expected_and_found() {
    let folder = copy_of("float32");
    change(
        folder.path(),
        "g.input[1].name='mask'\n\
         for n in g.node:\n  n.input[:]=['mask' if i=='attention_mask' else i for i in n.input]\n\
         o=[o for o in g.output if o.name=='present.1.value'][0]\n\
         g.output.remove(o)",
    );
    assert_eq!(
        refusal(folder.path()),
        "use FOLDER/model.onnx as a decoder: \
         `attention_mask`: expected an int64 input [batch, positions], found nothing; \
         `present.1.value`: expected a float32 or float16 tensor of 4 dimensions, found nothing; \
         `mask`: expected no such input, found i64 [-1, -1]"
    );
}

#[test]
fn a_graph_cut_short_is_refused_with_the_runtimes_words() {
    let folder = copy_of("float32");
    let path = folder.path().join("model.onnx");
    let bytes = std::fs::read(&path).expect("there");
    std::fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
    let refusal = refusal(folder.path());
    assert!(refusal.starts_with("load the model: ONNX Runtime says: "), "{refusal}");
}

#[test]
fn a_tokenizer_of_another_model_is_refused() {
    let folder = copy_of("float32");
    let path = folder.path().join("tokenizer.json");
    let text = std::fs::read_to_string(&path).expect("there");
    let mut tokenizer: serde_json::Value = serde_json::from_str(&text).expect("parses");
    for extra in 0..10 {
        tokenizer["model"]["vocab"][format!("extra{extra}")] = (1000 + extra).into();
    }
    std::fs::write(&path, tokenizer.to_string()).expect("written");
    let refusal = refusal(folder.path());
    assert!(refusal.contains("they are not of one model"), "{refusal}");
}

#[test]
fn a_second_runtime_library_in_one_process_is_refused_by_name() {
    let loaded = runtime();
    let other = tempfile::NamedTempFile::new().expect("a file");
    let error = Runtime::load(other.path()).expect_err("refused");
    let EngineError::RuntimeFixed { loaded: kept, .. } = &error else { panic!("{error}") };
    assert_eq!(kept, loaded.library());
    assert!(error.to_string().contains("restart it to change"), "{error}");
}
