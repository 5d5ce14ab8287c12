//! A machine of a scenario on somebody else's clock: who plays one for a live router asks it what has been
//! read and written by now, and when the next token is due.
//!
//! It is the machine of the simulation, token by token instead of answer by answer. What ended between two
//! looks ended at its own moment, not at that of the look, so a caller whose timers are late loses no speed.

use super::{EPSILON_S, Machine, Run, Waiting};
use crate::draws::Draws;
use crate::scenario::Machines;
use crate::world::purpose;
use std::time::Duration;

/// Every slot and queue place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The job.
    pub job: u32,
    /// Tokens written so far.
    pub written: u32,
    /// All of them are.
    pub is_over: bool,
}

/// A machine that works at the pace of its group.
#[derive(Clone, Debug)]
pub struct PacedMachine {
    kind: Machines,
    machine: Machine,
}

impl PacedMachine {
    /// Machine `number` of a scenario, counted over all groups: with this seed it has the speed that it has
    /// in the simulated run.
    #[must_use]
    pub fn new(kind: &Machines, seed: u64, number: u64) -> Self {
        let mut draws = Draws::of(seed, purpose::MACHINES, number, 0);
        Self { machine: Machine::new(0, kind, &mut draws), kind: kind.clone() }
    }

    /// Takes a job of so many tokens to read and to write. It waits where no slot is free.
    ///
    /// # Errors
    /// [`Full`].
    pub fn take(&mut self, job: u32, read: u32, write: u32, now: Duration) -> Result<(), Full> {
        let one = Waiting { trip: 0, serial: job, read: read.max(1), write: write.max(1) };
        if self.machine.waiting.is_empty() && self.machine.has_room(&self.kind, &one) {
            self.machine.begin(&self.kind, one, now);
        } else if self.machine.waiting.len() < self.kind.queue_limit as usize {
            self.machine.waiting.push_back(one);
        } else {
            return Err(Full);
        }
        Ok(())
    }

    /// Lets a job go before it is over; does nothing if it is.
    pub fn leave(&mut self, job: u32, now: Duration) {
        if let Some(place) = self.machine.place_of(job) {
            let _ = self.machine.stop(&self.kind, place, now);
            self.begin_waiting(now);
        }
        self.machine.waiting.retain(|one| one.serial != job);
    }

    /// How far each job is that runs or has ended since the last look, those that ended first.
    #[must_use]
    pub fn look(&mut self, now: Duration) -> Vec<Progress> {
        let mut seen = Vec::new();
        while let Some(at) = self.machine.next_at(&self.kind).filter(|at| *at <= now) {
            self.machine.advance(&self.kind, at);
            while let Some(place) = self.machine.finished() {
                let run = self.machine.active.get(place).copied();
                let _ = self.machine.stop(&self.kind, place, at);
                seen.extend(run.map(|run| Progress {
                    job: run.serial,
                    written: run.write,
                    is_over: true,
                }));
            }
            self.machine.turn(&self.kind);
            self.begin_waiting(at);
        }
        self.machine.advance(&self.kind, now);
        let running = self.machine.active.iter().map(|run| Progress {
            job: run.serial,
            written: self.written(run),
            is_over: false,
        });
        seen.extend(running);
        seen
    }

    /// When the next token is due or a job is over, if nobody comes or goes; nothing while it is idle.
    #[must_use]
    pub fn next_at(&self) -> Option<Duration> {
        let tokens = self.machine.active.iter().map(|run| {
            self.machine.moment_of(run.first + self.gap_s() * f64::from(self.written(run)))
        });
        tokens.chain(self.machine.next_at(&self.kind)).min()
    }

    /// Jobs that run, and jobs that wait.
    #[must_use]
    pub fn load(&self) -> (u32, u32) {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        (count(self.machine.active.len()), count(self.machine.waiting.len()))
    }

    /// Prompt tokens and generated tokens a second of a request alone, on a cool machine.
    #[must_use]
    pub fn rates(&self) -> (f64, f64) {
        let speed = f64::from(self.machine.speed);
        (self.kind.prefill_tokens_per_s * speed, self.kind.decode_tokens_per_s * speed)
    }

    fn gap_s(&self) -> f64 {
        1.0 / self.rates().1
    }

    /// Tokens that a run has written: the first when its clock reaches that, then one each gap.
    fn written(&self, run: &Run) -> u32 {
        let since = self.machine.clock - run.first + EPSILON_S;
        if since < 0.0 {
            return 0;
        }
        ((1.0 + (since / self.gap_s()).floor()) as u32).min(run.write)
    }

    fn begin_waiting(&mut self, now: Duration) {
        while let Some(one) = self.machine.waiting.front().copied() {
            if !self.machine.has_room(&self.kind, &one) {
                break;
            }
            self.machine.waiting.pop_front();
            self.machine.begin(&self.kind, one, now);
        }
    }
}

#[cfg(test)]
mod tests;
