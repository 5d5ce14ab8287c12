//! No text makes the loader panic, run long or outgrow its stack.

use super::super::vocabulary::{Entry, Kind, TABLE};
use super::*;
use proptest::prelude::*;

/// Pieces that the parser knows, in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "request.class",
        "principal.groups",
        "time.hour",
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

/// Comparisons that are nearly in order, nested at random.
fn sentence() -> impl Strategy<Value = String> {
    let texts = vec![
        "\"\"\"a\"b\"\"\"",
        "'\\''",
        r"r'\a'",
        r"R'\''",
        r"'\u00e9\x41\101'",
        r"'\q'",
        "''",
        "\"'\"",
    ];
    let text = prop_oneof![
        ".{0,6}".prop_map(|text| format!("{text:?}")),
        ".{0,6}".prop_map(|text| format!("'{text}'")),
        prop::sample::select(texts).prop_map(String::from),
    ];
    let odd =
        vec!["0x1F", "0X1f", "-0x1", "007", "1.", ".5", "1e3", "1E-3", "-0", "--1", "1_0", "5u"];
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (0_u8..20).prop_map(|number| number.to_string()),
        (0.0..1.0).prop_map(|number| format!("{number:?}")),
        any::<f64>().prop_map(|number| format!("{number:?}")),
        prop::sample::select(odd).prop_map(String::from),
    ];
    let named = |numeric: bool| {
        let fits =
            |entry: &&Entry| matches!(entry.kind, Kind::Int { .. } | Kind::Float { .. }) == numeric;
        let names = TABLE.iter().filter(fits).map(|entry| entry.name).collect::<Vec<_>>();
        prop::sample::select(names)
    };
    let operator = prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">=", " in "]);
    let pair = prop_oneof![(named(true), number), (named(false), text)];
    let comparison = (pair, operator).prop_map(|((fact, literal), operator)| match operator {
        " in " => format!("{fact} in [{literal}]"),
        _ => format!("{fact} {operator} {literal}"),
    });
    comparison.prop_recursive(6, 40, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} && {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) || {b}")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_parser_reads_every_text_as_the_other_does(
        text in prop_oneof![soup(), ".{0,40}", sentence()]
    ) {
        the_quick_parser_agrees(&text);
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in prop_oneof![soup(), ".{0,80}"]) {
        if let Err(problems) = compiled(&text) {
            prop_assert!(!problems.is_empty(), "{text:?} is refused without a reason");
            prop_assert!(problems.iter().all(|problem| problem.len() < 600), "{problems:?}");
        }
    }
}

/// What the quick parser reads and the type check accepts, the other parser reads alike.
pub(super) fn the_quick_parser_agrees(text: &str) {
    let quick = source::Source::parse_quickly(text);
    let Some(Ok(condition)) = quick.map(|(tree, source)| check::checked(&tree, source, None))
    else {
        return;
    };
    let (tree, source) = source::Source::parse(text)
        .unwrap_or_else(|flaw| panic!("{text:?} passes the quick parser alone: {flaw:?}"));
    assert_eq!(check::checked(&tree, source, None), Ok(condition), "{text:?}");
}

#[test]
fn a_line_break_within_quotes_is_refused_whichever_parser_reads_it() {
    let texts =
        ["request.model == \"a\n\"", "request.model in ['\n']", "request.model == '''a\n'''"];
    for text in texts {
        assert!(compiled(text).is_err(), "{text:?}");
        the_quick_parser_agrees(text);
    }
}

#[test]
fn the_bound_of_nesting_is_the_same_for_both_parsers() {
    for depth in 0..80 {
        for (open, close) in [("(", ")"), ("!(", ")"), ("[", "]"), ("f(", ")"), ("true && (", ")")]
        {
            let text = open.repeat(depth) + "request.labelled" + &close.repeat(depth);
            the_quick_parser_agrees(&text);
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
        let problems = thread.spawn(move || compiled(&chain).unwrap_err()).unwrap();
        assert!(!problems.join().unwrap().is_empty());
    }
}
