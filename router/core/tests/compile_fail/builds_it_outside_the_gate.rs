//! The fields are private, so nothing but the gate can build one.

use littoral_core::class::DataClass;
use littoral_core::plan::Target;
use littoral_core::privacy::gate::Cleared;
use littoral_core::prompt::Prompt;

fn forge(prompt: Prompt, target: Target) -> Cleared {
    Cleared {
        prompt: prompt.into(),
        assistant_prefix: None,
        class: DataClass::Public,
        target,
        policy_hash: String::new(),
        request_id: String::new(),
    }
}

fn main() {
    let _ = forge as fn(Prompt, Target) -> Cleared;
}
