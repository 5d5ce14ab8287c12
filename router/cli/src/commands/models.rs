//! `models`: which models are in memory where; load, let go, pin.

use super::workers::models::table;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{client, json, screen, units};
use clap::{Args, Subcommand};
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use std::io::Write as _;
use tonic::Streaming;

const EXAMPLES: &str = "\
Examples:
  littoral models
  littoral models load desk smollm2-135m-instruct
  littoral models pin desk smollm2-135m-instruct

Orders are for administrators: on loopback, you are one.";

/// Shows the models of the workers; loads, unloads and pins them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Models {
    #[command(subcommand)]
    order: Option<Order>,
}

/// What can be done with a model.
#[derive(Debug, Subcommand)]
enum Order {
    /// Load a model that is on a worker's disk; others are let go where it needs the room
    Load(Which),
    /// Let go of a model's memory, after what runs on it has ended
    Unload(Which),
    /// Keep a model in memory whatever else wants the room
    Pin(Which),
    /// Let a pinned model be let go again
    Unpin(Which),
}

/// One model of one worker.
#[derive(Debug, Args)]
struct Which {
    /// The worker's name, as `littoral workers` shows it
    #[arg(value_name = "WORKER")]
    worker_id: String,
    /// The model's name, as `littoral models` shows it
    #[arg(value_name = "MODEL")]
    model: String,
}

impl Models {
    /// Shows the list, or gives the order and tells how it goes.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let mut client = FleetServiceClient::new(client::connect(globals).await?);
            match self.order {
                None => list(globals, client).await,
                Some(Order::Load(Which { worker_id, model })) => {
                    let call = client.load(v1::LoadRequest { worker_id, model });
                    follow(globals, client::answer(globals, call).await?).await
                }
                Some(Order::Unload(Which { worker_id, model })) => {
                    let call = client.unload(v1::UnloadRequest { worker_id, model });
                    follow(globals, client::answer(globals, call).await?).await
                }
                Some(Order::Pin(which)) => pin(globals, client, which, true).await,
                Some(Order::Unpin(which)) => pin(globals, client, which, false).await,
            }
        })
    }
}

async fn list(
    globals: &Globals,
    mut client: FleetServiceClient<client::Connection>,
) -> Result<(), Failure> {
    let call = client.list_models(v1::ListModelsRequest {});
    let list = client::answer(globals, call).await?;
    if globals.json {
        return json::print(&json::of_message("ListModelsResponse", &list)?);
    }
    if list.models.is_empty() {
        screen::say("no worker offers a model; `littoral workers` shows who is there");
        return Ok(());
    }
    let rows = list.models.iter();
    let rows = rows.filter_map(|row| Some((row.worker_id.as_str(), row.model.as_ref()?)));
    Ok(writeln!(screen::out(), "{}", table(rows).render(screen::width()))?)
}

/// Tells how an order goes until it is done.
async fn follow(globals: &Globals, mut steps: Streaming<v1::ModelProgress>) -> Result<(), Failure> {
    let mut last = String::new();
    loop {
        let step = steps.message().await.map_err(|status| client::failure(globals, &status))?;
        let Some(step) = step else {
            return Err(Failure::new(
                "the router stopped telling how the order goes; `littoral models` shows how it ended",
            ));
        };
        if globals.json {
            json::print(&json::of_message("ModelProgress", &step)?)?;
        } else {
            let line = describe(&step);
            if line != last {
                writeln!(screen::out(), "{line}")?;
                last = line;
            }
        }
        if step.done {
            return Ok(());
        }
    }
}

fn describe(step: &v1::ModelProgress) -> String {
    let model = step.model.clone().unwrap_or_default();
    let name = screen::printable(&model.name).into_owned();
    let done = model.load_fraction.map(|done| format!(" {:.0}%", done * 100.0));
    let mut line = match model.residency() {
        v1::Residency::Loading => format!("{name}: loading{}", done.unwrap_or_default()),
        v1::Residency::Loadable => format!("{name}: on disk"),
        v1::Residency::Unspecified | v1::Residency::Resident => format!("{name}: in memory"),
    };
    if let Some(ms) =
        model.load_ms.filter(|_| step.done && model.residency() != v1::Residency::Loadable)
    {
        line.push_str(&format!(", loading takes {}", units::time(ms)));
    }
    if let Some(bytes) = step.returned_bytes {
        line.push_str(&format!(", {} came back", units::size(bytes)));
    }
    if !step.evicted.is_empty() {
        let evicted = screen::printable(&step.evicted.join(", ")).into_owned();
        line.push_str(&format!(", lets go of {evicted}"));
    }
    line
}

async fn pin(
    globals: &Globals,
    mut client: FleetServiceClient<client::Connection>,
    which: Which,
    pinned: bool,
) -> Result<(), Failure> {
    let Which { worker_id, model } = which;
    let order = v1::PinRequest { worker_id: worker_id.clone(), model: model.clone(), pinned };
    let given = client::answer(globals, client.pin(order)).await?;
    if globals.json {
        return json::print(&json::of_message("PinResponse", &given)?);
    }
    let word = if pinned { "stays in memory" } else { "may be let go again" };
    Ok(writeln!(screen::out(), "{model} on {worker_id} {word}")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_tells_where_the_model_is_and_what_it_took() {
        let model = v1::ModelSummary {
            name: "m".into(),
            residency: v1::Residency::Loading.into(),
            load_fraction: Some(0.5),
            ..v1::ModelSummary::default()
        };
        let loading = v1::ModelProgress {
            model: Some(model.clone()),
            evicted: vec!["old".into()],
            ..v1::ModelProgress::default()
        };
        assert_eq!(describe(&loading), "m: loading 50%, lets go of old");
        let gone = v1::ModelSummary { residency: v1::Residency::Loadable.into(), ..model.clone() };
        let unloaded = v1::ModelProgress {
            model: Some(gone),
            done: true,
            returned_bytes: Some(520_000_000),
            ..v1::ModelProgress::default()
        };
        assert_eq!(describe(&unloaded), "m: on disk, 520 MB came back");
        let resident = v1::ModelSummary {
            residency: v1::Residency::Resident.into(),
            load_ms: Some(1_500.0),
            ..model
        };
        let loaded =
            v1::ModelProgress { model: Some(resident), done: true, ..v1::ModelProgress::default() };
        assert_eq!(describe(&loaded), "m: in memory, loading takes 1.50 s");
    }
}
