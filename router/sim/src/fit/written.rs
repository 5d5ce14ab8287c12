//! The scenario as a file, with a comment at each number: from how many observations it came, or that it is assumed.

mod answerers;
mod askers;

use super::{FEWEST, Fit, TooFew};

/// What there is to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The scenario, in TOML.
    pub scenario: String,
    /// Measured answers of clouds, in CSV, where the scenario names such a file.
    pub latency: Option<String>,
}

/// How the files are called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The scenario's own name.
    pub name: &'a str,
    /// Path of the policy, from the scenario's file.
    pub policy: &'a str,
    /// Path of measured answers, from the scenario's file.
    pub latency: &'a str,
}

impl Fit {
    /// Writes the scenario.
    ///
    /// # Errors
    /// Fewer than [`FEWEST`] requests, or all of them at one moment.
    pub fn written(&self, names: &Names<'_>) -> Result<Written, TooFew> {
        let too_few = TooFew { observed: self.requests(), needed: FEWEST };
        if self.requests() < FEWEST {
            return Err(too_few);
        }
        let arrivals = self.moments.arrivals().ok_or(too_few)?;
        let mut page = Page::default();
        askers::head(&mut page, self, &arrivals, names);
        askers::arrivals(&mut page, &arrivals);
        for (key, kind) in self.kinds.by_count() {
            askers::kind(&mut page, key, kind);
        }
        for (key, group) in self.groups.iter() {
            answerers::group(&mut page, key, group);
        }
        let mut latency = String::new();
        for (key, cloud) in self.clouds.iter() {
            answerers::cloud(&mut page, &mut latency, key, cloud, names);
        }
        let latency = (!latency.is_empty()).then(|| format!("{}{latency}", answerers::HEADER));
        Ok(Written { scenario: page.0, latency })
    }
}

/// Lines of a file.
#[derive(Default)]
struct Page(String);

impl Page {
    /// A line as it is.
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// A comment on a line of its own. A name in it cannot end the comment.
    fn comment(&mut self, text: &str) {
        let text: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
        self.line(&format!("# {text}"));
    }

    /// A key, and where its value comes from.
    fn key(&mut self, key: &str, value: &str, whence: &str) {
        self.line(&format!("{key} = {value} # {whence}"));
    }

    /// The head of a table.
    fn table(&mut self, head: &str) {
        self.line("");
        self.line(head);
    }
}

/// A text in quotes.
fn quoted(text: &str) -> String {
    // What JSON escapes in a string, TOML reads as the same.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A number with four digits that count.
fn number(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".into();
    }
    let digits = (3 - value.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `1 request`, `2 requests`.
fn count(number: usize, of: &str) -> String {
    format!("{number} {of}{}", if number == 1 { "" } else { "s" })
}

/// A length of time in its largest unit.
fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 172_800.0 => format!("{} days", number(s / 86_400.0)),
        s if s >= 7_200.0 => format!("{} h", number(s / 3_600.0)),
        s if s >= 120.0 => format!("{} min", number(s / 60.0)),
        s => format!("{} s", number(s)),
    }
}
