//! Anything may come as a policy: nothing panics, the work is bounded, and nothing bad gets through.

use super::source;
use crate::policy_files::{SourceText, load_texts};
use littoral_core::policy::DEFAULT_POLICY_TOML;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A policy that uses every section, to be damaged.
const RICH: &str = include_str!("rich.toml");

/// Loads, and holds what must hold of every outcome.
fn sound(sources: &[SourceText]) -> Result<(), TestCaseError> {
    match load_texts(sources) {
        Ok(loaded) => {
            prop_assert_eq!(loaded.policy.hash().len(), 64);
            // What was accepted is accepted again, to the same policy.
            let again = load_texts(&loaded.sources).map(|again| again.policy);
            prop_assert_eq!(again, Ok(loaded.policy));
            prop_assert!(loaded.warnings.iter().all(|warning| !warning.file.is_empty()));
        }
        Err(problems) => {
            prop_assert!(!problems.is_empty());
            for problem in &problems {
                prop_assert!(!problem.file.is_empty() && !problem.reason.is_empty());
                prop_assert_eq!(problem.line.is_some(), problem.column.is_some());
                let source = sources.iter().find(|source| source.name == problem.file);
                let lines = source.map(|source| source.text.matches('\n').count() + 1);
                if let (Some(line), Some(lines)) = (problem.line, lines) {
                    prop_assert!((1..=lines).contains(&line), "{problem} of {lines} lines");
                }
            }
        }
    }
    Ok(())
}

/// Keys that exist, some of them elsewhere.
const KEYS: &str = "version name default_alias models pick weights canary model share when deny max_tier \
                    use quality preset order hedge max_ms x canary.model profiles.work \
                    device_class.phone.battery_floor_fraction";

/// Values of every type, one a line.
const VALUES: &str = "1|true|0.5|-1|nan|\"edge\"|\"a\"|[\"a\", \"b\"]|[]|{}|[0.9, 0.1]|\"weighted\"|\
                      'request.labelled'|{ model = \"b\", share = 0.1 }|2026-01-01|\
                      '''\nrequest.clas'''|[[1]]|\"*\"|[\"*\"]";

/// Headers of tables and of lists of tables, and of what is neither.
const HEADERS: &str = "[ceilings] [tiers] [[alias]] [[target]] [[rule]] [limits] [objective] [fallback] \
                       [device_class.robot] [profiles] [alias] [masking] [a.b.c]";

/// Texts that look like policies.
fn toml() -> impl Strategy<Value = String> {
    let values = prop_oneof![
        2 => select(VALUES.split('|').map(str::to_owned).collect::<Vec<_>>()),
        1 => any::<i64>().prop_map(|n| n.to_string()),
        1 => "\\PC{0,12}".prop_map(|text| format!("{text:?}")),
    ];
    let keys = select(KEYS.split_whitespace().collect::<Vec<_>>());
    let headers = select(HEADERS.split_whitespace().collect::<Vec<_>>());
    let line = prop_oneof![
        4 => (keys, values).prop_map(|(key, value)| format!("{key} = {value}")),
        2 => headers.prop_map(str::to_owned),
    ];
    vec(line, 0..30).prop_map(|lines| format!("version = 1\n{}\n", lines.join("\n")))
}

/// A good policy with some of its characters replaced, removed or doubled.
fn damaged() -> impl Strategy<Value = String> {
    let text = select(vec![DEFAULT_POLICY_TOML, RICH]);
    let edit = (any::<Index>(), 0_u8..3, any::<char>(), any::<bool>());
    (text, vec(edit, 1..6)).prop_map(|(text, edits)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, kind, c, plain) in edits {
            let at = at.index(chars.len());
            let c = if plain { char::from(b' ' + (c as u32 % 95) as u8) } else { c };
            match kind {
                0 => chars[at] = c,
                1 => drop(chars.remove(at)),
                _ => chars.insert(at, c),
            }
        }
        chars.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_characters_at_all_are_judged(text in any::<String>()) {
        sound(&[source("p", text)])?;
    }

    #[test]
    fn random_toml_is_judged_alone_and_in_company(texts in vec(toml(), 1..4)) {
        let sources: Vec<SourceText> =
            texts.into_iter().enumerate().map(|(n, text)| source(&n.to_string(), text)).collect();
        sound(&sources)?;
    }

    #[test]
    fn a_damaged_policy_is_judged(text in damaged()) {
        sound(&[source("p", text)])?;
    }

    /// A part that is bad alone is never carried by good ones.
    #[test]
    fn a_bad_part_never_yields_a_policy(line in "[a-z]{1,8}_no_such_key = [0-9]{1,3}", before: bool) {
        let good = source("m", RICH);
        let bad = source(if before { "a" } else { "z" }, format!("version = 1\n{line}\n"));
        prop_assert!(load_texts(std::slice::from_ref(&good)).is_ok());
        let problems = load_texts(&[good, bad.clone()]).unwrap_err();
        prop_assert!(problems.iter().all(|problem| problem.file == bad.name));
    }
}

#[test]
fn names_of_names_of_names_are_judged_in_bounded_steps() {
    // Every alias doubles the one before: 2 to the power of 200 without a bound.
    let mut text = String::from("version = 1\nname = 'p'\ndefault_alias = 'a0'\n");
    text.push_str("[[alias]]\nname = 'a0'\nmodels = ['m', 'n']\n");
    for n in 1..200 {
        let inner = n - 1;
        text.push_str(&format!(
            "[[alias]]\nname = 'a{n}'\nmodels = ['a{inner}', 'a{inner}', 'm{n}']\n"
        ));
    }
    let started_with = text.len();
    let outcome = load_texts(&[source("p", text)]).map(|loaded| loaded.policy);
    // Deduplicated and taken over list by list, the sum of the lists is what is bounded.
    let policy = outcome.unwrap_or_else(|problems| panic!("{started_with}: {}", problems[0]));
    let longest = policy.alias("a199").unwrap().models().unwrap().len();
    assert_eq!(longest, 201);
}

#[test]
fn lists_that_take_over_too_much_are_refused() {
    let models: Vec<String> = (0..1_000).map(|n| format!("'m{n}'")).collect();
    let again = vec!["'a'"; 1_000].join(", ");
    let text = format!(
        "version = 1\nname = 'p'\ndefault_alias = 'a'\n[[alias]]\nname = 'a'\nmodels = [{}]\n\
         [[alias]]\nname = 'b'\nmodels = [{again}]\n",
        models.join(", ")
    );
    let problems = load_texts(&[source("p", text)]).unwrap_err();
    assert!(problems[0].reason.starts_with("takes over too many models"), "{}", problems[0]);
}
