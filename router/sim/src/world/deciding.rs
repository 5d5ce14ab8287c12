//! Who decides, and how the core is asked.

use super::asking::{Asked, bytes_of, label};
use super::view::Asker;
use super::{World, purpose};
use crate::draws::Draws;
use crate::machine::Coverage;
use littoral_core::class::DataClass;
use littoral_core::decide::{decide, decide_in, is_blind};
use littoral_core::facts::LocalTime;
use littoral_core::plan::{Decision, Outcome};
use littoral_core::policy::Policy;
use littoral_core::record::Seen;
use std::time::Duration;

/// Who decides.
#[derive(Clone, Copy, Debug)]
pub enum Rule<'a> {
    /// A policy.
    Policy(&'a Policy),
    /// A coin: heads asks a policy of clouds, tails one of machines at hand, and where that has nobody the
    /// other is asked. A baseline: as much cloud, without any judgement.
    Coin {
        /// Decides on heads.
        cloud: &'a Policy,
        /// Decides on tails.
        local: &'a Policy,
        /// Share of heads, 0 to 1.
        share: f64,
    },
}

/// What a harness breaks on purpose, to see that the assertions of a scenario notice. Nothing of the
/// core knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breakage {
    /// The router is told that all content is public.
    PrivacyGate,
    /// Nobody asks the budgets, and nothing is reserved.
    Budget,
    /// Flights are not woken when a first token is overdue.
    FirstTokenLimit,
}

impl<'a> World<'a> {
    /// Decides for a request that came, and sends it on its way, or lets it wait.
    pub(super) fn decide_for(&mut self, asked: Asked) {
        let (second, decision) = self.decided(&asked, 0);
        let arrived = self.now();
        if self.waits(&asked, &decision) {
            self.spare.decided.take_back(decision);
        } else {
            self.go(asked, arrived, second, decision);
        }
    }

    /// Sends a decided request on its way.
    pub(super) fn go(&mut self, asked: Asked, arrived: Duration, second: bool, decision: Decision) {
        match self.spare.decided.outcome_of(decision) {
            Outcome::Planned(plan) => self.fly(asked, arrived, second, plan),
            Outcome::Refused(refusal) => {
                self.metrics.refused(refusal.reason, asked.class, arrived);
                self.think(asked.person);
            }
        }
    }

    /// The decision for a request, and whether it is that of a coin's other side. `look` counts how often the
    /// request was looked at before.
    pub(super) fn decided(&mut self, asked: &Asked, look: u32) -> (bool, Decision) {
        let asker = self.asker(asked);
        self.state_facts(asked, &asker);
        let decision = self.decision(self.policy_of(asked.number, false), asked, &asker, look);
        let is_coin = matches!(self.run.rule, Rule::Coin { .. });
        if !is_coin || matches!(decision.outcome, Outcome::Planned(_)) {
            return (false, decision);
        }
        self.spare.decided.take_back(decision);
        (true, self.decision(self.policy_of(asked.number, true), asked, &asker, look))
    }

    /// The policy that decides for a request: of a coin the side that came up, or the second, its other side.
    pub(super) fn policy_of(&self, number: u64, second: bool) -> &'a Policy {
        match self.run.rule {
            Rule::Policy(policy) => policy,
            Rule::Coin { cloud, local, share } => {
                let heads = Draws::of(self.run.seed, purpose::COIN, number, 0).chance(share);
                if heads == second { local } else { cloud }
            }
        }
    }

    /// One decision, over a part of each crowd first, as the live router takes it.
    pub(super) fn decision(
        &mut self,
        policy: &Policy,
        asked: &Asked,
        asker: &Asker,
        look: u32,
    ) -> Decision {
        let look = u64::from(look);
        let seed = Draws::of(self.run.seed, purpose::DECISION, asked.number, look).number();
        // A record holds whole milliseconds, so decisions are made at one.
        let now = Duration::from_millis(self.now().as_millis() as u64);
        let mut last = None;
        for seen in [Seen::Drawn, Seen::Wider, Seen::Everyone] {
            self.fill_view(asker, seen.most(), seed);
            self.keep_budgets_in_view(asked);
            let fleet = &mut self.view.fleet;
            fleet.answer_tokens = self.learned.answer_tokens(now);
            let facts = &self.facts[asked.kind as usize];
            let made = decide_in(&mut self.spare.decided, policy, facts, fleet, now, seed);
            let blind = is_blind(&made, fleet);
            if let Some(before) = last.replace(made) {
                self.spare.decided.take_back(before);
            }
            if !blind {
                break;
            }
        }
        // The list above is not empty.
        last.unwrap_or_else(|| {
            decide(policy, &self.facts[asked.kind as usize], &self.view.fleet, now, seed)
        })
    }

    pub(super) fn asker(&self, asked: &Asked) -> Asker {
        let machine = self.people.machine(asked.person);
        let coverage = machine.and_then(|machine| self.coverage(machine));
        Asker {
            person: asked.person,
            machine,
            conversation: asked.conversation,
            prompt_tokens: asked.tokens_in,
            known: asked.known,
            alone: coverage.is_some_and(|coverage| coverage.lost_since(self.now()).is_some()),
        }
    }

    /// Where a machine is within reach and where not.
    pub(super) fn coverage(&self, machine: u32) -> Option<Coverage> {
        let kind = self.kind(self.machines.get(machine as usize)?);
        let stretches = kind.network.coverage?;
        Some(Coverage { seed: self.run.seed, machine: machine.into(), stretches })
    }

    /// Puts what differs from request to request into the facts of its kind.
    pub(super) fn state_facts(&mut self, asked: &Asked, asker: &Asker) {
        let minute = (self.start_s() + self.now().as_secs_f64()) / 60.0;
        let minute = minute as u64 % (7 * 1_440);
        let machine = asker.machine.and_then(|machine| self.machines.get(machine as usize));
        let device_class = machine.and_then(|machine| self.kind(machine).device_class);
        let is_broken = self.run.breakage == Some(Breakage::PrivacyGate);
        let said = if is_broken { Some(DataClass::Public) } else { asked.class };
        let tenant = self.people.tenant(asked.person);
        let Some(facts) = self.facts.get_mut(asked.kind as usize) else { return };
        label(facts, said);
        if facts.principal.tenant != **tenant {
            facts.principal.tenant.clear();
            facts.principal.tenant.push_str(tenant);
        }
        facts.principal.device_class = device_class;
        facts.prompt_tokens.tokens = asked.tokens_in;
        facts.prompt_bytes = bytes_of(asked.tokens_in);
        facts.time =
            Some(LocalTime { weekday: (minute / 1_440) as u8, minute: (minute % 1_440) as u16 });
    }
}
