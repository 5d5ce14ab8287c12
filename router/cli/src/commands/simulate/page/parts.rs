//! Words and tables of the page.

use super::svg::escape;
use crate::commands::simulate::words::{self, SHOWN};
use littoral_sim::comparison::{Contender, Interval, Report};
use std::fmt::Write as _;

/// Metrics of which more is worse; of the others more is better, or neither.
const LESS_IS_BETTER: [&str; 8] = [
    "mean_ttft_ms",
    "p95_ttft_ms",
    "p95_total_ms",
    "cost_usd",
    "cost_usd_per_1000",
    "egress_bytes",
    "energy_joules_per_answer",
    "prediction_error.ttft_p50",
];
const MORE_IS_BETTER: [&str; 4] = ["answered_share", "quality", "battery_at_end.mean", "fairness"];
const CLASSES: [&str; 4] = ["public", "internal", "personal", "restricted"];

fn mean(contender: &Contender, metric: &str) -> f64 {
    contender.metrics.get(metric).map_or(0.0, |value| value.mean)
}

/// What the first policy does, in five numbers.
pub fn headline(report: &Report) -> String {
    let Some(first) = report.contenders.first() else { return String::new() };
    let cards = [
        ("answered", format!("{:.2} %", 100.0 * mean(first, "answered_share"))),
        ("first token, p95", format!("{} ms", words::number(mean(first, "p95_ttft_ms")))),
        ("cost of 1,000 answers", format!("${}", words::number(mean(first, "cost_usd_per_1000")))),
        ("stayed at hand", format!("{:.1} %", 100.0 * (1.0 - mean(first, "share.cloud")))),
        (
            "energy of an answer",
            format!("{} J", words::number(mean(first, "energy_joules_per_answer"))),
        ),
    ];
    let mut text = format!("<section class=\"cards\" aria-label=\"{}\">\n", escape(&first.name));
    for (called, value) in cards {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "<div class=\"card\"><p class=\"value\">{value}</p><p class=\"called\">{called}</p></div>"
        );
    }
    let _ = writeln!(text, "<p class=\"of\">policy <b>{}</b></p>\n</section>", escape(&first.name));
    text
}

/// What had to hold.
pub fn assertions(report: &Report) -> String {
    let mut text = String::new();
    for contender in &report.contenders {
        for checked in &contender.assertions {
            let (class, word) = if checked.holds { ("holds", "✓") } else { ("fails", "✗") };
            let values: Vec<String> = checked.seeds.iter().map(|it| words::number(*it)).collect();
            let _ = writeln!(
                text,
                "<li class=\"{class}\" title=\"by seed: {}\"><span>{word}</span> <code>{}</code> \
                 <small>{}</small></li>",
                values.join(", "),
                escape(&checked.assertion),
                escape(&contender.name),
            );
        }
    }
    if text.is_empty() {
        text
    } else {
        format!("<section>\n<ul class=\"checks\">\n{text}</ul>\n</section>\n")
    }
}

/// All side by side.
pub fn table(report: &Report) -> String {
    let mut text = String::from("<div class=\"scroll\"><table>\n<thead><tr><th></th>");
    for (at, contender) in report.contenders.iter().enumerate() {
        let kind = if contender.policy_hash.is_some() { "policy" } else { "baseline" };
        let _ = write!(
            text,
            "<th><i class=\"swatch c{at}\"></i>{}<small>{kind}</small></th>",
            escape(&contender.name)
        );
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for (metric, called) in SHOWN {
        let _ = write!(text, "<tr><th>{}</th>", escape(called));
        let first = report.contenders.first().and_then(|it| it.metrics.get(metric));
        for contender in &report.contenders {
            let cell = contender.metrics.get(metric);
            let arrow = cell.zip(first).map_or("", |(cell, first)| arrow(metric, cell, first));
            let value = cell.map_or_else(String::new, words::interval);
            let _ = write!(text, "<td>{value}{arrow}</td>");
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table></div>\n");
    text
}

/// On which side of the first an interval is, where they are apart.
fn arrow(metric: &str, cell: &Interval, first: &Interval) -> &'static str {
    let is_one_seed = cell.seeds.len() < 2;
    let (less, more) = (LESS_IS_BETTER.contains(&metric), MORE_IS_BETTER.contains(&metric));
    if !cell.is_apart_from(first) || is_one_seed || !(less || more) {
        return "";
    }
    match (cell.mean < first.mean) == less {
        true => " <span class=\"better\" title=\"better, intervals apart\">▲</span>",
        false => " <span class=\"worse\" title=\"worse, intervals apart\">▼</span>",
    }
}

/// What left, by class.
pub fn egress(report: &Report) -> String {
    let mut text = String::from("<div class=\"scroll\"><table>\n<thead><tr><th></th>");
    for class in CLASSES {
        let _ = write!(text, "<th>{class}</th>");
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for (at, contender) in report.contenders.iter().enumerate() {
        let name = escape(&contender.name);
        let _ = write!(text, "<tr><th><i class=\"swatch c{at}\"></i>{name}</th>");
        for class in CLASSES {
            let bytes = mean(contender, &format!("egress_bytes.{class}"));
            let look = if bytes == 0.0 { "none" } else { "some" };
            let _ = write!(text, "<td class=\"{look}\">{}</td>", bytes_in_words(bytes));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table></div>\n");
    text
}

fn bytes_in_words(bytes: f64) -> String {
    match bytes {
        0.0 => "nothing".into(),
        it if it < 1e3 => format!("{} B", words::number(it)),
        it if it < 1e6 => format!("{} kB", words::number(it / 1e3)),
        it if it < 1e9 => format!("{} MB", words::number(it / 1e6)),
        it => format!("{} GB", words::number(it / 1e9)),
    }
}

/// Every metric, folded away.
pub fn everything(report: &Report) -> String {
    let mut names: Vec<&String> =
        report.contenders.iter().flat_map(|it| it.metrics.keys()).collect();
    names.sort();
    names.dedup();
    let mut text = String::from(
        "<section>\n<details><summary>Every metric by the name that assertions use</summary>\n<div \
         class=\"scroll\"><table>\n<thead><tr><th></th>",
    );
    for contender in &report.contenders {
        let _ = write!(text, "<th>{}</th>", escape(&contender.name));
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    for name in names {
        let _ = write!(text, "<tr><th><code>{}</code></th>", escape(name));
        for contender in &report.contenders {
            let value = contender.metrics.get(name).map_or_else(String::new, words::interval);
            let _ = write!(text, "<td>{value}</td>");
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table></div></details>\n</section>\n");
    text
}
