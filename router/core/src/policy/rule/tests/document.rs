//! The page that describes the language says what the code does.

use super::super::effects;
use super::super::vocabulary::TABLE;
use super::*;

const PAGE: &str = include_str!("../../../../../../docs/POLICIES.md");

#[test]
fn the_table_of_facts_is_the_vocabulary() {
    let table = facts_table();
    assert!(PAGE.contains(&table), "put this into docs/POLICIES.md:\n{table}");
}

#[test]
fn the_table_of_effects_is_what_a_rule_can_hold() {
    let table = effects_table();
    assert!(PAGE.contains(&table), "put this into docs/POLICIES.md:\n{table}");
    let told = policy("[[rule]]\nnonsense = 1").unwrap_err().join("");
    let keys: Vec<&str> = told.split('`').skip(3).step_by(2).collect();
    let listed = effects::TABLE.iter().map(|row| row.key);
    assert_eq!(keys, ["name", "for", "when"].into_iter().chain(listed).collect::<Vec<_>>());
}

#[test]
fn every_example_of_an_effect_compiles_and_applies_as_the_table_says() {
    for row in effects::TABLE {
        assert!(row.example.starts_with(&format!("{} = ", row.key)), "{}", row.key);
        let rule = rule(&format!("when = 'principal.administrator'\n{}", row.example));
        assert_eq!(!rule.effects().restricts.is_empty(), row.restricts, "{}", row.key);
    }
}

#[test]
fn every_example_of_the_vocabulary_compiles_and_names_its_fact() {
    for entry in TABLE {
        let mut named = false;
        condition(entry.example).tests(&mut |test| named |= test.fact.name() == entry.name);
        assert!(named, "{}", entry.name);
    }
}

#[test]
fn every_policy_on_the_page_compiles() {
    let blocks: Vec<&str> = PAGE.split("```toml\n").skip(1).collect();
    assert!(blocks.len() >= 3);
    for block in blocks {
        let text = block.split("```").next().unwrap();
        let policy = Policy::compile(toml::from_str(text).unwrap());
        let policy = policy.unwrap_or_else(|problems| panic!("{text}\n{problems:?}"));
        assert!(!text.contains("[[rule]]") || !policy.rules().is_empty());
    }
}
