//! The fields are private, so nothing but the gate can build one.

use littoral_core::class::DataClass;
use littoral_core::plan::Target;
use littoral_core::privacy::gate::Cleared;
use littoral_core::prompt::{Prompt, Remainder};

fn forge(prompt: Prompt, target: Target) -> Cleared {
    Cleared {
        prompt: prompt.into(),
        remainder: Remainder { assistant_prefix: None, max_output_tokens: 1 },
        class: DataClass::Public,
        target,
        policy_hash: "".into(),
        request_id: String::new(),
    }
}

fn main() {
    let _ = forge as fn(Prompt, Target) -> Cleared;
}
