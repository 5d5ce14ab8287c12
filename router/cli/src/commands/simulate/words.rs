//! A comparison in words: one column for each policy and baseline, one line for each thing that people ask
//! for first.

use crate::screen;
use littoral_sim::comparison::{Interval, Report};
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// Metrics that are shown, with what they are called.
pub const SHOWN: [(&str, &str); 16] = [
    ("requests", "requests"),
    ("answered_share", "answered, share"),
    ("mean_ttft_ms", "first token, mean ms"),
    ("p95_ttft_ms", "first token, p95 ms"),
    ("p95_total_ms", "whole answer, p95 ms"),
    ("cost_usd", "cost, USD"),
    ("cost_usd_per_1000", "cost of 1,000 answers, USD"),
    ("quality", "expected quality"),
    ("share.device", "on own devices, share"),
    ("share.edge", "on shared machines, share"),
    ("share.cloud", "in clouds, share"),
    ("egress_bytes", "bytes that left"),
    ("energy_joules_per_answer", "joules an answer"),
    ("battery_at_end.mean", "battery at the end, share"),
    ("fairness", "fairness (Jain)"),
    ("prediction_error.ttft_p50", "prediction error, median"),
];

/// The report for a terminal.
pub fn words(report: &Report) -> String {
    let (bold, dim, plain) = (screen::BOLD, screen::DIM, screen::PLAIN);
    let world = &report.world;
    let name = screen::printable(&world.name);
    let mut text = format!("{bold}{name}{plain}\n{dim}{}{plain}\n\n", sizes(report));
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    for contender in &report.contenders {
        rows[0].push(screen::printable(&contender.name).into_owned());
    }
    for (metric, called) in SHOWN {
        let values = report.contenders.iter().map(|contender| contender.metrics.get(metric));
        let mut row = vec![called.to_owned()];
        row.extend(values.map(|value| value.map_or_else(String::new, interval)));
        rows.push(row);
    }
    let widths: Vec<usize> = (0..rows[0].len())
        .map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or_default())
        .collect();
    for (at, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let pad = " ".repeat(width - cell.width());
            if column == 0 { format!("{cell}{pad}") } else { format!("{pad}{cell}") }
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        let style = if at == 0 { bold } else { "" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{style}{}{}", line.trim_end(), if at == 0 { plain } else { "" });
    }
    text.push('\n');
    for contender in &report.contenders {
        for checked in &contender.assertions {
            let (colour, word) =
                if checked.holds { (screen::GREEN, "holds") } else { (screen::RED, "fails") };
            let name = screen::printable(&contender.name);
            let _ = writeln!(text, "{colour}{word}{plain}  {name}: {}", checked.assertion);
        }
    }
    text
}

/// How large the world is.
pub fn sizes(report: &Report) -> String {
    let world = &report.world;
    let some = |many: usize, one: &str, more: &str| {
        format!("{} {}", number(many as f64), if many == 1 { one } else { more })
    };
    format!(
        "{}, {}, {} of requests, {}",
        some(world.people, "person", "people"),
        some(world.machines, "machine", "machines"),
        time(world.lasts_s),
        some(world.seeds.len(), "seed", "seeds")
    )
}

/// A mean, with half of its interval where there is one.
pub fn interval(value: &Interval) -> String {
    let width = (value.high - value.low) / 2.0;
    if width == 0.0 {
        number(value.mean)
    } else {
        format!("{} ± {}", number(value.mean), half(width))
    }
}

/// A number with three digits that count, commas where it is large, and millions as such.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".into();
    }
    if size >= 999_500.0 {
        return format!("{} M", number(value / 1e6));
    }
    if size >= 999.5 {
        return with_commas(value.round());
    }
    with_digits(value, 3)
}

/// A number below a thousand with so many digits that count.
fn with_digits(value: f64, digits: i32) -> String {
    let digits = (digits - 1 - value.abs().log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Half of an interval: two digits are enough.
fn half(value: f64) -> String {
    if value < 100.0 { with_digits(value, 2) } else { number(value) }
}

fn with_commas(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// A length of time, in seconds.
pub fn time(seconds: f64) -> String {
    match seconds {
        s if s >= 172_800.0 => format!("{} days", number(s / 86_400.0)),
        s if s >= 7_200.0 => format!("{} h", number(s / 3_600.0)),
        s if s >= 120.0 => format!("{} min", number(s / 60.0)),
        s => format!("{} s", number(s)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count() {
        let told = [0.0, 0.001_234, 0.5, 1.0, 12.345, 999.9, 1_234.5, -1_234_567.0].map(number);
        assert_eq!(told, ["0", "0.00123", "0.5", "1", "12.3", "1,000", "1,235", "-1.23 M"]);
        assert_eq!(
            [90.0, 600.0, 14_400.0, 5_184_000.0].map(time),
            ["90 s", "10 min", "4 h", "60 days"]
        );
    }
}
