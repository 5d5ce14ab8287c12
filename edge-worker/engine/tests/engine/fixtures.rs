//! Models and answers that several tests need. Made once a process.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use littoral_engine::provision::{Provisioned, Silent, provision, python_tools};
use littoral_engine::{
    ChatModel, Conversation, Finish, Generation, GenerationEvent, Job, LoadOptions, Runtime,
    Sampling, Timings, TokenLogprob, Usage,
};

/// The provisioned home; provisions it on first use.
pub fn provisioned() -> &'static Provisioned {
    static PROVISIONED: OnceLock<Provisioned> = OnceLock::new();
    PROVISIONED
        .get_or_init(|| provision(&littoral_kit::home::home(), &mut Silent).expect("provisioned"))
}

pub fn runtime() -> Runtime {
    Runtime::load(&provisioned().runtime_library).expect("the runtime loads")
}

/// SmolLM2 with two slots, shared by the tests that leave it running.
pub fn smollm2() -> ChatModel {
    static MODEL: OnceLock<ChatModel> = OnceLock::new();
    MODEL.get_or_init(|| load(LoadOptions { queue: 64, ..quick() })).clone()
}

/// A model of the test's own.
pub fn load(options: LoadOptions) -> ChatModel {
    ChatModel::load(&runtime(), &provisioned().model_folder, options).expect("the model loads")
}

/// Options that do not spend time on measuring.
pub fn quick() -> LoadOptions {
    LoadOptions { measure: false, ..LoadOptions::default() }
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Python of ours that has numpy and onnx.
pub fn python() -> Command {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        python_tools(&littoral_kit::home::home(), &mut Silent).expect("Python with onnx")
    });
    let mut command = Command::new(python);
    command.arg("-B");
    command
}

/// The folder of the three tiny decoders.
pub fn tiny() -> &'static Path {
    static TINY: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = TINY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let script = repository().join("tests/models/tiny_decoders.py");
        let output = python().arg(script).arg(folder.path()).output().expect("Python runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder
    });
    folder.path()
}

pub fn greedy() -> Sampling {
    Sampling { temperature: Some(0.0), repetition_penalty: Some(1.0), ..Sampling::default() }
}

/// A greedy answer of `max_tokens` to `question`.
pub fn job(question: &str, max_tokens: u32) -> Job {
    Job {
        conversation: Conversation::question(question),
        sampling: greedy(),
        max_tokens: Some(max_tokens),
        ..Job::default()
    }
}

/// A generation read to its end.
#[derive(Debug, Default)]
pub struct Answer {
    pub text: String,
    pub pieces: Vec<String>,
    pub text_tokens: u32,
    pub logprobs: Vec<TokenLogprob>,
    pub prefill: Vec<(u32, u32)>,
    pub finish: Option<Finish>,
    pub usage: Usage,
    pub timings: Timings,
    pub failure: Option<String>,
    /// Names and arguments.
    pub calls: Vec<(String, String)>,
}

pub async fn read(mut generation: Generation) -> Answer {
    let mut answer = Answer::default();
    while let Some(event) = generation.next().await {
        match event {
            GenerationEvent::Prefill { done, of } => answer.prefill.push((done, of)),
            GenerationEvent::Text { text, tokens, logprobs } => {
                answer.text.push_str(&text);
                answer.pieces.push(text);
                answer.text_tokens += tokens;
                answer.logprobs.extend(logprobs);
            }
            GenerationEvent::Finished { finish, usage, timings } => {
                answer.finish = Some(finish);
                answer.timings = timings;
                answer.usage = usage;
            }
            GenerationEvent::ToolCall { index, name, arguments } => {
                assert_eq!(index as usize, answer.calls.len());
                answer.calls.push((name, arguments));
            }
            GenerationEvent::Vectors(_) => panic!("a chat model makes no vectors"),
            GenerationEvent::Failed(error) => answer.failure = Some(error.to_string()),
        }
    }
    answer
}

pub async fn answer(model: &ChatModel, job: Job) -> Answer {
    let answer = read(model.start(job).expect("started")).await;
    assert_eq!(answer.failure, None);
    answer
}
