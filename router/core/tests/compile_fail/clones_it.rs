//! A copy could be kept for another target.

use littoral_core::privacy::gate::Cleared;

fn keep(cleared: Cleared) -> (Cleared, Cleared) {
    (cleared.clone(), cleared)
}

fn main() {
    let _ = keep as fn(Cleared) -> (Cleared, Cleared);
}
