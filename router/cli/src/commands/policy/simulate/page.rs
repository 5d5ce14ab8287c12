//! A simulation over records for a person: what would newly leave first and loudly, then every figure on both
//! sides, the requests that change, and what all of it rests on.

use super::super::{diff, shown};
use super::figures;
use crate::table::{Head, Table};
use crate::{screen, units};
use littoral_proto::v1;
use littoral_proto::v1::simulate_summary::{Basis, Calibration};
use std::fmt::Write as _;

/// Kinds of targets whose calibration is shown.
const MOST_KINDS: usize = 6;

/// The page, in lines of at most `width` columns where that can be.
pub fn page(
    summary: &v1::SimulateSummary,
    changes: &[v1::diff_response::Change],
    in_force: bool,
    width: usize,
) -> String {
    let (bold, plain) = (screen::BOLD, screen::PLAIN);
    let mut text = format!("{bold}{}{plain}\n", title(summary, in_force));
    let mut say = |line: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{line}");
    };
    let mut paragraph = |line: &str| say(&screen::wrap(line, width, "  ").join("\n"));
    paragraph(&span(summary));
    if summary.considered > 0 {
        say("");
        headline(summary).iter().for_each(|line| say(line));
        say("");
        say(&table(summary).render(width));
    }
    if !changes.is_empty() {
        say("");
        say(&diff::table(changes).render(width));
        let told = changes.len() as u64;
        if told < summary.changed {
            say(&format!("{told} of {} requests that change", units::count(summary.changed)));
        }
    }
    say("");
    for line in grounds(summary) {
        say(&screen::wrap(&line, width, "  ").join("\n"));
    }
    text
}

fn title(summary: &v1::SimulateSummary, in_force: bool) -> String {
    let proposed = shown::short(&summary.hash_proposed);
    let compared = shown::short(&summary.hash_compared);
    let force = if in_force { " (in force)" } else { "" };
    format!("policy {proposed} against {compared}{force}")
}

fn span(summary: &v1::SimulateSummary) -> String {
    let Some((first, last)) = summary.first_unix_ms.zip(summary.last_unix_ms) else {
        return "no recorded requests of that time; --since looks further back".into();
    };
    let count = units::count(summary.considered);
    let (first, last) = (units::moment(first), units::moment(last));
    format!("{count} recorded requests, {first} to {last}")
}

/// What would newly reach a cloud comes first, and is never left out.
fn headline(summary: &v1::SimulateSummary) -> Vec<String> {
    let mut lines = vec![diff::loud(summary.newly_cloud)];
    if summary.no_longer_cloud > 0 {
        lines.push(format!("{} would no longer reach one", units::count(summary.no_longer_cloud)));
    }
    lines.push(match summary.changed {
        0 => "no request would take another route".to_owned(),
        1 => "1 request would take another route".to_owned(),
        more => format!("{} requests would take another route", units::count(more)),
    });
    lines
}

fn table(summary: &v1::SimulateSummary) -> Table {
    let mut table = Table::new(&[
        Head::Left(""),
        Head::Right("now"),
        Head::Right("proposed"),
        Head::Right("change"),
        Head::Left("95 % of the change"),
    ]);
    for cells in figures::cells(&summary.metrics) {
        table.row(cells);
    }
    table
}

/// What the figures rest on, and what they leave out.
fn grounds(summary: &v1::SimulateSummary) -> Vec<String> {
    let (dim, plain) = (screen::DIM, screen::PLAIN);
    let mut lines = Vec::new();
    if let (Some(compared), Some(proposed)) = (&summary.compared, &summary.proposed)
        && summary.considered > 0
    {
        lines.push(format!("{dim}now rests on {}{plain}", basis(compared)));
        lines.push(format!("{dim}proposed rests on {}{plain}", basis(proposed)));
        let known = summary.calibrations.iter().filter(|kind| kind.total_ratio.is_some());
        for kind in known.take(MOST_KINDS) {
            lines.push(format!("{dim}{}{plain}", calibration(kind)));
        }
        lines.push(format!(
            "{dim}intervals: delete-a-group jackknife over requests, seed {}; what the changed load would do to \
             queues is not in them{plain}",
            summary.seed
        ));
    }
    if summary.unreplayable > 0 {
        lines.push(format!(
            "of {} more nothing can be said: another version of the router recorded them",
            units::count(summary.unreplayable)
        ));
    }
    if summary.cut_short {
        lines.push(format!(
            "{}the time for it was over before all requests were looked at{plain}",
            screen::YELLOW
        ));
    }
    if summary.not_reproduced > 0 {
        lines.push(format!(
            "{}{} of {} decisions of the same policy come out otherwise than they were recorded: a fault of the \
             router, and no figure here can be relied on{plain}",
            screen::RED,
            units::count(summary.not_reproduced),
            units::count(summary.decided_under_compared)
        ));
    }
    lines
}

fn basis(basis: &Basis) -> String {
    let count = units::count;
    let mut parts = vec![format!("{} real outcomes", count(basis.kept))];
    if basis.predicted > 0 {
        let unsure = match basis.uncalibrated {
            0 => String::new(),
            some => {
                format!(" ({} of them uncorrected: too few answers to compare with)", count(some))
            }
        };
        parts.push(format!("{} predictions{unsure}", count(basis.predicted)));
    }
    if basis.refused > 0 {
        parts.push(format!("{} refusals", count(basis.refused)));
    }
    parts.join(", ")
}

/// How far predictions of a kind of target were off.
fn calibration(kind: &Calibration) -> String {
    let ratios = [
        ("first token", kind.first_token_ratio),
        ("whole answer", kind.total_ratio),
        ("cost", kind.cost_ratio),
        ("energy", kind.energy_ratio),
    ];
    let ratios = ratios.into_iter().filter_map(|(of, ratio)| Some(format!("{of} × {:.2}", ratio?)));
    let target = screen::printable(&kind.target);
    let ratios = ratios.collect::<Vec<_>>().join(", ");
    format!("{target}: real over predicted in {} answers: {ratios}", units::count(kind.answers))
}

#[cfg(test)]
mod tests;
