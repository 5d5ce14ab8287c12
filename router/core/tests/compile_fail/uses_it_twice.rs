//! One clearance, one dispatch.

use littoral_core::privacy::gate::Cleared;

fn send(_: Cleared) {}

fn dispatch(cleared: Cleared) {
    send(cleared);
    send(cleared);
}

fn main() {
    let _ = dispatch as fn(Cleared);
}
