//! `workers`: which machines answer, how busy they are, how fast.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{client, json, screen, units, words};
use clap::Args;
use littoral_kit::shutdown::signalled;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use std::io::Write as _;
use tonic::transport::Channel;

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

async fn list(globals: &Globals, channel: Channel) -> Result<(), Failure> {
    let mut client = FleetServiceClient::new(channel);
    let call = client.list_workers(v1::ListWorkersRequest {});
    let list = client::answer(globals, call).await?;
    show(globals, &list)
}

async fn watch(globals: &Globals, channel: Channel) -> Result<(), Failure> {
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
    let text = format!(
        "{}\n\n{}",
        machines(&list.workers).render(screen::width()),
        models(&list.workers).render(screen::width())
    );
    Ok(writeln!(screen::out(), "{text}")?)
}

fn machines(workers: &[v1::WorkerSummary]) -> Table {
    let mut table = Table::new(&[
        Head::Left("worker"),
        Head::Left("state"),
        Head::Left("tier"),
        Head::Left("for"),
        Head::Left("kind"),
        Head::Right("heartbeat"),
        Head::Right("round trip"),
        Head::Left("until"),
    ]);
    for worker in workers {
        let whose = match (&worker.owner, &worker.group) {
            (Some(owner), _) => format!("owner {owner}"),
            (None, Some(group)) => format!("group {group}"),
            (None, None) => format!("all of {}", worker.tenant),
        };
        let colour = match worker.status() {
            v1::WorkerStatus::Ready => screen::GREEN,
            _ => screen::YELLOW,
        };
        table.row([
            worker.worker_id.clone(),
            format!("{colour}{}{}", words::status(worker.status), screen::PLAIN),
            words::tier(worker.nearest_tier),
            whose,
            screen::printable(&worker.device_class).into_owned(),
            format!("{} ago", units::time_ms(worker.heartbeat_age_ms)),
            worker.round_trip_ms.map_or_else(|| "-".into(), units::time),
            units::day(worker.token_expires_unix_ms),
        ]);
    }
    table
}

fn models(workers: &[v1::WorkerSummary]) -> Table {
    let mut table = Table::new(&[
        Head::Left("model"),
        Head::Left("worker"),
        Head::Right("busy"),
        Head::Right("queued"),
        Head::Right("tokens/s"),
        Head::Right("prompt/s"),
        Head::Left("runs on"),
    ]);
    for worker in workers {
        for model in &worker.models {
            table.row([
                screen::printable(&model.name).into_owned(),
                worker.worker_id.clone(),
                format!("{}/{}", model.active, model.slots),
                model.queued.to_string(),
                units::rate(model.decode_tokens_per_s),
                units::rate(model.prefill_tokens_per_s),
                placement(&model.placement),
            ]);
        }
    }
    table
}

/// The execution providers that hold a model's graph: `CPU`, or `CUDA 250 + CPU 23` nodes.
pub fn placement(placement: &[v1::Placement]) -> String {
    let name = |held: &v1::Placement| {
        let name =
            screen::printable(words::execution_provider(&held.execution_provider)).into_owned();
        match held.nodes.filter(|_| placement.len() > 1) {
            Some(nodes) => format!("{name} {nodes}"),
            None => name,
        }
    };
    let names: Vec<String> = placement.iter().map(name).collect();
    if names.is_empty() { "-".into() } else { names.join(" + ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_and_its_model_fit_on_eighty_columns() {
        let model = v1::ModelSummary {
            name: "smollm2-135m-instruct".into(),
            slots: 2,
            active: 1,
            decode_tokens_per_s: Some(98.66),
            placement: vec![v1::Placement {
                execution_provider: "CPUExecutionProvider".into(),
                nodes: Some(273),
            }],
            ..v1::ModelSummary::default()
        };
        let worker = v1::WorkerSummary {
            worker_id: "desk".into(),
            owner: Some("local".into()),
            nearest_tier: v1::Tier::Device.into(),
            status: v1::WorkerStatus::Ready.into(),
            device_class: "pc".into(),
            heartbeat_age_ms: 1_200,
            round_trip_ms: Some(0.42),
            token_expires_unix_ms: 1_795_356_185_000,
            models: vec![model],
            ..v1::WorkerSummary::default()
        };
        let plain = |table: Table| anstream::adapter::strip_str(&table.render(80)).to_string();
        let text = plain(machines(std::slice::from_ref(&worker)));
        for part in ["desk", "ready", "device", "owner local", "1.20 s ago", "0.42 ms", "2026-11-2"]
        {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        let text = format!("{text}\n{}", plain(models(&[worker])));
        for part in ["smollm2-135m-instruct", "1/2", "98.7", "CPU"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    }

    #[test]
    fn nodes_are_counted_only_where_they_are_spread() {
        let on = |name: &str, nodes| v1::Placement { execution_provider: name.into(), nodes };
        assert_eq!(placement(&[on("CPUExecutionProvider", Some(9))]), "CPU");
        let both = [on("CUDAExecutionProvider", Some(250)), on("CPUExecutionProvider", Some(23))];
        assert_eq!(placement(&both), "CUDA 250 + CPU 23");
        assert_eq!(placement(&[]), "-");
    }
}
