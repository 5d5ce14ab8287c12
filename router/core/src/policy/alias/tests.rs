//! What an alias stands for, and how one of its models is picked.

use super::*;
use crate::policy::{Policy, RawPolicy};

fn policy(body: &str) -> Policy {
    let text = format!("version = 1\nname = 'test'\n{body}");
    Policy::compile(toml::from_str::<RawPolicy>(&text).unwrap()).unwrap()
}

fn alias(body: &str, name: &str) -> Alias {
    policy(body).alias(name).unwrap().clone()
}

#[test]
fn an_alias_among_the_models_stands_for_its_own_models_in_their_place() {
    let body = "[[alias]]\nname = 'default'\nmodels = ['a', 'family', 'b', 'm1']\npick = 'ordered'\n\
                [[alias]]\nname = 'family'\nmodels = ['m2', 'inner', 'a']\n\
                [[alias]]\nname = 'inner'\nmodels = ['m1']";
    let outer = alias(body, "default");
    assert_eq!(outer.models().unwrap(), ["a", "m2", "m1", "b"], "each once, at its first place");
    assert_eq!(outer.pick(), Pick::Ordered);
    assert_eq!(
        ["a", "m1", "b", "family"].map(|model| outer.place(model)),
        [Some(0), Some(2), Some(3), None]
    );
    assert!(outer.covers("m2") && !outer.covers("family"));
    assert_eq!(outer.weight("a"), None, "nothing is weighed");
}

#[test]
fn weights_are_shares_and_an_alias_shares_its_own_among_its_models() {
    let body = "[[alias]]\nname = 'default'\nmodels = ['a', 'pair', 'b']\npick = 'weighted'\n\
                weights = [2, 4, 2]\n\
                [[alias]]\nname = 'pair'\nmodels = ['b', 'c']\npick = 'weighted'\nweights = [3, 1]\n\
                [[alias]]\nname = 'even'\nmodels = ['list', 'a']\npick = 'weighted'\nweights = [1, 1]\n\
                [[alias]]\nname = 'list'\nmodels = ['x', 'y']";
    let weights = |name: &str, models: [&str; 3]| {
        let alias = alias(body, name);
        models.map(|model| alias.weight(model))
    };
    assert_eq!(weights("default", ["a", "b", "c"]), [Some(0.25), Some(0.625), Some(0.125)]);
    assert_eq!(weights("even", ["x", "y", "a"]), [Some(0.25), Some(0.25), Some(0.5)]);
    assert_eq!(weights("even", ["list", "z", ""]), [None; 3]);
}

#[test]
fn a_canary_may_answer_and_is_none_of_the_models() {
    let body = "[[alias]]\nname = 'default'\nmodels = ['a']\n\
                canary = { model = 'b', share = 0.05 }\n\
                [[alias]]\nname = 'outer'\nmodels = ['default']";
    let trial = alias(body, "default");
    assert_eq!(trial.canary(), Some(&Canary { model: "b".into(), share: 0.05 }));
    assert!(trial.covers("a") && trial.covers("b") && !trial.covers("c"));
    assert_eq!(trial.models().unwrap(), ["a"]);
    assert_eq!(trial.place("b"), None);
    assert_eq!(alias(body, "outer").canary(), None, "a trial of one name is none of another");
    assert!(!alias(body, "outer").covers("b"));
}

#[test]
fn an_alias_of_an_alias_for_any_model_is_one_for_any_model() {
    let body =
        "[[alias]]\nname = 'default'\nmodels = ['any']\n[[alias]]\nname = 'any'\nmodels = ['*']";
    let outer = alias(body, "default");
    assert_eq!(outer.models(), None);
    assert!(outer.covers("whatever"));
    assert_eq!(outer.place("whatever"), None);
}

#[test]
fn aliases_nest_so_deep_and_no_deeper() {
    let chain = |length: usize| {
        let mut body = String::from("default_alias = 'a0'\n");
        for n in 0..length {
            let inner = if n + 1 < length { format!("a{}", n + 1) } else { "m".into() };
            body.push_str(&format!("[[alias]]\nname = 'a{n}'\nmodels = ['{inner}']\n"));
        }
        format!("version = 1\nname = 'test'\n{body}")
    };
    let compile = |length| Policy::compile(toml::from_str::<RawPolicy>(&chain(length)).unwrap());
    assert_eq!(compile(16).unwrap().alias("a0").unwrap().models().unwrap(), ["m"]);
    let problems = compile(17).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "alias[15].models[0]: nests aliases deeper than 16: list models instead"
    );
}
