//! The table of models: where each is, how busy and how fast, next to what the machine usually does.

use crate::table::{Head, Table};
use crate::{screen, units, words};
use littoral_proto::v1;

/// One row a worker and model.
pub fn models(workers: &[v1::WorkerSummary]) -> Table {
    let rows = workers.iter().flat_map(|worker| {
        worker.models.iter().map(move |model| (worker.worker_id.as_str(), model))
    });
    table(rows)
}

/// The same from a list of models.
pub fn table<'a>(rows: impl Iterator<Item = (&'a str, &'a v1::ModelSummary)>) -> Table {
    let mut table = Table::new(&[
        Head::Left("model"),
        Head::Left("worker"),
        Head::Left("memory"),
        Head::Right("busy"),
        Head::Right("queued"),
        Head::Right("tokens/s"),
        Head::Right("usually"),
        Head::Right("prompt/s"),
        Head::Left("runs on"),
    ]);
    for (worker_id, model) in rows {
        table.row([
            screen::printable(&model.name).into_owned(),
            worker_id.to_owned(),
            memory(model),
            format!("{}/{}", model.active, model.slots),
            model.queued.to_string(),
            speed(model),
            units::rate(model.baseline_decode_tokens_per_s),
            units::rate(model.prefill_tokens_per_s),
            runs_on(model),
        ]);
    }
    table
}

/// `resident 512 MB, pinned`, `loading 40%`, `on disk`.
fn memory(model: &v1::ModelSummary) -> String {
    let size = model.resident_bytes.map(|bytes| format!(" {}", units::size(bytes)));
    let place = match model.residency() {
        v1::Residency::Loadable => "on disk".to_owned(),
        v1::Residency::Loading => {
            let done = model.load_fraction.map(|done| format!(" {:.0}%", done * 100.0));
            format!("{}loading{}{}", screen::YELLOW, done.unwrap_or_default(), screen::PLAIN)
        }
        v1::Residency::Unspecified | v1::Residency::Resident => {
            format!("resident{}", size.unwrap_or_default())
        }
    };
    if model.pinned { format!("{place}, pinned") } else { place }
}

/// What the router saw lately, else what the worker says.
fn speed(model: &v1::ModelSummary) -> String {
    let rate = units::rate(model.recent_decode_tokens_per_s.or(model.decode_tokens_per_s));
    if model.throttled {
        return format!("{}{rate} throttled{}", screen::RED, screen::PLAIN);
    }
    rate
}

/// Where the graph's nodes are, and what was asked for where that is something else.
fn runs_on(model: &v1::ModelSummary) -> String {
    let there = placement(&model.placement);
    let asked = screen::printable(&model.asked_accelerator).into_owned();
    let only_cpu = there == "CPU" && !matches!(asked.as_str(), "" | "cpu");
    if only_cpu {
        return format!("{there} {}(asked for {asked}){}", screen::YELLOW, screen::PLAIN);
    }
    there
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

    fn plain(model: &v1::ModelSummary) -> String {
        let table = table(std::iter::once(("desk", model)));
        anstream::adapter::strip_str(&table.render(100)).to_string()
    }

    fn model() -> v1::ModelSummary {
        v1::ModelSummary {
            name: "smollm2-135m-instruct".into(),
            slots: 2,
            active: 1,
            decode_tokens_per_s: Some(98.66),
            resident_bytes: Some(540_000_000),
            placement: vec![v1::Placement {
                execution_provider: "CPUExecutionProvider".into(),
                nodes: Some(273),
            }],
            ..v1::ModelSummary::default()
        }
    }

    #[test]
    fn a_resident_model_shows_its_size_load_speed_and_place() {
        let text = plain(&model());
        for part in ["smollm2-135m-instruct", "desk", "resident 540 MB", "1/2", "98.7", "CPU"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
    }

    #[test]
    fn a_throttled_model_shows_its_speed_next_to_the_usual_one() {
        let text = plain(&v1::ModelSummary {
            recent_decode_tokens_per_s: Some(31.0),
            baseline_decode_tokens_per_s: Some(99.0),
            throttled: true,
            asked_accelerator: "npu".into(),
            ..model()
        });
        for part in ["31.0 throttled", "99.0", "CPU (asked for npu)"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn models_on_their_way_and_on_disk_say_so() {
        let loading = v1::ModelSummary {
            residency: v1::Residency::Loading.into(),
            load_fraction: Some(0.4),
            pinned: true,
            ..model()
        };
        assert!(plain(&loading).contains("loading 40%, pinned"));
        let disk = v1::ModelSummary { residency: v1::Residency::Loadable.into(), ..model() };
        assert!(plain(&disk).contains("on disk"));
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
