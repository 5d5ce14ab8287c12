//! Why a session ended: what its requests are told, and whether its worker may come back.

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The connection closed or broke.
    Disconnected,
    /// Nothing was heard for a whole lease.
    LeaseOver,
    /// A newer session of the same worker came.
    Replaced,
    /// The join token expired.
    TokenExpired,
    /// The worker said that it sleeps now.
    Asleep,
    /// The worker broke the protocol.
    Misbehaved,
    /// The worker said more than a session may.
    Flooded,
    /// The router shuts down.
    Shutdown,
}

impl Why {
    /// The worker is not to blame, or did as it had said.
    #[must_use]
    pub const fn is_orderly(self) -> bool {
        matches!(self, Self::Replaced | Self::TokenExpired | Self::Asleep | Self::Shutdown)
    }

    /// As a clause: "worker alice-laptop ...".
    #[must_use]
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Disconnected => "went away",
            Self::LeaseOver => "was silent for a whole lease",
            Self::Replaced => "was replaced by a newer session",
            Self::TokenExpired => "has an expired join token",
            Self::Asleep => "went to sleep",
            Self::Misbehaved => "broke the session protocol",
            Self::Flooded => "said more than a session may",
            Self::Shutdown => "was let go by the router's shutdown",
        }
    }
}
