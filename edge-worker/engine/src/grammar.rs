//! Answers that are held to a form while they are decoded.
//!
//! At each step the tokens that cannot come next are put out of reach before one is chosen, so whatever
//! the model does, the text so far is the beginning of something valid, and what ends by itself is valid.
//! The parsing is `llguidance`'s: an Earley parser over a lexer of derivatives, walked over the trie of the
//! vocabulary.
//!
//! Compiling happens on the caller's thread, within bounds of size, and the model's thread spends a bounded
//! time on each step. What `llguidance` says of a schema may quote it, so its words go nowhere.

mod running;
mod schema;
mod trie;

pub use running::Constraint;

use std::sync::OnceLock;

use llguidance::api::{GrammarWithLexer, TopLevelGrammar};
use llguidance::{Matcher, ParserFactory};
use serde_json::Value;
use toktrie::{ApproximateTokEnv, InferenceCapabilities, TokEnv};

use crate::chat_format::ChatFormat;
use crate::error::StartError;
use crate::form::Form;
use crate::tools::{self, Tool};

/// Fuel for the lexer's first states: about 10 ms.
const COMPILE_FUEL: u64 = 500_000;
/// Symbols of a compiled grammar.
const MOST_GRAMMAR: usize = 100_000;
/// Fuel for the lexer in one step: about 7 ms, as long as a token of a small model takes.
const STEP_FUEL: u64 = 100_000;
/// Items the parser may make in one step: about 2 ms.
const STEP_ITEMS: usize = 40_000;
/// States of the lexer, each of 1 to 2 KB.
const MOST_STATES: usize = 20_000;

/// Compiles forms for one model. What it needs of the vocabulary is made at the first use.
#[derive(Default)]
pub struct Grammars(OnceLock<Option<ParserFactory>>);

impl Grammars {
    /// What holds an answer to `form`, after `prefix`, which was said already; `None` for plain text.
    ///
    /// # Errors
    /// The form cannot be held, or `prefix` is not the beginning of anything of that form.
    pub fn form(
        &self,
        format: &ChatFormat,
        form: &Form,
        prefix: Option<&str>,
    ) -> Result<Option<Constraint>, StartError> {
        let schema = match form {
            Form::Text => return Ok(None),
            Form::JsonObject => serde_json::json!({ "type": "object" }),
            Form::JsonSchema(schema) => schema.clone(),
        };
        let prefix = prefix.unwrap_or_default();
        let begun = |mut constraint: Constraint| constraint.begin(prefix).then_some(constraint);
        if let Some(constraint) = begun(self.compile(format, &schema, schema::NARROW)?) {
            return Ok(Some(constraint));
        }
        // Whoever wrote the prefix may have laid it out in lines.
        if let Some(constraint) = begun(self.compile(format, &schema, schema::WIDE)?) {
            return Ok(Some(constraint));
        }
        let unlike = "assistant_prefix is not the beginning of an answer of the form asked for";
        Err(StartError::Unsupported(unlike.into()))
    }

    /// What holds a call to one of `tools`, each with its number. The arguments of a tool whose schema
    /// cannot be held are any object; they are checked when the call is complete.
    ///
    /// # Errors
    /// Calls cannot be held at all.
    pub fn call(&self, format: &ChatFormat, tools: &[&Tool]) -> Result<Constraint, StartError> {
        if let Ok(whole) = self.compile(format, &tools::calls(tools, &[]), schema::NARROW) {
            return Ok(whole);
        }
        let relaxed = tools.iter().filter(|tool| {
            self.compile(format, &tools::calls(&[tool], &[]), schema::NARROW).is_err()
        });
        let relaxed: Vec<&str> = relaxed.map(|tool| tool.name.as_str()).collect();
        self.compile(format, &tools::calls(tools, &relaxed), schema::NARROW)
    }

    fn compile(
        &self,
        format: &ChatFormat,
        schema: &Value,
        layout: schema::Layout,
    ) -> Result<Constraint, StartError> {
        schema::check(schema).map_err(StartError::Unsupported)?;
        let Some(factory) = self.0.get_or_init(|| factory(format)) else {
            let why = "the tokens of this model cannot be held to a form";
            return Err(StartError::Unsupported(why.into()));
        };
        let laid_out = schema::laid_out(schema, layout);
        let json = GrammarWithLexer { json_schema: Some(laid_out), ..GrammarWithLexer::default() };
        let grammar = TopLevelGrammar { grammars: vec![json], max_tokens: None };
        // Its own way to catch a panic prints nothing of what it was about.
        let compile = std::panic::AssertUnwindSafe(|| factory.create_parser(grammar));
        let parser = llguidance::panic_utils::catch_unwind(compile);
        let parser = parser.map_err(|_| StartError::Unsupported(schema::fault(schema)))?;
        let matcher = Matcher::new(Ok(parser));
        if matcher.is_error() {
            return Err(StartError::Unsupported(schema::fault(schema)));
        }
        Ok(Constraint::new(matcher, factory.tok_env().clone()))
    }
}

impl std::fmt::Debug for Grammars {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grammars")
    }
}

fn factory(format: &ChatFormat) -> Option<ParserFactory> {
    let trie = trie::of(format.vocabulary(), format.end_tokens())?;
    let environment: TokEnv = std::sync::Arc::new(ApproximateTokEnv::new(trie));
    let (capabilities, slices) = (InferenceCapabilities::default(), schema::slices());
    let mut factory = ParserFactory::new(&environment, capabilities, &slices).ok()?;
    factory.quiet();
    let limits = factory.limits_mut();
    limits.initial_lexer_fuel = COMPILE_FUEL;
    limits.max_grammar_size = MOST_GRAMMAR;
    limits.step_lexer_fuel = STEP_FUEL;
    limits.step_max_items = STEP_ITEMS;
    limits.max_lexer_states = MOST_STATES;
    // They hold the text so far.
    limits.verbose_errors = false;
    Some(factory)
}

#[cfg(test)]
pub(crate) mod tests;
