//! Tests of the flight machine: one file for each part of a flight's life, and the properties that
//! hold in every order of events.

mod before_first_token;
mod endings;
mod hedges;
mod memory;
mod mid_stream;
mod pauses;
mod properties;
mod redaction;
mod revise;
mod time;
mod trace;
mod world;

use super::action::{Action, Emission, Ending, FailoverKind, Purpose};
use super::event::{Blame, Channel, DispatchId, Event, Fault, Finish, ToolCallFragment};
use super::{Flight, FlightOptions};
use crate::class::Tier;
use crate::plan::{Attempt, Limits, Place, Plan, Prediction, Target};
use crate::prompt::Remainder;
use std::time::Duration;

const OPTIONS: FlightOptions = FlightOptions {
    failover: true,
    can_reset: true,
    prefix_bytes_limit: 1024,
    more_attempts_limit: 2,
    seed: 7,
    waited: Duration::ZERO,
};

/// A worker that continues a prefix: first token within 2 s, stall after 1 s.
fn worker(name: &str) -> Attempt {
    attempt(name, Tier::Device, Place::Worker { worker_id: name.into(), incarnation: 1 }, true)
}

/// A cloud that cannot continue a prefix, with the same limits.
fn cloud(name: &str) -> Attempt {
    attempt(name, Tier::Cloud, Place::Cloud { provider: name.into() }, false)
}

fn attempt(pool: &str, tier: Tier, at: Place, accepts_prefix: bool) -> Attempt {
    Attempt {
        target: Target { pool: pool.into(), model: "m".into(), at, accepts_prefix },
        tier,
        predicted: Prediction::default(),
        limits: Limits { first_token_ms: 2_000, stall_ms: 1_000, output_tokens: 256 },
        score: 0.0,
        because: None,
        bounds: None,
    }
}

/// A plan with a deadline of 120 s.
fn plan(attempts: impl Into<Vec<Attempt>>) -> Plan {
    Plan { attempts: attempts.into(), deadline_ms: 120_000, hedge_after_ms: None, meanwhile: None }
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn fault(blame: Blame) -> Fault {
    Fault { blame, kind: "test", detail: format!("{blame:?} failed"), retry_after_ms: None }
}

/// Drives one flight and keeps what came out.
struct Rig {
    flight: Flight,
    now: Duration,
    /// All actions so far.
    all: Vec<Action>,
}

impl Rig {
    fn new(plan: Plan, options: FlightOptions) -> Self {
        let (flight, all) = Flight::start(plan, options, Duration::ZERO);
        Self { flight, now: Duration::ZERO, all }
    }

    /// Moves the clock without telling the flight.
    fn at(&mut self, at_ms: u64) -> &mut Self {
        self.now = ms(at_ms);
        self
    }

    /// Tells an event; returns what came out of it.
    fn on(&mut self, event: Event) -> Vec<Action> {
        let actions = self.flight.on(event, self.now);
        self.all.extend(actions.clone());
        actions
    }

    fn text(&mut self, dispatch: u32, text: &str) -> Vec<Action> {
        self.on(delta(dispatch, Channel::Content, None, text))
    }

    fn fail(&mut self, dispatch: u32, blame: Blame) -> Vec<Action> {
        self.on(Event::Failed { dispatch: DispatchId(dispatch), fault: fault(blame) })
    }

    fn finish(&mut self, dispatch: u32) -> Vec<Action> {
        let finish = Finish::Stop;
        self.on(Event::Finished { dispatch: DispatchId(dispatch), finish, usage: None })
    }

    /// The moment of the last wake-up that was asked for.
    fn wake(&self) -> Duration {
        let at = |action: &Action| match action {
            Action::WakeAt(at) => Some(*at),
            _ => None,
        };
        self.all.iter().rev().find_map(at).expect("a wake-up")
    }

    fn ending(&self) -> &Ending {
        match self.all.last() {
            Some(Action::End(ending)) => ending,
            last => panic!("the flight has not ended; last action: {last:?}"),
        }
    }

    /// The named reason and message of a failed flight.
    fn failure(&self) -> (&'static str, &str) {
        let failure = self.ending().result.as_ref().expect_err("a failure");
        (failure.reason.name(), &failure.message)
    }
}

fn delta(dispatch: u32, channel: Channel, offset: Option<u64>, text: &str) -> Event {
    let (dispatch, text) = (DispatchId(dispatch), text.to_owned());
    Event::Delta { dispatch, channel, offset, text, logprobs: Vec::new() }
}

fn fragment(dispatch: u32, arguments: &str) -> Event {
    let fragment =
        ToolCallFragment { index: 0, id: None, name: None, arguments: arguments.to_owned() };
    Event::ToolCallDelta { dispatch: DispatchId(dispatch), fragment }
}

fn told(epoch: u32, offset: u64, text: &str) -> Action {
    let (channel, text) = (Channel::Content, text.to_owned());
    Action::Emit(Emission::Delta { epoch, channel, offset, text, logprobs: Vec::new() })
}

fn sent(dispatch: u32, attempt: usize) -> Action {
    sent_on(dispatch, attempt, None, 256)
}

/// A dispatch that goes on after `prefix` with `left` tokens.
fn sent_on(dispatch: u32, attempt: usize, prefix: Option<&str>, left: u32) -> Action {
    let assistant_prefix = prefix.map(str::to_owned);
    let remainder = Remainder { assistant_prefix, max_output_tokens: left };
    let purpose = if dispatch == 0 { Purpose::First } else { Purpose::Failover };
    Action::Dispatch { dispatch: DispatchId(dispatch), attempt, remainder, purpose }
}

/// The failover among `actions`: from, to, kind, epoch, offset.
fn failover(actions: &[Action]) -> Option<(usize, usize, FailoverKind, u32, u64)> {
    actions.iter().find_map(|action| match action {
        Action::Emit(Emission::Failover { from, to, kind, epoch, at_offset, .. }) => {
            Some((*from, *to, *kind, *epoch, *at_offset))
        }
        _ => None,
    })
}
