//! What requests are like: by application and class, how long they are and how often they go on with a
//! conversation.

use super::Ended;
use super::numbers::LogNormal;
use littoral_core::class::DataClass;
use littoral_core::facts::ClassOrigin;
use littoral_core::fleet::Site;
use littoral_core::flight::event::Finish;
use littoral_core::record::Record;
use std::collections::BTreeMap;

/// Share of a kind's requests that has to state one bound of the answer for it to be the kind's.
const USUAL: f64 = 0.9;

/// Application, and class where the content is labelled or something was found in it.
pub(super) type KindKey = (String, Option<DataClass>);

/// What was seen of each kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds(BTreeMap<KindKey, Kind>);

/// What was seen of a kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Kind {
    /// Requests.
    pub count: usize,
    /// Tokens that were new in the prompt, where a target counted them or the router did.
    pub read: Vec<f64>,
    /// Bytes of prompts whose tokens nobody counted.
    pub uncounted_bytes: Vec<f64>,
    /// Generated tokens.
    pub wrote: Vec<f64>,
    /// Answers that were cut at their bound: they would have been longer.
    pub cut: usize,
    /// Requests of whose conversation a target held a part.
    pub follows: usize,
    bounds: BTreeMap<Option<u32>, usize>,
}

impl Kinds {
    pub fn add(&mut self, record: &Record, ended: Option<&Ended<'_>>) {
        let facts = &record.facts;
        let kind = self.0.entry(key(record)).or_default();
        kind.count += 1;
        *kind.bounds.entry(facts.max_output_tokens).or_default() += 1;
        let usage = ended.and_then(|ended| ended.usage);
        let held = held(record).max(usage.map_or(0, |usage| usage.cached_tokens));
        kind.follows += usize::from(held > 0);
        let counted = facts.prompt_tokens;
        let whole = match usage.map(|usage| usage.prompt_tokens).filter(|tokens| *tokens > 0) {
            Some(tokens) => Some(tokens),
            None => (!counted.estimated).then_some(counted.tokens),
        };
        match whole {
            // What came before in a conversation is known; a scenario adds it by itself.
            Some(tokens) => kind.read.push(f64::from(tokens.saturating_sub(held).max(1))),
            None => kind.uncounted_bytes.push(facts.prompt_bytes as f64),
        }
        let written = usage.map(|usage| usage.completion_tokens).filter(|tokens| *tokens > 0);
        kind.wrote.extend(written.map(f64::from));
        kind.cut += usize::from(ended.is_some_and(|it| it.finish == Some(Finish::Length)));
    }

    /// Kinds, the most frequent first.
    pub fn by_count(&self) -> Vec<(&KindKey, &Kind)> {
        let mut kinds: Vec<_> = self.0.iter().collect();
        kinds.sort_by_key(|(_, kind)| std::cmp::Reverse(kind.count));
        kinds
    }
}

impl Kind {
    /// Lengths of prompts and of answers, where enough were seen.
    pub fn lengths(&self) -> (Option<LogNormal>, Option<LogNormal>) {
        (LogNormal::of(&self.read), LogNormal::of(&self.wrote))
    }

    /// The bound of the answer that nearly all of its requests state.
    pub fn usual_bound(&self) -> Option<u32> {
        let (bound, count) = self.bounds.iter().max_by_key(|(_, count)| **count)?;
        bound.filter(|_| *count as f64 >= USUAL * self.count as f64)
    }

    /// Share of requests that went on with a conversation, as far as targets held it.
    pub fn follow_share(&self) -> f64 {
        self.follows as f64 / self.count.max(1) as f64
    }
}

fn key(record: &Record) -> KindKey {
    let class = record.decision.class;
    let labelled = record.facts.class.origin == ClassOrigin::Labelled;
    let stated = labelled || class > DataClass::Internal;
    (record.facts.principal.application.clone(), stated.then_some(class))
}

/// The most tokens of the request's conversation that some worker held.
fn held(record: &Record) -> u32 {
    let sites = record.fleet.pools.iter().filter_map(|pool| match &pool.site {
        Site::Workers(site) => Some(&site.workers),
        Site::Cloud(_) => None,
    });
    sites.flatten().map(|worker| worker.held_tokens).max().unwrap_or(0)
}
