//! The prompt and how it should be answered: the flags that `ask` and `decide` share.

use crate::failure::Failure;
use crate::spans;
use crate::words::{ClassFlag, ModeFlag};
use clap::Args;
use littoral_proto::v1;
use std::io::Read as _;
use std::time::Duration;

/// Longest prompt that is read from standard input, in bytes: what a router takes by default.
const LONGEST_BYTES: u64 = 8 * 1024 * 1024;

/// A prompt with its hints.
#[derive(Debug, Args)]
pub struct Prompt {
    /// The prompt; `-` reads it from standard input
    #[arg(value_name = "PROMPT")]
    text: String,
    /// How sensitive it is; without a label, what the detectors make of it
    #[arg(long, short, value_enum, value_name = "CLASS", help_heading = "Routing")]
    class: Option<ClassFlag>,
    /// Where you would like, or insist, to be answered; narrows the policy, never widens it
    #[arg(long, value_enum, value_name = "MODE", help_heading = "Routing")]
    mode: Option<ModeFlag>,
    /// Model or alias [default: the policy's default alias]
    #[arg(long, short, value_name = "NAME", help_heading = "Routing")]
    model: Option<String>,
    /// Time to the end of the answer, such as 30s [default: the policy's]
    #[arg(long, value_name = "TIME", value_parser = spans::parse, help_heading = "Routing")]
    deadline: Option<Duration>,
    /// The first target answers or nobody does
    #[arg(long, help_heading = "Routing")]
    no_failover: bool,
    /// What the model is told before the prompt
    #[arg(long, short, value_name = "TEXT", help_heading = "Answer")]
    system: Option<String>,
    /// Longest answer, in tokens
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Answer")]
    max_tokens: Option<u32>,
    /// 0 (always the likeliest token) to 2 [default: the model's own]
    #[arg(long, short, value_name = "T", value_parser = temperature, help_heading = "Answer")]
    temperature: Option<f32>,
    /// The same seed, prompt and model give the same answer
    #[arg(long, value_name = "N", help_heading = "Answer")]
    seed: Option<u64>,
}

fn temperature(text: &str) -> Result<f32, String> {
    let value = text.parse::<f32>().ok().filter(|value| (0.0..=2.0).contains(value));
    value.ok_or_else(|| "a number from 0 to 2".to_owned())
}

impl Prompt {
    /// The request, with the prompt read from standard input if it is `-`. May block on a terminal.
    ///
    /// # Errors
    /// There is no prompt, or it cannot be read.
    pub fn request(self) -> Result<v1::ChatRequest, Failure> {
        let text = if self.text == "-" { read_input()? } else { self.text };
        if text.trim().is_empty() {
            let hint = "write it as one argument in quotes, or `-` and pipe it in";
            return Err(Failure::usage("the prompt is empty").fix(hint));
        }
        let system = self.system.map(|text| message(v1::Role::System, text));
        let sampling = v1::Sampling {
            temperature: self.temperature,
            seed: self.seed,
            ..v1::Sampling::default()
        };
        Ok(v1::ChatRequest {
            model: self.model.unwrap_or_default(),
            messages: system.into_iter().chain([message(v1::Role::User, text)]).collect(),
            sampling: Some(sampling),
            max_output_tokens: self.max_tokens,
            hints: Some(v1::RoutingHints {
                mode: self.mode.map_or(v1::Mode::Unspecified, v1::Mode::from).into(),
                data_class: self
                    .class
                    .map_or(v1::DataClass::Unspecified, v1::DataClass::from)
                    .into(),
                deadline_ms: self.deadline.map(spans::whole_ms),
                allow_failover: self.no_failover.then_some(false),
                ..v1::RoutingHints::default()
            }),
            ..v1::ChatRequest::default()
        })
    }
}

fn message(role: v1::Role, text: String) -> v1::Message {
    let part = v1::Part { content: Some(v1::part::Content::Text(text)), ..v1::Part::default() };
    v1::Message { role: role.into(), parts: vec![part], ..v1::Message::default() }
}

fn read_input() -> Result<String, Failure> {
    let mut text = String::new();
    let mut input = std::io::stdin().lock().take(LONGEST_BYTES + 1);
    input.read_to_string(&mut text).map_err(|error| {
        Failure::new(format!("failed to read the prompt from standard input: {error}"))
            .fix("pipe in text in UTF-8")
    })?;
    if text.len() as u64 > LONGEST_BYTES {
        return Err(Failure::usage(format!("the prompt is longer than {LONGEST_BYTES} bytes")));
    }
    // A file ends with a line feed that nobody means to ask about.
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        prompt: Prompt,
    }

    fn request(arguments: &[&str]) -> Result<v1::ChatRequest, Failure> {
        let line = std::iter::once("x").chain(arguments.iter().copied());
        Line::try_parse_from(line).expect("usable flags").prompt.request()
    }

    #[test]
    fn without_flags_nothing_is_said_that_the_router_would_decide_itself() {
        let request = request(&["hello"]).unwrap();
        let hints = request.hints.unwrap();
        assert_eq!((hints.data_class, hints.mode), (0, 0));
        assert_eq!((hints.allow_failover, hints.deadline_ms), (None, None));
        assert_eq!(request.sampling, Some(v1::Sampling::default()));
        assert_eq!((request.max_output_tokens, request.model.as_str()), (None, ""));
    }

    #[test]
    fn every_flag_reaches_the_wire() {
        let request = request(&[
            "--class=restricted",
            "--mode=only-on-device",
            "--model=m",
            "--deadline=2s",
            "--no-failover",
            "--system=be kind",
            "--max-tokens=7",
            "--temperature=0",
            "--seed=42",
            "hello",
        ])
        .unwrap();
        let hints = request.hints.unwrap();
        assert_eq!(hints.data_class(), v1::DataClass::Restricted);
        assert_eq!(hints.mode(), v1::Mode::OnlyOnDevice);
        assert_eq!((hints.deadline_ms, hints.allow_failover), (Some(2_000), Some(false)));
        let sampling = request.sampling.unwrap();
        assert_eq!((sampling.temperature, sampling.seed), (Some(0.0), Some(42)));
        assert_eq!((request.max_output_tokens, request.model.as_str()), (Some(7), "m"));
        let roles: Vec<v1::Role> = request.messages.iter().map(v1::Message::role).collect();
        assert_eq!(roles, [v1::Role::System, v1::Role::User]);
    }

    #[test]
    fn an_empty_prompt_and_impossible_numbers_are_refused() {
        assert!(request(&["  "]).unwrap_err().message.contains("empty"));
        for bad in [
            "--temperature=3",
            "--temperature=NaN",
            "--max-tokens=0",
            "--deadline=0s",
            "--class=secret",
        ] {
            assert!(Line::try_parse_from(["x", bad, "hello"]).is_err(), "{bad}");
        }
    }
}
