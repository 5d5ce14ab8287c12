//! The latest receipts, as a table.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::since::Since;
use crate::table::{Head, Table};
use crate::{client, describe, json, screen, units, words};
use littoral_proto::v1;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use std::collections::VecDeque;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

/// Receipts that are asked for at once; the router tells no more.
const PAGE: u32 = 1_000;

/// Shows the latest receipts since a moment.
pub fn show(globals: &Globals, since: Since, limit: usize) -> Result<(), Failure> {
    client::block_on(async {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since_unix_ms = since.unix_ms(crate::spans::whole_ms(now));
        let (receipts, earlier) = latest(globals, since_unix_ms, limit).await?;
        if globals.json {
            let list = v1::ListReceiptsResponse { receipts };
            return json::print(&json::of_message("ListReceiptsResponse", &list)?);
        }
        if receipts.is_empty() {
            let moment = units::moment(since_unix_ms);
            screen::say(format!("no receipt since {moment}; --since looks further back"));
            return Ok(());
        }
        writeln!(screen::out(), "{}", table(&receipts).render(screen::width()))?;
        if earlier > 0 {
            let earlier = units::count(earlier);
            screen::say(format!("{earlier} earlier ones are not shown; --limit shows more"));
        }
        Ok(())
    })
}

/// The last ones, in their order, and how many came before them.
async fn latest(
    globals: &Globals,
    since_unix_ms: u64,
    limit: usize,
) -> Result<(Vec<v1::ChainedReceipt>, u64), Failure> {
    let channel = client::connect(globals).await?;
    let mut client =
        PrivacyServiceClient::new(channel).max_decoding_message_size(client::LARGEST_MESSAGE);
    let (mut last, mut earlier, mut after_sequence) = (VecDeque::new(), 0, 0);
    loop {
        let page = v1::ListReceiptsRequest { since_unix_ms, limit: PAGE, after_sequence };
        let receipts = client::answer(globals, client.list_receipts(page)).await?.receipts;
        // A sequence that does not rise would be asked for again and again.
        let Some(end) = receipts.last().map(|one| one.sequence).filter(|end| *end > after_sequence)
        else {
            return Ok((last.into(), earlier));
        };
        after_sequence = end;
        for receipt in receipts {
            if last.len() == limit {
                last.pop_front();
                earlier += 1;
            }
            last.push_back(receipt);
        }
    }
}

fn table(receipts: &[v1::ChainedReceipt]) -> Table {
    let mut table = Table::new(&[
        Head::Left("time"),
        Head::Left("request"),
        Head::Left("class"),
        Head::Right("left"),
        Head::Left("for"),
        Head::Left("kinds"),
    ]);
    for one in receipts {
        let Some(receipt) = &one.receipt else {
            let unreadable = format!("{}unreadable{}", screen::RED, screen::PLAIN);
            let (time, none) = (units::moment(one.at_unix_ms), String::new);
            table.row([time, unreadable, none(), none(), none(), none()]);
            continue;
        };
        let colour = if receipt.egress_bytes > 0 { screen::YELLOW } else { screen::GREEN };
        let assumed = if receipt.assumed { "at most " } else { "" };
        let (bytes, plain) = (units::bytes(receipt.egress_bytes), screen::PLAIN);
        table.row([
            units::moment(one.at_unix_ms),
            screen::printable(&receipt.request_id).into_owned(),
            words::class(receipt.data_class),
            format!("{colour}{assumed}{bytes}{plain}"),
            destinations(receipt),
            describe::kinds(receipt),
        ]);
    }
    table
}

/// The clouds that were sent content; `-` where none was.
fn destinations(receipt: &v1::Receipt) -> String {
    let mut names: Vec<String> = Vec::new();
    let clouds = receipt.holdings.iter().filter(|held| held.tier() == v1::Tier::Cloud);
    for machine in clouds.map(|held| screen::printable(&held.machine).into_owned()) {
        if !names.contains(&machine) {
            names.push(machine);
        }
    }
    if names.is_empty() { "-".into() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(machines: &[(&str, v1::Tier, u64)]) -> v1::Receipt {
        let held = |&(machine, tier, bytes): &(&str, v1::Tier, u64)| v1::receipt::Holding {
            machine: machine.into(),
            tier: tier.into(),
            bytes,
        };
        let cloud = machines.iter().filter(|(_, tier, _)| *tier == v1::Tier::Cloud);
        v1::Receipt {
            request_id: "r-1".into(),
            data_class: v1::DataClass::Internal.into(),
            egress_bytes: cloud.map(|(_, _, bytes)| bytes).sum(),
            holdings: machines.iter().map(held).collect(),
            ..v1::Receipt::default()
        }
    }

    fn text(receipt: Option<v1::Receipt>) -> String {
        let one = v1::ChainedReceipt {
            at_unix_ms: 1_795_356_185_000,
            receipt,
            ..v1::ChainedReceipt::default()
        };
        anstream::adapter::strip_str(&table(&[one]).render(200)).to_string()
    }

    #[test]
    fn a_row_says_when_which_class_how_much_for_whom_and_what_was_found() {
        let router = ("router", v1::Tier::Unspecified, 44);
        let twice = ("openai/gpt-4o-mini", v1::Tier::Cloud, 321);
        let mut left = receipt(&[router, twice, twice]);
        left.found = [("EMAIL".to_owned(), 2), ("IBAN".to_owned(), 1)].into();
        let row = text(Some(left.clone()));
        for part in
            ["2026-11-2", "r-1", "internal", "642 bytes  openai/gpt-4o-mini  2 EMAIL, 1 IBAN"]
        {
            assert!(row.contains(part), "{part:?} in {row}");
        }
        left.assumed = true;
        assert!(text(Some(left)).contains("at most 642 bytes"));
    }

    #[test]
    fn what_stayed_and_what_cannot_be_read_are_told_as_such() {
        let stayed = receipt(&[("desk", v1::Tier::Device, 44)]);
        assert!(text(Some(stayed)).contains("0 bytes  -"));
        assert!(text(None).contains("unreadable"));
    }
}
