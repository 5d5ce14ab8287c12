//! When things happened to one generation.

use std::time::Instant;

use crate::job::Timings;
use crate::ticket::milliseconds;

/// Fills in a generation's [`Timings`] as it goes.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    admitted: Instant,
    first_token: Option<Instant>,
    timings: Timings,
}

impl Clock {
    /// The job was started then and has its slot now.
    pub fn admitted(started: Instant) -> Self {
        let timings = Timings { queue_ms: milliseconds(started), ..Timings::default() };
        Self { started, admitted: Instant::now(), first_token: None, timings }
    }

    /// A chunk of the prompt was read in a step begun at `begun`; `last` ends the prompt.
    pub fn read(&mut self, begun: Instant, last: bool) {
        self.timings.prefill_run_ms += milliseconds(begun);
        if last {
            self.timings.prefill_ms = milliseconds(self.admitted);
        }
    }

    /// A generated token was fed back in a step begun at `begun`.
    pub fn decoded(&mut self, begun: Instant) {
        self.timings.decode_run_ms += milliseconds(begun);
        self.timings.decode_steps += 1;
    }

    /// A token was chosen.
    pub fn chosen(&mut self) {
        if self.first_token.is_none() {
            self.timings.first_token_ms = milliseconds(self.started);
            self.first_token = Some(Instant::now());
        }
    }

    /// The generation is over.
    pub fn finish(&mut self) -> Timings {
        self.timings.decode_ms = self.first_token.map_or(0.0, milliseconds);
        self.timings
    }
}
