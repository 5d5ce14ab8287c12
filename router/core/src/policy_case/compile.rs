//! From written cases to cases that can be run, with every problem told at once.

use super::fleet::{self, Kind, Part, Written};
use super::raw::{RawAsker, RawCase, RawCases, RawPart};
use super::{Case, Cases, expect, time};
use crate::class::DataClass;
use crate::facts::{ClassFact, ClassOrigin, Facts, TokenCount};
use crate::policy::PolicyProblem;
use crate::principal::Principal;
use std::collections::{BTreeMap, BTreeSet};

/// The asker's organisation, application and name where a file does not say.
const USUAL: [&str; 3] = ["acme", "chat", "alice"];
/// Bytes of a token, about, of English text.
const BYTES_PER_TOKEN: u64 = 4;
/// Length of a prompt of which nothing is said, in tokens.
const PROMPT_TOKENS: u32 = 100;

/// The parts of a file by name.
type Parts<'a> = BTreeMap<&'a str, (Kind, &'a RawPart)>;

pub(super) fn compile(raw: &RawCases) -> Result<Cases, Vec<PolicyProblem>> {
    let mut problems = Vec::new();
    let policy = raw.policy.clone().unwrap_or_default();
    if policy.is_empty() {
        let reason = "is missing: name the policy, as a path from this file";
        problems.push(problem("policy", reason));
    }
    let parts = parts(raw, &mut problems);
    if raw.case.is_empty() {
        problems.push(problem("case", "is missing: write at least one [[case]]"));
    }
    unused(raw, &parts, &mut problems);
    let mut names = BTreeSet::new();
    let cases: Vec<Case> = raw
        .case
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let at = format!("case[{index}]");
            let name = case.name.clone().unwrap_or_default();
            if name.trim().is_empty() {
                problems
                    .push(problem(&format!("{at}.name"), "is missing: say what the case is about"));
            } else if !names.insert(name.clone()) {
                let reason = "is the name of an earlier case: give each its own";
                problems.push(problem(&format!("{at}.name"), reason));
            }
            one(raw, case, name, &parts, &at, &mut problems)
        })
        .collect();
    if problems.is_empty() { Ok(Cases { policy, cases }) } else { Err(problems) }
}

/// Every part, checked.
fn parts<'a>(raw: &'a RawCases, problems: &mut Vec<PolicyProblem>) -> Parts<'a> {
    let mut parts = Parts::new();
    let of_kind = |kind, list: &'a BTreeMap<String, RawPart>| {
        list.iter().map(move |(name, part)| (kind, name.as_str(), part))
    };
    let all = of_kind(Kind::Worker, &raw.worker).chain(of_kind(Kind::Cloud, &raw.cloud));
    for (kind, name, part) in all {
        let at = format!("{}.{name}", kind.key());
        let fine = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(fine) {
            problems.push(problem(&at, "a part's name has letters, digits, - and _ only"));
        }
        if part.model.as_deref().unwrap_or_default().is_empty() {
            problems.push(problem(&format!("{at}.model"), "is missing: name the model it runs"));
        }
        check(part, kind, &at, problems);
        if parts.insert(name, (kind, part)).is_some() {
            let reason = format!("{name:?} is a worker too: give each part its own name");
            problems.push(problem(&at, &reason));
        }
    }
    parts
}

/// The keys of a part, or of a change of it.
fn check(part: &RawPart, kind: Kind, at: &str, problems: &mut Vec<PolicyProblem>) {
    let (foreign, unknown): (Vec<&str>, _) = match kind {
        Kind::Worker => (part.keys_of_clouds().collect(), "a worker has no such fact"),
        Kind::Cloud => (part.keys_of_workers().collect(), "a cloud has no such fact"),
    };
    for key in foreign {
        problems.push(problem(&format!("{at}.{key}"), &format!("{unknown}: remove it")));
    }
    for (index, reading) in part.unknown.iter().enumerate() {
        let foreign = match kind {
            Kind::Worker => reading.is_of_clouds(),
            Kind::Cloud => reading.is_of_workers(),
        };
        if foreign {
            problems
                .push(problem(&format!("{at}.unknown[{index}]"), &format!("{unknown}: remove it")));
        }
    }
    for (key, right) in part.impossible() {
        problems.push(problem(&format!("{at}.{key}"), &format!("cannot be: {right}")));
    }
}

/// Parts that no case has: most likely a slip of the pen in a fleet.
fn unused(raw: &RawCases, parts: &Parts<'_>, problems: &mut Vec<PolicyProblem>) {
    if raw.case.is_empty() || raw.case.iter().any(|case| case.fleet.is_none()) {
        return;
    }
    let used: BTreeSet<&String> =
        raw.case.iter().flat_map(|case| case.fleet.iter().flatten()).collect();
    for (name, (kind, _)) in parts.iter().filter(|(name, _)| !used.contains(&(**name).to_owned())) {
        let reason = "no fleet names it: use it in a case, or remove it";
        problems.push(problem(&format!("{}.{name}", kind.key()), reason));
    }
}

/// One case.
fn one(
    file: &RawCases,
    raw: &RawCase,
    name: String,
    parts: &Parts<'_>,
    at: &str,
    problems: &mut Vec<PolicyProblem>,
) -> Case {
    let (fleet, places) = fleet_of(file, raw, parts, at, problems);
    let moment = raw.time.as_deref().map(time::parse);
    if moment == Some(None) {
        let reason = "is no moment of the week: write it like \"sat 23:10\"";
        problems.push(problem(&format!("{at}.time"), reason));
    }
    if raw.labelled == Some(true) && raw.class.is_none() {
        let reason = "says that there is a label: say which, with class";
        problems.push(problem(&format!("{at}.labelled"), reason));
    }
    let expected = expect::compile(&raw.expect, &places, at, problems);
    let tokens = raw.prompt_tokens.unwrap_or(PROMPT_TOKENS);
    let labelled = raw.class.is_some() && raw.labelled != Some(false);
    let facts = Facts {
        principal: principal(&file.asker, &raw.asker),
        alias: raw.model.clone().unwrap_or_default(),
        class: ClassFact {
            class: raw.class.unwrap_or(DataClass::Personal),
            origin: if labelled { ClassOrigin::Labelled } else { ClassOrigin::Unlabelled },
        },
        scan: raw.scan.clone().unwrap_or_default(),
        session: raw.session,
        prompt_tokens: TokenCount { tokens, estimated: raw.prompt_estimated.unwrap_or(false) },
        prompt_bytes: raw.prompt_bytes.unwrap_or(u64::from(tokens) * BYTES_PER_TOKEN),
        max_output_tokens: raw.max_output_tokens,
        images: 0,
        audio_seconds: 0,
        needs: fleet::abilities(&raw.needs),
        hints: raw.hints,
        time: moment.flatten(),
    };
    Case { name, facts, fleet, parts: places, seed: raw.seed.unwrap_or(1), expected }
}

fn fleet_of(
    file: &RawCases,
    raw: &RawCase,
    parts: &Parts<'_>,
    at: &str,
    problems: &mut Vec<PolicyProblem>,
) -> (crate::fleet::FleetView, Vec<Part>) {
    let all = || parts.keys().map(|name| (*name).to_owned()).collect();
    let names: Vec<String> = raw.fleet.clone().unwrap_or_else(all);
    let mut written = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let path = format!("{at}.fleet[{index}]");
        if names.iter().take(index).any(|before| before == name) {
            problems.push(problem(&path, &format!("{name:?} is there once, not twice")));
        } else if let Some((kind, part)) = parts.get(name.as_str()) {
            written.push(Written { name, kind: *kind, part, change: raw.with.get(name) });
        } else {
            let known: Vec<&str> = parts.keys().copied().collect();
            let reason = format!("{name:?} is no part of this file: it has {}", known.join(", "));
            problems.push(problem(&path, &reason));
        }
    }
    for (name, change) in &raw.with {
        let path = format!("{at}.with.{name}");
        match written.iter().find(|part| part.name == name) {
            Some(part) => check(change, part.kind, &path, problems),
            None => problems.push(problem(&path, "is not in the fleet of this case")),
        }
    }
    let tenant = file.asker.tenant.as_deref().unwrap_or(USUAL[0]);
    let (fleet, places) = fleet::of(&written, tenant);
    for (index, place) in places.iter().enumerate().filter(|(_, place)| !place.is_worker) {
        if let Some(twin) = places.iter().take(index).find(|before| before.pool == place.pool) {
            let reason = format!(
                "{} and {} are one model of one provider: give one of them another provider",
                twin.name, place.name
            );
            problems.push(problem(&format!("{at}.fleet"), &reason));
        }
    }
    (fleet, places)
}

/// Who asks: the case over the file over what is usual.
fn principal(file: &RawAsker, case: &RawAsker) -> Principal {
    let text = |key: fn(&RawAsker) -> &Option<String>, usual: &str| {
        key(case).as_ref().or(key(file).as_ref()).map_or_else(|| usual.to_owned(), Clone::clone)
    };
    let [tenant, application, user] = USUAL;
    let user = text(|asker| &asker.user, user);
    let mut groups = case.groups.clone().or_else(|| file.groups.clone()).unwrap_or_default();
    groups.sort();
    groups.dedup();
    Principal {
        tenant: text(|asker| &asker.tenant, tenant),
        application: text(|asker| &asker.application, application),
        owner: text(|asker| &asker.owner, &user),
        user,
        groups,
        device_class: case.device_class.or(file.device_class),
        loopback: case.loopback.or(file.loopback).unwrap_or(false),
        administrator: case.administrator.or(file.administrator).unwrap_or(false),
    }
}

impl Kind {
    /// The section that such parts stand in.
    const fn key(self) -> &'static str {
        match self {
            Self::Worker => "worker",
            Self::Cloud => "cloud",
        }
    }
}

fn problem(path: &str, reason: &str) -> PolicyProblem {
    PolicyProblem { path: path.to_owned(), offset: None, reason: reason.to_owned() }
}
