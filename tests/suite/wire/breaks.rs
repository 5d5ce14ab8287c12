//! What a later contract takes away from an earlier one, one sentence each.

use super::surface::{Field, Surface};
use std::collections::BTreeMap;

/// Every break from `before` to `after`: messages first, then enums, then services.
pub fn breaks(before: &Surface, after: &Surface) -> Vec<String> {
    let mut found = Vec::new();
    found.extend(gone("message", before.messages.keys(), |name| after.messages.contains_key(name)));
    for (message, fields) in &before.messages {
        if let Some(later) = after.messages.get(message) {
            found.extend(
                fields
                    .iter()
                    .flat_map(|(number, field)| field_breaks(message, *number, field, later)),
            );
        }
    }
    found.extend(gone("enum", before.enums.keys(), |name| after.enums.contains_key(name)));
    for (declared, values) in &before.enums {
        if let Some(later) = after.enums.get(declared) {
            found.extend(
                values
                    .iter()
                    .filter_map(|(number, value)| value_break(declared, *number, value, later)),
            );
        }
    }
    found.extend(gone("service", before.services.iter(), |name| after.services.contains(name)));
    found.extend(method_breaks(before, after));
    found
}

fn gone<'a>(
    kind: &str,
    names: impl Iterator<Item = &'a String>,
    still_there: impl Fn(&str) -> bool,
) -> Vec<String> {
    names.filter(|name| !still_there(name)).map(|name| format!("{kind} {name} is gone")).collect()
}

fn field_breaks(
    message: &str,
    number: i32,
    field: &Field,
    later: &BTreeMap<i32, Field>,
) -> Vec<String> {
    let name = format!("{message}.{}", field.name);
    if let Some((moved, _)) = later.iter().find(|(_, other)| other.name == field.name)
        && *moved != number
    {
        return vec![format!("field {name} changed its number from {number} to {moved}")];
    }
    let Some(now) = later.get(&number) else {
        return vec![format!("field {name} ({number}) is gone")];
    };
    if now.name != field.name {
        return vec![format!("field {name} ({number}) changed its name to {}", now.name)];
    }
    [("type", &field.kind, &now.kind), ("presence", &field.presence, &now.presence)]
        .into_iter()
        .filter(|(_, before, after)| before != after)
        .map(|(what, before, after)| {
            format!("field {name} ({number}) changed its {what} from {before} to {after}")
        })
        .collect()
}

fn value_break(
    declared: &str,
    number: i32,
    value: &str,
    later: &BTreeMap<i32, String>,
) -> Option<String> {
    let name = format!("{declared}.{value}");
    match (later.iter().find(|(_, other)| *other == value), later.get(&number)) {
        (Some((same, _)), _) if *same == number => None,
        (Some((moved, _)), _) => {
            Some(format!("value {name} changed its number from {number} to {moved}"))
        }
        (None, Some(other)) => Some(format!("value {name} ({number}) changed its name to {other}")),
        (None, None) => Some(format!("value {name} ({number}) is gone")),
    }
}

fn method_breaks(before: &Surface, after: &Surface) -> Vec<String> {
    let mut found = Vec::new();
    for (name, method) in &before.methods {
        let Some(now) = after.methods.get(name) else {
            found.push(format!("method {name} is gone"));
            continue;
        };
        for (what, before, after) in
            [("input", &method.input, &now.input), ("output", &method.output, &now.output)]
        {
            if before != after {
                found.push(format!("method {name} changed its {what} from {before} to {after}"));
            }
        }
    }
    found
}
