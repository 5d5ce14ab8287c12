//! A prompt that cannot be said in a provider's dialect. Nothing was sent.

use littoral_core::flight::event::{Blame, Fault};
use littoral_core::retry::Kind;
use serde_json::value::RawValue;

/// Why a prompt cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::executors::cloud) struct Unfit {
    pub(in crate::executors::cloud) blame: Blame,
    pub(in crate::executors::cloud) kind: &'static str,
    /// One clause that follows the provider's name. Names fields, never their content.
    pub(in crate::executors::cloud) why: &'static str,
}

impl Unfit {
    pub(in crate::executors::cloud) fn fault(self, provider: &str) -> Fault {
        let (blame, kind) = (self.blame, self.kind);
        Fault { blame, kind, detail: format!("{provider} {}", self.why), retry_after_ms: None }
    }
}

/// This provider cannot do it; another may.
pub(in crate::executors::cloud) const fn unsupported(why: &'static str) -> Unfit {
    Unfit { blame: Blame::Target, kind: Kind::Unsupported.name(), why }
}

/// No provider can make sense of it.
pub(in crate::executors::cloud) const fn invalid(why: &'static str) -> Unfit {
    Unfit { blame: Blame::Client, kind: Kind::InvalidRequest.name(), why }
}

/// JSON text as it stands, if it is an object.
pub(in crate::executors::cloud) fn object(json: &str) -> Option<&RawValue> {
    let raw: &RawValue = serde_json::from_str(json.trim()).ok()?;
    raw.get().starts_with('{').then_some(raw)
}
