//! Who asks when, and for what. Nothing here depends on a decision, but for closed loops, where people wait
//! for their answers: so policies that are compared meet the same requests.

use super::deciding::Breakage;
use super::{Event, World, purpose};
use crate::draws::Draws;
use crate::scenario::{Arrivals, Length, Request, Scenario};
use crate::trace::Row;
use littoral_core::class::DataClass;
use littoral_core::facts::{ClassFact, ClassOrigin, Extent, Facts, Needs, ScanFact, TokenCount};
use littoral_core::principal::Principal;
use std::time::Duration;

/// Bytes of a token of English text, about.
const BYTES_PER_TOKEN: u32 = 4;

/// The state of the arrival process.
pub(super) struct Asking {
    arrivals: Draws,
    requests: Draws,
    think: Draws,
    /// How many times as many come now.
    pub rush: f64,
    /// Of bursts: whether there is one, and until when.
    burst: (bool, Duration),
    /// Of traces: the next row, and when its round began.
    row: usize,
    round_began: Duration,
    /// Requests that came.
    pub came: u64,
}

/// One request, as it is whatever is decided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub number: u64,
    pub person: u32,
    pub kind: u16,
    pub tokens_in: u32,
    pub tokens_out: u32,
    pub conversation: u64,
    /// Tokens of the prompt that came before in the conversation.
    pub known: u32,
}

impl Asking {
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let _ = scenario;
        Self {
            arrivals: Draws::new(seed, purpose::ARRIVALS),
            requests: Draws::new(seed, purpose::REQUESTS),
            think: Draws::new(seed, purpose::THINK),
            rush: 1.0,
            burst: (false, Duration::ZERO),
            row: 0,
            round_began: Duration::ZERO,
            came: 0,
        }
    }
}

impl World<'_> {
    pub(super) fn begin_asking(&mut self) {
        if let Arrivals::Closed { think_s } = self.scenario.arrivals {
            for person in 0..self.people.len() as u32 {
                let wait = self.asking.think.exponential(think_s);
                self.events.set_at(Duration::from_secs_f64(wait), Event::Ask(person));
            }
            return;
        }
        self.set_next_arrival();
    }

    /// A request of an open process comes, and the next is set.
    pub(super) fn arrive(&mut self) {
        if self.is_over() {
            return;
        }
        let row = self.recorded();
        let people = self.people.len();
        let person = self.asking.requests.below(people) as u32;
        self.set_next_arrival();
        self.request_of(person, row);
    }

    /// Somebody in a closed loop asks.
    pub(super) fn ask(&mut self, person: u32) {
        if !self.is_over() {
            self.request_of(person, None);
        }
    }

    /// Somebody in a closed loop has an answer, or none, and thinks.
    pub(super) fn think(&mut self, person: u32) {
        if let Arrivals::Closed { think_s } = self.scenario.arrivals {
            let wait = self.asking.think.exponential(think_s / self.asking.rush.max(1e-9));
            let at = self.now() + Duration::from_secs_f64(wait);
            self.events.set_at(at, Event::Ask(person));
        }
    }

    /// No more requests come.
    pub(super) fn is_over(&self) -> bool {
        let most = self.scenario.most_requests.unwrap_or(u64::MAX);
        self.now() >= self.scenario.lasts || self.asking.came >= most
    }

    fn set_next_arrival(&mut self) {
        if let Some(at) = self.next_arrival() {
            self.events.set_at(at, Event::Arrival);
        }
    }

    fn next_arrival(&mut self) -> Option<Duration> {
        let now = self.now();
        let start_s = self.start_s();
        let (scenario, asking) = (self.scenario, &mut self.asking);
        let after = |at: Duration, seconds: f64| {
            at.saturating_add(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
        };
        match &scenario.arrivals {
            Arrivals::Poisson { per_s } => Some(after(
                now,
                asking.arrivals.exponential(1.0 / (per_s * asking.rush).max(1e-12)),
            )),
            Arrivals::Diurnal { per_s, hours } => {
                let mean = hours.iter().sum::<f64>() / 24.0;
                let highest = hours.iter().fold(0.0_f64, |high, hour| high.max(*hour));
                let most = per_s * asking.rush * highest / mean;
                let mut at = now;
                // Lewis and Shedler, 1979: draw for the busiest hour, keep in proportion.
                loop {
                    at = after(at, asking.arrivals.exponential(1.0 / most.max(1e-12)));
                    if at >= scenario.lasts {
                        return None;
                    }
                    let hour = ((start_s + at.as_secs_f64()) / 3_600.0) as usize % 24;
                    let busy = hours.get(hour).copied().unwrap_or_default();
                    if asking.arrivals.chance(busy / highest) {
                        return Some(at);
                    }
                }
            }
            Arrivals::Bursty { per_s, factor, burst_s, calm_s } => {
                let calm_rate = per_s * (burst_s + calm_s) / (calm_s + factor * burst_s);
                let mut at = now;
                loop {
                    let (is_burst, until) = asking.burst;
                    let rate = calm_rate * asking.rush * if is_burst { *factor } else { 1.0 };
                    let next = after(at, asking.arrivals.exponential(1.0 / rate.max(1e-12)));
                    if next < until {
                        return Some(next);
                    }
                    // Without memory: the draw begins anew where the rate changes.
                    at = until.max(at);
                    let mean = if is_burst { *calm_s } else { *burst_s };
                    asking.burst = (!is_burst, after(at, asking.arrivals.exponential(mean)));
                    if at >= scenario.lasts {
                        return None;
                    }
                }
            }
            Arrivals::Trace { speed } => {
                let trace = scenario.trace.as_ref()?;
                if asking.row >= trace.rows.len() {
                    asking.row = 0;
                    asking.round_began = after(asking.round_began, trace.period_s() / speed);
                }
                let row = trace.rows.get(asking.row)?;
                Some(after(asking.round_began, row.at_s / speed))
            }
            Arrivals::Closed { .. } => None,
        }
    }

    /// The recorded request that comes now, where arrivals are recorded.
    fn recorded(&mut self) -> Option<Row> {
        let trace = self.scenario.trace.as_ref()?;
        if !matches!(self.scenario.arrivals, Arrivals::Trace { .. }) {
            return None;
        }
        let row = trace.rows.get(self.asking.row).copied();
        self.asking.row += 1;
        row
    }

    /// A person asks for something.
    fn request_of(&mut self, person: u32, row: Option<Row>) {
        let asking = &mut self.asking;
        let number = asking.came;
        asking.came += 1;
        let kind = drawn_kind(&self.scenario.requests, asking.requests.unit());
        let Some(request) = self.scenario.requests.get(kind) else { return };
        let row = row.or_else(|| {
            let trace = self.scenario.trace.as_ref()?;
            trace.rows.get(asking.requests.below(trace.rows.len())).copied()
        });
        let tokens_in =
            drawn(request.tokens_in, &mut asking.requests, row.map(|row| row.tokens_in));
        let tokens_out =
            drawn(request.tokens_out, &mut asking.requests, row.map(|row| row.tokens_out));
        let goes_on = asking.requests.chance(request.follows);
        let (conversation, known) = self.people.talk(person, goes_on, tokens_in + tokens_out);
        self.people.asked(person);
        let whole = tokens_in.saturating_add(known);
        let tokens_out = request.max_output_tokens.map_or(tokens_out, |most| tokens_out.min(most));
        let kind = kind as u16;
        let asked =
            Asked { number, person, kind, tokens_in: whole, tokens_out, conversation, known };
        self.metrics.came(self.events.now());
        self.decide_for(asked);
    }
}

fn drawn_kind(kinds: &[Request], unit: f64) -> usize {
    let mut sum = 0.0;
    let at = kinds.iter().position(|kind| {
        sum += kind.share;
        unit < sum
    });
    at.unwrap_or(kinds.len().saturating_sub(1))
}

/// A length in whole tokens, at least one. One number is drawn whatever the length is.
fn drawn(length: Length, draws: &mut Draws, recorded: Option<u32>) -> u32 {
    let tokens = match length {
        Length::Fixed(tokens) => tokens,
        Length::Exponential(mean) => draws.exponential(mean),
        Length::LogNormal { median, sigma } => draws.log_normal(median, sigma),
        Length::Trace => f64::from(recorded.unwrap_or(1)),
    };
    tokens.round().clamp(1.0, 2e6) as u32
}

/// What is known of each kind of request, but for its numbers.
pub(super) fn facts(scenario: &Scenario, breakage: Option<Breakage>) -> Vec<Facts> {
    let each = scenario.requests.iter();
    each.map(|request| {
        let said = if breakage == Some(Breakage::PrivacyGate) {
            Some(DataClass::Public)
        } else {
            request.class
        };
        Facts {
            principal: Principal {
                tenant: "acme".into(),
                application: request.application.clone(),
                user: "me".into(),
                owner: "me".into(),
                groups: Vec::new(),
                device_class: None,
                loopback: false,
                administrator: false,
            },
            alias: String::new(),
            class: ClassFact {
                class: said.unwrap_or(DataClass::Personal),
                origin: if said.is_some() {
                    ClassOrigin::Labelled
                } else {
                    ClassOrigin::Unlabelled
                },
            },
            scan: ScanFact { extent: Extent::Whole, said, ..ScanFact::default() },
            session: None,
            prompt_tokens: TokenCount { tokens: 1, estimated: false },
            prompt_bytes: 0,
            max_output_tokens: request.max_output_tokens,
            images: 0,
            audio_seconds: 0,
            needs: Needs::default(),
            hints: request.hints,
            time: None,
        }
    })
    .collect()
}

/// Bytes of a prompt.
pub(super) fn bytes_of(tokens: u32) -> u64 {
    u64::from(tokens) * u64::from(BYTES_PER_TOKEN)
}
