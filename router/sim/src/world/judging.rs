//! What the end of a call says of its cloud, to the breaker, and of the way there: as the live router reads the rows
//! of a flight.

use super::trip::Unjudged;
use super::{World, purpose};
use crate::draws::Draws;
use littoral_core::breaker::{Outcome, Pass};
use littoral_core::flight::action::DispatchRow;
use littoral_core::flight::event::DispatchId;
use littoral_core::flight::verdicts;

impl World<'_> {
    /// Tells breakers and the network of the calls of a flight that failed.
    pub(super) fn judge_faults(&mut self, trip: u32) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        if state.unjudged.is_empty() {
            return;
        }
        let Some(flight) = state.flight.take() else { return };
        self.judge(trip, flight.rows(), false, None);
        if let Some(state) = self.trips.get_mut(trip) {
            state.flight = Some(flight);
        }
    }

    /// Tells of the calls that are over. `finished` is the one that gave the answer.
    pub(super) fn judge(
        &mut self,
        trip: u32,
        rows: &[DispatchRow],
        over: bool,
        finished: Option<usize>,
    ) {
        let mut place = 0;
        while let Some(state) = self.trips.get_mut(trip) {
            let Some(one) = state.unjudged.get(place) else { return };
            let index = usize::try_from(one.dispatch.0).unwrap_or(usize::MAX);
            let row = rows.get(index).filter(|row| over || row.fault.is_some());
            let Some(row) = row else {
                place += 1;
                continue;
            };
            let Unjudged { cloud, pass, .. } = state.unjudged.remove(place);
            self.tell_breaker(cloud, pass, verdicts::of_target(row, finished == Some(index)));
            let now = self.now();
            let provider = &self.scenario.clouds[cloud as usize].provider;
            if let Some(reached) = verdicts::of_way(row, provider) {
                self.clouds.reached(reached, now);
                self.set_probe();
            }
        }
    }

    /// A call whose way broke at the asker's end says nothing of its cloud.
    pub(super) fn say_nothing_of(&mut self, trip: u32, dispatch: DispatchId) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        let Some(place) = state.unjudged.iter().position(|one| one.dispatch == dispatch) else {
            return;
        };
        let Unjudged { cloud, pass, .. } = state.unjudged.remove(place);
        self.tell_breaker(cloud, pass, Outcome::Void);
    }

    /// A call that a breaker let through is over. What is called although it is slow has no pass.
    pub(super) fn tell_breaker(&mut self, cloud: u16, pass: Option<Pass>, outcome: Outcome) {
        let now = self.now();
        let Some(pass) = pass else { return };
        let nanos = now.as_nanos() as u64;
        let seed = Draws::of(self.run.seed, purpose::BREAKER, u64::from(cloud), nanos).number();
        if let Some(breaker) = self.clouds.breaker(cloud as usize) {
            breaker.on(pass, outcome, seed, now);
        }
    }
}
