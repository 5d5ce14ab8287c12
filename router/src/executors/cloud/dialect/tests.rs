//! Every dialect against the same prompts, and against streams as its servers send them.
//!
//! Bodies and events are files under `goldens`: what goes out, by case, as a body or as the refusal to
//! write one; what comes in, by stream, as the bytes of a server and the pieces read off them. To renew
//! what the code writes, run the tests with `LITTORAL_RENEW=1` and read the difference as the author of
//! a provider's documents would.

mod cases;
mod streams;

use super::*;
use std::path::{Path, PathBuf};

pub(super) const ALL: [Dialect; 2] = [Dialect::OpenAi(OpenAi::OPENAI), Dialect::Anthropic];

pub(super) fn folder(dialect: Dialect, what: &str) -> PathBuf {
    let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/executors/cloud/dialect/goldens");
    goldens.join(dialect.name()).join(what)
}

/// Compares with the golden, or writes it anew.
pub(super) fn is_as_recorded(path: &Path, text: &str) {
    if std::env::var_os("LITTORAL_RENEW").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let golden = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(text, golden, "{}: LITTORAL_RENEW=1 renews", path.display());
}

/// The body as a person reads it, or why there is none.
fn written(dialect: Dialect, prompt: &Prompt, remainder: &Remainder) -> String {
    let body = match dialect.encode(prompt, remainder, cases::MODEL) {
        Ok(body) => body,
        Err(Unfit { blame, kind, why }) => {
            return format!("\"{blame:?} {kind}: {} {why}\"\n", dialect.name());
        }
    };
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    serde_json::to_string_pretty(&body).unwrap() + "\n"
}

#[test]
fn a_prompt_is_the_recorded_body_in_each_dialect_or_the_recorded_refusal() {
    for dialect in ALL {
        let folder = folder(dialect, "requests");
        let cases = cases::all();
        for (name, prompt, remainder) in &cases {
            let path = folder.join(format!("{name}.json"));
            is_as_recorded(&path, &written(dialect, prompt, remainder));
        }
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), cases.len(), "{folder:?}");
    }
}

#[test]
fn requests_go_below_the_base_with_or_without_its_version() {
    let [openai, anthropic] = ALL;
    assert_eq!(openai.path("/v1/"), "/v1/chat/completions");
    assert_eq!(openai.path("/openai/v1"), "/openai/v1/chat/completions");
    for base in ["/v1", "/v1/", "/", ""] {
        assert_eq!(anthropic.path(base), "/v1/messages", "{base}");
    }
    assert_eq!(anthropic.path("/anthropic"), "/anthropic/v1/messages");
}

#[test]
fn an_ability_that_a_dialect_does_not_carry_is_refused_where_the_request_is_built() {
    let logprobs = Prompt { top_logprobs: Some(0), ..Prompt::of_text("Hello?".into()) };
    let sound = cases::all().into_iter().find(|(name, ..)| *name == "audio").unwrap().1;
    let begun = Remainder { assistant_prefix: Some("Once".into()), max_output_tokens: 64 };
    let all = Remainder { assistant_prefix: None, max_output_tokens: 64 };
    for dialect in ALL {
        let written = dialect.encode(&logprobs, &all, cases::MODEL);
        assert_eq!(written.is_ok(), dialect.carries().logprobs, "{dialect:?}");
        let written = dialect.encode(&sound, &all, cases::MODEL);
        assert_eq!(written.is_ok(), dialect.carries().audio, "{dialect:?}");
        let written = dialect.encode(&Prompt::of_text("Hello?".into()), &begun, cases::MODEL);
        assert_eq!(written.is_ok(), dialect.continues(), "{dialect:?}");
    }
}
