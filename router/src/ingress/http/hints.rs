//! Routing hints of HTTP requests: headers `x-littoral-*`, or pairs of `metadata` with the same names.

use crate::wire::status;
use crate::wire::violation::Violations;
use http::HeaderMap;
use littoral_proto::v1;
use std::collections::BTreeMap;
use std::str::FromStr;
use tonic::Status;

/// How every hint begins.
const BEGINS: &str = "x-littoral-";

/// What hints say, and the request's id where they give one.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Hinted {
    pub request_id: String,
    pub hints: v1::RoutingHints,
}

/// Reads hints from headers and from metadata, which lose them.
///
/// # Errors
/// Every hint that is unknown, malformed, or given twice in different words.
pub(super) fn read(
    headers: &HeaderMap,
    metadata: &mut BTreeMap<String, String>,
) -> Result<Hinted, Status> {
    let (mut given, mut bad) = (BTreeMap::<String, String>::new(), Violations::default());
    for (name, value) in headers {
        let name = name.as_str();
        if name.starts_with(BEGINS) {
            let value = value.to_str().unwrap_or_default().trim().to_owned();
            note(&mut given, name, value, &mut bad);
        }
    }
    let named =
        |name: &str| name.len() > BEGINS.len() && name.to_ascii_lowercase().starts_with(BEGINS);
    let pairs: Vec<String> = metadata.keys().filter(|name| named(name)).cloned().collect();
    for name in pairs {
        let value = metadata.remove(&name).unwrap_or_default();
        note(&mut given, &name.to_ascii_lowercase(), value, &mut bad);
    }
    let mut hinted = Hinted::default();
    for (name, value) in &given {
        if let Err(wanted) = set(&mut hinted, name.get(BEGINS.len()..).unwrap_or_default(), value) {
            bad.add(name.clone(), wanted);
        }
    }
    bad.finish(hinted).map_err(|bad| status::invalid(&bad))
}

fn note(given: &mut BTreeMap<String, String>, name: &str, value: String, bad: &mut Violations) {
    match given.get(name) {
        Some(other) if *other != value => bad.add(name, "is given twice, and not the same"),
        _ => drop(given.insert(name.to_owned(), value)),
    }
}

fn set(hinted: &mut Hinted, name: &str, value: &str) -> Result<(), String> {
    let hints = &mut hinted.hints;
    match name {
        "request-id" => hinted.request_id = value.to_owned(),
        "mode" => hints.mode = one_of(value, "MODE", v1::Mode::from_str_name)?.into(),
        "data-class" => {
            hints.data_class = one_of(value, "DATA_CLASS", v1::DataClass::from_str_name)?.into();
        }
        "priority" => {
            hints.priority = one_of(value, "PRIORITY", v1::Priority::from_str_name)?.into();
        }
        "deadline-ms" => hints.deadline_ms = Some(number(value)?),
        "ttft-target-ms" => hints.ttft_target_ms = Some(number(value)?),
        "max-cost-usd-micros" => hints.max_cost_usd_micros = Some(number(value)?),
        "max-energy-joules" => hints.max_energy_joules = Some(number(value)?),
        "min-quality" => hints.min_quality = Some(number(value)?),
        "allow-failover" => hints.allow_failover = Some(number(value)?),
        "allow-hedge" => hints.allow_hedge = Some(number(value)?),
        "session-key" => hints.session_key = Some(value.to_owned()),
        _ => {
            return Err("is no hint that this router knows: mode, data-class, deadline-ms, ttft-target-ms, \
                        max-cost-usd-micros, max-energy-joules, min-quality, allow-failover, allow-hedge, \
                        session-key, priority, request-id"
                .into());
        }
    }
    Ok(())
}

/// A word for one value of an enumeration, in any case, with `-` or `_`.
fn one_of<T>(value: &str, prefix: &str, named: fn(&str) -> Option<T>) -> Result<T, String> {
    let word = value.to_ascii_uppercase().replace('-', "_");
    let known = named(&format!("{prefix}_{word}")).filter(|_| word != "UNSPECIFIED");
    known.ok_or_else(|| {
        let known = match prefix {
            "MODE" => {
                "policy-default, prefer-on-device, only-on-device, prefer-edge, only-local-network, \
                 prefer-in-cloud or only-in-cloud"
            }
            "PRIORITY" => "low, normal or high",
            _ => "public, internal, personal or restricted",
        };
        format!("must be {known}")
    })
}

fn number<T: FromStr>(value: &str) -> Result<T, String> {
    value.parse().map_err(|_| {
        match std::any::type_name::<T>() {
            "bool" => "must be true or false",
            "f64" => "must be a number",
            _ => "must be a whole number, 0 or more",
        }
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        all.iter().map(pair).collect()
    }

    #[test]
    fn a_hint_means_the_same_in_a_header_and_in_metadata() {
        let all = [
            ("x-littoral-mode", "only-local-network"),
            ("x-littoral-data-class", "Restricted"),
            ("x-littoral-deadline-ms", "1500"),
            ("x-littoral-min-quality", "0.5"),
            ("x-littoral-allow-failover", "false"),
            ("x-littoral-session-key", "s"),
            ("x-littoral-priority", "high"),
            ("x-littoral-request-id", "r-1"),
        ];
        let by_header = read(&headers(&all), &mut BTreeMap::new()).unwrap();
        let mut metadata: BTreeMap<String, String> =
            all.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        metadata.insert("mine".into(), "kept".into());
        let by_metadata = read(&HeaderMap::new(), &mut metadata).unwrap();
        assert_eq!(by_header, by_metadata);
        assert_eq!(metadata.into_iter().collect::<Vec<_>>(), [("mine".into(), "kept".into())]);
        assert_eq!(by_header.request_id, "r-1");
        let hints = by_header.hints;
        assert_eq!(hints.mode(), v1::Mode::OnlyLocalNetwork);
        assert_eq!(hints.data_class(), v1::DataClass::Restricted);
        assert_eq!((hints.deadline_ms, hints.allow_failover), (Some(1500), Some(false)));
    }

    #[test]
    fn a_hint_that_is_not_known_or_not_understood_is_an_error_and_no_guess() {
        for (name, value) in [
            ("x-littoral-mod", "only-local-network"),
            ("x-littoral-mode", "local"),
            ("x-littoral-mode", "unspecified"),
            ("x-littoral-data-class", "secret"),
            ("x-littoral-deadline-ms", "-1"),
            ("x-littoral-allow-hedge", "yes"),
            ("x-littoral-", "x"),
        ] {
            let status = read(&headers(&[(name, value)]), &mut BTreeMap::new()).unwrap_err();
            assert_eq!(status.code(), tonic::Code::InvalidArgument, "{name}: {value}");
            assert!(status.message().starts_with(name), "{}", status.message());
        }
        let mut metadata = BTreeMap::from([("x-littoral-mode".into(), "prefer-edge".into())]);
        let both = headers(&[("x-littoral-mode", "only-local-network")]);
        assert!(read(&both, &mut metadata).unwrap_err().message().contains("twice"));
    }
}
