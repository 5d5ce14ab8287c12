//! Shares, ages and bounds.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const ROOMY: Places = Places { all: 10_000, tenant: 10_000 };

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn order(queue: &mut FairQueue) -> Vec<Arc<str>> {
    std::iter::from_fn(|| queue.serve()).map(|ticket| ticket.tenant).collect()
}

#[test]
fn a_flood_of_one_tenant_does_not_delay_another_beyond_one_turn() {
    let mut queue = FairQueue::new(ROOMY);
    for _ in 0..1_000 {
        queue.join("flood", Priority::Normal, QUANTUM, s(0)).unwrap();
    }
    queue.join("calm", Priority::Normal, QUANTUM, s(1)).unwrap();
    assert_eq!(queue.ahead_of("calm"), 3);
    let served = order(&mut queue);
    let place = served.iter().position(|tenant| &**tenant == "calm");
    assert!(place.is_some_and(|place| place <= 1), "{place:?}");
    assert_eq!(served.len(), 1_001);
}

#[test]
fn tenants_share_tokens_and_not_requests() {
    let mut queue = FairQueue::new(ROOMY);
    for _ in 0..300 {
        queue.join("long", Priority::Normal, 3 * QUANTUM, s(0)).unwrap();
        queue.join("short", Priority::Normal, QUANTUM, s(0)).unwrap();
    }
    let first: Vec<_> = (0..200).filter_map(|_| queue.serve()).collect();
    let short = first.iter().filter(|ticket| &*ticket.tenant == "short").count();
    assert!((148..=152).contains(&short), "{short} of 200");
}

#[test]
fn the_urgent_go_first_and_the_rest_grow_old() {
    let mut queue = FairQueue::new(ROOMY);
    let low = queue.join("t", Priority::Low, 1, s(0)).unwrap();
    let normal = queue.join("t", Priority::Normal, 1, s(1)).unwrap();
    let high = queue.join("t", Priority::High, 1, s(2)).unwrap();
    let much_later = queue.join("t", Priority::High, 1, s(61)).unwrap();
    let order: Vec<Ticket> = std::iter::from_fn(|| queue.serve()).collect();
    assert_eq!(order, [high, normal, low, much_later]);
}

#[test]
fn a_turn_that_was_given_back_costs_nothing_and_keeps_its_place() {
    let mut queue = FairQueue::new(ROOMY);
    let first = queue.join("t", Priority::Normal, 5, s(0)).unwrap();
    queue.join("t", Priority::Normal, 5, s(1)).unwrap();
    assert_eq!(queue.serve().as_ref(), Some(&first));
    queue.put_back(&first, 5);
    assert_eq!(queue.len(), 2);
    assert_eq!(queue.serve(), Some(first));
}

#[test]
fn places_are_bounded_in_all_and_a_tenant() {
    let mut queue = FairQueue::new(Places { all: 3, tenant: 2 });
    queue.join("a", Priority::Normal, 1, s(0)).unwrap();
    let second = queue.join("a", Priority::Normal, 1, s(0)).unwrap();
    assert_eq!(queue.join("a", Priority::High, 1, s(0)), Err(Full::Tenant));
    queue.join("b", Priority::Normal, 1, s(0)).unwrap();
    assert_eq!(queue.join("c", Priority::Normal, 1, s(0)), Err(Full::All));
    assert!(queue.leave(&second) && !queue.leave(&second));
    queue.join("c", Priority::Normal, 1, s(0)).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Join(u8, u8, u64),
    Next,
    Leave(usize),
    PutBack,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u8..5, 0_u8..3, 0_u64..5_000).prop_map(|(t, p, c)| Step::Join(t, p, c)),
        3 => Just(Step::Next),
        1 => (0_usize..50).prop_map(Step::Leave),
        1 => Just(Step::PutBack),
    ]
}

proptest! {
    /// Nobody is lost, nobody is served twice, bounds hold, and a queue that is not empty has a next.
    #[test]
    fn everybody_who_waits_is_served_once(steps in proptest::collection::vec(step(), 0..200)) {
        let places = Places { all: 40, tenant: 15 };
        let mut queue = FairQueue::new(places);
        let mut inside: BTreeMap<Ticket, u64> = BTreeMap::new();
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::Join(tenant, priority, cost) => {
                    let priority = [Priority::High, Priority::Normal, Priority::Low][usize::from(priority)];
                    match queue.join(&format!("t{tenant}"), priority, cost, s(at as u64)) {
                        Ok(ticket) => prop_assert!(inside.insert(ticket, cost).is_none()),
                        Err(Full::All) => prop_assert_eq!(inside.len(), places.all),
                        Err(Full::Tenant) => {
                            prop_assert_eq!(queue.waiting_of(&format!("t{tenant}")), places.tenant);
                        }
                    }
                }
                Step::Next => match queue.serve() {
                    Some(ticket) => prop_assert!(inside.remove(&ticket).is_some()),
                    None => prop_assert!(inside.is_empty()),
                },
                Step::Leave(at) => {
                    if let Some(ticket) = inside.keys().nth(at).cloned() {
                        inside.remove(&ticket);
                        prop_assert!(queue.leave(&ticket));
                    }
                }
                Step::PutBack => {
                    if let Some(ticket) = queue.serve() {
                        queue.put_back(&ticket, inside[&ticket]);
                    }
                }
            }
            prop_assert_eq!(queue.len(), inside.len());
        }
        let rest: BTreeSet<Ticket> = std::iter::from_fn(|| queue.serve()).collect();
        prop_assert_eq!(rest, inside.into_keys().collect());
    }

    /// Of two tenants that always have something waiting, neither gets ahead by more than a quantum
    /// and its largest request.
    #[test]
    fn shares_differ_by_a_bounded_number_of_tokens(costs in proptest::collection::vec((1_u64..4_000, 1_u64..4_000), 50..150)) {
        let mut queue = FairQueue::new(ROOMY);
        let mut of: BTreeMap<Ticket, u64> = BTreeMap::new();
        for (a, b) in &costs {
            of.insert(queue.join("a", Priority::Normal, *a, s(0)).unwrap(), *a);
            of.insert(queue.join("b", Priority::Normal, *b, s(0)).unwrap(), *b);
        }
        let (mut a, mut b) = (0_u64, 0_u64);
        while queue.waiting_of("a") > 0 && queue.waiting_of("b") > 0 {
            let ticket = queue.serve().unwrap();
            if &*ticket.tenant == "a" { a += of[&ticket] } else { b += of[&ticket] }
            prop_assert!(a.abs_diff(b) <= 2 * QUANTUM + 4_000, "{a} and {b}");
        }
    }
}
