//! One machine: what runs on it, how fast, how warm it is and how much charge is left.
//!
//! All that runs together runs at one rate, so the machine keeps one clock of its own: seconds of work
//! done for a request that runs from the start. A request ends when that clock has passed its work.
//! The rate changes when somebody comes or goes and as the machine warms up; between two looks it is
//! constant. Charge and heat are worked out when somebody looks, so a machine that nobody asks costs
//! nothing.

mod coverage;
mod heat;
mod paced;
mod power;

pub(crate) use coverage::Coverage;
pub use paced::{Full, PacedMachine, Progress};
pub(crate) use power::{Charge, Spent};

use crate::draws::Draws;
use crate::scenario::Machines;
use std::collections::VecDeque;
use std::time::Duration;

/// How far apart two looks at the heat of a busy machine are, in seconds.
const HEAT_STEP_S: f64 = 2.0;
/// Rounding of the machine's clock, in seconds.
const EPSILON_S: f64 = 1e-9;

/// A request on a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    /// Its trip, and the number of its dispatch.
    pub trip: u32,
    pub serial: u32,
    /// Moments of the machine's clock: begun, first token, end.
    pub begun: f64,
    pub first: f64,
    pub end: f64,
    /// When the first token came.
    pub first_at: Option<Duration>,
    /// Tokens of prompt and answer, for memory and energy.
    pub read: u32,
    pub write: u32,
    /// Most that ran together.
    pub sharers: u32,
}

/// A request that waits for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub trip: u32,
    pub serial: u32,
    /// Tokens to read, tokens to write.
    pub read: u32,
    pub write: u32,
}

/// A machine's state.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub group: u16,
    /// Its speed next to its group's.
    pub speed: f32,
    /// Its share of habits: where it lies among those alike, 0 to 1.
    pub habit: f32,
    /// Gone since a moment.
    pub lost_since: Option<Duration>,
    /// Changes whenever its next event does.
    pub generation: u32,
    pub active: Vec<Run>,
    pub waiting: VecDeque<Waiting>,
    pub charge: Charge,
    /// Conversation whose cache it holds, and how long that is in tokens.
    pub held: (u64, u32),
    clock: f64,
    rate: f64,
    looked_at: Duration,
    heat: f64,
    used_at: Option<Duration>,
}

impl Machine {
    /// A machine as it stands at the start.
    pub fn new(group: u16, kind: &Machines, draws: &mut Draws) -> Self {
        let speed = draws.log_normal(1.0, kind.spread);
        let habit = draws.unit();
        Self {
            group,
            speed: speed as f32,
            habit: habit as f32,
            lost_since: None,
            generation: 0,
            active: Vec::new(),
            waiting: VecDeque::new(),
            charge: Charge::new(kind.battery.as_ref(), draws),
            held: (0, 0),
            clock: 0.0,
            rate: 0.0,
            looked_at: Duration::ZERO,
            heat: 0.0,
            used_at: None,
        }
    }

    /// Lets time pass until `now`.
    pub fn advance(&mut self, kind: &Machines, now: Duration) {
        let passed = now.saturating_sub(self.looked_at).as_secs_f64();
        if let Some(thermal) = &kind.thermal {
            self.heat = heat::after(self.heat, thermal, !self.active.is_empty(), passed);
        }
        let before = self.clock;
        if !self.active.is_empty() {
            self.clock += self.rate * passed;
            for run in &mut self.active {
                if run.first_at.is_none() && run.first <= self.clock + EPSILON_S {
                    let after = ((run.first - before) / self.rate).clamp(0.0, passed);
                    run.first_at = Some(self.looked_at + Duration::from_secs_f64(after));
                }
            }
        }
        self.looked_at = now;
    }

    /// Takes a request into a slot. `load_s` is the time to load the model first.
    pub fn begin(&mut self, kind: &Machines, one: Waiting, now: Duration) {
        self.advance(kind, now);
        let speed = f64::from(self.speed);
        let load_s = if self.is_cold(kind, now) { kind.load_s } else { 0.0 };
        let read_s = f64::from(one.read) / (kind.prefill_tokens_per_s * speed);
        let gap_s = 1.0 / (kind.decode_tokens_per_s * speed);
        let first = self.clock + load_s + read_s + gap_s;
        self.active.push(Run {
            trip: one.trip,
            serial: one.serial,
            begun: self.clock,
            first,
            end: first + gap_s * f64::from(one.write.saturating_sub(1)),
            first_at: None,
            read: one.read,
            write: one.write,
            sharers: 1,
        });
        self.used_at = Some(now);
        self.turn(kind);
    }

    /// Takes a request out, at whatever point it is; says how many tokens it had read and written.
    pub fn stop(&mut self, kind: &Machines, at: usize, now: Duration) -> Spent {
        self.advance(kind, now);
        let run = self.active.remove(at);
        self.used_at = Some(now);
        self.turn(kind);
        let done = self.clock.min(run.end);
        let gap_s = 1.0 / (kind.decode_tokens_per_s * f64::from(self.speed));
        let written =
            (1.0 + ((done - run.first) / gap_s + 1e-6).floor()).clamp(0.0, f64::from(run.write));
        let reading_s = (run.first - gap_s - run.begun).max(1e-12);
        let read = ((done - run.begun) / reading_s).clamp(0.0, 1.0) * f64::from(run.read);
        let spent = Spent::of(kind, read, written);
        self.charge.draw(spent.joules, kind.battery.as_ref());
        spent
    }

    /// The place of a request that runs.
    pub fn place_of(&self, serial: u32) -> Option<usize> {
        self.active.iter().position(|run| run.serial == serial)
    }

    /// The place of a request that is through.
    pub fn finished(&self) -> Option<usize> {
        self.active.iter().position(|run| run.end <= self.clock + EPSILON_S)
    }

    /// Whether one more can begin: a slot and memory are free, and others wait no longer.
    pub fn has_room(&self, kind: &Machines, one: &Waiting) -> bool {
        let free = self.active.len() < kind.slots as usize;
        let tokens = |read: u32, write: u32| u64::from(read) + u64::from(write);
        let held: u64 = self.active.iter().map(|run| tokens(run.read, run.write)).sum();
        // What does not fit at all is tried alone.
        let fits = kind.kv_tokens.is_none_or(|most| held + tokens(one.read, one.write) <= most);
        free && (fits || self.active.is_empty())
    }

    /// When something happens on it next: somebody is through, or the heat has to be looked at.
    pub fn next_at(&self, kind: &Machines) -> Option<Duration> {
        let end = self.active.iter().map(|run| run.end).min_by(f64::total_cmp)?;
        let wait_s = ((end - self.clock) / self.rate).max(0.0);
        let is_warm = kind.thermal.is_some_and(|thermal| {
            self.heat + HEAT_STEP_S * thermal.heating_per_s > thermal.throttles_at
        });
        let wait_s = if is_warm { wait_s.min(HEAT_STEP_S) } else { wait_s };
        // Rounded up, so that the clock has passed the work when the moment has come.
        let wait = Duration::try_from_secs_f64(wait_s).unwrap_or(Duration::MAX);
        Some(self.looked_at.saturating_add(wait).saturating_add(Duration::from_nanos(1)))
    }

    /// Works out the rate anew.
    pub fn turn(&mut self, kind: &Machines) {
        let together = self.active.len().max(1) as f64;
        let cool = kind.thermal.as_ref().map_or(1.0, |thermal| heat::speed(self.heat, thermal));
        self.rate = cool / (1.0 + kind.slowdown * (together - 1.0));
        let sharers = u32::try_from(self.active.len()).unwrap_or(u32::MAX);
        self.active.iter_mut().for_each(|run| run.sharers = run.sharers.max(sharers));
    }

    /// When a run's clock reaches a point, if the rate stays.
    pub fn moment_of(&self, point: f64) -> Duration {
        let wait_s = ((point - self.clock) / self.rate).max(0.0);
        let wait = Duration::try_from_secs_f64(wait_s).unwrap_or(Duration::MAX);
        self.looked_at.saturating_add(wait)
    }

    /// The model is not in memory.
    pub fn is_cold(&self, kind: &Machines, now: Duration) -> bool {
        let Some(after_s) = kind.unloads_after_s else { return false };
        let unused = self.used_at.map(|used| now.saturating_sub(used).as_secs_f64());
        self.active.is_empty() && unused.is_none_or(|unused| unused > after_s)
    }

    /// Heat now, as a share of the limit.
    pub const fn heat(&self) -> f64 {
        self.heat
    }
}

#[cfg(test)]
mod tests;
