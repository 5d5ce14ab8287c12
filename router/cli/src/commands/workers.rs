//! `workers`: which machines answer, what they can afford, how busy they are, how fast.

mod machines;
pub(super) mod models;

pub use models::placement;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen};
use clap::Args;
use littoral_kit::shutdown::signalled;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use std::io::Write as _;

const EXAMPLES: &str = "\
Examples:
  littoral workers
  littoral workers --watch
  littoral workers --json | jq -r '.workers[].worker_id'";

/// Clears the screen and goes to its upper left corner.
const CLEAR: &str = "\x1b[H\x1b[2J";

/// Shows the workers that have joined, and their models
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Workers {
    /// Show the list again whenever it changes, until Ctrl-C
    #[arg(long, short)]
    watch: bool,
}

impl Workers {
    /// Shows the list, once or again and again.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let channel = client::connect(globals).await?;
            if self.watch { watch(globals, channel).await } else { list(globals, channel).await }
        })
    }
}

async fn list(globals: &Globals, channel: client::Connection) -> Result<(), Failure> {
    let mut client = FleetServiceClient::new(channel);
    let call = client.list_workers(v1::ListWorkersRequest {});
    let list = client::answer(globals, call).await?;
    show(globals, &list)
}

async fn watch(globals: &Globals, channel: client::Connection) -> Result<(), Failure> {
    let mut client = FleetServiceClient::new(channel);
    let call = client.watch_workers(v1::WatchWorkersRequest {});
    let mut lists = client::answer(globals, call).await?;
    loop {
        // Waits as long as nothing changes; a dead connection is noticed by its pings.
        let list = tokio::select! {
            list = lists.message() => list.map_err(|status| client::failure(globals, &status))?,
            () = signalled() => return Ok(()),
        };
        let Some(list) = list else {
            return Err(Failure::new("the router ended the list; it is shutting down"));
        };
        if screen::out_is_terminal() && !globals.json {
            write!(screen::out(), "{CLEAR}")?;
        }
        show(globals, &list)?;
    }
}

fn show(globals: &Globals, list: &v1::ListWorkersResponse) -> Result<(), Failure> {
    if globals.json {
        return json::print(&json::of_message("ListWorkersResponse", list)?);
    }
    if list.workers.is_empty() {
        screen::say(format!(
            "no worker has joined; `{}` starts one on this machine, `{}` lets another machine join",
            globals.suggest_here("up"),
            globals.suggest_here("token --help"),
        ));
        return Ok(());
    }
    let width = screen::width();
    let (machines, models) = (machines::machines(&list.workers), models::models(&list.workers));
    Ok(writeln!(screen::out(), "{}\n\n{}", machines.render(width), models.render(width))?)
}
