//! How an answer looks: the text on standard output, everything about it on standard error.

use super::answer::{Answer, Step};
use crate::arguments::Globals;
use crate::describe::{self, Here, Left};
use crate::failure::Failure;
use crate::lines::Lines;
use crate::screen;
use littoral_proto::v1;
use std::io::Write as _;

/// Where and how to show an answer.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Everything about the answer, even if nobody watches.
    pub verbose: bool,
    /// The text at the end, in one piece.
    pub whole: bool,
    /// Events as JSON; the caller prints them.
    pub json: bool,
}

impl Page {
    /// Shows one step.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn show(&self, step: Step) -> Result<(), Failure> {
        let (dim, yellow, plain) = (screen::DIM, screen::YELLOW, screen::PLAIN);
        match step {
            Step::Nothing => {}
            Step::Text(text) if self.streams() => write_text(&text)?,
            Step::Text(_) => {}
            Step::Reasoning(text) => {
                if self.explains() {
                    // Nobody is left to tell if standard error is gone.
                    let text = screen::printable(&text);
                    let _ = write!(anstream::stderr(), "{dim}{text}{plain}");
                }
            }
            Step::GoesOn(told) => {
                if self.explains() {
                    let _ = write!(anstream::stderr(), "{yellow}[{told}]{plain}");
                }
            }
            Step::StartsAnew(told) => {
                // What is printed cannot be unprinted: a blank line, and a notice whoever reads.
                if self.streams() {
                    write_text("\n\n")?;
                }
                screen::say(format!("{yellow}[{told}]{plain}"));
            }
        }
        Ok(())
    }

    /// Shows what is left to show when the answer is complete.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn end(&self, answer: &Answer, globals: &Globals) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        if self.whole {
            write_text(&answer.text)?;
        }
        if !answer.text.ends_with('\n') {
            write_text("\n")?;
        }
        if self.explains() {
            screen::say(format!("\n{}", self.about(answer, globals)));
        }
        Ok(())
    }

    /// Ends the line in which an answer broke off, so that the error stands on its own.
    pub fn break_off(&self, answer: &Answer) {
        if self.streams() && !answer.text.is_empty() && !answer.text.ends_with('\n') {
            // The failure that comes next says more than a failure to write this.
            let _ = write_text("\n");
        }
    }

    fn streams(&self) -> bool {
        !self.whole && !self.json
    }

    fn explains(&self) -> bool {
        !self.json && (self.verbose || screen::err_is_terminal())
    }

    /// Who answered, why, how long it took, what left.
    fn about(&self, answer: &Answer, globals: &Globals) -> String {
        let mut lines = Lines::default();
        let done = answer.done.clone().unwrap_or_default();
        let left = done.receipt.as_ref().map(|receipt| Left::of(receipt, &Here::of(globals)));
        let why = answer.decision.as_ref().and_then(describe::because);
        if let Some(served) = &done.served {
            describe::answered(&mut lines, served, why, answer.usage.as_ref(), left.as_ref());
        }
        for failover in &answer.failovers {
            lines.add("failover", failover);
        }
        if done.finish_reason() == v1::FinishReason::Length {
            lines.add("note", "the answer ends at the token limit; --max-tokens allows more");
        }
        if done.finish_reason() == v1::FinishReason::ContentFilter {
            lines.add("note", "the provider's filter cut the answer");
        }
        if let Some(id) = &answer.request_id {
            lines.add("more", globals.suggest(&format!("explain {id}")));
        }
        let width = screen::err_width();
        let mut text = lines.render(width);
        if let Some(decision) = answer.decision.as_ref().filter(|_| self.verbose) {
            text.push_str(&format!("\n\n{}", describe::argument(decision, "  ", width)));
        }
        text
    }
}

/// Writes a piece of the answer. Byte for byte into a pipe or a file; onto a terminal without control
/// sequences, which could do more there than be read.
fn write_text(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if screen::out_is_terminal() {
        out.write_all(screen::printable(text).as_bytes())?;
    } else {
        out.write_all(text.as_bytes())?;
    }
    Ok(out.flush()?)
}
