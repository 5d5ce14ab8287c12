//! Recorded requests and recorded clouds, from text. Who reads files is somebody else.
//!
//! A trace is CSV with a header. Lines that begin with `#` are comments: the licence stands there.

use std::collections::BTreeMap;

/// One recorded request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Moment of its arrival, in seconds from the first.
    pub at_s: f64,
    /// Tokens of the prompt.
    pub tokens_in: u32,
    /// Tokens of the answer.
    pub tokens_out: u32,
}

/// Recorded requests, by arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The requests.
    pub rows: Vec<Row>,
}

/// Recorded answers of one cloud: first token and gap in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The answers.
    pub rows: Vec<(f64, f64)>,
}

impl Trace {
    /// Reads arrivals: columns `t_s` or `t_ms`, `tokens_in` and `tokens_out` (or the names of the published
    /// traces). Other columns are left alone.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table = Table::of(text)?;
        let (at, scale) = match table.find(&["t_s", "arrival_s"]) {
            Some(at) => (at, 1.0),
            None => (table.column(&["t_ms", "arrival_ms"])?, 1e-3),
        };
        let tokens_in = table.column(&["tokens_in", "context_tokens", "input_tokens"])?;
        let tokens_out = table.column(&["tokens_out", "generated_tokens", "output_tokens"])?;
        let mut rows = Vec::with_capacity(table.lines.len());
        for line in &table.lines {
            let tokens = |column| Ok::<_, String>(table.number(line, column)?.round() as u32);
            rows.push(Row {
                at_s: table.number(line, at)? * scale,
                tokens_in: tokens(tokens_in)?.max(1),
                tokens_out: tokens(tokens_out)?.max(1),
            });
        }
        rows.sort_by(|one, two| one.at_s.total_cmp(&two.at_s));
        let first = rows.first().map_or(0.0, |row| row.at_s);
        rows.iter_mut().for_each(|row| row.at_s -= first);
        if rows.is_empty() { Err("holds no requests".into()) } else { Ok(Self { rows }) }
    }

    /// From the first request to the last and one mean gap more, in seconds: when it begins again.
    #[must_use]
    pub fn period_s(&self) -> f64 {
        let last = self.rows.last().map_or(0.0, |row| row.at_s);
        (last * (1.0 + 1.0 / self.rows.len().max(1) as f64)).max(1e-3)
    }
}

impl Samples {
    /// Reads the answers of one cloud: columns `provider_model`, `ttft_s` and `inter_token_latency_s`.
    ///
    /// # Errors
    /// What is wrong, or which clouds there are where the one that is wanted is not among them.
    pub fn parse(text: &str, wanted: &str) -> Result<Self, String> {
        let table = Table::of(text)?;
        let who = table.column(&["provider_model"])?;
        let (first, gap) = (table.column(&["ttft_s"])?, table.column(&["inter_token_latency_s"])?);
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        let mut rows = Vec::new();
        for line in &table.lines {
            let name = line.cells.get(who).copied().unwrap_or_default();
            *names.entry(name).or_default() += 1;
            if name == wanted {
                let (first, gap) = (table.number(line, first)?, table.number(line, gap)?);
                rows.push((1e3 * first, 1e3 * gap));
            }
        }
        if rows.is_empty() {
            let names: Vec<&str> = names.into_keys().collect();
            return Err(format!("holds no answers of {wanted:?}: it has {}", names.join(", ")));
        }
        Ok(Self { rows })
    }
}

struct Line<'a> {
    number: usize,
    cells: Vec<&'a str>,
}

struct Table<'a> {
    header: Vec<&'a str>,
    lines: Vec<Line<'a>>,
}

impl<'a> Table<'a> {
    fn of(text: &'a str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate().filter_map(|(at, line)| {
            let line = line.trim();
            (!line.is_empty() && !line.starts_with('#'))
                .then(|| Line { number: at + 1, cells: line.split(',').map(str::trim).collect() })
        });
        let header = lines.next().ok_or("is empty: a header is expected")?.cells;
        Ok(Self { header, lines: lines.collect() })
    }

    fn find(&self, names: &[&str]) -> Option<usize> {
        self.header.iter().position(|cell| names.contains(cell))
    }

    fn column(&self, names: &[&str]) -> Result<usize, String> {
        self.find(names).ok_or_else(|| {
            let (wanted, has) = (names.join(" or "), self.header.join(", "));
            format!("has no column {wanted}: it has {has}")
        })
    }

    fn number(&self, line: &Line<'_>, column: usize) -> Result<f64, String> {
        let cell = line.cells.get(column).copied().unwrap_or_default();
        let number = cell.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| format!("line {}: {cell:?} is no number of at least 0", line.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_traces_are_read_by_their_own_column_names() {
        let text = "# CC BY 4.0\nt_s,context_tokens,generated_tokens\n5.0,10,3\n2.0,7,0\n";
        let trace = Trace::parse(text).unwrap();
        let first = Row { at_s: 0.0, tokens_in: 7, tokens_out: 1 };
        assert_eq!(trace.rows[0], first);
        assert_eq!((trace.rows[1].at_s, trace.period_s()), (3.0, 4.5));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = Trace::parse("t_ms,tokens_in,tokens_out\n1,2,3\n1,-2,3\n").unwrap_err();
        assert_eq!(told, "line 3: \"-2\" is no number of at least 0");
        let told = Trace::parse("t_ms,tokens_in\n").unwrap_err();
        assert!(told.contains("no column tokens_out"), "{told}");
        let text = "provider_model,ttft_s,inter_token_latency_s\na,1,2\n";
        assert_eq!(Samples::parse(text, "a").unwrap().rows, [(1e3, 2e3)]);
        assert!(Samples::parse(text, "b").unwrap_err().ends_with("it has a"));
    }
}
