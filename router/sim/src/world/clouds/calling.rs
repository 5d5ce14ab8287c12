//! Calls to clouds: who may make one, how each will end, and what it costs.

use super::super::account::payer;
use super::super::asking::{Asked, bytes_of};
use super::super::dispatching::{fault, observation};
use super::super::trip::{CloudCall, End, Live};
use super::super::{Event, World};
use super::{NO_CONNECTION, REFUSAL};
use crate::draws::Draws;
use littoral_core::breaker::{Outcome, Pass};
use littoral_core::class::DataClass;
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::offline::Reached;
use littoral_core::retry::Kind;
use std::time::Duration;

impl World<'_> {
    /// Calls a cloud for a dispatch: how it will end is drawn now. Returns the breaker's pass.
    ///
    /// # Errors
    /// It may not be called: repeats or hedges are beyond their share, it is left alone, or a budget is spent.
    pub(in crate::world) fn call_cloud(
        &mut self,
        cloud: u16,
        asked: &Asked,
        purpose: Purpose,
        live: &mut Live,
    ) -> Result<Option<Pass>, Fault> {
        let (now, at) = (self.now(), cloud as usize);
        let scenario = self.scenario;
        let Some(known) = scenario.clouds.get(at) else {
            return Err(fault(Kind::NotFound, Blame::Router));
        };
        let pass = self.clouds.admit(at, &known.model, purpose, now)?;
        let (price, unix_ms) = (self.clouds.price(at), self.unix_ms());
        let payer = payer(&self.people, scenario, asked);
        let tokens = (asked.tokens_in, live.write);
        let Ok(sent) = self.ledger.send(payer, &known.model, price, tokens, unix_ms) else {
            self.tell_breaker(cloud, pass, Outcome::Void);
            let kind = "budget";
            return Err(Fault { kind, ..fault(Kind::Quota, Blame::Limit) });
        };
        let most = known.requests_per_minute;
        let offline = self.clouds.offline;
        let trip_ms = live.trip_ms;
        let Some(state) = self.clouds.all.get_mut(at) else {
            return Err(fault(Kind::NotFound, Blame::Router));
        };
        let mut draws =
            Draws::of(self.run.seed, super::super::purpose::CLOUD, asked.number, at as u64);
        let (first_ms, gap_ms) = known.latency.draw(&mut draws);
        let after = |ms: f64| {
            now.saturating_add(Duration::try_from_secs_f64(ms / 1e3).unwrap_or(Duration::MAX))
        };
        let mut end = End::Finish;
        if offline {
            live.end_at = now + NO_CONNECTION;
            end = End::Fail(fault(Kind::Connect, Blame::Network));
        } else if state.down {
            live.end_at = now + REFUSAL;
            end = End::Fail(fault(Kind::Server, Blame::Target));
        } else if let Some(wait) = state.limited(most, now) {
            live.end_at = now + REFUSAL;
            let retry_after_ms = Some(wait.as_millis() as u64);
            end = End::Fail(Fault { retry_after_ms, ..fault(Kind::RateLimited, Blame::Target) });
        } else if state.hangs {
            live.silent = true;
        } else {
            let first_ms = trip_ms + first_ms * state.slow;
            live.first_at = after(first_ms);
            let gaps = f64::from(live.write.saturating_sub(1));
            live.end_at = after(first_ms + gap_ms * state.slow * gaps);
        }
        if !offline {
            // Content without a label in which a scan finds nothing is internal.
            let class = asked.class.unwrap_or(DataClass::Internal);
            self.metrics.left(class, bytes_of(asked.tokens_in));
        }
        let reached = !offline && matches!(end, End::Finish);
        live.call = Some(CloudCall { cloud, price, sent, end, reached });
        Ok(pass)
    }

    /// The moment at which a call ends has come.
    pub(in crate::world) fn cloud_answers(&mut self, trip: u32, serial: u32) {
        let Some(live) = self.trips.live(trip, serial) else { return };
        if live.silent {
            return;
        }
        let Some(call) = &live.call else { return };
        let now = self.events.now();
        match call.end.clone() {
            End::Fail(fault) => self.fail(trip, serial, fault, now),
            End::Finish => self.cloud_finishes(trip, serial),
        }
    }

    fn cloud_finishes(&mut self, trip: u32, serial: u32) {
        let now = self.now();
        // The first word of another may have come before.
        self.tell_tokens(trip, now);
        let Some(live) = self.trips.live(trip, serial) else { return };
        let (written, first) = (live.write, live.first_at);
        let call = live.call.take();
        let Some(state) = self.trips.get(trip) else { return };
        let asked = state.asked;
        let Some(live) = state.running.iter().find(|live| live.serial == serial) else { return };
        let cut = written < asked.tokens_out;
        let seen = observation(live, asked.tokens_in, written, cut, first, now);
        if let Some(call) = call {
            self.learned.cloud_answered(call.cloud as usize, &seen, now);
            self.settle_call(trip, call, written);
        }
        self.finish(trip, serial, (asked.tokens_in, written), now);
    }

    /// A call is over, whatever came of it: it is paid.
    pub(in crate::world) fn settle_call(&mut self, trip: u32, call: CloudCall, written: u32) {
        let unix_ms = self.unix_ms();
        let at = call.cloud as usize;
        let known = &self.scenario.clouds[at];
        let Some(state) = self.trips.get_mut(trip) else { return };
        let (asked, asked_at) = (state.asked, state.arrived);
        let read = if call.reached { asked.tokens_in } else { 0 };
        let cost = self.ledger.cost(call.price, read, written);
        self.metrics.paid(at, cost, asked_at);
        self.conserved.paid(cost);
        let payer = payer(&self.people, self.scenario, &asked);
        let took = (cost, u64::from(read + written));
        self.ledger.settle(payer, call.sent, &known.model, took, unix_ms);
    }

    /// While the router takes itself for offline, it looks now and then whether it still is.
    pub(in crate::world) fn set_probe(&mut self) {
        let wanted = self.clouds.connectivity.probe_at();
        if let Some(at) = wanted.filter(|_| self.clouds.probe_at != wanted) {
            self.events.set_at(at, Event::Probe);
        }
        self.clouds.probe_at = wanted;
    }

    /// Looks whether the way out is back.
    pub(in crate::world) fn probe(&mut self) {
        let now = self.now();
        if self.clouds.connectivity.probe_at().is_none_or(|at| at > now) {
            return;
        }
        let provider = self.scenario.clouds.first().map(|cloud| &*cloud.provider);
        let reached = match provider.filter(|_| self.clouds.offline) {
            Some(provider) => Reached::NoWay(provider),
            None => Reached::Answered,
        };
        self.clouds.connectivity.on(reached, now);
        self.set_probe();
    }
}
