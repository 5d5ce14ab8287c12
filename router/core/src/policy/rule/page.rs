//! Facts and effects as tables for people, so that no page has to be kept in step by hand.

use super::effects;
use super::literal;
use super::vocabulary::{Fact, Kind, Scope, TABLE};
use std::fmt::Write;

/// The facts that a rule's condition can name, as a table in Markdown.
#[must_use]
pub fn facts_table() -> String {
    let mut table =
        String::from("| fact | type | evaluated | meaning | example |\n|---|---|---|---|---|\n");
    for entry in TABLE {
        let kind = match entry.kind {
            Kind::Word { words, ordered: true } => words.join(" < "),
            Kind::Float { most, .. } => format!("{}, 0 to {most}", literal::kind_name(entry.kind)),
            kind => literal::kind_name(kind),
        };
        let scope = match Fact(entry).scope() {
            Scope::Request => "per request",
            Scope::Target => "per target",
            Scope::Device => "per worker",
        };
        let (name, about) = (entry.name, entry.about);
        let example = entry.example.replace('|', "\\|");
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| `{name}` | {kind} | {scope} | {about} | `{example}` |");
    }
    table
}

/// What a rule can do, as a table in Markdown.
#[must_use]
pub fn effects_table() -> String {
    let mut table = String::from(
        "| effect | applies where the condition is | type | meaning | example |\n\
         |---|---|---|---|---|\n",
    );
    for row in effects::TABLE {
        let applies = if row.restricts { "true or unknown" } else { "true" };
        let (key, kind, about, example) = (row.key, row.kind, row.about, row.example);
        let _ = writeln!(table, "| `{key}` | {applies} | {kind} | {about} | `{example}` |");
    }
    table
}
