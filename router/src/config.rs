//! The router's configuration: a raw form as people write it, compiled into what the router runs on.
//!
//! Every mistake of a file is reported at once, with file and path. Secrets are named by environment
//! variable or file, never written into the configuration itself.

pub mod limits;
pub mod people;
pub mod provider;
pub mod raw;

use crate::clouds::{Clouds, Entry};
use crate::detectors::Detectors;
use crate::ingress::principal::People;
use crate::ingress::who::Origins;
use crate::policy_keeper::Opening;
use crate::policy_keeper::place::Place;
use crate::rates::Rate;
use crate::store::Durability;
use crate::tls::TlsSettings;
use littoral_core::budget::Budget;
use littoral_core::fair::{Places, RoomLimits};
use littoral_core::lease::LeaseTerms;
use littoral_kit::config::{Problem, parse_toml_repaired};
use littoral_kit::telemetry::Settings;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Address the router listens on unless told otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:7433";

/// What a router runs on.
pub struct RouterConfig {
    /// Where it listens; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// TLS of the port; absent: none.
    pub tls: Option<TlsSettings>,
    /// Folder of the database, the join key and the certificate authority.
    pub state: PathBuf,
    /// The policy, and where it lives.
    pub policy: Opening,
    /// Web pages that may ask, beside those of this machine.
    pub origins: Origins,
    /// Administrators, groups, and the kind of this machine.
    pub people: People,
    /// Cloud providers with a key at hand.
    pub clouds: Clouds,
    /// What may be spent at them.
    pub budgets: Vec<Budget>,
    /// How many requests may be made.
    pub rates: Vec<Rate>,
    /// Price of electricity, in US dollars per kilowatt-hour, where stated.
    pub usd_per_kwh: Option<f64>,
    /// For how long decisions, ends and uses are kept; absent: for ever.
    pub keep: Option<Duration>,
    /// What a commit survives.
    pub durability: Durability,
    /// Providers that are configured but have no key, with what would give them one.
    pub keyless: Vec<String>,
    /// What looks into content.
    pub detectors: Detectors,
    /// Folder of the model whose tokenizer counts prompt tokens.
    pub tokenizer: Option<PathBuf>,
    /// Lease and heartbeat of workers.
    pub lease: LeaseTerms,
    /// Most requests at once.
    pub max_in_flight: usize,
    /// Most connections at once.
    pub max_connections: usize,
    /// Bounds of the waiting room.
    pub room: RoomLimits,
    /// Largest request message, in bytes.
    pub max_request_bytes: usize,
    /// Where spans and metrics go.
    pub telemetry: Settings,
    /// Longest orderly end.
    pub shutdown_bound: Duration,
}

impl RouterConfig {
    /// Reads a configuration file, or the defaults where there is none. `home` is where relative
    /// paths start.
    ///
    /// # Errors
    /// Every problem of the file, of the policy it names, and of the secrets it names.
    pub fn load(file: Option<&Path>, home: &Path) -> Result<Self, Vec<Problem>> {
        let Some(file) = file else {
            return Self::compile(raw::RawConfig::default(), "the defaults", home);
        };
        let (name, raw, mut problems) = read(file)?;
        match raw.map(|raw| Self::compile(raw, &name, home)) {
            Some(Ok(config)) if problems.is_empty() => return Ok(config),
            Some(Err(more)) => problems.extend(more),
            Some(Ok(_)) | None => {}
        }
        Err(problems)
    }

    /// The state folder, whatever else the file says.
    ///
    /// # Errors
    /// The file cannot be read, or is no configuration.
    pub fn state_folder(file: Option<&Path>, home: &Path) -> Result<PathBuf, Vec<Problem>> {
        let raw = match file.map(read).transpose()? {
            Some((_, raw, problems)) => raw.ok_or(problems)?,
            None => raw::RawConfig::default(),
        };
        Ok(home.join(raw.state.unwrap_or_else(|| "state".into())))
    }

    /// Turns the raw form into what the router runs on.
    ///
    /// # Errors
    /// Every problem, with its path.
    pub fn compile(raw: raw::RawConfig, file: &str, home: &Path) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let listen = raw.listen.as_deref().unwrap_or(DEFAULT_LISTEN);
        let listen = listen.parse().unwrap_or_else(|_| {
            let reason = format!("{listen:?} is no address; write one like {DEFAULT_LISTEN}");
            problems.push(problem(file, "listen", reason));
            SocketAddr::from(([127, 0, 0, 1], 0))
        });
        let limits = raw.limits;
        limits.check(file, &mut problems);
        let tls = raw.tls.clone().map(|tls| tls.compile(listen, home));
        let tls = tls.transpose().unwrap_or_else(|why| {
            problems.push(problem(file, "tls", why.to_owned()));
            None
        });
        let people = people::compile(&raw, file, &mut problems);
        let origins = Origins::of(&raw.origins).unwrap_or_else(|other| {
            let reason = format!("{other:?} is no origin; write one like https://app.example");
            problems.push(problem(file, "origins", reason));
            Origins::default()
        });
        let budgets = limits::budgets(&raw.budget, file, &mut problems);
        let rates = limits::rates(&raw.rate, file, &mut problems);
        if raw.usd_per_kwh.is_some_and(|price| !(0.0..=100.0).contains(&price)) {
            problems.push(problem(file, "usd_per_kwh", "0 to 100 dollars".into()));
        }
        let telemetry = Settings::compile(raw.telemetry).map_err(|wrong| {
            let told =
                |(key, why): (String, String)| problem(file, &format!("telemetry.{key}"), why);
            problems.extend(wrong.into_iter().map(told));
        });
        let telemetry = telemetry.unwrap_or_default();
        let keep = Duration::from_secs(u64::from(raw.store.keep_days) * 86_400);
        let state = home.join(raw.state.unwrap_or_else(|| "state".into()));
        let place = Place::new(raw.policy.map(|path| home.join(path)), &state);
        let policy = Opening::read(place).map_err(|more| problems.extend(more));
        let (clouds, keyless) = clouds(&raw.provider, file, home, &mut problems);
        match (policy, problems.is_empty()) {
            (Ok(policy), true) => Ok(Self {
                listen,
                origins,
                tls,
                state,
                policy,
                people,
                clouds: Clouds::new(clouds),
                budgets,
                rates,
                usd_per_kwh: raw.usd_per_kwh,
                keep: (!keep.is_zero()).then_some(keep),
                durability: raw.store.durability,
                keyless,
                detectors: Detectors::default(),
                tokenizer: raw.tokenizer.map(|path| home.join(path)),
                lease: LeaseTerms {
                    heartbeat: Duration::from_millis(limits.heartbeat_ms),
                    lease: Duration::from_millis(limits.lease_ms),
                },
                max_in_flight: limits.in_flight,
                max_connections: limits.connections,
                room: RoomLimits {
                    places: Places { all: limits.waiting, tenant: limits.waiting_tenant },
                    wait: Duration::from_millis(limits.wait_ms),
                },
                max_request_bytes: limits.request_bytes,
                telemetry,
                shutdown_bound: Duration::from_millis(limits.shutdown_ms),
            }),
            _ => Err(problems),
        }
    }
}

fn clouds(
    given: &[raw::RawProvider],
    file: &str,
    home: &Path,
    problems: &mut Vec<Problem>,
) -> (BTreeMap<String, Entry>, Vec<String>) {
    let shipped = raw::RawProvider::shipped();
    let providers = if given.is_empty() { &shipped } else { given };
    let (mut entries, mut keyless) = (BTreeMap::new(), Vec::new());
    for (index, raw) in providers.iter().enumerate() {
        let at = format!("provider[{index}]");
        if entries.contains_key(&raw.name) {
            problems.push(problem(
                file,
                &format!("{at}.name"),
                format!("{} is named twice", raw.name),
            ));
        }
        match provider::compile(raw, home) {
            Ok(Some(entry)) => drop(entries.insert(raw.name.clone(), entry)),
            Ok(None) => keyless.push(provider::how_to_give_a_key(raw)),
            Err(found) => problems.extend(
                found.into_iter().map(|(path, why)| problem(file, &format!("{at}.{path}"), why)),
            ),
        }
    }
    (entries, keyless)
}

pub(crate) fn problem(file: &str, path: &str, reason: String) -> Problem {
    Problem::at(file, None, path.into(), reason)
}

/// A file's name, what is in it as far as it can be read, and what cannot be.
type Read = (String, Option<raw::RawConfig>, Vec<Problem>);

fn read(file: &Path) -> Result<Read, Vec<Problem>> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file)
        .map_err(|error| vec![problem(&name, "", format!("failed to read it: {error}"))])?;
    let (raw, problems) = parse_toml_repaired::<raw::RawConfig>(&name, &text);
    Ok((name, raw, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_folder_is_known_while_the_policy_is_broken() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("router.toml");
        std::fs::write(home.path().join("policy.toml"), "version = 1\nname = 'p'\nwhat = 1\n")
            .unwrap();
        std::fs::write(&file, "state = 'kept'\npolicy = 'policy.toml'\n").unwrap();
        assert!(RouterConfig::load(Some(&file), home.path()).is_err());
        let kept = RouterConfig::state_folder(Some(&file), home.path()).unwrap();
        assert_eq!(kept, home.path().join("kept"));
        assert_eq!(
            RouterConfig::state_folder(None, home.path()).unwrap(),
            home.path().join("state")
        );
        assert!(RouterConfig::state_folder(Some(&home.path().join("none")), home.path()).is_err());
    }
}
