//! The control: what the gate makes can be taken by value, once. The other cases differ from this
//! one by the line that must not compile.

use littoral_core::privacy::gate::Cleared;

fn send(_: Cleared) {}

fn dispatch(cleared: Cleared) {
    let _ = cleared.prompt();
    send(cleared);
}

fn main() {
    let _ = dispatch as fn(Cleared);
    // The other crate that a case names is there too.
    let _ = serde_json::to_string("a text").unwrap_or_default();
}
