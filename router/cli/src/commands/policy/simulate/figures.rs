//! Figures of a simulation in words: each in its unit, with the sign of a change, and whether a change is good.

use crate::commands::simulate::words;
use crate::{screen, units};
use littoral_proto::v1::simulate_summary::Metric;

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Count,
    Share,
    Usd,
    Ms,
    Joules,
    Bytes,
    Chance,
}

/// Which way a figure had better go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    Up,
    Down,
    /// That is for the reader to say.
    Either,
}

/// A line of the table: name of the figure, what people call it, its unit, which way is better.
struct Row(&'static str, &'static str, Unit, Better);

/// The lines, in their order. A figure of none on either side has no line.
const ROWS: [Row; 22] = [
    Row("answered", "answered", Unit::Count, Better::Up),
    Row("refused", "refused", Unit::Count, Better::Down),
    Row("failed", "failed on the way", Unit::Count, Better::Down),
    Row("share.device", "on own devices", Unit::Share, Better::Either),
    Row("share.edge", "on shared machines", Unit::Share, Better::Either),
    Row("share.cloud", "in clouds", Unit::Share, Better::Either),
    Row("cost_usd", "paid to clouds", Unit::Usd, Better::Down),
    Row("cost_usd_per_1000", "of 1,000 answers", Unit::Usd, Better::Down),
    Row("unpriced", "of unknown price", Unit::Count, Better::Down),
    Row("mean_ttft_ms", "first token, mean", Unit::Ms, Better::Down),
    Row("p50_ttft_ms", "first token, median", Unit::Ms, Better::Down),
    Row("p95_ttft_ms", "first token, 95 %", Unit::Ms, Better::Down),
    Row("mean_total_ms", "whole answer, mean", Unit::Ms, Better::Down),
    Row("p50_total_ms", "whole answer, median", Unit::Ms, Better::Down),
    Row("p95_total_ms", "whole answer, 95 %", Unit::Ms, Better::Down),
    Row("energy_joules", "energy of our machines", Unit::Joules, Better::Down),
    Row("quality", "expected quality", Unit::Chance, Better::Up),
    Row("egress_bytes", "left for clouds", Unit::Bytes, Better::Down),
    Row("egress_bytes.public", "  of it public", Unit::Bytes, Better::Down),
    Row("egress_bytes.internal", "  internal", Unit::Bytes, Better::Down),
    Row("egress_bytes.personal", "  personal", Unit::Bytes, Better::Down),
    Row("egress_bytes.restricted", "  restricted", Unit::Bytes, Better::Down),
];

/// The cells of the table: figure, now, proposed, change, and the interval of the change.
pub fn cells(metrics: &[Metric]) -> Vec<[String; 5]> {
    let mut cells = Vec::new();
    for Row(name, called, unit, better) in ROWS {
        let named = metrics.iter().find(|metric| metric.name == name);
        cells.extend(named.and_then(|metric| row(metric, called, unit, better)));
        if name == "refused" || name == "failed" {
            let reasons = metrics.iter().filter_map(|metric| {
                let reason = metric.name.strip_prefix(name)?.strip_prefix('.')?;
                row(metric, &format!("  {reason}"), unit, better)
            });
            cells.extend(reasons);
        }
    }
    cells
}

fn row(metric: &Metric, called: &str, unit: Unit, better: Better) -> Option<[String; 5]> {
    let is_none = |value: Option<f64>| value.is_none_or(|value| value == 0.0);
    if is_none(metric.compared) && is_none(metric.proposed) {
        return None;
    }
    let side = |value: Option<f64>| value.map_or_else(|| "unknown".into(), |it| unit.text(it));
    let interval = metric.difference_low.zip(metric.difference_high);
    Some([
        screen::printable(called).into_owned(),
        side(metric.compared),
        side(metric.proposed),
        metric.difference.map_or_else(String::new, |it| change(it, interval, unit, better)),
        interval.filter(|ends| ends.0 != ends.1).map_or_else(String::new, |(low, high)| {
            format!("{} to {}", unit.signed(low), unit.signed(high))
        }),
    ])
}

/// A change in its colour, where chance alone does not explain it.
fn change(by: f64, interval: Option<(f64, f64)>, unit: Unit, better: Better) -> String {
    if by == 0.0 {
        return format!("{}same{}", screen::DIM, screen::PLAIN);
    }
    let sure = interval.is_some_and(|(low, high)| low > 0.0 || high < 0.0);
    let colour = match (better, by > 0.0) {
        _ if !sure => "",
        (Better::Either, _) => screen::BOLD,
        (Better::Up, true) | (Better::Down, false) => screen::GREEN,
        (Better::Up, false) | (Better::Down, true) => screen::RED,
    };
    format!("{colour}{}{}", unit.signed(by), screen::PLAIN)
}

impl Unit {
    fn text(self, value: f64) -> String {
        match self {
            Self::Count => words::number(value),
            Self::Share => format!("{} %", words::number(value * 100.0)),
            Self::Usd => format!("{} USD", words::number(value)),
            Self::Ms => units::time(value),
            Self::Joules if value >= 1e4 => format!("{} kJ", words::number(value / 1e3)),
            Self::Joules => format!("{} J", words::number(value)),
            Self::Bytes if value >= 1e7 => format!("{} MB", words::number(value / 1e6)),
            Self::Bytes if value >= 1e4 => format!("{} kB", words::number(value / 1e3)),
            Self::Bytes => format!("{} B", words::number(value)),
            Self::Chance => format!("{value:.3}"),
        }
    }

    /// With the sign of a change.
    fn signed(self, by: f64) -> String {
        let sign = if by < 0.0 { "-" } else { "+" };
        let size = by.abs();
        // Shares differ by points, which no percentage of a percentage is.
        let text = self.text(size);
        match self {
            Self::Share => format!("{sign}{} points", text.trim_end_matches(" %")),
            _ => format!("{sign}{text}"),
        }
    }
}
