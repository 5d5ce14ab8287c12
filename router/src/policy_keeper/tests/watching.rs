//! However people change a file, the router notices.

use super::*;

#[tokio::test]
async fn a_file_that_is_written_to_or_renamed_over_is_noticed_at_once_and_by_polling() {
    for pace in [LISTENING, POLLING] {
        let stage = Stage::of_file("one", Some(pace)).await;
        stage.watched("policy.toml").await;
        stage.write("policy.toml", &text("two"));
        stage.wait_for("two").await;
        stage.rename_over("policy.toml", &text("three"));
        stage.wait_for("three").await;
        stage.write("policy.toml", &text("four"));
        stage.wait_for("four").await;
        assert_eq!(stage.names().await, ["one", "two", "three", "four"]);
    }
}

#[tokio::test]
async fn bad_files_keep_the_last_good_policy_and_every_problem_is_told_until_they_are_mended() {
    for pace in [LISTENING, POLLING] {
        let stage = Stage::of_file("good", Some(pace)).await;
        stage.watched("policy.toml").await;
        stage.write("policy.toml", "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n");
        let told = stage.wait_for_refusal().await;
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(stage.keeper.in_force().load().name(), "good");
        fs::remove_file(stage.path("policy.toml")).unwrap();
        stage
            .wait(|standing| {
                standing.refused.as_ref().is_some_and(|refused| refused.problems.len() == 1)
            })
            .await;
        assert_eq!(stage.keeper.in_force().load().name(), "good");
        stage.write("policy.toml", &text("good"));
        stage.wait_for("good").await;
        assert_eq!(stage.names().await, ["good"], "it never was anything else");
    }
}

#[tokio::test]
async fn the_same_policy_in_other_words_is_no_change() {
    let stage = Stage::of_file("one", Some(LISTENING)).await;
    stage.watched("policy.toml").await;
    let (before, policy) = (stage.keeper.standing(), stage.keeper.in_force().load_full());
    let commented = format!("# a comment\n{}", text("one"));
    stage.write("policy.toml", &commented);
    let standing = stage.wait(|standing| standing.etag != before.etag).await;
    assert_eq!(standing.hash, before.hash);
    assert_eq!(standing.since_unix_ms, before.since_unix_ms);
    assert_eq!(standing.sources[0].text, commented);
    assert!(Arc::ptr_eq(&policy, &stage.keeper.in_force().load_full()));
    assert_eq!(stage.names().await, ["one"]);
}

#[tokio::test]
async fn files_that_come_go_and_change_in_a_folder_are_noticed() {
    for pace in [LISTENING, POLLING] {
        let stage = Stage::new("policies", Some(pace), |folder| {
            fs::create_dir(folder.join("policies")).unwrap();
            fs::write(folder.join("policies/a.toml"), text("one")).unwrap();
        })
        .await;
        stage.watched("policies/a.toml").await;
        let plain = stage.keeper.standing().hash.clone();
        stage.write("policies/b.toml", "version = 1\n[tiers]\norder = ['device']\n");
        let more = stage.wait(|standing| standing.hash != plain).await;
        assert_eq!(more.sources.len(), 2);
        stage.rename_over("policies/b.toml", "version = 1\n[tiers]\norder = ['edge']\n");
        stage.wait(|standing| ![&plain, &more.hash].contains(&&standing.hash)).await;
        fs::remove_file(stage.path("policies/b.toml")).unwrap();
        stage.wait(|standing| standing.hash == plain).await;
    }
}

#[tokio::test]
async fn another_folder_in_the_place_of_the_first_is_noticed_and_watched_from_then_on() {
    for pace in [LISTENING, POLLING] {
        let stage = Stage::new("policies", Some(pace), |folder| {
            for (name, policy) in [("policies", "one"), ("next", "two")] {
                fs::create_dir(folder.join(name)).unwrap();
                fs::write(folder.join(name).join("a.toml"), text(policy)).unwrap();
            }
        })
        .await;
        stage.watched("policies/a.toml").await;
        fs::rename(stage.path("policies"), stage.path("former")).unwrap();
        fs::rename(stage.path("next"), stage.path("policies")).unwrap();
        stage.wait_for("two").await;
        stage.write("policies/a.toml", &text("three"));
        stage.wait_for("three").await;
        stage.write("former/a.toml", &text("of no consequence"));
        stage.write("policies/a.toml", &text("four"));
        stage.wait_for("four").await;
    }
}

/// As configuration is mounted into containers: the file is a link through a folder that is a link.
#[cfg(unix)]
#[tokio::test]
async fn a_link_that_is_turned_on_the_way_to_the_file_is_noticed() {
    use std::os::unix::fs::symlink;
    for pace in [LISTENING, POLLING] {
        let stage = Stage::new("mounted/policy.toml", Some(pace), |folder| {
            for version in ["v1", "v2"] {
                let inside = folder.join("mounted").join(version);
                fs::create_dir_all(&inside).unwrap();
                fs::write(inside.join("policy.toml"), text(version)).unwrap();
            }
            symlink("v1", folder.join("mounted/current")).unwrap();
            symlink("current/policy.toml", folder.join("mounted/policy.toml")).unwrap();
        })
        .await;
        stage.watched("mounted/policy.toml").await;
        symlink("v2", stage.path("mounted/turned")).unwrap();
        fs::rename(stage.path("mounted/turned"), stage.path("mounted/current")).unwrap();
        stage.wait_for("v2").await;
        stage.write("mounted/v2/policy.toml", &text("written behind the link"));
        stage.wait_for("written behind the link").await;
    }
}

#[tokio::test]
async fn a_file_is_read_only_after_it_was_left_alone() {
    // Long enough that a test's own writes are never that far apart.
    let pace = Pace { quiet: Duration::from_secs(2), ..LISTENING };
    let stage = Stage::of_file("one", Some(pace)).await;
    // Cut off here it is a policy that allows more than the whole.
    let half = format!("{}[ceilings]\nrestricted = 'edge'\nrestricted_edge = true\n", text("half"));
    stage.write("policy.toml", &half);
    let whole = format!("{}[tiers]\norder = ['device']\n", text("whole"));
    stage.write("policy.toml", &whole);
    stage.wait_for("whole").await;
    assert_eq!(stage.names().await, ["one", "whole"]);
}

#[tokio::test]
async fn without_a_configured_path_a_file_in_the_state_folder_replaces_the_shipped_default() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&folder.path().join("littoral.db")).unwrap());
    let place = Place::new(None, folder.path());
    let stage = Stage::with(folder, place, store, Some(LISTENING)).await;
    assert!(stage.keeper.standing().shipped);
    stage.write("policy/policy.toml", &text("own"));
    assert!(!stage.wait_for("own").await.shipped);
    fs::remove_file(stage.path("policy/policy.toml")).unwrap();
    assert!(stage.wait_for("default").await.shipped);
}
