//! Kinds of requests.

use crate::scenario::fields::Problems;
use crate::scenario::raw::{RawLength, RawRequest, RawScenario};
use crate::scenario::{Length, Request};

/// Longest prompt or answer, in tokens.
const LONGEST: f64 = 2e6;

pub(super) fn compile(raw: &RawScenario, problems: &mut Problems) -> Vec<Request> {
    if raw.request.is_empty() {
        problems.add("request", "is missing: write at least one [[request]]");
    }
    let has_trace = raw.trace.is_some();
    let each = raw.request.iter().enumerate();
    let mut kinds: Vec<Request> =
        each.map(|(at, one)| of(one, &format!("request[{at}]"), has_trace, problems)).collect();
    let shares: f64 = kinds.iter().map(|kind| kind.share).sum();
    if !kinds.is_empty() && shares <= 0.0 {
        problems.add("request[0].share", "no request has a share above 0");
    }
    kinds.iter_mut().for_each(|kind| kind.share /= shares.max(1e-12));
    kinds
}

fn of(raw: &RawRequest, at: &str, has_trace: bool, problems: &mut Problems) -> Request {
    let path = |key: &str| format!("{at}.{key}");
    let mut length = |key: &str, written: &RawLength, usual: f64| {
        let stated = [written.fixed, written.mean, written.median];
        let ways = stated.iter().flatten().count() + usize::from(written.trace == Some(true));
        if ways > 1 {
            problems.add(path(key), "has more than one of fixed, mean, median and trace");
        }
        if written.trace == Some(true) {
            if !has_trace {
                problems.add(path(key), "is to come from a trace, and the scenario names none");
            }
            return Length::Trace;
        }
        let mut tokens = |name: &str, stated| {
            problems.number(&format!("{at}.{key}.{name}"), stated, usual, [0.0, LONGEST])
        };
        match stated {
            [Some(_), ..] => Length::Fixed(tokens("fixed", written.fixed)),
            [_, Some(_), _] => Length::Exponential(tokens("mean", written.mean)),
            _ => {
                let median = tokens("median", written.median);
                let sigma = format!("{at}.{key}.sigma");
                let sigma = problems.number(&sigma, written.sigma, 0.8, [0.0, 4.0]);
                Length::LogNormal { median, sigma }
            }
        }
    };
    let tokens_in = length("tokens_in", &raw.tokens_in, 400.0);
    let tokens_out = length("tokens_out", &raw.tokens_out, 180.0);
    Request {
        name: raw.name.clone().unwrap_or_else(|| "request".into()),
        share: problems.number(&path("share"), raw.share, 1.0, [0.0, 1e9]),
        application: raw.application.clone().unwrap_or_else(|| "chat".into()),
        class: raw.class,
        tokens_in,
        tokens_out,
        max_output_tokens: raw.max_output_tokens,
        follows: problems.share(&path("follows"), raw.follows, 0.0),
        hints: raw.hints,
    }
}
