//! What a restart makes of the rows that were written.

use super::*;

fn day() -> Vec<Budget> {
    vec![Budget { alert_percent: vec![50, 80], ..budget("day", 100) }]
}

#[test]
fn what_was_sent_and_not_settled_is_assumed_and_the_slab_returns() {
    let mut budgets = Budgets::new(day()).unwrap();
    let mut rows = Vec::new();
    let slab = budgets.take_slab(&ANN, cost(90), NOON).unwrap().unwrap();
    rows.push(slab.row());
    budgets.open(slab);
    let settled = budgets.cut(&ANN, cost(30), NOON).unwrap();
    let (settled, row) = budgets.send(settled);
    rows.extend(row);
    rows.extend(budgets.settle(settled, cost(20)).row);
    let lost = budgets.cut(&ANN, cost(40), NOON).unwrap();
    rows.extend(budgets.send(lost).1);
    let _never_sent = budgets.cut(&ANN, cost(10), NOON).unwrap();
    drop(budgets);

    let mut recovered = Budgets::recover(day(), rows.clone(), NOON).unwrap();
    let (key, account) = recovered.budgets.accounts().next().unwrap();
    assert_eq!(&*key.budget, "day");
    assert_eq!((account.settled, account.reserved, account.slab), (60, 0, 0));
    assert_eq!(left(&recovered.budgets, &ANN, NOON), Some(40));
    let assumed: Vec<_> = recovered.assumed.iter().filter_map(|each| each.row.clone()).collect();
    assert!(
        matches!(&assumed[..], [Row::Settled { assumed: true, entries, .. }] if entries[0].amount == 40)
    );
    assert_eq!(told(&recovered.assumed[0]), [Threshold::Percent(50)]);
    assert!(matches!(recovered.returned, Some(Row::Returned { ref slabs }) if slabs.len() == 1));

    rows.extend(assumed);
    rows.extend(recovered.returned.take());
    let again = Budgets::recover(day(), rows, NOON).unwrap();
    assert!(again.assumed.is_empty() && again.returned.is_none());
    assert_eq!(left(&again.budgets, &ANN, NOON), Some(40));
}

#[test]
fn what_was_told_before_is_not_told_again() {
    let mut budgets = Budgets::new(day()).unwrap();
    let held = budgets.reserve(&ANN, cost(60), NOON).unwrap();
    let (sent, row) = budgets.send(held);
    let settlement = budgets.settle(sent, cost(60));
    assert_eq!(told(&settlement), [Threshold::Percent(50)]);
    let rows = row.into_iter().chain(settlement.row);
    let mut recovered = Budgets::recover(day(), rows, NOON).unwrap();
    assert_eq!(told(&spend(&mut recovered.budgets, &ANN, 19, NOON)), []);
    assert_eq!(told(&spend(&mut recovered.budgets, &ANN, 1, NOON)), [Threshold::Percent(80)]);
}

#[test]
fn a_row_that_was_written_twice_is_one_dispatch_and_numbers_are_not_used_again() {
    let mut budgets = Budgets::new(day()).unwrap();
    let held = budgets.reserve(&ANN, cost(30), NOON).unwrap();
    let (sent, row) = budgets.send(held);
    let settled = budgets.settle(sent, cost(30)).row;
    let rows = row.clone().into_iter().chain(row).chain(settled.clone()).chain(settled);
    let mut recovered = Budgets::recover(day(), rows, NOON).unwrap();
    assert_eq!(left(&recovered.budgets, &ANN, NOON), Some(70));
    let held = recovered.budgets.reserve(&ANN, cost(1), NOON).unwrap();
    let (_, row) = recovered.budgets.send(held);
    assert!(matches!(row, Some(Row::Sent { reservation: 1, .. })), "{row:?}");
}

#[test]
fn a_clock_that_was_set_back_over_a_restart_refills_nothing() {
    let mut budgets = Budgets::new(day()).unwrap();
    let held = budgets.reserve(&ANN, cost(100), NOON).unwrap();
    let (_, row) = budgets.send(held);
    let recovered = Budgets::recover(day(), row, NOON - DAY_MS).unwrap();
    assert_eq!(left(&recovered.budgets, &ANN, NOON - DAY_MS), Some(0));
}

#[test]
fn rows_read_back_as_they_were_written() {
    let each = Scope { user: Over::Each, ..Scope::default() };
    let mut budgets = only(Budget { scope: each, ..budget("day", 100) });
    let slab = budgets.take_slab(&ANN, cost(10), NOON).unwrap().unwrap();
    let mut rows = vec![slab.row()];
    budgets.open(slab);
    let held = budgets.cut(&ANN, cost(10), NOON).unwrap();
    let (sent, row) = budgets.send(held);
    rows.extend(row);
    rows.extend(budgets.settle(sent, cost(11)).row);
    rows.extend(budgets.return_unsent());
    assert_eq!(rows.len(), 4);
    for row in rows {
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row, "{text}");
    }
}

#[test]
fn what_no_budget_counts_writes_no_row() {
    let globex = Scope { tenant: Over::Only("globex".into()), ..Scope::default() };
    let mut budgets = only(Budget { scope: globex, ..budget("globex", 0) });
    assert_eq!(budgets.take_slab(&ANN, cost(9), NOON), Ok(None));
    let held = budgets.cut(&ANN, cost(9), NOON).unwrap();
    let (sent, row) = budgets.send(held);
    assert_eq!(row, None);
    assert_eq!(budgets.assume(sent), Settlement::default());
}
