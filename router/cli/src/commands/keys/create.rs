//! `keys create`.

use super::{described, failed, show};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen, spans};
use clap::{Args, ValueEnum};
use littoral_router::clock::unix_ms;
use littoral_router::join_token::JoinKey;
use littoral_router::keys::{Books, Change, Key, Scope};
use littoral_router::tls::authority::Authority;
use littoral_router::tls::authority_file;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Writes a certificate that stands for a key. The key's own secret is known to nobody then.
fn certify(state: &Path, key: &Key, folder: &Path, globals: &Globals) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new(error.to_string());
    let join_key = JoinKey::load_or_create(&state.join("join.key")).map_err(|e| failed(&e))?;
    let file = authority_file(state);
    let authority = Authority::load_or_create(&file, join_key.router_id(), key.created_unix_ms);
    let authority = authority.map_err(|error| failed(&error))?;
    let issued = authority.asker(&key.id, (key.created_unix_ms, key.expires_unix_ms));
    let issued = issued.map_err(|error| failed(&error))?;
    let written = authority.write(&issued, folder, &key.application).map_err(|error| {
        Failure::new(format!("failed to write to {}: {error}", folder.display()))
            .fix("name a writable folder with --certificate")
    })?;
    let mut line = described(key, unix_ms());
    line["certificate"] = written.certificate.display().to_string().into();
    line["private_key"] = written.key.display().to_string().into();
    line["authority"] = written.authority.display().to_string().into();
    if globals.json {
        return json::print(&line);
    }
    let mut out = screen::out();
    for file in [&written.certificate, &written.key, &written.authority] {
        writeln!(out, "{}", file.display())?;
    }
    out.flush()?;
    screen::say(format!("whoever holds the private key asks as {}, until it is revoked", key.id));
    Ok(())
}

/// `--scope`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ScopeFlag {
    /// Chat, dry runs, own records, receipts and usage
    Chat,
    /// Texts into vectors
    Embeddings,
    /// Read the metrics
    Metrics,
    /// Policy, fleet, egress and everybody's records; it includes none of the others
    Admin,
}

impl From<ScopeFlag> for Scope {
    fn from(flag: ScopeFlag) -> Self {
        match flag {
            ScopeFlag::Chat => Self::Chat,
            ScopeFlag::Embeddings => Self::Embeddings,
            ScopeFlag::Metrics => Self::Metrics,
            ScopeFlag::Admin => Self::Admin,
        }
    }
}

/// Makes a key and shows it, once
#[derive(Debug, Args)]
pub struct Create {
    /// Which application asks with it; budgets and rates count it by this name
    #[arg(long, value_name = "NAME")]
    application: String,
    /// Which user asks with it, and whose devices are their own [default: the application's name]
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Whose organisation it is
    #[arg(long, value_name = "NAME", default_value = "local")]
    tenant: String,
    /// What it is good for; may be given several times [default: chat and embeddings]
    #[arg(long, value_enum, value_name = "SCOPE")]
    scope: Vec<ScopeFlag>,
    /// When it ends, from now
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = spans::parse)]
    expires: Duration,
    /// Write a certificate that stands for the key there, with its private key, and show no key
    #[arg(long, value_name = "FOLDER")]
    certificate: Option<PathBuf>,
}

impl Create {
    /// Runs the command to its end.
    pub fn run(self, books: &Books, state: &Path, globals: &Globals) -> Result<(), Failure> {
        let now = unix_ms();
        let scopes = if self.scope.is_empty() {
            [Scope::Chat, Scope::Embeddings].into()
        } else {
            self.scope.into_iter().map(Scope::from).collect()
        };
        let wanted = Change {
            user: self.user.unwrap_or_else(|| self.application.clone()),
            tenant: self.tenant,
            application: self.application,
            scopes,
            expires_unix_ms: now.saturating_add(spans::whole_ms(self.expires)),
        };
        let (key, secret) = books.create(wanted, now).map_err(|error| failed(&error))?;
        match &self.certificate {
            Some(folder) => certify(state, &key, folder, globals),
            None => show(&key, &secret, globals),
        }
    }
}
