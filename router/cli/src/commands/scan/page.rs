//! The page of `scan`: each finding with its place, and what follows from all of them.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::lines::Lines;
use crate::table::{Head, Table};
use crate::{json, screen, words};
use littoral_core::privacy::kinds;
use littoral_proto::v1;
use std::io::Write as _;

/// Findings, class and ceiling. A text names lines, a request its fields.
pub fn page(
    found: &v1::AnalyzeResponse,
    text: &str,
    is_chat: bool,
    policy: &str,
    width: usize,
) -> String {
    let mut lines = Lines::default();
    let class = words::class(found.data_class);
    lines.add("class", format!("{class}, under policy {}", screen::printable(policy)));
    let reason =
        if found.reason.is_empty() { String::new() } else { format!(": {}", found.reason) };
    lines.add("may go to", format!("{}{reason}", up_to(found.ceiling)));
    lines.add("read", if is_chat { "as a chat request, field by field" } else { "as a text" });
    lines.add("detectors", format!("version {}, {} kinds", found.detectors, kinds().len()));
    let summary = lines.render(width);
    if found.findings.is_empty() {
        return format!("{summary}\n\nnothing was found");
    }
    let heads = [
        Head::Left("kind"),
        Head::Left("about"),
        Head::Right("likely"),
        Head::Left("counts as"),
        Head::Left("where"),
        Head::Left("seen"),
    ];
    let mut table = Table::new(&heads);
    for finding in &found.findings {
        table.row([
            finding.kind.clone(),
            finding.family.clone(),
            format!("{:.0} %{}", finding.score * 100.0, if finding.checked { " ✓" } else { "" }),
            counts_as(finding.data_class),
            place(finding, text),
            finding.view.replace('_', " "),
        ]);
    }
    format!("{summary}\n\n{}", table.render(width))
}

fn counts_as(class: i32) -> String {
    match v1::DataClass::try_from(class) {
        Ok(v1::DataClass::Unspecified) | Err(_) => "too unlikely".into(),
        Ok(_) => words::class(class),
    }
}

fn up_to(tier: i32) -> &'static str {
    match v1::Tier::try_from(tier) {
        Ok(v1::Tier::Cloud) => "device, edge and cloud",
        Ok(v1::Tier::Edge) => "device and edge",
        _ => "the device alone",
    }
}

/// A field with its bytes, or a line with its column.
fn place(finding: &v1::Finding, text: &str) -> String {
    let (start, end) = (finding.start_byte, finding.end_byte);
    if !finding.path.is_empty() {
        return format!("{} {start}..{end}", finding.path);
    }
    let before = usize::try_from(start).ok().and_then(|start| text.get(..start)).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("line {line}, column {column}, {} bytes", end.saturating_sub(start))
}

/// All kinds.
pub fn list(globals: &Globals) -> Result<(), Failure> {
    let all = kinds();
    if globals.json {
        let one = |detector: &&littoral_core::privacy::detect::Detector| {
            serde_json::json!({
                "kind": detector.kind,
                "about": detector.about,
                "family": detector.family.name(),
                "country": detector.country,
                "source": detector.source,
            })
        };
        return json::print(&serde_json::Value::Array(all.iter().map(one).collect()));
    }
    let heads =
        [Head::Left("kind"), Head::Left("family"), Head::Left("country"), Head::Left("about")];
    let mut table = Table::new(&heads);
    for detector in &all {
        table.row([
            detector.kind.into(),
            detector.family.name().into(),
            detector.country.unwrap_or_default().into(),
            detector.about.into(),
        ]);
    }
    writeln!(screen::out(), "{}\n\n{} kinds", table.render(screen::width()), all.len())?;
    Ok(())
}
