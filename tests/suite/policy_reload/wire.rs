//! The policy service: who may use it, what it refuses, and what a restart finds.

use super::*;
use littoral_router::config::people::UserName;
use littoral_router::config::raw::RawConfig;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

fn source(text: &str) -> v1::PolicySource {
    v1::PolicySource { name: "policy.toml".into(), text: text.into() }
}

fn apply(etag: &str, text: &str) -> v1::ApplyPolicyRequest {
    v1::ApplyPolicyRequest {
        sources: vec![source(text)],
        etag: etag.into(),
        note: "why not".into(),
    }
}

#[tokio::test]
async fn what_is_applied_rules_is_written_and_survives_a_restart_with_its_history() {
    let mut cluster = cluster("first").await;
    let etag = status(&cluster).await.etag;
    let applied = cluster.policy().apply(apply(&etag, &text("second"))).await;
    let applied = applied.expect("applied").into_inner();
    assert_eq!(decides_under(&cluster).await, applied.hash);
    let on_disk = std::fs::read_to_string(cluster.home().join("policy.toml"));
    assert_eq!(on_disk.expect("a file"), text("second"));
    let before = history(&cluster).await;
    let last = before.last().expect("an entry");
    assert_eq!((last.cause(), last.note.as_str()), (v1::PolicyCause::Apply, "why not"));
    assert_eq!(last.by, "local/local/local");

    cluster.restart().await;
    assert_eq!(decides_under(&cluster).await, applied.hash);
    assert_eq!(history(&cluster).await, before, "the same policy is no other entry");
    assert_eq!(status(&cluster).await.etag, applied.etag);
}

#[tokio::test]
async fn a_change_over_something_unseen_is_refused_with_the_present_etag() {
    let cluster = cluster("first").await;
    let old = status(&cluster).await.etag;
    write(&cluster, "policy.toml", &text("edited"));
    let present = wait_for(&cluster, "edited").await;
    let refused = cluster.policy().apply(apply(&old, &text("mine"))).await.expect_err("stale");
    assert_eq!(refused.code(), Code::Aborted);
    assert!(refused.message().contains(&present.etag), "{}", refused.message());
    let hash = history(&cluster).await.remove(0).hash;
    let rollback = v1::RollbackPolicyRequest { hash, etag: old, note: String::new() };
    let refused = cluster.policy().rollback(rollback).await.expect_err("stale");
    assert_eq!(refused.code(), Code::Aborted);
    assert_eq!(decides_under(&cluster).await, present.hash);
    assert_eq!(names(&cluster).await, ["first", "edited"]);
}

#[tokio::test]
async fn files_that_are_no_policy_are_judged_with_every_problem_and_never_applied() {
    let cluster = cluster("first").await;
    let present = status(&cluster).await;
    let validate = |text: &str| v1::ValidatePolicyRequest { sources: vec![source(text)] };
    let judged = cluster.policy().validate(validate(BAD)).await.expect("a judgement").into_inner();
    let paths: Vec<_> = judged.problems.iter().map(|bad| bad.path.as_str()).collect();
    assert_eq!((paths, judged.hash), (vec!["nmae", "deadlines.wrong"], None));
    let fine = cluster.policy().validate(validate(&text("fine"))).await;
    let fine = fine.expect("a judgement").into_inner();
    assert_eq!((fine.problems.len(), fine.name.as_deref()), (0, Some("fine")));

    let refused = cluster.policy().apply(apply(&present.etag, BAD)).await.expect_err("bad");
    let details = refused.get_error_details();
    assert_eq!(details.error_info().expect("a reason").reason, "POLICY_INVALID");
    let fields = &details.bad_request().expect("problems").field_violations;
    let fields: Vec<_> = fields.iter().map(|bad| bad.field.as_str()).collect();
    assert_eq!(fields, ["policy.toml:3:1: nmae", "policy.toml:5:1: deadlines.wrong"]);
    assert_eq!(status(&cluster).await, present, "nothing changed");
    let many = v1::ApplyPolicyRequest {
        sources: vec![source(&text("one")), source("[tiers]\norder = ['device']\n")],
        ..apply(&present.etag, "")
    };
    let refused = cluster.policy().apply(many).await.expect_err("two files for one");
    assert_eq!(refused.code(), Code::FailedPrecondition, "{}", refused.message());
    assert_eq!(status(&cluster).await, present, "nothing changed");
}

#[tokio::test]
async fn nobody_but_an_administrator_sees_or_changes_the_policy() {
    let adjust: fn(&Path, &mut RawConfig) =
        |_, raw| raw.administrators = Some(vec![UserName("alice".into())]);
    let text = text("first");
    let plan = Plan { adjust: Some(adjust), policy: Some(&text), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let mut client = cluster.policy();
    let (hash, etag) = (String::new(), String::new());
    let rollback = v1::RollbackPolicyRequest { hash, etag, note: String::new() };
    let refused: [Option<Status>; 6] = [
        client.get(v1::GetPolicyRequest { hash: None }).await.err(),
        client.validate(v1::ValidatePolicyRequest { sources: Vec::new() }).await.err(),
        client.apply(apply("", "version = 1")).await.err(),
        client.list(v1::ListPoliciesRequest { limit: 0 }).await.err(),
        client.rollback(rollback).await.err(),
        client.status(v1::PolicyStatusRequest {}).await.err(),
    ];
    for (index, refused) in refused.iter().enumerate() {
        let status = refused.as_ref().unwrap_or_else(|| panic!("call {index} was answered"));
        assert_eq!(status.code(), Code::PermissionDenied, "call {index}");
        assert!(status.message().contains("administrators"), "{}", status.message());
    }
    assert!(!decides_under(&cluster).await.is_empty(), "asking needs no right");
}

#[tokio::test]
async fn without_a_configured_policy_an_applied_one_is_kept_and_its_file_can_be_deleted() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let shipped = status(&cluster).await;
    assert!(shipped.shipped_default);
    let applied = cluster.policy().apply(apply(&shipped.etag, &text("mine"))).await;
    let applied = applied.expect("applied").into_inner();
    cluster.restart().await;
    let kept = status(&cluster).await;
    assert_eq!((&kept.hash, kept.shipped_default), (&applied.hash, false));
    assert_eq!(decides_under(&cluster).await, applied.hash);
    std::fs::remove_file(&kept.path).expect("a file to delete");
    let again = wait_for(&cluster, "default").await;
    assert_eq!((again.hash, again.shipped_default), (shipped.hash, true));
}
