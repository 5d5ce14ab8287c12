//! `receipts verify`: follows the chain from its beginning.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen, units};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use std::io::Write as _;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  littoral receipts verify
  littoral receipts verify --noted 6b1f... --json | jq -r .head_hash

Exit code 1 if the chain does not hold, with the receipt at which it breaks.
Only an administrator may: on loopback, you are.";

/// Longest wait. A million receipts take the router seconds.
const LIMIT: Duration = Duration::from_secs(600);

/// Checks that no receipt was changed, removed or put elsewhere
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Verify {
    /// A hash that an earlier `verify` showed: it must still be in the chain
    #[arg(long, value_name = "HASH")]
    noted: Option<String>,
}

impl Verify {
    /// Has the chain followed, and tells what came of it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let mut client = PrivacyServiceClient::new(channel);
            let request = v1::VerifyReceiptsRequest { noted_hash: self.noted };
            let call = client.verify_receipts(request);
            let verdict = client::answer_within(globals, LIMIT, call).await?;
            if globals.json {
                json::print(&json::of_message("VerifyReceiptsResponse", &verdict)?)?;
            } else if verdict.intact {
                writeln!(screen::out(), "{}", intact(&verdict))?;
            }
            if verdict.intact { Ok(()) } else { Err(broken(globals, &verdict)) }
        })
    }
}

fn intact(verdict: &v1::VerifyReceiptsResponse) -> String {
    let (green, plain) = (screen::GREEN, screen::PLAIN);
    let count = match verdict.receipts {
        1 => "1 receipt".to_owned(),
        more => format!("{} receipts", units::count(more)),
    };
    format!(
        "{green}intact{plain}: {count}, none changed or removed\nhash to note: {}",
        verdict.head_hash
    )
}

fn broken(globals: &Globals, verdict: &v1::VerifyReceiptsResponse) -> Failure {
    let fix = format!(
        "the file was edited or damaged: keep a copy of it; `{}` shows what is still there",
        globals.suggest("receipts --since 0")
    );
    Failure::new(format!("the chain of receipts does not hold: {}", verdict.fault)).fix(fix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[test]
    fn an_intact_chain_shows_the_hash_to_note_and_a_broken_one_its_sentence() {
        let verdict = v1::VerifyReceiptsResponse {
            intact: true,
            receipts: 1_234,
            head_hash: "6b1f".into(),
            ..v1::VerifyReceiptsResponse::default()
        };
        let text = anstream::adapter::strip_str(&intact(&verdict)).to_string();
        assert_eq!(text, "intact: 1,234 receipts, none changed or removed\nhash to note: 6b1f");
        let verdict = v1::VerifyReceiptsResponse {
            fault: "receipt 3 is missing".into(),
            at_sequence: Some(3),
            ..v1::VerifyReceiptsResponse::default()
        };
        let line = ["littoral", "receipts", "verify"];
        let globals = crate::arguments::Arguments::parse_from(line).globals;
        assert!(broken(&globals, &verdict).message.ends_with("receipt 3 is missing"));
    }
}
