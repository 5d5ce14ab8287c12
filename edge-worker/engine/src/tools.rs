//! Functions that a model may call.
//!
//! A call is text of the model in a convention: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, as
//! the templates of Hermes, Qwen and many others have it. Where the chat template knows tools and this
//! convention, it shows them; elsewhere they are told in a text of ours (`convention`). Inside a call every
//! token is held to the name and the schema of one of the tools, and a call goes out only when it is complete
//! and was checked (`check`).

mod check;
mod convention;
mod grammar;

pub(crate) use check::Checked;
pub(crate) use convention::{CLOSE, Convention, OPEN};
pub(crate) use grammar::calls;

use std::fmt;

use serde_json::{Value, json};

use crate::error::StartError;

/// Most tools of a job, as in OpenAI's API.
pub const MOST_TOOLS: usize = 128;
/// Most calls in one answer.
pub const MOST_CALLS: u32 = 16;

/// A function that the model may call.
#[derive(Clone, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it does, for the model to read.
    pub description: Option<String>,
    /// JSON schema of its arguments.
    pub parameters: Value,
}

/// Which of the tools the model may or must call.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// None; they are not shown.
    None,
    /// At least one of them.
    Required,
    /// The one of this name, once.
    Function(String),
}

/// A call that the model made.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Identifier that the tool's answer refers to.
    pub id: String,
    /// The function's name.
    pub name: String,
    /// Arguments as JSON text.
    pub arguments: String,
}

impl Tool {
    /// A tool whose schema is the JSON text `parameters`; without one it takes any arguments. `None` if
    /// that is no JSON.
    #[must_use]
    pub fn parse(
        name: &str,
        description: Option<String>,
        parameters: Option<&str>,
    ) -> Option<Self> {
        let parameters = parameters.filter(|text| !text.trim().is_empty());
        let parameters =
            parameters.map_or(Some(json!({})), |text| serde_json::from_str(text).ok())?;
        Some(Self { name: name.to_owned(), description, parameters })
    }

    /// As OpenAI's API and the chat templates write it.
    pub(crate) fn value(&self) -> Value {
        let mut function = json!({ "name": self.name });
        if let Some(description) = &self.description {
            function["description"] = json!(description);
        }
        function["parameters"] = self.schema();
        json!({ "type": "function", "function": function })
    }

    /// The schema of its arguments, which are always an object.
    pub(crate) fn schema(&self) -> Value {
        match &self.parameters {
            Value::Object(fields) if !fields.contains_key("type") => {
                let mut fields = fields.clone();
                fields.insert("type".into(), json!("object"));
                Value::Object(fields)
            }
            other => other.clone(),
        }
    }
}

/// Those of `tools` that may be called.
///
/// # Errors
/// There are too many, two have one name, or one that must be called is not there.
pub(crate) fn callable<'a>(
    tools: &'a [Tool],
    choice: &ToolChoice,
) -> Result<Vec<&'a Tool>, StartError> {
    let refused = |why: String| Err(StartError::Unsupported(why));
    if tools.len() > MOST_TOOLS {
        return refused(format!("{} tools, the most is {MOST_TOOLS}", tools.len()));
    }
    for (at, tool) in tools.iter().enumerate() {
        if tool.name.is_empty() || tools[..at].iter().any(|other| other.name == tool.name) {
            return refused(format!("tools[{at}].name is empty or was there before"));
        }
    }
    let callable: Vec<&Tool> = match choice {
        ToolChoice::None => return Ok(Vec::new()),
        ToolChoice::Auto | ToolChoice::Required => tools.iter().collect(),
        ToolChoice::Function(name) => tools.iter().filter(|tool| tool.name == *name).collect(),
    };
    if callable.is_empty() && *choice != ToolChoice::Auto {
        return refused("tool_choice: there is no such tool".into());
    }
    Ok(callable)
}

/// Names, descriptions and schemas are content.
impl fmt::Debug for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tool")
    }
}

/// A name of a function is content.
impl fmt::Debug for ToolChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "Auto",
            Self::None => "None",
            Self::Required => "Required",
            Self::Function(_) => "Function",
        })
    }
}

/// The arguments are content.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} bytes)", self.arguments.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str) -> Tool {
        Tool::parse(name, None, None).expect("no schema")
    }

    #[test]
    fn a_choice_without_its_tool_and_too_many_tools_are_refused() {
        let tools = [tool("a"), tool("b")];
        let names = |choice: ToolChoice| {
            callable(&tools, &choice).map(|them| them.iter().map(|it| it.name.clone()).collect())
        };
        let of = |names: Result<Vec<String>, StartError>| names.expect("callable").concat();
        assert_eq!(of(names(ToolChoice::Auto)), "ab");
        assert_eq!(of(names(ToolChoice::Function("b".into()))), "b");
        assert_eq!(of(names(ToolChoice::None)), "");
        assert!(names(ToolChoice::Function("c".into())).is_err());
        assert!(callable(&[], &ToolChoice::Required).is_err());
        assert!(callable(&[], &ToolChoice::Auto).expect("fine").is_empty());
        assert!(callable(&[tool("a"), tool("a")], &ToolChoice::Auto).is_err());
        let many: Vec<Tool> = (0..129).map(|at| tool(&at.to_string())).collect();
        let error = callable(&many, &ToolChoice::Auto).expect_err("too many").to_string();
        assert!(error.contains("129") && error.contains("128"), "{error}");
    }

    #[test]
    fn arguments_are_an_object_and_debug_output_shows_nothing() {
        assert_eq!(tool("a").schema(), json!({ "type": "object" }));
        assert!(Tool::parse("a", None, Some("{no json")).is_none());
        let shown = format!("{:?} {:?}", tool("hush"), ToolChoice::Function("hush".into()));
        assert!(!shown.contains("hush"), "{shown}");
    }
}
