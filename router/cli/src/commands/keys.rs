//! `keys`: who may ask from elsewhere. The book is a file in the state folder, so that keys can be made
//! before the router runs; a running one reads it again within a second.

mod create;
mod list;

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, roles, screen, spans, units};
use clap::{Args, Subcommand};
use littoral_router::clock::unix_ms;
use littoral_router::keys::{BookError, Books, Key, Presented};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  littoral keys create --application crm
  littoral keys create --application ops --scope admin --scope metrics
  littoral keys create --application crm --certificate certs    mutual TLS
  littoral keys list
  littoral keys rotate lk_0123456789ab --grace 7d
  littoral keys revoke lk_0123456789ab

A key is shown once, when it is made; the router keeps a hash. It says who asks:
a tenant, an application, a user; a device of that user is their own device.
[[budget]] and [[rate]] count by these names: of = { application = \"crm\" }.

Who asks with it sends `authorization: Bearer KEY`; clients of OpenAI and of
Anthropic take it as their API key, and this program as LITTORAL_API_KEY.";

/// Makes, lists, replaces and revokes API keys
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Keys {
    #[command(subcommand)]
    verb: Verb,
    /// The router's configuration file, if it has one: it may name another state folder
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Create(create::Create),
    List(list::List),
    /// Makes a key with the same rights; the old one goes on for a while
    Rotate {
        /// The key, as `keys list` shows it
        id: String,
        /// How long the old one can still be used
        #[arg(long, value_name = "TIME", default_value = "1d", value_parser = spans::parse)]
        grace: Duration,
        /// When the new one ends, from now
        #[arg(long, value_name = "TIME", default_value = "90d", value_parser = spans::parse)]
        expires: Duration,
    },
    /// Ends a key
    Revoke {
        /// The key, as `keys list` shows it, or whole
        id: String,
    },
    /// Takes keys that ended out of the book
    Tidy,
}

impl Keys {
    /// Runs the command to its end.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let state = roles::state(self.config.as_deref(), &globals.home())?;
        let books = Books::of(&state);
        let now = unix_ms();
        let after = |time: Duration| now.saturating_add(spans::whole_ms(time));
        match self.verb {
            Verb::Create(create) => create.run(&books, &state, globals),
            Verb::List(list) => list.run(&books, globals),
            Verb::Rotate { id, grace, expires } => {
                let id = Presented::id_of(&id);
                let until = (after(grace), after(expires));
                let (key, secret) = books.rotate(id, until, now).map_err(|error| failed(&error))?;
                let grace = units::time_ms(spans::whole_ms(grace));
                screen::say(format!("{id} can still be used for {grace}"));
                show(&key, &secret, globals)
            }
            Verb::Revoke { id } => {
                let key =
                    books.revoke(Presented::id_of(&id), now).map_err(|error| failed(&error))?;
                screen::say(format!(
                    "{} is revoked; a running router knows within a second",
                    key.id
                ));
                if globals.json { json::print(&described(&key, now)) } else { Ok(()) }
            }
            Verb::Tidy => {
                let gone = books.tidy(now).map_err(|error| failed(&error))?;
                screen::say(format!("{gone} keys that had ended are out of the book"));
                if globals.json { json::print(&json!({ "removed": gone })) } else { Ok(()) }
            }
        }
    }
}

/// Shows a new key: the secret on standard output and nowhere else.
fn show(key: &Key, secret: &SecretString, globals: &Globals) -> Result<(), Failure> {
    let mut out = screen::out();
    if globals.json {
        let mut line = described(key, unix_ms());
        line["key"] = secret.expose_secret().into();
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "{}", secret.expose_secret())?;
    }
    out.flush()?;
    screen::say("this is the only time that it is shown");
    Ok(())
}

/// A key for machines, without its secret and without its hash.
fn described(key: &Key, now: u64) -> serde_json::Value {
    json!({
        "id": key.id,
        "tenant": key.tenant,
        "application": key.application,
        "user": key.user,
        "scopes": key.scopes,
        "created_unix_ms": key.created_unix_ms,
        "expires_unix_ms": key.expires_unix_ms,
        "revoked_unix_ms": key.revoked_unix_ms,
        "holds": key.holds(now),
    })
}

fn failed(error: &BookError) -> Failure {
    let text = error.to_string();
    match text.split_once("; ") {
        Some((what, fix)) => Failure::new(what).fix(fix),
        None => Failure::new(text),
    }
}
