//! What each fact reads from a request, a target and a worker.

use super::super::value::Value;
use super::*;
use crate::class::DataClass;
use crate::device::{Accelerator, DeviceClass};
use crate::facts::{ClassFact, ClassOrigin, Facts, Hints, LocalTime, Needs, TokenCount};
use crate::fleet::{
    CloudSite, DeviceState, ModelFacts, Pool, Ready, Residency, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use crate::policy::{FactName, Profile};
use crate::principal::Principal;

fn facts() -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class: ClassFact { class: DataClass::Public, origin: ClassOrigin::Labelled },
        scan: Default::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 10, estimated: false },
        prompt_bytes: 40,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn view(facts: &Facts) -> View<'_> {
    View {
        facts,
        class: facts.class,
        model: "m",
        target: None,
        worker: None,
        stated_quality: None,
        profile: None,
        ready: None,
    }
}

fn read<'a>(view: &View<'a>, name: &str) -> Value<'a> {
    (Fact::named(name).unwrap().0.read)(view)
}

fn int(number: i64) -> Value<'static> {
    Value::Int { low: number, high: number }
}

fn model() -> ModelFacts {
    ModelFacts {
        name: "m".into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.75),
        accepts_prefix: true,
    }
}

fn cloud(retention_days: Option<u32>) -> Pool {
    let site = CloudSite { retention_days, ..CloudSite::of("p") };
    Pool { id: "p/m".into(), model: model(), site: Site::Cloud(site) }
}

fn machines() -> Pool {
    let worker = WorkerView {
        worker_id: "w".into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 1,
        active: 0,
        queued: 3,
        queue_limit: 8,
        prefill_tokens_per_s: None,
        decode_tokens_per_s: None,
        round_trip_ms: None,
        device_class: Some(DeviceClass::Robot),
        accelerator: Some(Accelerator::Npu),
        learned: None,
        device: DeviceState::default(),
        residency: Residency::Resident,
        held_tokens: 0,
    };
    let site = WorkerSite {
        tenant: "local".into(),
        owner: None,
        group: None,
        nearest_tier: Tier::Edge,
        workers: vec![worker],
        rest: None,
        unseen: 0,
    };
    Pool { id: "local/m".into(), model: model(), site: Site::Workers(site) }
}

#[test]
fn content_is_measured_in_bytes() {
    assert_eq!(read(&view(&facts()), "content.bytes"), int(40));
    let mut long = facts();
    long.prompt_bytes = u64::MAX;
    assert_eq!(read(&view(&long), "content.bytes"), int(i64::MAX));
}

#[test]
fn time_is_the_moment_of_the_facts_and_nothing_else() {
    let names = ["time.hour", "time.minute_of_day", "time.weekday"];
    let at = |weekday, minute| {
        let facts = Facts { time: Some(LocalTime { weekday, minute }), ..facts() };
        let values = names.map(|name| {
            let value = read(&view(&facts), name);
            format!("{value:?}")
        });
        values.join(" ").replace("Int { low: ", "").replace(" }", "")
    };
    assert_eq!(at(0, 0), "0, high: 0 0, high: 0 Word(0)");
    assert_eq!(at(6, 1_439), "23, high: 23 1439, high: 1439 Word(6)");
    assert_eq!(at(4, 779), "12, high: 12 779, high: 779 Word(4)");
    assert_eq!(at(7, 1_440), "Unknown Unknown Unknown");
    for name in names {
        assert_eq!(read(&view(&facts()), name), Value::Unknown);
    }
}

#[test]
fn the_asker_is_known_by_groups_profile_and_device() {
    let mut facts = facts();
    assert_eq!(read(&view(&facts), "principal.groups"), Value::Texts(&[]));
    assert_eq!(read(&view(&facts), "principal.profile"), Value::Unknown);
    assert_eq!(read(&view(&facts), "principal.device_class"), Value::Unknown);
    facts.principal.groups = vec!["staff".into()];
    let list = facts.principal.groups.clone();
    assert_eq!(read(&view(&facts), "principal.groups"), Value::Texts(&list));
    for (place, class) in DeviceClass::ALL.into_iter().enumerate() {
        facts.principal.device_class = Some(class);
        assert_eq!(read(&view(&facts), "principal.device_class"), Value::Word(place));
        let text = format!("principal.device_class == '{class}'");
        assert_eq!(condition(&text).truth(&view(&facts)), Truth::True);
    }
    for profile in Profile::ALL {
        let view = View { profile: Some(profile), ..view(&facts) };
        let text = format!("principal.profile == '{profile}'");
        assert_eq!(condition(&text).truth(&view), Truth::True);
    }
}

#[test]
fn ready_targets_are_counted_by_tier() {
    let facts = facts();
    let ready = Some(Ready { device: 1, edge: 2, cloud: 3 });
    let counted = View { ready, ..view(&facts) };
    for (name, count) in
        [("fleet.device_ready", 1), ("fleet.edge_ready", 2), ("fleet.cloud_ready", 3)]
    {
        assert_eq!(read(&counted, name), int(count));
        assert_eq!(read(&view(&facts), name), Value::Unknown);
    }
}

#[test]
fn a_cloud_keeps_what_it_says_and_a_machine_of_the_house_nothing() {
    let facts = facts();
    let kept = |pool: &Pool, tier| {
        let view = View { target: Some((pool, tier)), ..view(&facts) };
        format!("{:?}", read(&view, "target.retention_days"))
    };
    assert_eq!(kept(&cloud(None), Tier::Cloud), "Unknown");
    assert_eq!(kept(&cloud(Some(30)), Tier::Cloud), "Int { low: 30, high: 30 }");
    assert_eq!(kept(&machines(), Tier::Edge), "Int { low: 0, high: 0 }");
    assert_eq!(read(&view(&facts), "target.retention_days"), Value::Unknown);
}

#[test]
fn a_model_has_a_context_and_perhaps_a_quality() {
    let facts = facts();
    let mut pool = machines();
    for (stated, quality) in
        [(Some(0.75), "Float(0.75)"), (None, "Unknown"), (Some(1.5), "Unknown")]
    {
        pool.model.quality = stated;
        let view = View { target: Some((&pool, Tier::Edge)), ..view(&facts) };
        assert_eq!(format!("{:?}", read(&view, "target.quality")), quality);
        assert_eq!(read(&view, "target.context_tokens"), int(8_192));
    }
}

#[test]
fn a_worker_has_a_class_an_accelerator_and_a_queue_and_a_cloud_has_none() {
    let (facts, pool, cloud) = (facts(), machines(), cloud(None));
    let Site::Workers(site) = &pool.site else { panic!("no workers") };
    let there =
        View { target: Some((&pool, Tier::Edge)), worker: Some(&site.workers[0]), ..view(&facts) };
    assert_eq!(condition("device.class == 'robot'").truth(&there), Truth::True);
    assert_eq!(condition("device.accelerator == 'npu'").truth(&there), Truth::True);
    assert_eq!(read(&there, "device.queued"), int(3));
    let mut silent = site.workers[0].clone();
    (silent.device_class, silent.accelerator) = (None, None);
    let silent = View { worker: Some(&silent), ..there };
    let away = View { target: Some((&cloud, Tier::Cloud)), ..view(&facts) };
    for name in ["device.class", "device.accelerator"] {
        assert_eq!(read(&silent, name), Value::Unknown, "{name}");
        assert_eq!(read(&away, name), Value::Absent, "{name}");
    }
    assert_eq!(read(&away, "device.queued"), Value::Absent);
}

#[test]
fn a_group_is_among_the_groups_or_it_is_not_and_is_never_unknown() {
    let mut facts = facts();
    let inside = condition("\"staff\" in principal.groups");
    let outside = condition("!(\"staff\" in principal.groups)");
    assert_eq!(inside.truth(&view(&facts)), Truth::False);
    assert_eq!(outside.truth(&view(&facts)), Truth::True);
    facts.principal.groups = vec!["clinicians".into(), "staff".into()];
    assert_eq!(inside.truth(&view(&facts)), Truth::True);
    assert_eq!(outside.truth(&view(&facts)), Truth::False);
}

#[test]
fn a_record_names_each_fact_as_the_vocabulary_does() {
    for entry in super::super::vocabulary::TABLE {
        let fact = Fact::named(entry.name).unwrap();
        assert_eq!(Fact::of_row(fact.row()), Some(fact));
        assert_eq!(FactName::from(fact).to_string(), entry.name);
    }
}
