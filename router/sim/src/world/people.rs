//! The people who ask: which machine is whose, and how each of them fared.

use crate::scenario::Scenario;
use std::sync::Arc;

/// The tenant of everybody where no trace names others.
pub(super) const TENANT: &str = "acme";

/// Nobody's machine.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Default)]
struct Fared {
    asked: u32,
    answered: u32,
    /// Number of the conversation, and how long it is in tokens.
    conversation: u32,
    tokens: u32,
}

/// Everybody.
pub(super) struct People {
    /// Of each range of people: its first, its first machine.
    ranges: Vec<(u32, u32)>,
    fared: Vec<Fared>,
    /// Names of tenants, at least one: people belong to them in turn.
    tenants: Vec<Arc<str>>,
}

impl People {
    pub fn new(scenario: &Scenario, firsts: &[u32]) -> Self {
        let mut ranges = Vec::new();
        let mut count = 0_u32;
        for (group, first) in scenario.machines.iter().zip(firsts) {
            if group.owned {
                ranges.push((count, *first));
                count += group.count;
            }
        }
        ranges.push((count, NONE));
        let named = scenario.trace.iter().flat_map(|trace| &trace.tenants);
        let mut tenants: Vec<Arc<str>> = named.map(|name| name.as_str().into()).collect();
        if tenants.is_empty() {
            tenants.push(TENANT.into());
        }
        Self { ranges, fared: vec![Fared::default(); scenario.people()], tenants }
    }

    pub fn len(&self) -> usize {
        self.fared.len()
    }

    /// The people of a tenant, or everybody: the first, the step from one to the next, and how many.
    pub fn of_tenant(&self, tenant: Option<u16>) -> (u32, u32, usize) {
        let (all, tenants) = (self.len(), self.tenants.len());
        match tenant.map(usize::from).filter(|tenant| *tenant < all) {
            Some(first) => (first as u32, tenants as u32, (all - first).div_ceil(tenants)),
            None => (0, 1, all),
        }
    }

    /// The tenant that a person belongs to.
    pub fn tenant(&self, person: u32) -> &Arc<str> {
        &self.tenants[person as usize % self.tenants.len()]
    }

    /// The machine of a person, if it is in the fleet.
    pub fn machine(&self, person: u32) -> Option<u32> {
        let range = self.ranges.iter().rev().find(|(begin, _)| *begin <= person)?;
        (range.1 != NONE).then(|| range.1 + (person - range.0))
    }

    pub fn asked(&mut self, person: u32) {
        if let Some(fared) = self.fared.get_mut(person as usize) {
            fared.asked += 1;
        }
    }

    pub fn answered(&mut self, person: u32) {
        if let Some(fared) = self.fared.get_mut(person as usize) {
            fared.answered += 1;
        }
    }

    /// The person's conversation goes on by so many tokens, or a new one begins. Returns its number and
    /// how many tokens came before.
    pub fn talk(&mut self, person: u32, goes_on: bool, tokens: u32) -> (u64, u32) {
        let Some(fared) = self.fared.get_mut(person as usize) else { return (0, 0) };
        if !goes_on {
            fared.conversation = fared.conversation.wrapping_add(1);
            fared.tokens = 0;
        }
        let before = fared.tokens;
        fared.tokens = before.saturating_add(tokens);
        // Never zero: that is no conversation.
        let number = (u64::from(person) << 32 | u64::from(fared.conversation)) + 1;
        (number, before)
    }

    /// Jain's index of the share of answers that each person got who asked: 1 where all fared alike, towards
    /// 0 where few got everything (Jain, Chiu and Hawe, 1984).
    pub fn fairness(&self) -> f64 {
        let shares = self.fared.iter().filter(|fared| fared.asked > 0);
        let shares = shares.map(|fared| f64::from(fared.answered) / f64::from(fared.asked));
        let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for share in shares {
            count += 1.0;
            sum += share;
            squares += share * share;
        }
        if squares == 0.0 { 1.0 } else { sum * sum / (count * squares) }
    }
}
