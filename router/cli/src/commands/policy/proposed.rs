//! A change that somebody proposes: shown against what is in force, before and after it is made. With
//! `--json` there is one object for both, whether the change was made or only looked at.

use super::shown;
use crate::arguments::Globals;
use crate::failure::Failure;
use crate::{json, screen};
use littoral_proto::v1;
use std::io::Write as _;

/// Another policy in the place of the one in force.
pub struct Proposed<'a> {
    /// What is in force.
    pub present: &'a v1::GetPolicyResponse,
    /// What would be.
    pub sources: &'a [v1::PolicySource],
    /// Its hash.
    pub hash: &'a str,
}

impl Proposed<'_> {
    /// Shows the difference; nothing for programs, who get it at the end.
    pub fn show(&self, globals: &Globals) -> Result<(), Failure> {
        if !globals.json {
            write!(screen::out(), "{}", self.difference())?;
        }
        Ok(())
    }

    /// Shows the difference and says that it was all.
    pub fn show_only(&self, globals: &Globals) -> Result<(), Failure> {
        self.show(globals)?;
        screen::say("nothing was changed");
        self.tell(globals, self.hash, false)
    }

    /// Says that the change was made.
    pub fn made(
        &self,
        globals: &Globals,
        hash: &str,
        warnings: &[v1::PolicyProblem],
    ) -> Result<(), Failure> {
        shown::say_warnings(warnings);
        super::say_changed(globals, &self.present.hash, hash);
        self.tell(globals, hash, true)
    }

    fn difference(&self) -> String {
        shown::difference(&self.present.sources, self.sources)
    }

    fn tell(&self, globals: &Globals, hash: &str, applied: bool) -> Result<(), Failure> {
        if !globals.json {
            return Ok(());
        }
        json::print(&serde_json::json!({
            "previous_hash": self.present.hash,
            "hash": hash,
            "difference": anstream::adapter::strip_str(&self.difference()).to_string(),
            "applied": applied,
        }))
    }
}
