//! What can be serialized can be stored, logged and read back.

use littoral_core::privacy::gate::Cleared;

fn store(cleared: Cleared) -> String {
    serde_json::to_string(&cleared).unwrap_or_default()
}

fn main() {
    let _ = store as fn(Cleared) -> String;
}
