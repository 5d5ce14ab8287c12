//! How tools, calls and their results are written into a prompt.

use super::Tool;
use crate::conversation::{Conversation, Turn};

/// What opens a call.
pub const OPEN: &str = "<tool_call>";
/// What closes a call.
pub const CLOSE: &str = "</tool_call>";

/// What a chat template knows of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convention {
    /// It shows tools, calls of this convention, and their results.
    pub native: bool,
    /// It takes a system turn.
    pub system: bool,
}

impl Convention {
    /// Finds out by rendering; `render` gives nothing where the template refuses.
    pub fn of(render: impl Fn(&Conversation) -> Option<String>) -> Self {
        let (asked, called, answered) = ("probe-question", "probe_function", "probe-result");
        let turns = |turns: Vec<Turn>| Conversation::new(turns);
        let system = turns(vec![Turn::new("system", answered), Turn::new("user", asked)]);
        let system = render(&system).is_some_and(|text| text.contains(answered));
        let mut probe = turns(vec![Turn::new("user", asked)]);
        probe.tools.extend(Tool::parse("probe_tool", None, None));
        let shows = render(&probe).is_some_and(|text| text.contains("probe_tool"));
        let mut call = Turn::new("assistant", "");
        call.calls = vec![super::Call {
            id: "probe".into(),
            name: called.into(),
            arguments: "{\"probe_argument\": 1}".into(),
        }];
        let mut answer = Turn::new("tool", answered);
        answer.answers = Some("probe".into());
        probe.messages.extend([call, answer]);
        let tells = render(&probe).is_some_and(|text| {
            // The tools themselves may be shown with an example of a call.
            let after = text.split_once(asked).map_or("", |(_, after)| after);
            let call = after.split_once(OPEN).map_or("", |(_, call)| call);
            call.contains(called) && call.contains("probe_argument") && call.contains(answered)
        });
        Self { native: shows && tells, system }
    }

    /// What stands between the opening and the call's JSON.
    pub fn after_open(self) -> &'static str {
        if self.native { "\n" } else { "" }
    }

    /// What follows the call's JSON.
    pub fn close(self) -> String {
        format!("{}{CLOSE}", self.after_open())
    }

    /// `conversation` in turns of plain text.
    pub fn spelled_out(self, conversation: &Conversation) -> Conversation {
        let mut messages: Vec<Turn> = Vec::new();
        for turn in &conversation.messages {
            let (role, content) = match turn.role.as_str() {
                "tool" => ("user", format!("<tool_response>\n{}\n</tool_response>", turn.content)),
                role => (role, said(turn)),
            };
            // Results of several calls are one turn, as templates want the roles to alternate.
            match messages.last_mut().filter(|last| last.role == role && turn.role == "tool") {
                Some(last) => last.content = format!("{}\n{content}", last.content),
                None => messages.push(Turn::new(role, content)),
            }
        }
        if !conversation.tools.is_empty() {
            self.tell(&mut messages, &told(&conversation.tools));
        }
        let assistant_prefix = conversation.assistant_prefix.clone();
        Conversation { messages, assistant_prefix, tools: Vec::new() }
    }

    /// Puts `text` where instructions stand.
    fn tell(self, messages: &mut Vec<Turn>, text: &str) {
        let role = if self.system { "system" } else { "user" };
        match messages.first_mut().filter(|first| first.role == role) {
            Some(first) if self.system => first.content = format!("{}\n\n{text}", first.content),
            Some(first) => first.content = format!("{text}\n\n{}", first.content),
            None => messages.insert(0, Turn::new(role, text)),
        }
    }
}

/// What the turn said, its calls included.
fn said(turn: &Turn) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !turn.content.is_empty() || turn.calls.is_empty() {
        parts.push(turn.content.clone());
    }
    parts.extend(turn.calls.iter().map(|call| {
        let name = serde_json::Value::from(call.name.as_str());
        format!("{OPEN}{{\"name\": {name}, \"arguments\": {}}}{CLOSE}", call.arguments)
    }));
    parts.join("\n")
}

fn told(tools: &[Tool]) -> String {
    let lines: Vec<String> =
        tools.iter().map(|tool| tool.value()["function"].to_string()).collect();
    format!(
        "You can call functions. Each line is one of them as JSON: its name, what it does, and the JSON \
         schema of its arguments.\n{}\nTo call one, write \
         {OPEN}{{\"name\": \"…\", \"arguments\": {{…}}}}{CLOSE} and nothing else.",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::Call;

    fn talk() -> Conversation {
        let mut call = Turn::new("assistant", "");
        let made = |id: &str| Call { id: id.into(), name: "tide".into(), arguments: "{}".into() };
        call.calls = vec![made("1"), made("2")];
        let mut talk = Conversation::new(vec![
            Turn::new("user", "When is the tide?"),
            call,
            Turn::new("tool", "at six"),
            Turn::new("tool", "at seven"),
        ]);
        talk.tools.extend(Tool::parse("tide", Some("tells the tide".into()), None));
        talk
    }

    #[test]
    fn without_a_templates_own_way_calls_and_results_are_plain_turns() {
        let plain = Convention { native: false, system: true }.spelled_out(&talk());
        let roles: Vec<&str> = plain.messages.iter().map(|turn| turn.role.as_str()).collect();
        assert_eq!(roles, ["system", "user", "assistant", "user"]);
        assert!(plain.messages[0].content.contains("\"description\":\"tells the tide\""));
        let call = "<tool_call>{\"name\": \"tide\", \"arguments\": {}}</tool_call>";
        assert_eq!(plain.messages[2].content, format!("{call}\n{call}"));
        let results = &plain.messages[3].content;
        assert!(results.contains("at six") && results.contains("at seven"), "{results}");
        assert!(plain.tools.is_empty());
    }

    #[test]
    fn where_no_system_turn_is_taken_the_first_question_begins_with_the_tools() {
        let plain = Convention { native: false, system: false }.spelled_out(&talk());
        assert_eq!(plain.messages[0].role, "user");
        assert!(plain.messages[0].content.starts_with("You can call functions."));
        assert!(plain.messages[0].content.ends_with("When is the tide?"));
    }
}
