//! The bytes that were looked at are the bytes that leave.

use littoral_core::privacy::gate::Cleared;
use littoral_core::prompt::Prompt;

fn swap(cleared: Cleared, other: Prompt) -> Cleared {
    *cleared.prompt() = other;
    cleared
}

fn main() {
    let _ = swap as fn(Cleared, Prompt) -> Cleared;
}
