//! Who asks when, and for what. Nothing here depends on a decision, but for closed loops, where people wait
//! for their answers: so policies that are compared meet the same requests.

mod arrivals;

use super::people::TENANT;
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
    /// Class of its content, as labelled; absent is content without a label.
    pub class: Option<DataClass>,
}

/// The conversation of those that begin alike, with the number of what they begin with: no person has one.
const BEGINNINGS: u64 = 1 << 63;

impl Asking {
    pub fn new(seed: u64) -> Self {
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
        if let Some(asked) = self.come() {
            self.decide_for(asked);
        }
    }

    /// The request of an open process that comes now; the next is set.
    pub(super) fn come(&mut self) -> Option<Asked> {
        if self.is_over() {
            return None;
        }
        let row = self.recorded();
        let (first, step, count) = self.people.of_tenant(row.and_then(|row| row.tenant));
        let person = first + step * self.asking.requests.below(count) as u32;
        self.set_next_arrival();
        self.request_of(person, row)
    }

    /// Somebody in a closed loop asks.
    pub(super) fn ask(&mut self, person: u32) {
        if self.is_over() {
            return;
        }
        if let Some(asked) = self.request_of(person, None) {
            self.decide_for(asked);
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

    /// A person asks for something.
    fn request_of(&mut self, person: u32, row: Option<Row>) -> Option<Asked> {
        let asking = &mut self.asking;
        let number = asking.came;
        asking.came += 1;
        let kind = drawn_kind(&self.scenario.requests, asking.requests.unit());
        let request = self.scenario.requests.get(kind)?;
        let lengths = row.or_else(|| {
            let trace = self.scenario.trace.as_ref()?;
            trace.rows.get(asking.requests.below(trace.rows.len())).copied()
        });
        let mut length = |of, recorded| drawn(of, &mut asking.requests, recorded);
        let tokens_in = length(request.tokens_in, lengths.map(|row| row.tokens_in));
        let tokens_out = length(request.tokens_out, lengths.map(|row| row.tokens_out));
        let goes_on = asking.requests.chance(request.follows);
        self.people.asked(person);
        let (conversation, known, whole) = match self.begins_with(row) {
            // What is recorded is the whole prompt, with its beginning.
            Some((conversation, shared)) => (conversation, shared.min(tokens_in), tokens_in),
            None => {
                let (number, before) = self.people.talk(person, goes_on, tokens_in + tokens_out);
                (number, before, tokens_in.saturating_add(before))
            }
        };
        let asked = Asked {
            number,
            person,
            kind: kind as u16,
            tokens_in: whole,
            tokens_out: request.max_output_tokens.map_or(tokens_out, |most| tokens_out.min(most)),
            conversation,
            known,
            class: row.and_then(|row| row.class).or(request.class),
        };
        self.metrics.came(self.events.now());
        Some(asked)
    }
}

impl World<'_> {
    /// The conversation of all that begin like a recorded request, and how many tokens they share.
    fn begins_with(&self, row: Option<Row>) -> Option<(u64, u32)> {
        let prefix = row?.prefix?;
        let shared = *self.scenario.trace.as_ref()?.prefixes.get(prefix as usize)?;
        Some((BEGINNINGS + u64::from(prefix), shared))
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

/// What is known of each kind of request, but for its class and its numbers.
pub(super) fn facts(scenario: &Scenario) -> Vec<Facts> {
    let each = scenario.requests.iter();
    each.map(|request| Facts {
        principal: Principal {
            tenant: TENANT.into(),
            application: request.application.clone(),
            user: "me".into(),
            owner: "me".into(),
            groups: Vec::new(),
            device_class: None,
            loopback: false,
            administrator: false,
        },
        alias: String::new(),
        class: ClassFact { class: DataClass::Personal, origin: ClassOrigin::Unlabelled },
        scan: ScanFact { extent: Extent::Whole, ..ScanFact::default() },
        session: None,
        prompt_tokens: TokenCount { tokens: 1, estimated: false },
        prompt_bytes: 0,
        max_output_tokens: request.max_output_tokens,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: request.hints,
        time: None,
    })
    .collect()
}

/// What a label says, and that a scan found nothing beside it.
pub(super) fn label(facts: &mut Facts, said: Option<DataClass>) {
    facts.class = ClassFact {
        class: said.unwrap_or(DataClass::Personal),
        origin: if said.is_some() { ClassOrigin::Labelled } else { ClassOrigin::Unlabelled },
    };
    facts.scan.said = said;
}

/// Bytes of a prompt.
pub(super) fn bytes_of(tokens: u32) -> u64 {
    u64::from(tokens) * u64::from(BYTES_PER_TOKEN)
}
