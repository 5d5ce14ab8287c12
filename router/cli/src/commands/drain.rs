//! `drain`: a worker finishes what it has and takes nothing new.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen};
use clap::Args;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use std::io::Write as _;

/// Lets a worker finish what it has; it gets nothing new, and leaves
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  littoral drain desk\n\nOnly an administrator may: on loopback, you are."
)]
pub struct Drain {
    /// The worker's name, as `littoral workers` shows it
    #[arg(value_name = "WORKER")]
    worker_id: String,
}

impl Drain {
    /// Gives the order.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let channel = client::connect(globals).await?;
            let order = v1::DrainRequest { worker_id: self.worker_id.clone() };
            let mut client = FleetServiceClient::new(channel);
            let given = client::answer(globals, client.drain(order)).await?;
            if globals.json {
                return json::print(&json::of_message("DrainResponse", &given)?);
            }
            let rest = match given.active {
                0 => "it has no request left".to_owned(),
                1 => "it finishes 1 request".to_owned(),
                active => format!("it finishes {active} requests"),
            };
            Ok(writeln!(screen::out(), "{} takes nothing new; {rest}", self.worker_id)?)
        })
    }
}
