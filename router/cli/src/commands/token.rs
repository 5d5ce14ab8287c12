//! `token`: a signed join token for one worker, or a certificate that says the same.
//!
//! What a worker may be trusted with is decided here, by whoever runs the router's machine, and by
//! nothing the worker says later.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{roles, screen, spans, units};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, ValueEnum};
use littoral_core::class::Tier;
use littoral_router::clock::unix_ms;
use littoral_router::join_token::{Claims, JoinKey};
use littoral_router::tls::authority::{Authority, Written};
use littoral_router::tls::authority_file;
use secrecy::{ExposeSecret as _, SecretString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  littoral token --worker laptop --owner local     your own second machine
  littoral token --worker rack1 --tier edge        one that everybody shares
  littoral token --worker cam7 --group lab         one of a group of shared ones
  export LITTORAL_JOIN_TOKEN=$(littoral token --worker laptop --owner local)
  littoral token --worker rack1 --tier edge --certificate certs   for TLS

What it grants, until it expires: the worker of that name may join this router
and be handed prompts of its owner (tier device) or of everyone in the tenant
(tier edge). It grants no right to ask. Whoever holds it can join as that
worker: treat it as a password. Deleting join.key in the router's state folder
and starting the router again voids every token.

Who asks over loopback on the router's machine is owner `local` of tenant
`local`. With the default policy, restricted prompts go to the asker's own
devices alone.";

/// `--tier`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TierFlag {
    /// Somebody's own machine; needs --owner
    Device,
    /// A machine that the organisation shares
    Edge,
}

/// Makes a join token for a worker
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Token {
    /// The worker's name: 1 to 64 of A-Z a-z 0-9 . _ -
    #[arg(long, value_name = "NAME")]
    worker: String,
    /// Whose device it is
    #[arg(long, value_name = "NAME", conflicts_with = "group")]
    owner: Option<String>,
    /// Which group of shared machines it belongs to
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// The most trust it can have [default: device with --owner, else edge]
    #[arg(long, value_enum, value_name = "TIER")]
    tier: Option<TierFlag>,
    /// The organisation it belongs to
    #[arg(long, value_name = "NAME", default_value = "local")]
    tenant: String,
    /// When it ends, from now
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = spans::parse)]
    expires: Duration,
    /// Write a certificate and its key there, for a router that speaks TLS, and print no token
    #[arg(long, value_name = "FOLDER")]
    certificate: Option<PathBuf>,
    /// The router's configuration file, if it has one: it may name another state folder
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Token {
    /// Signs the token with the key in the router's state folder.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let claims = self.claims()?;
        let state = roles::load(self.config.as_deref(), &globals.home())?.state;
        std::fs::create_dir_all(&state).map_err(|error| {
            Failure::new(format!("failed to make the state folder {}: {error}", state.display()))
                .fix("give a writable --home")
        })?;
        let key = JoinKey::load_or_create(&state.join("join.key"))
            .map_err(|error| Failure::new(format!("the join key cannot be used: {error}")))?;
        if let Some(folder) = &self.certificate {
            return certify(&state, &key, &claims, folder, globals);
        }
        let token = key.issue(&claims).map_err(|error| Failure::usage(error.to_string()))?;
        explain(&claims, globals);
        let mut out = screen::out();
        if globals.json {
            let line =
                serde_json::json!({ "token": token, "claims": claims, "key": key.router_id() });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{token}")?;
        }
        Ok(out.flush()?)
    }

    fn claims(&self) -> Result<Claims, Failure> {
        let tier = self.tier.unwrap_or(if self.owner.is_some() {
            TierFlag::Device
        } else {
            TierFlag::Edge
        });
        if self.tier.is_none() && self.owner.is_none() && self.group.is_none() {
            let fix = "add --owner NAME for somebody's device (on this machine you are `local`), or \
                       --tier edge for a shared machine";
            return Err(Failure::usage("a token must say whose machine it is for").fix(fix));
        }
        Ok(Claims {
            worker_id: self.worker.clone(),
            tenant: self.tenant.clone(),
            owner: self.owner.clone(),
            group: self.group.clone(),
            nearest_tier: match tier {
                TierFlag::Device => Tier::Device,
                TierFlag::Edge => Tier::Edge,
            },
            expires_unix_ms: unix_ms().saturating_add(spans::whole_ms(self.expires)),
            router_id: String::new(),
        })
    }
}

/// Writes a certificate that says what the claims say.
fn certify(
    state: &Path,
    key: &JoinKey,
    claims: &Claims,
    folder: &Path,
    globals: &Globals,
) -> Result<(), Failure> {
    let now = unix_ms();
    let authority = Authority::load_or_create(&authority_file(state), key.router_id(), now);
    let authority = authority.map_err(|error| Failure::new(error.to_string()))?;
    let issued =
        authority.worker(claims, now).map_err(|error| Failure::usage(error.to_string()))?;
    let written = authority.write(&issued, folder, &claims.worker_id).map_err(|error| {
        Failure::new(format!("failed to write to {}: {error}", folder.display()))
            .fix("name a writable folder with --certificate")
    })?;
    let Written { certificate, key, authority } = written;
    let mut out = screen::out();
    if globals.json {
        let line = serde_json::json!({
            "certificate": certificate, "key": key, "authority": authority, "claims": claims,
        });
        writeln!(out, "{line}")?;
    } else {
        for file in [&certificate, &key, &authority] {
            writeln!(out, "{}", file.display())?;
        }
        let text = format!(
            "take them to {worker}; there: `littoral worker --router https://ROUTER --ca {} --certificate {} \
             --key {}`. Whoever holds the key can join as {worker}, until {}",
            authority.display(),
            certificate.display(),
            key.display(),
            units::moment(claims.expires_unix_ms),
            worker = claims.worker_id,
        );
        screen::say(screen::hang(&text, ""));
    }
    Ok(out.flush()?)
}

/// Says what a token grants.
fn explain(claims: &Claims, globals: &Globals) {
    let whose = match (&claims.owner, &claims.group) {
        (Some(owner), _) => format!("prompts of {owner}, restricted ones included"),
        (None, Some(group)) => format!("prompts of tenant {}, as group {group}", claims.tenant),
        (None, None) => format!("prompts of everyone in tenant {}", claims.tenant),
    };
    let (worker, until) = (&claims.worker_id, units::moment(claims.expires_unix_ms));
    let text = format!(
        "worker {worker} may join this router and be handed {whose}, until {until}; whoever holds \
         this token can join as {worker}: treat it as a password. On {worker}: `littoral worker \
         --router {} --token TOKEN`",
        globals.router()
    );
    screen::say(screen::hang(&text, ""));
    if littoral_router::config::DEFAULT_LISTEN == globals.router().trim_start_matches("http://") {
        let note = "a router that listens on loopback is reached from this machine only";
        screen::say(format!("{}note: {note}{}", screen::DIM, screen::PLAIN));
    }
}

/// The worker's name in a token. It is read without the key, so it proves nothing; the router checks
/// the signature.
///
/// # Errors
/// The text is no join token.
pub fn name_in(token: &SecretString) -> Result<String, Failure> {
    let malformed = || {
        Failure::usage("the join token is malformed")
            .fix("copy the whole line that `littoral token` printed on the router's machine")
    };
    let token = token.expose_secret().trim();
    if token.is_empty() {
        let fix = "give --token or LITTORAL_JOIN_TOKEN; `littoral token` on the router's machine makes one";
        return Err(Failure::usage("there is no join token").fix(fix));
    }
    let mut segments = token.split('.');
    let (Some("lt1"), Some(claims), Some(_), None) =
        (segments.next(), segments.next(), segments.next(), segments.next())
    else {
        return Err(malformed());
    };
    let json = URL_SAFE_NO_PAD.decode(claims).map_err(|_| malformed())?;
    let claims: Claims = serde_json::from_slice(&json).map_err(|_| malformed())?;
    Ok(claims.worker_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        token: Token,
    }

    fn claims(arguments: &[&str]) -> Result<Claims, Failure> {
        let line = ["x", "--worker", "laptop"].into_iter().chain(arguments.iter().copied());
        Line::try_parse_from(line).expect("usable flags").token.claims()
    }

    #[test]
    fn an_owner_means_a_device_and_a_group_a_shared_machine() {
        let device = claims(&["--owner", "local"]).unwrap();
        assert_eq!((device.nearest_tier, device.owner.as_deref()), (Tier::Device, Some("local")));
        let edge = claims(&["--group", "lab"]).unwrap();
        assert_eq!((edge.nearest_tier, edge.group.as_deref()), (Tier::Edge, Some("lab")));
        assert_eq!(claims(&["--tier", "edge"]).unwrap().owner, None);
        assert!(claims(&[]).unwrap_err().message.contains("whose machine"));
    }

    #[test]
    fn the_name_is_read_from_a_signed_token_and_from_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let key = JoinKey::load_or_create(&folder.path().join("join.key")).unwrap();
        let token = key.issue(&claims(&["--owner", "local"]).unwrap()).unwrap();
        assert_eq!(name_in(&token.clone().into()).unwrap(), "laptop");
        for bad in ["", "lt1", "lt1.x.y", "lt2.e30.e30", &format!("{token}.more")] {
            let refused = name_in(&bad.to_owned().into()).unwrap_err();
            assert!(!refused.message.contains(bad) || bad.is_empty(), "{}", refused.message);
        }
    }
}
