//! The page that describes the language says what the code does.

use super::super::vocabulary::TABLE;
use super::*;

const PAGE: &str = include_str!("../../../../../../docs/POLICIES.md");

#[test]
fn the_table_of_facts_is_the_vocabulary() {
    let table = facts_table();
    assert!(PAGE.contains(&table), "put this into docs/POLICIES.md:\n{table}");
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
        assert!(!policy.rules().is_empty());
    }
}
