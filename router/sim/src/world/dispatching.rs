//! Dispatches: sent to a machine or a cloud, released again, and the landing of a flight.

use super::trip::{At, Live, Unjudged};
use super::{Event, World, purpose};
use crate::draws::Draws;
use crate::machine::Waiting;
use crate::metrics::Landing;
use littoral_core::estimate::Observation;
use littoral_core::flight::action::{Ending, Purpose};
use littoral_core::flight::event::{Blame, DispatchId, Fault};
use littoral_core::flight::verdicts;
use littoral_core::retry::Kind;
use std::time::Duration;

/// What sends a dispatch back at once.
pub(super) type Refused = Option<(DispatchId, Fault)>;

/// A fault in its usual words.
pub(super) fn fault(kind: Kind, blame: Blame) -> Fault {
    Fault { blame, kind: kind.name(), detail: kind.name().to_owned(), retry_after_ms: None }
}

impl World<'_> {
    /// Sends a dispatch; returns the fault where it cannot even begin.
    pub(super) fn dispatch(
        &mut self,
        trip: u32,
        (dispatch, purpose): (DispatchId, Purpose),
        attempt: usize,
    ) -> Refused {
        let (now, serial) = (self.now(), self.trips.number());
        let state = self.trips.get(trip)?;
        let step = *state.steps.get(attempt)?;
        let asked = state.asked;
        let write = asked.tokens_out.min(step.output_tokens).max(1);
        let own = self.people.machine(asked.person);
        let is_own = matches!(step.at, At::Machine(machine) if Some(machine) == own);
        let own_trip_ms = own.map_or(0.0, |own| self.trip_ms_of(own));
        let trip_ms = match step.at {
            At::Machine(machine) if is_own => self.trip_ms_of(machine).min(0.2),
            At::Machine(machine) => self.trip_ms_of(machine) + own_trip_ms,
            At::Cloud(_) => own_trip_ms,
        };
        let mut live = Live {
            dispatch,
            attempt,
            serial,
            at: step.at,
            since: now,
            first_at: Duration::MAX,
            end_at: Duration::MAX,
            told: false,
            silent: false,
            queued: false,
            write,
            trip_ms,
            call: None,
        };
        match step.at {
            At::Machine(machine) => {
                let read = asked.tokens_in.saturating_sub(step.held).max(1);
                let one = Waiting { trip, serial, read, write };
                live.queued = !self.send_to_machine(machine, one);
                live.silent =
                    self.machines.get(machine as usize).is_some_and(|it| it.lost_since.is_some());
            }
            At::Cloud(cloud) => {
                match self.call_cloud(cloud, &asked, purpose, &mut live) {
                    Err(fault) => return Some((dispatch, fault)),
                    Ok(pass) => {
                        if let Some(state) = self.trips.get_mut(trip) {
                            state.unjudged.push(Unjudged { dispatch, cloud, pass });
                        }
                    }
                }
                if live.end_at != Duration::MAX {
                    self.events.set_at(live.end_at, Event::Cloud(trip, serial));
                }
            }
        }
        if !is_own {
            self.threaten(trip, serial, own, attempt);
        }
        if let Some(state) = self.trips.get_mut(trip) {
            state.running.push(live);
            self.metrics.hedges += u64::from(purpose == Purpose::Hedge);
        }
        None
    }

    fn trip_ms_of(&self, machine: u32) -> f64 {
        let machine = self.machines.get(machine as usize);
        machine.map_or(0.0, |machine| self.kind(machine).network.round_trip_ms)
    }

    /// The way to a target may break: when the asker goes out of reach, or by chance.
    fn threaten(&mut self, trip: u32, serial: u32, own: Option<u32>, attempt: usize) {
        let Some(own) = own else { return };
        let now = self.now();
        if let Some(coverage) = self.coverage(own) {
            self.events.set_at(coverage.next_loss(now), Event::Broken(trip, serial));
        }
        let Some(machine) = self.machines.get(own as usize) else { return };
        let loss = self.kind(machine).network.loss;
        let Some(state) = self.trips.get(trip) else { return };
        let mut draws =
            Draws::of(self.run.seed, purpose::NETWORK, state.asked.number, attempt as u64);
        if draws.chance(loss) {
            let expected_ms = state.steps.get(attempt).and_then(|step| step.predicted_total_ms);
            let after_s = draws.unit() * expected_ms.unwrap_or(3_000.0) / 1e3;
            let at = now.saturating_add(Duration::try_from_secs_f64(after_s).unwrap_or_default());
            self.events.set_at(at, Event::Broken(trip, serial));
        }
    }

    /// The way to a target breaks, if the dispatch still runs. It breaks at the asker's end, so it says
    /// nothing of the target to others.
    pub(super) fn way_breaks(&mut self, trip: u32, serial: u32) {
        let Some(live) = self.trips.live(trip, serial) else { return };
        let dispatch = live.dispatch;
        self.say_nothing_of(trip, dispatch);
        let now = self.now();
        self.fail(trip, serial, fault(Kind::Cut, Blame::Network), now);
    }

    /// Frees what a dispatch holds that did not finish.
    pub(super) fn release(&mut self, trip: u32, serial: u32) {
        let Some(state) = self.trips.get_mut(trip) else { return };
        let Some(place) = state.running.iter().position(|live| live.serial == serial) else {
            return;
        };
        let live = state.running.remove(place);
        match live.at {
            At::Machine(machine) => self.leave_machine(trip, machine, live.serial),
            At::Cloud(_) => {
                let now = self.now();
                let first = live.first_at.max(live.since);
                let written = if now < first || live.silent {
                    u32::from(live.told)
                } else {
                    let gap_s = (live.end_at.saturating_sub(first)).as_secs_f64()
                        / f64::from(live.write.saturating_sub(1).max(1));
                    let gaps = (now.saturating_sub(first).as_secs_f64() / gap_s.max(1e-9)).floor();
                    (1.0 + gaps).min(f64::from(live.write)) as u32
                };
                if let Some(call) = live.call {
                    self.settle_call(trip, call, written);
                }
            }
        }
    }

    /// The flight is over.
    pub(super) fn land(&mut self, trip: u32, ending: Ending) {
        // Whatever still runs is not to blame.
        while let Some(serial) = self.trips.get(trip).and_then(|it| Some(it.running.last()?.serial))
        {
            self.release(trip, serial);
        }
        let winner = verdicts::winner(&ending);
        self.judge(trip, &ending.dispatches, true, winner);
        let Some(state) = self.trips.get_mut(trip) else { return };
        let (asked, arrived) = (state.asked, state.arrived);
        match &ending.result {
            Ok(answered) => {
                let step = state.steps.get(answered.attempt);
                if let Some(row) = winner.and_then(|place| ending.dispatches.get(place)) {
                    let first = row.first_token_at.unwrap_or(row.ended_at);
                    self.people.answered(asked.person);
                    self.metrics.landed(&Landing {
                        at: arrived,
                        tier: step.map(|step| step.tier),
                        first_ms: millis(first.saturating_sub(arrived)),
                        total_ms: millis(row.ended_at.saturating_sub(arrived)),
                        attempt_first_ms: millis(first.saturating_sub(row.at)),
                        attempt_total_ms: millis(row.ended_at.saturating_sub(row.at)),
                        predicted_first_ms: step.and_then(|step| step.predicted_first_ms),
                        predicted_total_ms: step.and_then(|step| step.predicted_total_ms),
                        bounds: step.and_then(|step| step.bounds),
                        quality: step.and_then(|step| step.quality),
                        joules: state.joules,
                        failovers: ending.failovers,
                    });
                }
            }
            Err(failure) => self.metrics.failed(failure.reason, asked.class, arrived),
        }
        if let Some(flight) = self.trips.end(trip) {
            let (plan, memory) = flight.into_parts(ending.dispatches);
            self.spare.decided.take_back_attempts(plan.attempts);
            self.spare.flown.push(memory);
        }
        self.think(asked.person);
    }
}

/// What a target shows of an answer, for those who learn.
pub(super) fn observation<'a>(
    live: &Live,
    read: u32,
    written: u32,
    cut: bool,
    first: Duration,
    end: Duration,
) -> Observation<'a> {
    Observation {
        target: "",
        pool: "",
        alias: "",
        tenant: "",
        prompt_tokens: read,
        output_tokens: written,
        cut_short: cut,
        first_token_ms: Some(millis(first.saturating_sub(live.since))),
        total_ms: millis(end.saturating_sub(live.since)),
        queued: live.queued,
        sharers: 1,
        energy_joules: None,
    }
}

/// A duration in milliseconds.
pub(super) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
