//! OpenTelemetry's own variables, which outweigh the table: they are what an operator sets for one start.
//!
//! A value that cannot be used is refused with its name. The conventions would ignore it, and a collector that
//! gets nothing without a word is found out too late.

use super::raw::RawTelemetry;
use super::settings::{Collector, Protocol, Sampling, Settings, Wrong};
use std::str::FromStr;
use std::time::Duration;

/// Where a collector is by convention, where one is asked for and no address given.
const USUAL: [(Protocol, &str); 2] =
    [(Protocol::Grpc, "http://localhost:4317"), (Protocol::HttpProtobuf, "http://localhost:4318")];

/// A kind of telemetry, as the variables call it.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    path: &'static str,
}

const TRACES: Kind = Kind { name: "TRACES", path: "/v1/traces" };
const METRICS: Kind = Kind { name: "METRICS", path: "/v1/metrics" };

/// The variables of a process, and what is wrong with them.
pub(super) struct Environment<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    wrong: &'a mut Vec<Wrong>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(
        variable: &'a dyn Fn(&str) -> Option<String>,
        wrong: &'a mut Vec<Wrong>,
    ) -> Self {
        Self { variable, wrong }
    }

    /// What the table says, with what the variables say over it.
    pub(super) fn over(&mut self, raw: RawTelemetry) -> Settings {
        let off = self.text("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true"));
        let traces = self.collector(&raw, TRACES).filter(|_| !off && raw.traces);
        let metrics = self.collector(&raw, METRICS).filter(|_| !off && raw.metrics);
        let millis = Duration::from_millis;
        Settings {
            traces,
            metrics,
            sampling: self.sampling(raw.sample),
            service_name: self.text("OTEL_SERVICE_NAME").or(raw.service_name),
            attributes: raw.attributes.into_iter().collect(),
            queue: self.number("OTEL_BSP_MAX_QUEUE_SIZE").unwrap_or(raw.queue),
            batch: self.number("OTEL_BSP_MAX_EXPORT_BATCH_SIZE").unwrap_or(raw.batch),
            delay: self.number("OTEL_BSP_SCHEDULE_DELAY").map_or(millis(raw.delay_ms), millis),
            metrics_every: self
                .number("OTEL_METRIC_EXPORT_INTERVAL")
                .map_or(millis(raw.metrics_every_ms), |ms: u64| millis(ms.max(100))),
            opt_in: self.list("OTEL_SEMCONV_STABILITY_OPT_IN").unwrap_or_default(),
        }
    }

    fn collector(&mut self, raw: &RawTelemetry, kind: Kind) -> Option<Collector> {
        let exporters = self.list(&format!("OTEL_{}_EXPORTER", kind.name)).unwrap_or_default();
        let is_asked_for = exporters.iter().any(|name| name == "otlp");
        let protocol = self.protocol(raw, kind);
        let own = self.text(&of(kind, "ENDPOINT"));
        let general = self.text("OTEL_EXPORTER_OTLP_ENDPOINT").or_else(|| raw.endpoint.clone());
        let usual = || USUAL.iter().find(|(of, _)| *of == protocol).map(|(_, at)| (*at).to_owned());
        let endpoint = match (own, general, protocol) {
            // An address for one kind is whole; the general one has the kinds' paths beneath it.
            (Some(own), _, _) => own,
            (None, Some(general), Protocol::Grpc) => general,
            (None, Some(general), Protocol::HttpProtobuf) => beneath(&general, kind),
            (None, None, Protocol::Grpc) if is_asked_for => usual()?,
            (None, None, Protocol::HttpProtobuf) if is_asked_for => beneath(&usual()?, kind),
            (None, None, _) => return None,
        };
        if !exporters.is_empty() && !is_asked_for {
            return None;
        }
        if !(endpoint.starts_with("http://") || endpoint.starts_with("https://")) {
            let reason = format!("{endpoint:?} is no address; write one like http://HOST:4317");
            self.wrong.push(("endpoint".into(), reason));
        }
        let timeout = self
            .number(&of(kind, "TIMEOUT"))
            .or_else(|| self.number("OTEL_EXPORTER_OTLP_TIMEOUT"))
            .unwrap_or(raw.timeout_ms);
        Some(Collector { endpoint, protocol, timeout: Duration::from_millis(timeout) })
    }

    fn protocol(&mut self, raw: &RawTelemetry, kind: Kind) -> Protocol {
        let (own, general) = (of(kind, "PROTOCOL"), "OTEL_EXPORTER_OTLP_PROTOCOL");
        let given = [
            (own.clone(), self.text(&own)),
            (general.to_owned(), self.text(general)),
            ("protocol".to_owned(), raw.protocol.clone()),
        ];
        let Some((place, name)) = given.into_iter().find_map(|(place, name)| Some((place, name?)))
        else {
            return Protocol::Grpc;
        };
        Protocol::named(&name).unwrap_or_else(|| {
            let reason = format!("{name:?} is neither \"grpc\" nor \"http/protobuf\"");
            if !self.wrong.iter().any(|(told, _)| *told == place) {
                self.wrong.push((place, reason));
            }
            Protocol::Grpc
        })
    }

    fn sampling(&mut self, share: f64) -> Sampling {
        let share = self.number("OTEL_TRACES_SAMPLER_ARG").unwrap_or(share).clamp(0.0, 1.0);
        let name = self.text("OTEL_TRACES_SAMPLER");
        match name.as_deref() {
            None | Some("parentbased_traceidratio") => Sampling::ParentBased(share),
            Some("parentbased_always_on") => Sampling::ParentBased(1.0),
            Some("parentbased_always_off") => Sampling::ParentBased(0.0),
            Some("traceidratio") => Sampling::Share(share),
            Some("always_on") => Sampling::Share(1.0),
            Some("always_off") => Sampling::Share(0.0),
            Some(other) => {
                let reason = format!("{other:?} is no sampler that is known here");
                self.wrong.push(("OTEL_TRACES_SAMPLER".into(), reason));
                Sampling::ParentBased(share)
            }
        }
    }

    /// A variable that says something.
    fn text(&self, name: &str) -> Option<String> {
        (self.variable)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let text = self.text(name)?;
        Some(text.split(',').map(|one| one.trim().to_owned()).collect())
    }

    fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.wrong.push((name.to_owned(), format!("{text:?} is no number")));
        }
        number
    }
}

fn of(kind: Kind, what: &str) -> String {
    format!("OTEL_EXPORTER_OTLP_{}_{what}", kind.name)
}

fn beneath(address: &str, kind: Kind) -> String {
    format!("{}{}", address.trim_end_matches('/'), kind.path)
}
