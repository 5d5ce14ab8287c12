//! A request on its way: its flight, and where the running dispatch is.

use super::asking::Asked;
use littoral_core::breaker::Pass;
use littoral_core::budget::Sent;
use littoral_core::class::Tier;
use littoral_core::fleet::Price;
use littoral_core::flight::Flight;
use littoral_core::flight::event::{DispatchId, Fault};
use std::time::Duration;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    Machine(u32),
    Cloud(u16),
}

/// An attempt of the plan, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub at: At,
    pub tier: Tier,
    pub predicted_first_ms: Option<f64>,
    pub predicted_total_ms: Option<f64>,
    pub quality: Option<f64>,
    /// Bounds of nine of ten first tokens, in milliseconds.
    pub bounds: Option<(f64, f64)>,
    pub stall: Duration,
    /// Longest answer that is asked for, in tokens.
    pub output_tokens: u32,
    /// Tokens of the prompt that the machine holds.
    pub held: u32,
}

/// How a cloud's call ends when its moment has come.
#[derive(Clone, Debug)]
pub(super) enum End {
    Finish,
    Fail(Fault),
}

/// What a call to a cloud holds until it is over.
pub(super) struct CloudCall {
    pub cloud: u16,
    pub price: Price,
    pub sent: Option<Sent>,
    pub end: End,
    /// Content reached the provider.
    pub reached: bool,
}

/// A running dispatch.
pub(super) struct Live {
    pub dispatch: DispatchId,
    pub attempt: usize,
    pub serial: u32,
    pub at: At,
    pub since: Duration,
    /// First token and end, where they are known beforehand: at a cloud.
    pub first_at: Duration,
    pub end_at: Duration,
    /// The flight was told of the first token.
    pub told: bool,
    /// Nothing more comes of it.
    pub silent: bool,
    /// It waited for a slot.
    pub queued: bool,
    /// Tokens to write.
    pub write: u32,
    /// Round trip, in milliseconds.
    pub trip_ms: f64,
    pub call: Option<CloudCall>,
}

/// A call to a cloud of which the breaker has not heard the end.
pub(super) struct Unjudged {
    pub dispatch: DispatchId,
    pub cloud: u16,
    pub pass: Option<Pass>,
}

/// A request on its way.
pub(super) struct Trip {
    pub flight: Option<Flight>,
    pub asked: Asked,
    pub arrived: Duration,
    pub deadline: Duration,
    /// Who decides: the second policy of a coin, where the first had nobody.
    pub second: bool,
    pub steps: Vec<Step>,
    /// At most two, and of two neither has said anything yet.
    pub running: Vec<Live>,
    /// Calls of which their cloud's breaker has not heard the end.
    pub unjudged: Vec<Unjudged>,
    /// How often the plan was looked at again.
    pub looks: u32,
    /// When the flight wants to be woken, and the wish that an event is set for.
    pub wake: Duration,
    pub wish: u32,
    pub wish_at: Option<Duration>,
    pub joules: f64,
}

/// All trips; places are used again.
#[derive(Default)]
pub(super) struct Trips {
    all: Vec<Trip>,
    free: Vec<u32>,
    serial: u32,
}

impl Trips {
    /// A place for a new trip.
    pub fn begin(&mut self, asked: Asked, second: bool, times: (Duration, Duration)) -> u32 {
        let (arrived, deadline) = times;
        if let Some(place) = self.free.pop() {
            if let Some(trip) = self.all.get_mut(place as usize) {
                trip.steps.clear();
                trip.running.clear();
                trip.unjudged.clear();
                (trip.asked, trip.arrived, trip.deadline) = (asked, arrived, deadline);
                (trip.wake, trip.wish_at) = (Duration::MAX, None);
                (trip.joules, trip.looks, trip.second) = (0.0, 0, second);
            }
            return place;
        }
        self.all.push(Trip {
            flight: None,
            asked,
            arrived,
            deadline,
            second,
            steps: Vec::with_capacity(4),
            running: Vec::with_capacity(2),
            unjudged: Vec::with_capacity(2),
            looks: 0,
            wake: Duration::MAX,
            wish: 0,
            wish_at: None,
            joules: 0.0,
        });
        (self.all.len() - 1) as u32
    }

    pub fn get(&self, trip: u32) -> Option<&Trip> {
        self.all.get(trip as usize)
    }

    pub fn get_mut(&mut self, trip: u32) -> Option<&mut Trip> {
        self.all.get_mut(trip as usize)
    }

    /// Dispatches that run at a target, as trips and numbers. Slow, for the rare case that it is lost or falls
    /// silent.
    pub fn running_at(&self, target: At) -> Vec<(u32, u32)> {
        let all = self.all.iter().enumerate().flat_map(|(at, trip)| {
            let there = trip.running.iter().filter(move |live| live.at == target);
            there.map(move |live| (at as u32, live.serial))
        });
        all.collect()
    }

    /// The trip is over; its flight is left.
    pub fn end(&mut self, trip: u32) -> Option<Flight> {
        let flight = self.all.get_mut(trip as usize)?.flight.take()?;
        self.free.push(trip);
        Some(flight)
    }

    /// Places that there are: as many as were needed at a time.
    pub const fn most_at_once(&self) -> usize {
        self.all.len()
    }

    /// None is on its way.
    pub fn are_over(&self) -> bool {
        self.free.len() == self.all.len()
    }

    /// A number for a dispatch or a wish: no two that could be mistaken for each other are alike.
    pub fn number(&mut self) -> u32 {
        self.serial = self.serial.wrapping_add(1);
        self.serial
    }

    /// The running dispatch of a trip that has this number.
    pub fn live(&mut self, trip: u32, serial: u32) -> Option<&mut Live> {
        self.get_mut(trip)?.running.iter_mut().find(|live| live.serial == serial)
    }
}
