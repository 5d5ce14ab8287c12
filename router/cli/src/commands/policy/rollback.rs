//! `policy rollback`: puts a policy of the past in force again.

use super::proposed::Proposed;
use crate::arguments::Globals;
use crate::client;
use crate::failure::Failure;
use clap::Args;
use littoral_proto::v1;
use std::collections::BTreeSet;

const EXAMPLES: &str = "\
Examples:
  littoral policy rollback                        to the one before
  littoral policy rollback 1f3a9c --note \"too slow\"
  littoral policy rollback --dry-run              shows what would change

`littoral policy history` lists them. It writes the earlier text to the router's
policy file, over whatever is there; a second rollback takes the first one back.";

/// Entries of the history that are searched.
const SEARCHED: u32 = 1_000;

/// Puts an earlier policy in force again
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Rollback {
    /// The first characters of the policy's hash [default: the one before]
    #[arg(value_name = "HASH")]
    hash: Option<String>,
    /// Why, for the history
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

impl Rollback {
    /// Rolls back.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        client::block_on(async {
            let mut client = super::connect(globals).await?;
            let present = super::get(globals, &mut client, None).await?;
            let call = client.list(v1::ListPoliciesRequest { limit: SEARCHED });
            let entries = client::answer(globals, call).await?.entries;
            let hash = choose(&entries, &present.hash, self.hash.as_deref())?;
            let past = super::get(globals, &mut client, Some(hash.clone())).await?;
            let proposed = Proposed { present: &present, sources: &past.sources, hash: &hash };
            if self.dry_run {
                return proposed.show_only(globals);
            }
            proposed.show(globals)?;
            let (hash, etag) = (hash.clone(), present.etag.clone());
            let request = v1::RollbackPolicyRequest { hash, etag, note: self.note };
            let changed = client::answer(globals, client.rollback(request)).await?;
            proposed.made(globals, &changed.hash, &changed.warnings)
        })
    }
}

/// The policy to go back to: the one that is meant, or the latest that is not the present one.
fn choose(
    entries: &[v1::PolicyEntry],
    present: &str,
    wanted: Option<&str>,
) -> Result<String, Failure> {
    let list = "`littoral policy history` lists those that were in force";
    let Some(wanted) = wanted else {
        let before = entries.iter().find(|entry| entry.hash != present);
        return before.map(|entry| entry.hash.clone()).ok_or_else(|| {
            Failure::new("there is no policy to go back to: no other was ever in force").fix(list)
        });
    };
    let meant: BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry.hash.as_str())
        .filter(|hash| hash.starts_with(&wanted.to_ascii_lowercase()))
        .collect();
    match meant.iter().collect::<Vec<_>>()[..] {
        [hash] => Ok((*hash).to_owned()),
        // An older one than was searched is found by its whole hash.
        [] if wanted.len() == 64 => Ok(wanted.to_ascii_lowercase()),
        [] => Err(Failure::usage(format!("no policy {wanted} was ever in force")).fix(list)),
        _ => {
            let mut failure = Failure::usage(format!("{wanted} may be several policies"));
            failure.details = meant.iter().map(|hash| (*hash).to_owned()).collect();
            Err(failure.fix("write more characters of the hash"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(hashes: &[&str]) -> Vec<v1::PolicyEntry> {
        let entry = |hash: &&str| v1::PolicyEntry {
            hash: (*hash).to_owned(),
            ..v1::PolicyEntry::default()
        };
        hashes.iter().map(entry).collect()
    }

    #[test]
    fn without_a_hash_it_is_the_latest_other_policy() {
        let list = entries(&["cc", "cc", "bb", "aa"]);
        assert_eq!(choose(&list, "cc", None).unwrap(), "bb");
        let failure = choose(&entries(&["cc"]), "cc", None).unwrap_err();
        assert!(failure.message.contains("no policy to go back to"));
    }

    #[test]
    fn the_beginning_of_a_hash_is_enough_if_it_means_one_policy() {
        let list = entries(&["abc1", "abd2", "abc1"]);
        assert_eq!(choose(&list, "abd2", Some("ABC")).unwrap(), "abc1");
        assert_eq!(choose(&list, "abd2", Some("ab")).unwrap_err().details, ["abc1", "abd2"]);
        assert!(choose(&list, "abd2", Some("f")).unwrap_err().message.contains("ever in force"));
    }
}
