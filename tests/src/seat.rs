//! Who a worker of a test is, and what it may be trusted with.

use littoral_core::class::Tier;
use littoral_router::join_token::Claims;

/// What a worker's token says.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Name of the worker.
    pub worker_id: String,
    /// Person whose device it is.
    pub owner: Option<String>,
    /// Group of machines.
    pub group: Option<String>,
    /// What the token grants.
    pub tier: Tier,
}

impl Seat {
    /// The asker's own device.
    #[must_use]
    pub fn own(worker_id: &str) -> Self {
        Self::of(worker_id, "local")
    }

    /// A device of `owner`.
    #[must_use]
    pub fn of(worker_id: &str, owner: &str) -> Self {
        let owner = Some(owner.to_owned());
        Self { worker_id: worker_id.into(), owner, group: None, tier: Tier::Device }
    }

    /// A shared machine of the organisation.
    #[must_use]
    pub fn shared(worker_id: &str) -> Self {
        Self { worker_id: worker_id.into(), owner: None, group: None, tier: Tier::Edge }
    }
}

impl Seat {
    /// What a token or a certificate for it says.
    #[must_use]
    pub fn claims(&self, expires_unix_ms: u64) -> Claims {
        Claims {
            worker_id: self.worker_id.clone(),
            tenant: "local".into(),
            owner: self.owner.clone(),
            group: self.group.clone(),
            nearest_tier: self.tier,
            expires_unix_ms,
            router_id: String::new(),
        }
    }
}
