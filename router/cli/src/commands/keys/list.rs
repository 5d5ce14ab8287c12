//! `keys list`.

use super::{described, failed};
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::table::{Head, Table};
use crate::{json, screen, units};
use clap::Args;
use littoral_router::clock::unix_ms;
use littoral_router::keys::{Books, Key};
use serde_json::json;
use std::io::Write as _;

/// Lists the keys: for whom, what for, until when
#[derive(Debug, Args)]
pub struct List {
    /// Those that ended too
    #[arg(long)]
    all: bool,
}

impl List {
    /// Runs the command to its end.
    pub fn run(self, books: &Books, globals: &Globals) -> Result<(), Failure> {
        let now = unix_ms();
        let mut keys = books.read().map_err(|error| failed(&error))?;
        let all = keys.len();
        keys.retain(|key| self.all || key.holds(now));
        if globals.json {
            let keys: Vec<_> = keys.iter().map(|key| described(key, now)).collect();
            return json::print(&json!({ "keys": keys }));
        }
        if keys.is_empty() {
            screen::say("there is no API key; `littoral keys create --application NAME` makes one");
        } else {
            writeln!(screen::out(), "{}", table(&keys, now).render(screen::width()))?;
        }
        let ended = all - keys.len();
        if ended > 0 {
            screen::say(format!("{ended} more have ended; --all shows them"));
        }
        Ok(())
    }
}

fn table(keys: &[Key], now: u64) -> Table {
    let mut table = Table::new(&[
        Head::Left("key"),
        Head::Left("tenant"),
        Head::Left("application"),
        Head::Left("user"),
        Head::Left("scopes"),
        Head::Left("ends"),
    ]);
    for key in keys {
        let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.name()).collect();
        let ends = match key.revoked_unix_ms {
            Some(_) => "revoked".to_owned(),
            None if !key.holds(now) => "expired".to_owned(),
            None => format!("in {}", units::time_ms(key.expires_unix_ms.saturating_sub(now))),
        };
        table.row([
            key.id.clone(),
            key.tenant.clone(),
            key.application.clone(),
            key.user.clone(),
            scopes.join(" "),
            ends,
        ]);
    }
    table
}
