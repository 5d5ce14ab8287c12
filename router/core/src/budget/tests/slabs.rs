//! What is cut in memory stays inside what was journalled, and nothing is lost in a slab.

use super::*;

fn open(budgets: &mut Budgets, usd_micros: u64) -> Row {
    let slab = budgets.take_slab(&ANN, cost(usd_micros), NOON).unwrap().unwrap();
    let row = slab.row();
    budgets.open(slab);
    row
}

#[test]
fn nothing_is_cut_before_a_slab_is_open() {
    let mut budgets = only(budget("day", 1_600));
    assert_eq!(budgets.cut(&ANN, cost(5), NOON), Err(NotCut::Dry));
    let slab = budgets.take_slab(&ANN, cost(5), NOON).unwrap().unwrap();
    assert_eq!(budgets.cut(&ANN, cost(5), NOON), Err(NotCut::Dry));
    let Row::Slab { entries, .. } = slab.row() else { panic!() };
    assert_eq!(entries[0].amount, 100, "a share of what is free");
    budgets.open(slab);
    for _ in 0..20 {
        let held = budgets.cut(&ANN, cost(5), NOON).unwrap();
        let _ = budgets.send(held);
    }
    assert_eq!(budgets.cut(&ANN, cost(5), NOON), Err(NotCut::Dry));
}

#[test]
fn what_a_dispatch_did_not_take_goes_back_to_the_slab() {
    let mut budgets = only(budget("day", 1_600));
    open(&mut budgets, 100);
    let held = budgets.cut(&ANN, cost(100), NOON).unwrap();
    let (sent, _) = budgets.send(held);
    assert_eq!(budgets.cut(&ANN, cost(90), NOON), Err(NotCut::Dry));
    let _ = budgets.settle(sent, cost(10));
    let held = budgets.cut(&ANN, cost(90), NOON).unwrap();
    budgets.release(held);
    assert!(budgets.cut(&ANN, cost(90), NOON).is_ok());
}

#[test]
fn a_slab_whose_row_could_not_be_written_goes_back() {
    let mut budgets = only(budget("day", 100));
    let slab = budgets.take_slab(&ANN, cost(100), NOON).unwrap().unwrap();
    assert_eq!(budgets.take_slab(&ANN, cost(100), NOON), Ok(None), "one is on its way");
    budgets.give_up(slab);
    assert!(budgets.reserve(&ANN, cost(100), NOON).is_ok());
}

#[test]
fn the_last_of_a_budget_can_be_reserved_though_it_is_in_a_slab() {
    let mut budgets = only(budget("day", 1_600));
    open(&mut budgets, 100);
    let held = budgets.reserve(&ANN, cost(1_600), NOON).unwrap();
    assert!(matches!(budgets.cut(&ANN, cost(1), NOON), Err(NotCut::Refused(_))));
    budgets.release(held);
    assert!(budgets.cut(&ANN, cost(100), NOON).is_ok(), "the slab has its own again");
}

#[test]
fn the_rest_of_a_slab_goes_back_at_the_end_and_a_later_release_to_what_is_free() {
    let mut budgets = only(budget("day", 100));
    let Row::Slab { slab, .. } = open(&mut budgets, 100) else { panic!() };
    let held = budgets.cut(&ANN, cost(60), NOON).unwrap();
    assert_eq!(budgets.return_unsent(), Some(Row::Returned { slabs: vec![slab] }));
    assert_eq!(budgets.return_unsent(), None);
    budgets.release(held);
    let (_, account) = budgets.accounts().next().unwrap();
    assert_eq!((account.slab, account.left(100)), (0, 100));
}

#[test]
fn an_overrun_takes_from_the_slab_what_it_cannot_take_from_what_is_free() {
    let mut budgets = only(budget("day", 100));
    open(&mut budgets, 100);
    let held = budgets.cut(&ANN, cost(10), NOON).unwrap();
    let (sent, _) = budgets.send(held);
    let _ = budgets.settle(sent, cost(70));
    let (_, account) = budgets.accounts().next().unwrap();
    assert_eq!((account.settled, account.overrun, account.slab), (10, 60, 30));
    assert!(budgets.cut(&ANN, cost(31), NOON).is_err());
    assert!(budgets.cut(&ANN, cost(30), NOON).is_ok());
}

/// Where a client of the race stands.
enum Client {
    Asks,
    Waits(Option<Slab>),
    Done(bool),
}

#[test]
fn of_sixty_four_clients_that_race_for_the_last_cent_exactly_those_get_it_for_whom_it_is_enough() {
    for (limit, each, winners) in [(10_000, 1_000, 10), (10_000, 999, 10), (10_000, 10_001, 0)] {
        for start in 0..64 {
            let mut budgets = only(budget("last cent", limit));
            let mut clients: Vec<Client> = (0..64).map(|_| Client::Asks).collect();
            let mut rounds = 0;
            while clients.iter().any(|client| !matches!(client, Client::Done(_))) {
                rounds += 1;
                assert!(rounds < 200, "somebody waits for ever");
                for place in 0..64 {
                    // Who asks first, and in which direction, differs from round to round.
                    let place = if rounds % 2 == 0 { place } else { 63 - place };
                    let client = &mut clients[(place + start) % 64];
                    *client = step(&mut budgets, std::mem::replace(client, Client::Asks), each);
                }
            }
            let won = clients.iter().filter(|client| matches!(client, Client::Done(true))).count();
            assert_eq!(won, winners, "limit {limit}, each {each}, start {start}");
        }
    }
}

fn step(budgets: &mut Budgets, client: Client, each: u64) -> Client {
    match client {
        Client::Done(_) => client,
        Client::Waits(slab) => {
            slab.into_iter().for_each(|slab| budgets.open(slab));
            Client::Asks
        }
        Client::Asks => match budgets.cut(&ANN, cost(each), NOON) {
            Ok(held) => {
                let _ = budgets.send(held);
                Client::Done(true)
            }
            Err(NotCut::Refused(_)) => Client::Done(false),
            Err(NotCut::Dry) => Client::Waits(budgets.take_slab(&ANN, cost(each), NOON).unwrap()),
        },
    }
}
