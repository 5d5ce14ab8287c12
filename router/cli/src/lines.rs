//! Labelled lines: a label in a column of its own, a text that wraps under itself.

use crate::screen;

/// Labelled lines under construction.
#[derive(Debug, Default)]
pub struct Lines(Vec<(&'static str, String)>);

impl Lines {
    /// Adds a line. An empty label continues the one above.
    pub fn add(&mut self, label: &'static str, text: impl Into<String>) {
        self.0.push((label, text.into()));
    }

    /// The lines, wrapped to `width` columns.
    pub fn render(&self, width: usize) -> String {
        let widest = self.0.iter().map(|(label, _)| screen::columns(label)).max().unwrap_or(0);
        let indent = " ".repeat(widest + 4);
        let line = |(label, text): &(&'static str, String)| {
            let pad = " ".repeat(widest - screen::columns(label));
            let (dim, plain) = (screen::DIM, screen::PLAIN);
            let body = screen::wrap(text, width.saturating_sub(widest + 4), "");
            let body = body.join(&format!("\n{indent}"));
            format!("  {dim}{label}{plain}{pad}  {body}")
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_stand_in_a_column_and_texts_wrap_under_themselves() {
        let mut lines = Lines::default();
        lines.add("why", "class public may use device, edge or cloud");
        lines.add("request", "r-1");
        let text = anstream::adapter::strip_str(&lines.render(36)).to_string();
        assert_eq!(
            text,
            "  why      class public may use\n           device, edge or cloud\n  request  r-1"
        );
    }
}
