//! The writer's thread by itself, with a queue that is there beforehand.

use super::super::notes::{Noted, Notes};
use super::super::writer::{Job, Writer, run};
use super::super::{checkpoints::Checkpoints, schema, sql};
use super::*;
use tokio::sync::{mpsc, oneshot};

fn writer(path: &Path) -> Writer {
    Writer {
        database: schema::open(path, Durability::Kill).unwrap(),
        checkpoints: Checkpoints::start(path.into()).unwrap(),
        chain: super::super::chain::Chain::default(),
        notes: Arc::new(Notes::open(path).unwrap().0),
        hurry: Arc::default(),
        owed: Vec::new(),
    }
}

fn intents(path: &Path) -> usize {
    let database = schema::open(path, Durability::Kill).unwrap();
    sql::find(&database.connection, "r1", None).unwrap().unwrap().intents.len()
}

#[test]
fn dropping_the_store_without_a_runtime_writes_what_is_queued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let (jobs, queue) = mpsc::channel(8);
    jobs.blocking_send(Job::Record(Box::new(Row::Intent(intent("r1", "alice", 0))))).unwrap();
    drop(jobs);
    run(writer(&path), queue);
    assert_eq!(intents(&path), 1);
}

#[test]
fn whoever_comes_behind_more_than_a_transaction_of_what_is_owed_is_answered_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let mut writer = writer(&path);
    let owed = |dispatch| {
        let row = Row::Intent(intent("r1", "alice", dispatch));
        let noted: Noted = writer.notes.append(&row).unwrap();
        Job::Noted(Box::new(row), noted)
    };
    writer.owed = (0..1_200).map(owed).collect();
    let (jobs, queue) = mpsc::channel(8);
    let (reply, mut answer) = oneshot::channel();
    let last = Row::Intent(intent("r1", "alice", 1_200));
    jobs.blocking_send(Job::Commit(Box::new(last), reply)).unwrap();
    drop(jobs);
    run(writer, queue);
    assert_eq!(answer.try_recv(), Ok(Ok(())));
    assert_eq!(intents(&path), 1_201);
}

#[test]
fn a_row_that_is_there_by_half_goes_and_the_others_of_its_transaction_stay() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let mut writer = writer(&path);
    // Somebody wrote into the chain: the next receipt finds its place taken, after its outcome was written.
    writer.chain.head(&writer.database.connection).unwrap();
    let foreign =
        "INSERT INTO receipts VALUES (1, 1, 'nobody', 'r0', '{}', zeroblob(32), zeroblob(32))";
    writer.database.connection.execute(foreign, []).unwrap();
    let (jobs, queue) = mpsc::channel(8);
    let mut answers = Vec::new();
    let intent = |dispatch| Row::Intent(intent("r1", "alice", dispatch));
    let ended = |request_id| Row::Ended(ended(request_id, "alice"));
    for row in [intent(0), ended("r1"), intent(1), ended("r2")] {
        let (reply, answer) = oneshot::channel();
        jobs.blocking_send(Job::Commit(Box::new(row), reply)).unwrap();
        answers.push(answer);
    }
    drop(jobs);
    run(writer, queue);
    let fine: Vec<bool> =
        answers.iter_mut().map(|answer| answer.try_recv().unwrap().is_ok()).collect();
    assert_eq!(fine, [true, false, true, true]);
    assert_eq!(intents(&path), 2);
    let database = schema::open(&path, Durability::Kill).unwrap();
    let kept = |id| sql::find(&database.connection, id, None).unwrap().unwrap();
    assert!(kept("r1").ended.is_none(), "the outcome went with its receipt");
    assert!(kept("r2").ended.is_some());
}
