//! The router: its configuration and policy, its keys, its port, and whether one runs.

use super::check::Check;
use crate::arguments::Globals;
use crate::client;
use crate::commands::egress::since_when;
use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use littoral_router::config::RouterConfig;
use littoral_router::join_token::JoinKey;
use littoral_router::prices::table_version;
use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

/// All checks of the router.
pub async fn checks(file: Option<&Path>, home: &Path, globals: &Globals) -> Vec<Check> {
    let mut checks = Vec::new();
    let name = file.map_or_else(|| "built in".to_owned(), |file| file.display().to_string());
    let answers = workers(globals).await;
    match RouterConfig::load(file, home) {
        Ok(config) => {
            let policy = config.policy.loaded.policy.hash().chars().take(12).collect::<String>();
            checks.push(Check::ok("configuration", format!("{name}; policy {policy}")));
            checks.push(keys(&config));
            checks.extend(join_key(&config.state));
            checks.push(port(config.listen, globals, answers.is_some()));
        }
        Err(problems) => {
            let list: Vec<String> = problems.iter().map(ToString::to_string).collect();
            let fix = "correct the places named";
            checks.push(Check::fail("configuration", list.join("\n"), fix));
        }
    }
    checks.push(reachable(globals, answers.as_deref()));
    checks.extend(egress(globals).await);
    checks
}

/// The switch of the router at the arguments' address, if one answers.
async fn egress(globals: &Globals) -> Option<Check> {
    let channel = client::connect(globals).await.ok()?;
    let mut client = PrivacyServiceClient::new(channel);
    let call = client.get_egress(v1::GetEgressRequest {});
    client::answer(globals, call).await.ok().map(|state| switch(globals, &state))
}

fn switch(globals: &Globals, state: &v1::EgressState) -> Check {
    if state.allowed {
        return Check::ok("egress", "on: content may leave as the policy says");
    }
    let since = state.since_unix_ms.unwrap_or_default();
    let since = since_when(since, &state.by, &state.note);
    let fix = format!("`{}` lets it go on", globals.suggest("egress on"));
    Check::warn("egress", format!("off, nothing leaves for a cloud; {since}"), fix)
}

fn keys(config: &RouterConfig) -> Check {
    let there: Vec<&str> = config.clouds.names().collect();
    let lacking = config.keyless.join("; ");
    match (there.is_empty(), lacking.is_empty()) {
        (true, true) => {
            Check::ok("cloud keys", "no provider is configured; nothing leaves for a cloud")
        }
        (true, false) => {
            Check::ok("cloud keys", format!("none; nothing leaves for a cloud ({lacking})"))
        }
        (false, true) => Check::ok(
            "cloud keys",
            format!("there is one for {}; prices of {}", there.join(", "), table_version()),
        ),
        (false, false) => Check::ok(
            "cloud keys",
            format!(
                "there is one for {}; prices of {}; none: {lacking}",
                there.join(", "),
                table_version()
            ),
        ),
    }
}

/// The signing key, if there is one yet. Looking must not make one.
fn join_key(state: &Path) -> Option<Check> {
    let path = state.join("join.key");
    path.exists().then(|| match JoinKey::load_or_create(&path) {
        Ok(key) => Check::ok("join key", format!("{}, key {}", path.display(), key.router_id())),
        Err(error) => {
            let told = error.to_string();
            let (found, fix) = told.split_once([';', ':']).unwrap_or((&told, "restore it"));
            Check::fail("join key", found, fix.trim())
        }
    })
}

/// Whether the port is free, or taken by the router that answers.
fn port(listen: SocketAddr, globals: &Globals, answers: bool) -> Check {
    let ours = globals.router().ends_with(&format!(":{}", listen.port()));
    match TcpListener::bind(listen) {
        Ok(_) => Check::ok("port", format!("{listen} is free")),
        Err(_) if answers && ours => {
            Check::ok("port", format!("{listen} is held by the router that runs"))
        }
        Err(error) => {
            let found = match error.kind() {
                ErrorKind::AddrInUse => format!("{listen} is taken by another program"),
                _ => format!("{listen}: {error}"),
            };
            Check::fail("port", found, "stop what holds it, or choose another with --listen")
        }
    }
}

/// The workers of the router at the arguments' address, if one answers.
async fn workers(globals: &Globals) -> Option<Vec<v1::WorkerSummary>> {
    let channel = client::connect(globals).await.ok()?;
    let mut client = FleetServiceClient::new(channel);
    let call = client.list_workers(v1::ListWorkersRequest {});
    client::answer(globals, call).await.ok().map(|list| list.workers)
}

fn reachable(globals: &Globals, workers: Option<&[v1::WorkerSummary]>) -> Check {
    let address = globals.router();
    let ready = |worker: &&v1::WorkerSummary| worker.status() == v1::WorkerStatus::Ready;
    match workers {
        None => {
            let found = format!("none answers at {address}");
            let fix = format!("`{}` starts one with a worker", globals.suggest_here("up"));
            Check::warn("router", found, fix)
        }
        Some(workers) if workers.iter().filter(ready).count() == 0 => {
            let found = format!("one answers at {address}, without a ready worker");
            let fix = format!("start a worker: `{}`", globals.suggest_here("token --help"));
            Check::warn("router", found, fix)
        }
        Some(workers) => {
            let count = workers.iter().filter(ready).count();
            Check::ok(
                "router",
                format!("one answers at {address}, {count} of {} workers ready", workers.len()),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Verdict;
    use super::*;
    use clap::Parser as _;

    fn globals(address: &str) -> Globals {
        crate::arguments::Arguments::parse_from(["littoral", "--router", address, "doctor"]).globals
    }

    #[test]
    fn a_port_is_fine_if_free_or_held_by_the_router_itself() {
        let holder = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = holder.local_addr().unwrap();
        let here = globals(&address.to_string());
        assert_eq!(port(address, &here, true).verdict, Verdict::Ok);
        assert_eq!(port(address, &here, false).verdict, Verdict::Fail);
        assert_eq!(port(address, &globals("127.0.0.1:1"), true).verdict, Verdict::Fail);
        drop(holder);
        assert_eq!(port(address, &here, false).verdict, Verdict::Ok);
    }

    #[test]
    fn looking_for_the_join_key_makes_none_and_a_broken_one_fails() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(join_key(state.path()), None);
        assert!(!state.path().join("join.key").exists());
        std::fs::write(state.path().join("join.key"), "short").unwrap();
        assert_eq!(join_key(state.path()).unwrap().verdict, Verdict::Fail);
    }

    #[test]
    fn egress_that_is_off_is_a_warning_with_the_way_back() {
        let here = globals("127.0.0.1:1");
        let on = v1::EgressState { allowed: true, ..v1::EgressState::default() };
        assert_eq!(switch(&here, &on).verdict, Verdict::Ok);
        let off = switch(&here, &v1::EgressState { note: "drill".into(), ..Default::default() });
        assert_eq!(off.verdict, Verdict::Warn);
        assert!(off.found.contains("drill") && off.fix.unwrap().contains("egress on"));
    }

    #[test]
    fn a_router_without_workers_is_a_warning() {
        let here = globals("127.0.0.1:1");
        assert_eq!(reachable(&here, None).verdict, Verdict::Warn);
        assert_eq!(reachable(&here, Some(&[])).verdict, Verdict::Warn);
        let worker =
            v1::WorkerSummary { status: v1::WorkerStatus::Ready.into(), ..Default::default() };
        assert_eq!(reachable(&here, Some(&[worker])).verdict, Verdict::Ok);
    }
}
