//! The parts of a scenario.

use crate::trace::Samples;
use littoral_core::class::DataClass;
use littoral_core::device::{Accelerator, DeviceClass};
use littoral_core::facts::Hints;
use littoral_core::fleet::Price;
use std::sync::Arc;
use std::time::Duration;

/// When requests come.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// At random moments, so many a second on average, all alike (Poisson).
    Poisson {
        /// Requests a second.
        per_s: f64,
    },
    /// As [`Self::Poisson`] with a rate that follows the hours of the day.
    Diurnal {
        /// Requests a second, on average over the day.
        per_s: f64,
        /// How busy each hour is; only their proportions count.
        hours: [f64; 24],
    },
    /// Calm and bursts in turn, each of exponential length.
    Bursty {
        /// Requests a second, on average.
        per_s: f64,
        /// How many times as many come in a burst as in calm.
        factor: f64,
        /// Mean length of a burst, in seconds.
        burst_s: f64,
        /// Mean length of calm, in seconds.
        calm_s: f64,
    },
    /// Everybody asks, waits for the answer, thinks, and asks again.
    Closed {
        /// Mean time to think, in seconds; exponential.
        think_s: f64,
    },
    /// As recorded, and again from the beginning when the record is over.
    Trace {
        /// How many times as fast as recorded.
        speed: f64,
    },
}

/// How long something is, in tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Length {
    /// Always the same.
    Fixed(f64),
    /// Exponential around a mean.
    Exponential(f64),
    /// Log-normal.
    LogNormal {
        /// Half are shorter.
        median: f64,
        /// Deviation of the logarithm.
        sigma: f64,
    },
    /// As recorded: with the request's own row where arrivals are from the trace, else with a drawn one.
    Trace,
}

/// A kind of request.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Its name in reports.
    pub name: String,
    /// Its share of all requests, 0 to 1.
    pub share: f64,
    /// The application that sends it.
    pub application: String,
    /// Class of its content, as labelled; absent is content without a label.
    pub class: Option<DataClass>,
    /// Length of the prompt.
    pub tokens_in: Length,
    /// Length of the whole answer.
    pub tokens_out: Length,
    /// Longest answer that is asked for, in tokens.
    pub max_output_tokens: Option<u32>,
    /// Share of requests that go on with the asker's last conversation, 0 to 1.
    pub follows: f64,
    /// What the caller wishes.
    pub hints: Hints,
}

/// A group of machines alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Machines {
    /// Name of the group.
    pub name: Arc<str>,
    /// How many.
    pub count: u32,
    /// Each belongs to one of the people who ask; else they serve everybody.
    pub owned: bool,
    /// Group that policies name, for machines that somebody else owns and lends.
    pub lent_as: Option<String>,
    /// The model that they run.
    pub model: Arc<str>,
    /// Prior probability of a good answer of the model, 0 to 1.
    pub quality: Option<f64>,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// The model continues another's text.
    pub accepts_prefix: bool,
    /// Kind of machine.
    pub device_class: Option<DeviceClass>,
    /// What the model runs on.
    pub accelerator: Option<Accelerator>,
    /// Requests that one runs at once.
    pub slots: u32,
    /// Most requests that one lets wait.
    pub queue_limit: u32,
    /// Tokens of running requests, prompts and answers, that its memory holds; endless where absent.
    pub kv_tokens: Option<u64>,
    /// Prompt tokens a second.
    pub prefill_tokens_per_s: f64,
    /// Generated tokens a second, of one request alone.
    pub decode_tokens_per_s: f64,
    /// How much each further request slows down all: 0 not at all, 1 as if they took turns.
    pub slowdown: f64,
    /// Deviation of the logarithm of the machines' speeds.
    pub spread: f64,
    /// Joules for each generated token; not told where absent.
    pub joules_per_token: Option<f64>,
    /// Joules for each prompt token.
    pub joules_per_prompt_token: f64,
    /// Time to load the model, in seconds.
    pub load_s: f64,
    /// The model leaves memory when unused for so long, in seconds; never where absent.
    pub unloads_after_s: Option<f64>,
    /// Battery; a machine without one is on mains.
    pub battery: Option<Battery>,
    /// Heat; a machine without a model of it stays cool.
    pub thermal: Option<Thermal>,
    /// Hours of the day in which it is awake, each machine up to half an hour off; always where absent.
    pub awake: Option<(f64, f64)>,
    /// How it reaches the others.
    pub network: Network,
}

/// A battery.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Battery {
    /// Energy when full, in joules.
    pub capacity_joules: f64,
    /// Charge at the start, lowest and highest of the group, 0 to 1.
    pub start: (f64, f64),
    /// What the machine takes besides models, in watts.
    pub base_watts: f64,
    /// What the charger gives, in watts.
    pub charger_watts: f64,
    /// Hours of the day on the charger, each machine up to an hour off.
    pub plugged: (f64, f64),
    /// Share of the machines that are always on it, 0 to 1.
    pub always_plugged: f64,
}

/// Heat, as a share of the limit: it rises while models run and falls towards zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thermal {
    /// Share of the limit gained in a second of work.
    pub heating_per_s: f64,
    /// Share of the heat lost in a second.
    pub cooling_per_s: f64,
    /// Heat from which on it slows down.
    pub throttles_at: f64,
    /// Share of its speed that is left at the limit.
    pub slowest: f64,
}

/// How a machine reaches the others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Network {
    /// Round trip, in milliseconds.
    pub round_trip_ms: f64,
    /// Share of calls that break, 0 to 1.
    pub loss: f64,
    /// What is sent costs money.
    pub metered: bool,
    /// It is within reach for the first so many seconds on average and then out of it for the second;
    /// always within where absent.
    pub coverage: Option<(f64, f64)>,
}

/// A model at a cloud.
#[derive(Clone, Debug, PartialEq)]
pub struct Cloud {
    /// Name in changes.
    pub name: Arc<str>,
    /// The provider.
    pub provider: Arc<str>,
    /// The model.
    pub model: Arc<str>,
    /// Prior probability of a good answer, 0 to 1.
    pub quality: Option<f64>,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// Price at the start.
    pub price: Price,
    /// How long it takes.
    pub latency: Latency,
    /// Most requests a minute, of everybody together.
    pub requests_per_minute: Option<f64>,
    /// When it is offered first.
    pub from: Duration,
}

/// How long a cloud takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Latency {
    /// As measured: a row is drawn for each request.
    Measured(Arc<Samples>),
    /// Log-normal around medians, in milliseconds.
    LogNormal {
        /// Median time to the first token, and deviation of its logarithm.
        first_token_ms: (f64, f64),
        /// Median time between two tokens, and deviation of its logarithm.
        gap_ms: (f64, f64),
    },
}

/// Something that changes at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// When, from the start.
    pub at: Duration,
    /// What.
    pub effect: Effect,
}

/// What changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// A cloud's calls fail at once, or work again.
    CloudDown(usize, bool),
    /// A cloud takes calls and says nothing, or answers again.
    CloudHangs(usize, bool),
    /// A cloud takes so many times as long.
    CloudSlow(usize, f64),
    /// A cloud's price.
    Price(usize, Price),
    /// A cloud is offered.
    Offered(usize),
    /// So large a share of a group's machines is gone, 0 to 1; 0 brings all back.
    MachinesLost(usize, f64),
    /// No cloud can be reached, or all can again.
    Offline(bool),
    /// So many times as many requests come.
    Rush(f64),
}
