//! Apply and rollback: all or nothing, and never over what the asker has not seen.

use super::*;
use crate::policy_keeper::change::{Change, ChangeError};

fn change(etag: &str, sources: Vec<SourceText>) -> Change {
    let act = Act { cause: PolicyCause::Apply, by: "me".into(), note: "why".into() };
    Change { sources, etag: etag.into(), act }
}

/// No policy, for two reasons.
const BAD: &str = "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n";

async fn apply(stage: &Stage, text: &str) -> Result<Arc<Standing>, ChangeError> {
    let etag = stage.keeper.standing().etag.clone();
    stage.keeper.apply(change(&etag, vec![source("policy.toml", text)])).await
}

#[tokio::test]
async fn what_is_applied_is_on_disk_in_force_and_in_the_history() {
    let stage = Stage::of_file("one", None).await;
    let standing = apply(&stage, &text("two")).await.unwrap();
    assert_eq!(fs::read_to_string(stage.path("policy.toml")).unwrap(), text("two"));
    assert_eq!(stage.keeper.in_force().load().name(), "two");
    assert_eq!(standing.etag, stage.keeper.place().etag());
    let last = stage.keeper.list(1).await.unwrap().remove(0);
    assert_eq!(
        (last.cause, last.by.as_str(), last.note.as_str()),
        (PolicyCause::Apply, "me", "why")
    );
    // The watcher finds nothing to do.
    stage.keeper.look().await;
    assert_eq!(stage.names().await, ["one", "two"]);
}

#[tokio::test]
async fn a_change_over_something_unseen_is_refused_and_changes_nothing() {
    let stage = Stage::of_file("one", None).await;
    let old = stage.keeper.standing().etag.clone();
    apply(&stage, &text("two")).await.unwrap();
    let two = || vec![source("policy.toml", &text("three"))];
    let stale = stage.keeper.apply(change(&old, two())).await.unwrap_err();
    let present = stage.keeper.standing().etag.clone();
    assert!(matches!(&stale, ChangeError::Stale { present: told } if *told == present), "{stale}");
    // Somebody edits the file, and the router has not read it yet.
    stage.write("policy.toml", &text("edited"));
    let unsettled = stage.keeper.apply(change(&present, two())).await.unwrap_err();
    assert!(matches!(unsettled, ChangeError::Unsettled { .. }), "{unsettled}");
    assert_eq!(fs::read_to_string(stage.path("policy.toml")).unwrap(), text("edited"));
    assert_eq!(stage.keeper.in_force().load().name(), "two");
}

#[tokio::test]
async fn what_is_no_policy_is_refused_with_every_problem_and_nothing_is_written() {
    let stage = Stage::of_file("one", None).await;
    let error = apply(&stage, BAD).await;
    let Err(ChangeError::Invalid(problems)) = error else { panic!("{error:?}") };
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(fs::read_to_string(stage.path("policy.toml")).unwrap(), text("one"));
    assert_eq!(stage.names().await, ["one"]);
}

#[tokio::test]
async fn a_refused_edit_is_overwritten_by_whoever_has_seen_it() {
    let stage = Stage::of_file("one", None).await;
    let before = stage.keeper.standing();
    stage.write("policy.toml", "version = 7");
    stage.keeper.look().await;
    let refused = stage.keeper.standing();
    assert!(refused.refused.is_some() && refused.etag != before.etag);
    let back =
        stage.keeper.rollback(&before.hash, refused.etag.clone(), "me".into(), String::new());
    let back = back.await.unwrap();
    assert!(back.refused.is_none());
    assert_eq!((&back.hash, &back.etag), (&before.hash, &before.etag));
    assert_eq!(fs::read_to_string(stage.path("policy.toml")).unwrap(), text("one"));
    assert_eq!(back.cause, PolicyCause::Rollback);
}

#[tokio::test]
async fn a_rollback_restores_the_text_and_is_recorded() {
    let stage = Stage::of_file("one", None).await;
    let (one, first) = (stage.keeper.standing(), text("one"));
    let two = apply(&stage, &text("two")).await.unwrap();
    let unknown = stage.keeper.rollback("ab", two.etag.clone(), "me".into(), String::new()).await;
    assert!(matches!(unknown, Err(ChangeError::Unknown { .. })), "{unknown:?}");
    stage.keeper.rollback(&one.hash, two.etag.clone(), "me".into(), String::new()).await.unwrap();
    assert_eq!(fs::read_to_string(stage.path("policy.toml")).unwrap(), first);
    assert_eq!(stage.names().await, ["one", "two", "one"]);
    assert_eq!(stage.keeper.sources(&two.hash).await.unwrap().unwrap()[0].text, text("two"));
}

#[tokio::test]
async fn a_restart_with_the_same_policy_adds_nothing_to_the_history_and_another_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let (file, database) = (folder.path().join("policy.toml"), folder.path().join("littoral.db"));
    let start = async |name: &str| {
        fs::write(&file, text(name)).unwrap();
        let store = Arc::new(SqliteStore::open(&database).unwrap());
        let opening = Opening::read(Place::new(Some(file.clone()), Path::new(""))).unwrap();
        let history = Arc::clone(&store) as Arc<dyn PolicyHistory>;
        let keeper = PolicyKeeper::open(opening, history).await;
        let entries = keeper.list(9).await.unwrap();
        store.close().await.unwrap();
        let told =
            entries.into_iter().map(|entry| format!("{} {}", entry.name, entry.cause.name()));
        told.collect::<Vec<_>>()
    };
    assert_eq!(start("one").await, ["one start"]);
    assert_eq!(start("one").await, ["one start"]);
    assert_eq!(start("two").await, ["two start", "one start"]);
}

#[tokio::test]
async fn a_policy_holds_even_where_the_history_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("policy.toml"), text("one")).unwrap();
    let place = Place::new(Some(folder.path().join("policy.toml")), Path::new(""));
    let stage = Stage::with(folder, place, Arc::new(FullDisk), None).await;
    stage.write("policy.toml", &text("two"));
    stage.keeper.look().await;
    assert_eq!(stage.keeper.in_force().load().name(), "two");
}
