//! `explain`: what was decided about a request, and what came of it.

use crate::arguments::Globals;
use crate::describe::{self, Here, Left};
use crate::failure::Failure;
use crate::lines::Lines;
use crate::{client, json, screen, units, words};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::explain_response::{Intent, Outcome};
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral explain 01990a6c-8f5e-7cc0-a4d1-1f6c1c2f9a00
  littoral explain --json ID | jq .outcome.receipt

`littoral ask` shows the request's id at its end. The record holds no content.";

/// Shows what was decided about a request, what came of it and what left
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// The request's id
    #[arg(value_name = "REQUEST-ID")]
    request_id: String,
}

impl Explain {
    /// Reads the record and shows it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut client = RoutingServiceClient::new(channel)
                .max_decoding_message_size(client::LARGEST_MESSAGE);
            let question = v1::ExplainRequest { request_id: self.request_id };
            let record = client::answer(globals, client.explain(question)).await?;
            if globals.json {
                return json::print(&json::of_message("ExplainResponse", &record)?);
            }
            let mut out = screen::out();
            writeln!(out, "{}", lines(&record, &Here::of(globals)).render(screen::width()))?;
            if let Some(decision) = &record.decision {
                writeln!(out, "\n{}", describe::argument(decision, "  ", screen::width()))?;
            }
            Ok(())
        })
    }
}

fn lines(record: &v1::ExplainResponse, here: &Here) -> Lines {
    let mut lines = Lines::default();
    lines.add("request", screen::printable(&record.request_id));
    if record.decided_at_unix_ms > 0 {
        lines.add("decided", units::moment(record.decided_at_unix_ms));
    }
    if let Some(facts) = &record.facts {
        lines.add("asked", asked(facts));
    }
    match &record.outcome {
        Some(outcome) => ended(&mut lines, outcome, here),
        None => {
            lines.add("outcome", "it is still running, or the router was stopped before its end");
            for intent in &record.intents {
                lines.add("may have left", intended(intent));
            }
        }
    }
    lines
}

/// A body that was about to be sent when the record ends.
fn intended(intent: &Intent) -> String {
    let to = screen::printable(&format!("{}/{}", intent.provider, intent.model)).into_owned();
    let at = units::moment(intent.at_unix_ms);
    format!("{} to {to}, written down before the first byte at {at}", units::bytes(intent.bytes))
}

fn asked(facts: &v1::RequestFacts) -> String {
    let label = label(facts);
    let about = if facts.prompt_tokens_estimated { "at most " } else { "" };
    let tokens = units::count(facts.prompt_tokens.into());
    let bytes = units::bytes(facts.prompt_bytes);
    let mode = words::mode(facts.hints.as_ref().map_or(0, |hints| hints.mode));
    let model = if facts.model.is_empty() { "the default model" } else { &facts.model };
    let model = screen::printable(model);
    format!("{model}, {label}; {about}{tokens} prompt tokens ({bytes}); mode {mode}")
}

/// What the caller said of the content, and what a scan of it said.
fn label(facts: &v1::RequestFacts) -> String {
    let class = words::class(facts.data_class);
    let said = if facts.labelled { format!("labelled {class}") } else { "without a label".into() };
    let found = if facts.found.is_empty() {
        "scanned, nothing found".to_owned()
    } else {
        let kinds: Vec<&str> = facts.found.keys().map(String::as_str).collect();
        format!("scanned, found {}", kinds.join(", "))
    };
    let scan = match v1::ScanExtent::try_from(facts.scan_extent) {
        Ok(v1::ScanExtent::Whole) => found,
        Ok(v1::ScanExtent::Unsure) => format!("{found}, a part could not be read"),
        Ok(v1::ScanExtent::Truncated) => format!("{found}, too long to read to its end"),
        Ok(v1::ScanExtent::Unavailable) => "the detectors failed".into(),
        Ok(v1::ScanExtent::Unspecified) | Err(_) if facts.labelled => return said,
        Ok(v1::ScanExtent::Unspecified) | Err(_) => return format!("{said}, so {class}"),
    };
    let session = match v1::DataClass::try_from(facts.session_class) {
        Ok(v1::DataClass::Unspecified) | Err(_) => String::new(),
        Ok(_) => format!(", in a conversation that is {}", words::class(facts.session_class)),
    };
    format!("{said}, {scan}{session}")
}

fn ended(lines: &mut Lines, outcome: &Outcome, here: &Here) {
    let left = outcome.receipt.as_ref().map(|receipt| Left::of(receipt, here));
    if !outcome.reason.is_empty() {
        let (red, plain) = (screen::RED, screen::PLAIN);
        let message = screen::printable(&outcome.message);
        lines.add("failed", format!("{red}{}{plain}: {message}", outcome.reason));
    }
    match &outcome.served {
        Some(served) => {
            describe::answered(lines, served, None, outcome.usage.as_ref(), left.as_ref());
        }
        None => {
            if let Some(left) = left {
                lines.add("left", left.coloured());
            }
        }
    }
    if outcome.failovers > 0 {
        lines.add("failovers", outcome.failovers.to_string());
    }
    if let Some(receipt) = &outcome.receipt {
        scanned(lines, receipt);
    }
    for (index, holding) in outcome.receipt.iter().flat_map(|receipt| &receipt.holdings).enumerate()
    {
        let tier = match v1::Tier::try_from(holding.tier) {
            Ok(v1::Tier::Unspecified) | Err(_) => String::new(),
            Ok(_) => format!(" ({})", words::tier(holding.tier)),
        };
        let machine = screen::printable(&holding.machine);
        let held = format!("{machine}{tier}: {}", units::bytes(holding.bytes));
        lines.add(if index == 0 { "held by" } else { "" }, held);
    }
}

/// What the detectors found, where there were any.
fn scanned(lines: &mut Lines, receipt: &v1::Receipt) {
    if receipt.detectors.is_empty() && receipt.found.is_empty() {
        return;
    }
    let found = if receipt.found.is_empty() { "nothing".into() } else { describe::kinds(receipt) };
    let by = match receipt.detectors.as_str() {
        "" => String::new(),
        version => format!(", by detectors {}", screen::printable(version)),
    };
    lines.add("found", format!("{found}{by}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(record: &v1::ExplainResponse) -> String {
        let here = Here { router: true, worker: "desk".into() };
        anstream::adapter::strip_str(&lines(record, &here).render(80)).to_string()
    }

    #[test]
    fn a_refused_request_shows_its_reason_and_that_nothing_left() {
        let receipt = v1::Receipt {
            holdings: vec![v1::receipt::Holding { machine: "router".into(), tier: 0, bytes: 12 }],
            ..v1::Receipt::default()
        };
        let outcome = Outcome {
            reason: "EGRESS_DENIED".into(),
            message: "class restricted stays on the device".into(),
            receipt: Some(receipt),
            ..Outcome::default()
        };
        let facts = v1::RequestFacts {
            data_class: v1::DataClass::Restricted.into(),
            labelled: true,
            prompt_tokens: 3,
            prompt_bytes: 12,
            ..v1::RequestFacts::default()
        };
        let record = v1::ExplainResponse {
            request_id: "r-1".into(),
            facts: Some(facts),
            outcome: Some(outcome),
            ..v1::ExplainResponse::default()
        };
        let text = text(&record);
        for part in [
            "EGRESS_DENIED: class restricted stays on the device",
            "labelled restricted; 3 prompt tokens (12 bytes)",
            "0 bytes left this machine",
            "router: 12 bytes",
        ] {
            assert!(text.contains(part), "{part:?} is missing in\n{text}");
        }
    }

    #[test]
    fn what_detectors_found_is_shown_where_there_were_any() {
        let of = |detectors: &str, found: &[(&str, u32)]| {
            let found = found.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
            let receipt =
                v1::Receipt { detectors: detectors.into(), found, ..v1::Receipt::default() };
            let outcome = Outcome { receipt: Some(receipt), ..Outcome::default() };
            text(&v1::ExplainResponse { outcome: Some(outcome), ..v1::ExplainResponse::default() })
        };
        let some = of("7", &[("EMAIL", 2), ("IBAN", 1)]);
        assert!(some.contains("2 EMAIL, 1 IBAN, by detectors 7"), "{some}");
        assert!(of("7", &[]).contains("nothing, by detectors 7"));
        assert!(!of("", &[]).contains("found"));
    }

    #[test]
    fn a_request_without_an_end_is_not_called_answered() {
        let record =
            v1::ExplainResponse { request_id: "r-1".into(), ..v1::ExplainResponse::default() };
        assert!(text(&record).contains("still running"));
    }
}
