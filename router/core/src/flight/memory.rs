//! Memory of flights that are over, for those that come.

use super::Flight;
use super::action::DispatchRow;
use crate::plan::Plan;

/// What a flight keeps while it runs, empty, with the room that it had. Whoever owns many flights, one after the
/// other, starts them in it.
#[derive(Default)]
pub struct FlightMemory {
    pub(super) rows: Vec<DispatchRow>,
    pub(super) text: String,
}

impl Flight {
    /// What is left of a flight: its plan as it stood, and its memory, with the rows that came with its end.
    #[must_use]
    pub fn into_parts(self, mut rows: Vec<DispatchRow>) -> (Plan, FlightMemory) {
        rows.clear();
        let mut text = self.transcript.into_content();
        text.clear();
        (self.plan, FlightMemory { rows, text })
    }
}
