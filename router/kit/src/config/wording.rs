//! serde's sentences in the words of who writes a file: no types of Rust, the key that was most likely
//! meant, and the unit that a number is in.

use super::place::Place;

/// What serde expects, and how a file's author says it.
const EXPECTED: [(&str, &str); 12] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number, 0 or more"),
    ("usize", "a whole number, 0 or more"),
    ("i64", "a whole number"),
    ("f32", "a number"),
    ("f64", "a number"),
    ("a boolean", "true or false"),
    ("a sequence", "a list"),
    ("a map", "a table"),
    ("a string", "a string"),
];

/// What serde found, and how a file's author says it.
const FOUND: [(&str, &str); 2] = [("sequence", "a list"), ("map", "a table")];

/// Endings of keys that say a unit.
const UNITS: [(&str, &str); 6] = [
    ("_ms", "milliseconds"),
    ("_bytes", "bytes"),
    ("_tokens", "tokens"),
    ("_joules", "joules"),
    ("_usd_micros", "millionths of a US dollar"),
    ("_fraction", "a share of 1"),
];

/// Longest piece of a file that a message repeats, in characters.
const LONGEST_CHARS: usize = 300;

/// A text that is fit to be shown: not too long, and without characters that steer a terminal.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(LONGEST_CHARS)
        .map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })
        .collect();
    if text.chars().nth(LONGEST_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// A reason of serde, reworded.
pub(super) fn plain(reason: &str, place: &Place) -> String {
    if let Some(rest) = reason.strip_prefix("unknown field ") {
        return suggested("unknown key", rest);
    }
    if let Some(rest) = reason.strip_prefix("unknown variant ") {
        return suggested("unknown word", rest);
    }
    let typed = ["invalid type: ", "invalid value: "]
        .into_iter()
        .find_map(|prefix| reason.strip_prefix(prefix))
        .and_then(|rest| rest.rsplit_once(", expected "));
    match typed {
        Some((found, expected)) => mismatch(found, expected, place),
        None => reason.to_owned(),
    }
}

fn mismatch(found: &str, expected: &str, place: &Place) -> String {
    let word = |table: &[(&str, &'static str)], word: &str| {
        table.iter().find(|(serde, _)| *serde == word).map(|(_, plain)| *plain)
    };
    let structure = expected.starts_with("struct ").then_some("a table");
    let plain = word(&EXPECTED, expected).or(structure).unwrap_or(expected);
    let found_plain = word(&FOUND, found).map_or_else(
        || format!("the {}", found.replacen("floating point", "number", 1)),
        str::to_owned,
    );
    let mut reason = format!("is {found_plain}, expected {plain}");
    let key = place.last_key().unwrap_or_default();
    if let Some((_, unit)) = UNITS.iter().find(|(ending, _)| key.ends_with(ending))
        && plain.contains("number")
    {
        reason.push_str(&format!(" ({unit})"));
    }
    if found == "map" && expected == "a sequence" && place.steps().len() == 1 {
        reason.push_str(&format!(": for a list of tables write [[{key}]]"));
    }
    reason
}

/// The rest of a sentence about an unknown name: the known name that is nearest, else all of them.
fn suggested(what: &str, rest: &str) -> String {
    let mut names = rest.split('`').skip(1).step_by(2);
    let written = names.next().unwrap_or_default();
    let known = names.map(|name| (strsim::osa_distance(written, name), name)).min();
    let limit = (written.chars().count() / 3).max(2);
    match known {
        Some((distance, name)) if distance <= limit => {
            format!("{what} `{written}`: did you mean `{name}`?")
        }
        _ => format!("{what} {rest}"),
    }
}

/// A reason of the TOML parser, reworded where it speaks of its own grammar.
pub(super) fn syntax(message: &str) -> String {
    let no_value = "here stands no value: write a text in quotes, a number, true or false, or a list \
                    in brackets";
    let never_closed =
        "a text over several lines is never closed: end it with the quotes it began with";
    let plain = if message.starts_with("string values must be quoted")
        || message.starts_with("invalid boolean")
    {
        no_value.to_owned()
    } else if message.starts_with("invalid multi-line") {
        never_closed.to_owned()
    } else {
        shown(message)
    };
    format!("is not valid TOML: {plain}")
}
