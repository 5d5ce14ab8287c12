//! The rules of the shelf, with names for caches.

use std::sync::Arc;

use super::*;

fn shelf(most: usize, budget: u64) -> Arc<Shelf<&'static str>> {
    Arc::new(Shelf::new(most, budget))
}

fn keep(shelf: &Arc<Shelf<&'static str>>, session: u64, tokens: &[u32], bytes: u64) {
    shelf.keep(&Claim::new(shelf, session), tokens.to_vec(), "cache", bytes);
}

fn sessions(shelf: &Shelf<&'static str>) -> Vec<u64> {
    shelf.list().iter().map(|held| held.session).collect()
}

#[test]
fn a_session_gets_its_cache_back_up_to_the_first_difference() {
    let shelf = shelf(4, 100);
    keep(&shelf, 7, &[1, 2, 3, 4], 10);
    assert_eq!(shelf.list(), [Held { session: 7, tokens: 4, bytes: 10 }]);
    assert_eq!(shelf.take(7, &[1, 2, 9, 4, 5]), Some(("cache", 2)));
    assert_eq!(shelf.take(7, &[1, 2, 9, 4, 5]), None, "it was taken down");
}

#[test]
fn the_last_two_tokens_of_a_prompt_are_always_left_to_be_read() {
    let shelf = shelf(4, 100);
    keep(&shelf, 7, &[1, 2, 3, 4], 10);
    assert_eq!(shelf.take(7, &[1, 2, 3]), Some(("cache", 1)));
    keep(&shelf, 7, &[1, 2], 10);
    assert_eq!(shelf.take(7, &[1, 2]), None, "nothing would be left to take over");
}

#[test]
fn another_session_gets_nothing_even_for_the_same_text() {
    let shelf = shelf(4, 100);
    keep(&shelf, 7, &[1, 2, 3], 10);
    assert_eq!(shelf.take(8, &[1, 2, 3, 4]), None);
    assert_eq!(sessions(&shelf), [7]);
}

#[test]
fn the_least_recently_used_goes_when_there_are_too_many() {
    let shelf = shelf(2, 100);
    for session in [1, 2] {
        keep(&shelf, session, &[1, 2], 10);
    }
    assert!(shelf.take(1, &[1, 2, 3]).is_some());
    keep(&shelf, 1, &[1, 2, 3], 10);
    keep(&shelf, 3, &[1], 10);
    assert_eq!(sessions(&shelf), [3, 1]);
}

#[test]
fn the_least_recently_used_goes_when_the_bytes_exceed_the_budget() {
    let shelf = shelf(9, 100);
    for (session, bytes) in [(1, 40), (2, 40), (3, 61)] {
        keep(&shelf, session, &[1], bytes);
    }
    assert_eq!(sessions(&shelf), [3]);
}

#[test]
fn a_cache_larger_than_the_budget_is_not_kept_and_costs_no_other_its_place() {
    let shelf = shelf(9, 100);
    keep(&shelf, 1, &[1], 40);
    keep(&shelf, 2, &[1], 101);
    assert_eq!(sessions(&shelf), [1]);
}

#[test]
fn running_caches_push_held_ones_out_and_are_never_refused() {
    let shelf = shelf(9, 100);
    for session in [1, 2] {
        keep(&shelf, session, &[1], 40);
    }
    shelf.make_room(20);
    assert_eq!(sessions(&shelf), [2, 1]);
    shelf.make_room(21);
    assert_eq!(sessions(&shelf), [2]);
    shelf.make_room(1_000);
    assert!(sessions(&shelf).is_empty());
}

#[test]
fn a_failed_step_runs_once_more_without_what_is_held() {
    let shelf = shelf(9, 100);
    keep(&shelf, 1, &[1], 40);
    let step = || if shelf.list().is_empty() { Ok(()) } else { Err("no memory") };
    assert_eq!(shelf.step(step), Ok(()));
    let mut runs = 0;
    let failing = || {
        runs += 1;
        Err::<(), _>("no memory")
    };
    assert_eq!(shelf.step(failing), Err("no memory"));
    assert_eq!(runs, 1, "there was nothing to make room with");
}

#[test]
fn forgetting_a_session_reaches_what_its_running_job_would_leave() {
    let shelf = shelf(9, 100);
    let (one, two) = (Claim::new(&shelf, 1), Claim::new(&shelf, 2));
    keep(&shelf, 1, &[1], 10);
    shelf.forget(1);
    assert!(sessions(&shelf).is_empty());
    shelf.keep(&one, vec![1], "cache", 10);
    shelf.keep(&two, vec![1], "cache", 10);
    assert_eq!(sessions(&shelf), [2]);
    shelf.forget_all();
    shelf.keep(&two, vec![1], "cache", 10);
    assert!(sessions(&shelf).is_empty());
    keep(&shelf, 1, &[1], 10);
    assert_eq!(sessions(&shelf), [1], "a job that comes later may leave its cache");
}

#[test]
fn a_closed_shelf_keeps_nothing_and_no_claim_stays_behind() {
    let shelf = shelf(9, 100);
    keep(&shelf, 1, &[1], 10);
    assert!(shelf.lock().claims.is_empty());
    shelf.close();
    keep(&shelf, 2, &[1], 10);
    assert!(sessions(&shelf).is_empty());
}

#[test]
fn debug_output_shows_no_tokens() {
    let shelf = shelf(9, 100);
    keep(&shelf, 1, &[4711], 10);
    assert!(!format!("{shelf:?}").contains("4711"));
}
