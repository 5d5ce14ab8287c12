//! What must not compile: every way around the privacy gate that a type can close.

#[test]
fn cleared_content_cannot_be_made_copied_stored_or_used_twice() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile_fail/sends_what_the_gate_made.rs");
    cases.compile_fail("tests/compile_fail/builds_it_outside_the_gate.rs");
    cases.compile_fail("tests/compile_fail/clones_it.rs");
    cases.compile_fail("tests/compile_fail/serializes_it.rs");
    cases.compile_fail("tests/compile_fail/uses_it_twice.rs");
    cases.compile_fail("tests/compile_fail/swaps_its_prompt.rs");
}
