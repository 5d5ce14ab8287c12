//! Any interleaving of reserving, sending, settling, releasing, crashing and restarting keeps every
//! limit, forgets no spending, and leaves nothing reserved.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Copy, Debug)]
enum Step {
    /// By a spender, of so much, from a slab or from the limit.
    Reserve {
        who: usize,
        cost: u64,
        from_slab: bool,
    },
    /// The commit of a slab's row fails.
    FailSlab {
        who: usize,
        cost: u64,
    },
    Send(usize),
    Release(usize),
    /// In 256ths of the worst case.
    Settle(usize, u64),
    Assume(usize),
    /// All that was written is durable.
    Commit,
    /// Of what is not durable so much survives, in 256ths.
    Crash(u8),
    Stop,
    /// In milliseconds, either way.
    Time(i64),
}

fn step(most_share: u64) -> impl Strategy<Value = Step> {
    let at = 0_usize..8;
    prop_oneof![
        8 => (0_usize..4, 0_u64..400, any::<bool>())
            .prop_map(|(who, cost, from_slab)| Step::Reserve { who, cost, from_slab }),
        1 => (0_usize..4, 0_u64..400).prop_map(|(who, cost)| Step::FailSlab { who, cost }),
        6 => at.clone().prop_map(Step::Send),
        2 => at.clone().prop_map(Step::Release),
        5 => (at.clone(), 0..=most_share).prop_map(|(at, share)| Step::Settle(at, share)),
        1 => at.prop_map(Step::Assume),
        2 => Just(Step::Commit),
        1 => any::<u8>().prop_map(Step::Crash),
        1 => Just(Step::Stop),
        2 => prop_oneof![-90_000_i64..200_000, -3_000_000_i64..90_000_000].prop_map(Step::Time),
    ]
}

fn rules() -> Vec<Budget> {
    let each = |user| Scope { user, ..Scope::default() };
    let acme = Scope { tenant: Over::Only("acme".into()), ..Scope::default() };
    vec![
        Budget { alert_percent: vec![50], ..budget("all", 2_000) },
        Budget { scope: each(Over::Each), period: Period::Minute, ..budget("a user", 500) },
        Budget { scope: acme, unit: Unit::Tokens, period: Period::Month, ..budget("acme", 3_000) },
        Budget { hard: None, soft: Some(100), period: Period::Hour, ..budget("soft", 0) },
    ]
}

const SPENDERS: [Spender<'static>; 4] =
    [ANN, who("acme", "bob"), who("globex", "ann"), who("globex", "carl")];

/// A process, its journal, and what truly happened.
struct World {
    budgets: Budgets,
    now: u64,
    journal: Vec<Row>,
    durable: usize,
    held: Vec<(Reservation, u64)>,
    sent: Vec<(Sent, u64, Vec<Entry>)>,
    /// What providers took, as far as it was within the worst case.
    truth: BTreeMap<AccountKey, u64>,
}

impl World {
    fn new() -> Self {
        let (journal, truth) = (Vec::new(), BTreeMap::new());
        let (held, sent) = (Vec::new(), Vec::new());
        let budgets = Budgets::new(rules()).unwrap();
        Self { budgets, now: NOON, journal, durable: 0, held, sent, truth }
    }

    fn commit(&mut self, row: Option<Row>) {
        self.journal.extend(row);
        self.durable = self.journal.len();
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Reserve { who, cost: amount, from_slab } => {
                let (who, cost) = (&SPENDERS[who], both(amount));
                if from_slab {
                    if let Ok(Some(slab)) = self.budgets.take_slab(who, cost, self.now) {
                        self.commit(Some(slab.row()));
                        self.budgets.open(slab);
                    }
                    let held = self.budgets.cut(who, cost, self.now);
                    assert_ne!(held, Err(NotCut::Dry), "a slab was just opened");
                    self.held.extend(held.ok().map(|held| (held, amount)));
                } else {
                    let held = self.budgets.reserve(who, cost, self.now);
                    self.held.extend(held.ok().map(|held| (held, amount)));
                }
            }
            Step::FailSlab { who, cost } => {
                let slab = self.budgets.take_slab(&SPENDERS[who], both(cost), self.now);
                slab.ok().flatten().into_iter().for_each(|slab| self.budgets.give_up(slab));
            }
            Step::Send(at) if at < self.held.len() => {
                let (held, worst) = self.held.swap_remove(at);
                let (sent, row) = self.budgets.send(held);
                let Some(Row::Sent { entries, .. }) = row.clone() else { panic!("{row:?}") };
                self.commit(row);
                self.sent.push((sent, worst, entries));
            }
            Step::Release(at) if at < self.held.len() => {
                let (held, _) = self.held.swap_remove(at);
                self.budgets.release(held);
            }
            Step::Settle(at, share) if at < self.sent.len() => self.settle(at, Some(share)),
            Step::Assume(at) if at < self.sent.len() => self.settle(at, None),
            Step::Commit => self.durable = self.journal.len(),
            Step::Crash(kept) => {
                let lost = self.journal.len() - self.durable;
                self.journal.truncate(self.durable + lost * usize::from(kept) / 256);
                self.restart();
            }
            Step::Stop => {
                let row = self.budgets.return_unsent();
                self.commit(row);
                self.restart();
            }
            Step::Time(by) => self.now = self.now.saturating_add_signed(by),
            Step::Send(_) | Step::Release(_) | Step::Settle(..) | Step::Assume(_) => {}
        }
    }

    fn settle(&mut self, at: usize, share: Option<u64>) {
        let (sent, worst, entries) = self.sent.swap_remove(at);
        let took = worst * share.unwrap_or(255) / 255;
        let settlement = match share {
            Some(_) => self.budgets.settle(sent, both(took)),
            None => self.budgets.assume(sent),
        };
        assert_eq!(settlement.overruns.is_empty(), took <= worst);
        self.journal.extend(settlement.row);
        for entry in entries {
            *self.truth.entry(entry.account).or_default() += took.min(entry.amount);
        }
    }

    /// Providers go on with what was sent to them, and take all of it.
    fn restart(&mut self) {
        self.held.clear();
        for (_, _, entries) in std::mem::take(&mut self.sent) {
            for entry in entries {
                *self.truth.entry(entry.account).or_default() += entry.amount;
            }
        }
        let rows = self.journal.clone();
        let recovered = Budgets::recover(rules(), rows, self.now).unwrap();
        self.budgets = recovered.budgets;
        let rows = recovered.assumed.into_iter().filter_map(|settlement| settlement.row);
        self.journal.extend(rows.chain(recovered.returned));
        self.durable = self.journal.len();
        assert_eq!(self.budgets.outstanding(), 0);
    }

    fn holds(&self) {
        let limits: BTreeMap<_, _> =
            rules().into_iter().map(|rule| (rule.name, rule.hard.unwrap_or(u64::MAX))).collect();
        for (key, account) in self.budgets.accounts() {
            let limit = limits[&key.budget];
            let Account { settled, reserved, slab, pending, overrun, .. } = *account;
            assert!(settled + reserved <= limit, "{key:?}: {account:?}");
            if overrun == 0 {
                assert!(settled + reserved + slab + pending <= limit, "{key:?}: {account:?}");
            } else {
                assert!(slab <= limit.saturating_sub(settled + reserved + overrun), "{account:?}");
            }
            let truth = self.truth.get(key).copied().unwrap_or_default();
            assert!(settled + overrun >= truth, "{key:?}: {account:?}, in truth {truth}");
        }
    }

    fn end(&mut self) {
        while !self.held.is_empty() {
            self.step(Step::Release(0));
        }
        while !self.sent.is_empty() {
            self.settle(0, Some(100));
        }
        self.holds();
        let nothing_is_held = |budgets: &Budgets| {
            assert_eq!(budgets.outstanding(), 0);
            for (key, account) in budgets.accounts() {
                assert_eq!((account.reserved, account.pending), (0, 0), "{key:?}");
            }
        };
        nothing_is_held(&self.budgets);
        let before: Vec<_> =
            self.budgets.accounts().map(|(key, account)| (key.clone(), account.spent())).collect();
        self.restart();
        self.holds();
        nothing_is_held(&self.budgets);
        // The journal knows what the memory knew.
        for (key, spent) in before {
            let after = self.budgets.accounts().find(|(other, _)| **other == key);
            assert!(after.is_none_or(|(_, account)| account.spent() == spent), "{key:?}");
        }
    }
}

const fn both(amount: u64) -> Cost {
    Cost { usd_micros: Some(amount), tokens: amount }
}

fn run(steps: Vec<Step>) {
    let mut world = World::new();
    for step in steps {
        world.step(step);
        world.holds();
    }
    world.end();
}

proptest! {
    #[test]
    fn no_interleaving_exceeds_a_limit_forgets_spending_or_leaves_anything_reserved(
        steps in proptest::collection::vec(step(255), 0..120),
    ) {
        run(steps);
    }

    #[test]
    fn nor_does_one_with_providers_that_report_more_than_they_could_have_used(
        steps in proptest::collection::vec(step(400), 0..120),
    ) {
        run(steps);
    }
}
