//! Where in the file a problem is, for whoever draws a line under it.

use super::*;

/// Offset of each problem of a rule's condition, with the text that begins there.
fn places(when: &str) -> Vec<Option<&str>> {
    let raw = crate::policy::raw::RawRule {
        name: Some("r".into()),
        when: Some(when.into()),
        deny: Some(true),
        ..Default::default()
    };
    let raw = RawPolicy {
        version: Some(Policy::VERSION),
        name: Some("test".into()),
        rule: vec![raw],
        ..RawPolicy::default()
    };
    let problems = Policy::compile(raw).unwrap_err();
    assert!(problems.iter().all(|problem| problem.path == "rule[0].when"));
    problems.iter().map(|problem| problem.offset.map(|at| &when[at..])).collect()
}

#[test]
fn a_problem_of_a_part_begins_at_the_part_in_bytes() {
    assert_eq!(places("request.clas == 1"), [Some("request.clas == 1")]);
    assert_eq!(places("request.class == \"x\""), [Some("\"x\"")]);
    assert_eq!(places("\"é\" == request.mdel"), [Some("request.mdel")]);
    assert_eq!(
        places("\"é\" == request.model\n  && request.foo > 1\r\n || foo()"),
        [Some("request.foo > 1\r\n || foo()"), Some("foo()")]
    );
}

#[test]
fn a_text_that_is_no_cel_has_a_place_too() {
    assert_eq!(places("request.labelled\n && \"é\" == $"), [Some("$")]);
    assert_eq!(places("request.labelled &&"), [Some("")]);
    assert_eq!(places("request.labelled\n and true"), [Some("and true")]);
}

#[test]
fn a_problem_of_the_whole_condition_has_none() {
    for when in ["", "request.labelled && !request.labelled"] {
        assert_eq!(places(when), [None], "{when}");
    }
}

#[test]
fn the_place_says_what_line_and_column_say() {
    let when = "request.labelled\n  && \"ü\" == request.mdel";
    let told = compiled(when).unwrap_err();
    assert!(told[0].starts_with("line 2, column 13: "), "{told:?}");
    assert_eq!(places(when), [Some("request.mdel")]);
}
