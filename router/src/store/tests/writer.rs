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
