//! Models that come and go, over a scripted backend.

mod scripted;

use super::*;
use littoral_proto::v1::{ModelEvent, Residency as Wire};
use scripted::Stage;
use tokio::sync::broadcast::Receiver as Changes;

/// No wait in these tests is longer.
const BOUND: Duration = Duration::from_secs(20);

async fn event(changes: &mut Changes<Change>) -> ModelEvent {
    let next = async {
        loop {
            if let Change::Model(event) = changes.recv().await.unwrap() {
                return *event;
            }
        }
    };
    tokio::time::timeout(BOUND, next).await.unwrap()
}

fn told(event: &ModelEvent) -> (&str, Wire, Option<&str>) {
    let offer = event.offer.as_ref().unwrap();
    (offer.name.as_str(), offer.residency(), event.failure.as_deref())
}

fn residencies(models: &LocalModels) -> Vec<(String, Wire)> {
    let one = |state: ModelState| (state.name.clone(), state.residency());
    Engine::load(models).into_iter().map(one).collect()
}

fn load(model: &str) -> Order {
    Order::Load(model.into())
}

fn unload(model: &str) -> Order {
    Order::Unload(model.into())
}

#[test]
fn models_load_in_order_while_they_fit_the_budget_and_the_rest_is_offered_as_loadable() {
    let models = Stage::default().budget(250).models(&["a", "b", "c"]);
    let expected = [("a", Wire::Resident), ("b", Wire::Resident), ("c", Wire::Loadable)];
    assert_eq!(residencies(&models), expected.map(|(name, at)| (name.to_owned(), at)));
    let offers = models.offer().models;
    assert_eq!((offers[0].resident_bytes, offers[0].resident_bytes_estimated), (Some(100), false));
    assert_eq!((offers[0].load_ms, offers[0].placement.len()), (Some(7.0), 1));
    // Of a model on disk the folder tells all but what only running it tells.
    assert_eq!((offers[2].resident_bytes, offers[2].resident_bytes_estimated), (Some(90), true));
    assert_eq!((offers[2].load_ms, offers[2].placement.len()), (None, 0));
    assert_eq!((offers[2].context_tokens, offers[2].slots, offers[2].queue_limit), (2048, 2, 8));
}

#[test]
fn without_a_budget_every_model_is_loaded() {
    let models = Stage::default().models(&["a", "b", "c"]);
    assert!(residencies(&models).iter().all(|(_, at)| *at == Wire::Resident));
}

#[tokio::test]
async fn an_unloaded_model_makes_room_for_the_next_one_in_the_order_of_the_orders() {
    let models = Stage::default().budget(150).models(&["a", "b"]);
    let mut changes = models.changes();
    models.order(unload("a")).unwrap();
    models.order(load("b")).unwrap();
    let gone = event(&mut changes).await;
    assert_eq!(told(&gone), ("a", Wire::Loadable, None));
    assert_eq!(gone.returned_bytes, Some(100));
    assert_eq!(told(&event(&mut changes).await), ("b", Wire::Loading, None));
    let there = event(&mut changes).await;
    assert_eq!(told(&there), ("b", Wire::Resident, None));
    let offer = there.offer.unwrap();
    assert_eq!((offer.resident_bytes, offer.load_ms), (Some(100), Some(7.0)));
    assert!(!offer.resident_bytes_estimated);
}

#[tokio::test]
async fn a_load_over_the_budget_is_refused_with_the_numbers() {
    let models = Stage::default().budget(150).models(&["a", "b"]);
    let mut changes = models.changes();
    models.order(load("b")).unwrap();
    let event = event(&mut changes).await;
    let (name, at, failure) = told(&event);
    assert_eq!((name, at), ("b", Wire::Loadable));
    let failure = failure.unwrap();
    for number in ["90 bytes", "150 bytes", "100 are taken"] {
        assert!(failure.contains(number), "{failure}");
    }
}

#[tokio::test]
async fn a_pinned_model_is_not_unloaded_and_stays_pinned_over_unload_and_load() {
    let models = Stage::default().models(&["a"]);
    let mut changes = models.changes();
    models.order(Order::Pin("a".into(), true)).unwrap();
    assert!(event(&mut changes).await.pinned);
    models.order(unload("a")).unwrap();
    let refused = event(&mut changes).await;
    assert_eq!(told(&refused), ("a", Wire::Resident, Some("it is pinned; unpin it first")));
    assert!(refused.pinned && Engine::load(&models)[0].pinned);
    models.order(Order::Pin("a".into(), false)).unwrap();
    models.order(unload("a")).unwrap();
    assert!(!event(&mut changes).await.pinned);
    assert_eq!(told(&event(&mut changes).await), ("a", Wire::Loadable, None));
    // On disk a model can be pinned too, and is then loaded pinned.
    models.order(Order::Pin("a".into(), true)).unwrap();
    models.order(load("a")).unwrap();
    for at in [Wire::Loadable, Wire::Loading, Wire::Resident] {
        let event = event(&mut changes).await;
        assert_eq!((told(&event), event.pinned), (("a", at, None), true));
    }
}

#[tokio::test]
async fn an_unload_waits_for_what_runs_and_takes_nothing_new_meanwhile() {
    let stage = Stage::default();
    let models = stage.models(&["a"]);
    let mut changes = models.changes();
    let running = models.start("a", Job::default()).unwrap();
    models.order(unload("a")).unwrap();
    let refused = async {
        while models.start("a", Job::default()).is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(BOUND, refused).await.unwrap();
    assert_eq!(stage.scripted.unloaded(), 0, "it still runs");
    drop(running);
    assert_eq!(told(&event(&mut changes).await), ("a", Wire::Loadable, None));
    assert_eq!(stage.scripted.unloaded(), 1);
}

#[tokio::test]
async fn an_unload_that_waited_too_long_leaves_the_model_answering() {
    let models = Stage::default().unload_limit(Duration::from_millis(1)).models(&["a"]);
    let mut changes = models.changes();
    let _running = models.start("a", Job::default()).unwrap();
    models.order(unload("a")).unwrap();
    let event = event(&mut changes).await;
    let (_, at, failure) = told(&event);
    assert_eq!(at, Wire::Resident);
    assert!(failure.unwrap().contains("1 requests still ran on it"), "{failure:?}");
    assert!(models.start("a", Job::default()).is_ok());
}

#[tokio::test]
async fn an_unload_that_gave_too_little_back_is_no_unload_until_the_memory_is_back() {
    let stage = Stage::default().budget(150);
    let models = stage.models(&["a", "b"]);
    let mut changes = models.changes();
    stage.scripted.give_back(49);
    models.order(unload("a")).unwrap();
    let kept = event(&mut changes).await;
    let (_, at, failure) = told(&kept);
    assert_eq!((at, kept.returned_bytes), (Wire::Resident, Some(49)));
    assert!(failure.unwrap().contains("gave back 49 of 100 bytes"), "{failure:?}");
    // Its memory is charged, so nothing else takes its place.
    models.order(load("b")).unwrap();
    assert!(event(&mut changes).await.failure.is_some());
    stage.scripted.take_back(50);
    models.order(unload("a")).unwrap();
    let gone = event(&mut changes).await;
    assert_eq!((told(&gone), gone.returned_bytes), (("a", Wire::Loadable, None), Some(99)));
}

#[tokio::test]
async fn a_system_that_does_not_tell_memory_is_believed() {
    let stage = Stage::default();
    let models = stage.models(&["a"]);
    let mut changes = models.changes();
    stage.scripted.tell_nothing();
    models.order(unload("a")).unwrap();
    let gone = event(&mut changes).await;
    assert_eq!((told(&gone), gone.returned_bytes), (("a", Wire::Loadable, None), None));
}

#[tokio::test]
async fn a_load_that_fails_or_breaks_is_told_and_the_next_order_is_carried_out() {
    // The first model takes all there is, so that the others are not loaded at the start.
    let models = Stage::default().budget(150).models(&["a", "fails", "panics"]);
    let mut changes = models.changes();
    models.order(unload("a")).unwrap();
    assert_eq!(told(&event(&mut changes).await), ("a", Wire::Loadable, None));
    for (name, why) in [("fails", "it has been shut down"), ("panics", "the engine broke")] {
        models.order(load(name)).unwrap();
        assert_eq!(told(&event(&mut changes).await), (name, Wire::Loading, None));
        let failed = event(&mut changes).await;
        let (_, at, failure) = told(&failed);
        assert_eq!(at, Wire::Loadable);
        assert!(failure.unwrap().contains(why), "{failure:?}");
    }
}

#[tokio::test]
async fn a_request_for_a_model_on_disk_loads_it_where_it_fits() {
    let models = Stage::default().budget(250).models(&["a", "b", "c"]);
    let refusal = models.ready("c").await.unwrap_err();
    assert_eq!(refusal.cause, Cause::NoModel);
    assert!(refusal.detail.contains("250 bytes"), "{refusal}");
    let mut changes = models.changes();
    models.order(unload("a")).unwrap();
    models.ready("c").await.unwrap();
    assert!(models.start("c", Job::default()).is_ok());
    let loaded = [("a", Wire::Loadable), ("c", Wire::Loading), ("c", Wire::Resident)];
    for (name, at) in loaded {
        assert_eq!(told(&event(&mut changes).await), (name, at, None));
    }
    assert_eq!(models.ready("nobody").await.unwrap_err().cause, Cause::NoModel);
}

#[tokio::test]
async fn nobody_is_loaded_for_a_request_that_is_gone() {
    let stage = Stage::default().budget(250);
    let models = stage.models(&["a", "b", "c"]);
    // The keeper waits for this one, so that the request is gone before its turn.
    let running = models.start("a", Job::default()).unwrap();
    models.order(unload("a")).unwrap();
    let mut waiting = models.ready("c");
    assert!(futures_util::poll!(&mut waiting).is_pending());
    drop(waiting);
    let mut changes = models.changes();
    models.order(load("b")).unwrap();
    drop(running);
    assert_eq!(told(&event(&mut changes).await), ("a", Wire::Loadable, None));
    assert_eq!(told(&event(&mut changes).await), ("b", Wire::Resident, None));
    assert_eq!(residencies(&models)[2].1, Wire::Loadable);
}

#[tokio::test]
async fn a_state_tells_what_is_held_and_how_fast_the_model_was_measured() {
    let stage = Stage::default();
    let models = stage.models(&["a"]);
    let state = Engine::load(&models).remove(0);
    let held: Vec<_> = state.held.iter().map(|held| (held.session, held.tokens)).collect();
    assert_eq!(held, [(u64::MAX, 40)]);
    assert_eq!((state.prefill_tokens_per_s, state.decode_tokens_per_s), (Some(500.0), None));
}

#[tokio::test]
async fn a_benchmark_measures_an_idle_model_again_and_refuses_a_busy_one() {
    let stage = Stage::default();
    let models = stage.models(&["a"]);
    let mut changes = models.changes();
    models.order(Order::Benchmark("a".into())).unwrap();
    let change = tokio::time::timeout(BOUND, changes.recv()).await.unwrap().unwrap();
    assert_eq!(change, Change::State);
    let state = Engine::load(&models).remove(0);
    assert_eq!((state.prefill_tokens_per_s, state.decode_tokens_per_s), (Some(320.0), Some(75.0)));
    let _running = models.start("a", Job::default()).unwrap();
    models.order(Order::Benchmark("a".into())).unwrap();
    let event = event(&mut changes).await;
    assert_eq!(told(&event).2, Some("it is busy; benchmark it when idle"));
}

#[test]
fn a_model_that_was_asked_onto_an_accelerator_is_offered_as_it_runs() {
    let models = Stage::default().asked(littoral_engine::Accelerator::Gpu).models(&["a"]);
    let offer = models.offer().models.remove(0);
    assert_eq!(offer.asked_accelerator, "gpu");
    assert_eq!(offer.placement[0].execution_provider, "CPUExecutionProvider");
}

#[test]
fn an_order_for_an_unknown_model_is_refused_at_once() {
    let models = Stage::default().models(&["a"]);
    assert_eq!(models.order(load("b")).unwrap_err().cause, Cause::NoModel);
}

#[test]
fn orders_that_wait_are_bounded() {
    let models = Stage::default().models(&["a"]);
    let _running = models.start("a", Job::default()).unwrap();
    let refusal = (0..=ORDERS_LIMIT + 1).find_map(|_| models.order(unload("a")).err());
    assert_eq!(refusal.map(|refusal| refusal.cause), Some(Cause::Busy));
}

#[test]
fn the_end_of_the_worker_ends_its_models_though_an_unload_waits() {
    let stage = Stage::default();
    let models = stage.models(&["a", "b"]);
    let running = models.start("a", Job::default()).unwrap();
    models.order(unload("a")).unwrap();
    drop(models);
    assert_eq!(stage.scripted.unloaded(), 2);
    drop(running);
}

#[test]
fn a_changed_list_of_accelerators_is_told_and_an_unchanged_one_is_not() {
    let models = Stage::default().models(&["a"]);
    let mut changes = models.changes();
    let list = vec![littoral_proto::v1::Accelerator::default()];
    models.inventory.set_accelerators(list.clone());
    models.inventory.set_accelerators(list.clone());
    assert_eq!(changes.try_recv(), Ok(Change::Hardware(list.clone())));
    assert!(changes.try_recv().is_err());
    assert_eq!(models.offer().accelerators, list);
}
