//! Chat templates as Hugging Face renders them.
//!
//! The dialect is Jinja with block trimming, Python's methods on strings, lists and dictionaries,
//! `loop` controls, `raise_exception` and `strftime_now`. A template comes with a model, which is
//! data somebody downloaded: it can name no file, and its run is bounded in recursion by the engine
//! of the templates.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};

use super::json_values::value;
use super::tojson::tojson;
use crate::conversation::Turn;
use crate::error::EngineError;
use crate::model_folder::TokenizerConfig;
use crate::tools::Call;

const NAME: &str = "chat";

/// A compiled chat template with the special tokens it may name.
#[derive(Debug)]
pub struct Template {
    environment: Environment<'static>,
}

impl Template {
    /// Compiles the template of `config`.
    ///
    /// # Errors
    /// The template does not parse; with its line.
    pub fn new(config: &TokenizerConfig) -> Result<Self, String> {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|cause| cause.to_string())?);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment
            .set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_filter("tojson", tojson);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        for (name, text) in config.tokens() {
            environment.add_global(name.to_owned(), text);
        }
        environment
            .add_template_owned(NAME, config.chat_template.clone())
            .map_err(|cause| explain(&cause))?;
        Ok(Self { environment })
    }

    /// Renders `turns`; with `open_answer` the prompt ends where the assistant's answer begins.
    ///
    /// # Errors
    /// The template raises an exception or uses something unknown.
    #[cfg(test)]
    pub fn render(&self, turns: &[Turn], open_answer: bool) -> Result<String, EngineError> {
        self.render_with(turns, &[], open_answer)
    }

    /// The same with `tools`, each as OpenAI's API writes it.
    ///
    /// # Errors
    /// The template raises an exception or uses something unknown.
    pub fn render_with(
        &self,
        turns: &[Turn],
        tools: &[serde_json::Value],
        open_answer: bool,
    ) -> Result<String, EngineError> {
        let messages: Vec<Value> = turns.iter().map(message).collect();
        let tools = (!tools.is_empty()).then(|| tools.iter().map(value).collect::<Value>());
        let context = match tools {
            Some(tools) => context! { messages, tools, add_generation_prompt => open_answer },
            None => context! { messages, add_generation_prompt => open_answer },
        };
        let failed = |cause: Error| EngineError::Template(explain(&cause));
        let template = self.environment.get_template(NAME).map_err(failed)?;
        template.render(context).map_err(failed)
    }
}

/// A turn as templates know it. The arguments of a call are an object for them, not text.
fn message(turn: &Turn) -> Value {
    let call = |call: &Call| {
        let parsed = serde_json::from_str::<serde_json::Value>(&call.arguments);
        let arguments = parsed.unwrap_or_else(|_| call.arguments.as_str().into());
        let function = context! { name => call.name.as_str(), arguments => value(&arguments) };
        context! { id => call.id.as_str(), type => "function", function }
    };
    let (role, content) = (turn.role.as_str(), turn.content.as_str());
    if !turn.calls.is_empty() {
        let tool_calls: Vec<Value> = turn.calls.iter().map(call).collect();
        return context! { role, content, tool_calls };
    }
    match &turn.answers {
        Some(answers) => context! { role, content, tool_call_id => answers },
        None => context! { role, content },
    }
}

/// The cause and the line, without the excerpt of template and variables that the full form of the
/// error prints: the variables are the prompt.
fn explain(cause: &Error) -> String {
    let line = cause.line().map(|line| format!(" (line {line})")).unwrap_or_default();
    match cause.detail() {
        Some(detail) => format!("{detail}{line}"),
        None => format!("{}{line}", cause.kind()),
    }
}

fn raise_exception(message: &str) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message.to_owned()))
}

/// The local time in the template's own format, as Python's `datetime.now().strftime`.
fn strftime_now(format: &str) -> Result<String, Error> {
    jiff::fmt::strtime::format(format, &jiff::Zoned::now())
        .map_err(|cause| Error::new(ErrorKind::InvalidOperation, cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(source: &str) -> Template {
        let config = json!({ "bos_token": "<s>", "eos_token": {"content": "</s>"} });
        Template::new(&TokenizerConfig::of(source, config)).expect("parses")
    }

    fn turns() -> Vec<Turn> {
        vec![Turn::new("system", "Be brief."), Turn::new("user", " <Hi> ")]
    }

    #[test]
    fn blocks_are_trimmed_and_special_tokens_are_known() {
        let source = "{{ bos_token }}\n{%- for m in messages %}\n  \
                      {% if m.role == 'user' %}\n[{{ m['content'].strip() }}]\n  {% else %}\n\
                      {{ m.content | trim | upper }}\n  {% endif %}\n{% endfor %}{{ eos_token }}";
        let text = template(source).render(&turns(), true).expect("renders");
        assert_eq!(text, "<s>BE BRIEF.\n[<Hi>]\n</s>");
    }

    #[test]
    fn loop_controls_namespaces_and_slices_work() {
        let source = "{% set ns = namespace(n=0) %}{% for m in messages[1:] %}\
                      {% set ns.n = ns.n + 1 %}{% if loop.last %}{% break %}{% endif %}{% endfor %}\
                      {{ ns.n }}{% if add_generation_prompt %}>{% endif %}";
        let template = template(source);
        assert_eq!(template.render(&turns(), true).expect("renders"), "1>");
        assert_eq!(template.render(&turns(), false).expect("renders"), "1");
    }

    #[test]
    fn an_exception_of_the_template_is_the_error() {
        let source = "\n{{ raise_exception('Only user and assistant roles are supported!') }}";
        let error = template(source).render(&turns(), true).expect_err("raises");
        assert_eq!(
            error.to_string(),
            "render the chat template: Only user and assistant roles are supported! (line 2)"
        );
    }

    #[test]
    fn the_date_is_formatted() {
        let text = template("{{ strftime_now('%Y') }}").render(&turns(), true).expect("renders");
        assert!(text.parse::<u32>().is_ok_and(|year| year >= 2024), "{text}");
    }

    #[test]
    fn a_template_that_does_not_parse_names_its_line() {
        let config = TokenizerConfig::of("\n{% for %}", json!({}));
        let error = Template::new(&config).expect_err("broken");
        assert!(error.contains("line 2"), "{error}");
    }
}
