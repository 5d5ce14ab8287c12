//! No text makes the loader panic, run long or outgrow its stack.

use super::*;
use proptest::prelude::*;

/// Pieces that the parser knows, in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "request.class",
        "target",
        ".",
        "tier",
        "==",
        "!=",
        "<",
        ">=",
        "&&",
        "||",
        "!",
        "in",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "?",
        "-",
        "+",
        "1",
        "0.5",
        "1u",
        "\"personal\"",
        "'a'",
        "b'a'",
        "true",
        "null",
        "has",
        "all",
        "map",
        "exists_one",
        "filter",
        "x",
        "\"",
        "'",
        "`a`",
        "\n",
        "//",
        "9999999999999999999999",
        "1e999",
        "\\",
        "é",
        "\u{0}",
    ]);
    let gap = prop::sample::select(vec!["", " "]);
    prop::collection::vec((piece, gap), 0..24)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_compiler_panic(text in prop_oneof![soup(), ".{0,80}"]) {
        if let Err(problems) = check::compile(&text) {
            prop_assert!(!problems.is_empty(), "{text:?} is refused without a reason");
            prop_assert!(problems.iter().all(|problem| problem.len() < 600), "{problems:?}");
        }
    }
}

/// The deepest trees that the bounds let through, within a quarter of a usual stack.
#[test]
fn the_longest_chains_fit_a_small_stack() {
    let chains = [
        format!("a{}", ".a".repeat(512)),
        format!("a{}", "<a".repeat(512)),
        format!("a{}", "+a".repeat(512)),
        format!("a{}", " in a".repeat(800)),
        format!("a{}", "||a".repeat(1_300)),
        format!("a{}", "&&a||a".repeat(600)),
        "(".repeat(512),
        "[".repeat(512),
        format!("{}a", "!".repeat(512)),
        format!("{}a", "-".repeat(512)),
        "a(".repeat(512),
        "a{a:".repeat(512),
        "a?a:".repeat(512),
    ];
    for chain in chains {
        let thread = std::thread::Builder::new().stack_size(512 * 1_024);
        let problems = thread.spawn(move || check::compile(&chain).unwrap_err()).unwrap();
        assert!(!problems.join().unwrap().is_empty());
    }
}
