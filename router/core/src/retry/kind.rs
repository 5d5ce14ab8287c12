//! What a failed call is called, in metrics and in faults.

use crate::flight::event::Blame;

/// The kind of a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The request is malformed.
    InvalidRequest,
    /// The provider refused the content. Taking it to the next one would be shopping for a milder
    /// judge.
    ContentFilter,
    /// The key is wrong, or may not do this.
    Auth,
    /// The account behind the key has no money left.
    Quota,
    /// Too many requests with this key.
    RateLimited,
    /// A proxy on the way wants to know who we are.
    ProxyAuth,
    /// The model or the address does not exist there.
    NotFound,
    /// The prompt is too long for this model.
    TooLong,
    /// The provider lacks a parameter.
    Unsupported,
    /// It answers somewhere else. Followed, that would take content to a host nobody configured.
    Redirect,
    /// No answer, or no more of it, in time.
    Timeout,
    /// It has too much to do.
    Overloaded,
    /// It failed.
    Server,
    /// It does not know how to do that, and will not tomorrow.
    NotImplemented,
    /// It could not be reached.
    Connect,
    /// Its certificate, or ours, was not accepted.
    Tls,
    /// The connection or the answer ended too early.
    Cut,
    /// It answered what the dialect does not allow.
    Garbage,
    /// It failed in words that nobody knows.
    ProviderError,
}

impl Kind {
    /// All kinds.
    const ALL: [Self; 19] = [
        Self::InvalidRequest,
        Self::ContentFilter,
        Self::Auth,
        Self::Quota,
        Self::RateLimited,
        Self::ProxyAuth,
        Self::NotFound,
        Self::TooLong,
        Self::Unsupported,
        Self::Redirect,
        Self::Timeout,
        Self::Overloaded,
        Self::Server,
        Self::NotImplemented,
        Self::Connect,
        Self::Tls,
        Self::Cut,
        Self::Garbage,
        Self::ProviderError,
    ];

    /// Of an answer whose status is no success (RFC 9110, section 15; 529 is Anthropic's "overloaded").
    #[must_use]
    pub const fn of_status(status: u16) -> Self {
        match status {
            300..=399 => Self::Redirect,
            400 | 422 => Self::InvalidRequest,
            401 | 403 => Self::Auth,
            402 => Self::Quota,
            404 | 405 | 410 => Self::NotFound,
            407 => Self::ProxyAuth,
            408 | 504 => Self::Timeout,
            413 => Self::TooLong,
            425 | 503 | 529 => Self::Overloaded,
            429 => Self::RateLimited,
            501 | 505 => Self::NotImplemented,
            // A conflict of the provider's own locks; its clients try again.
            409 | 500..=599 => Self::Server,
            _ => Self::ProviderError,
        }
    }

    /// The short stable word for metrics and faults.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::ContentFilter => "content_filter",
            Self::Auth => "auth",
            Self::Quota => "quota",
            Self::RateLimited => "rate_limited",
            Self::ProxyAuth => "proxy_auth",
            Self::NotFound => "not_found",
            Self::TooLong => "too_long",
            Self::Unsupported => "unsupported",
            Self::Redirect => "redirect",
            Self::Timeout => "timeout",
            Self::Overloaded => "overloaded",
            Self::Server => "server",
            Self::NotImplemented => "not_implemented",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Cut => "cut",
            Self::Garbage => "garbage",
            Self::ProviderError => "provider_error",
        }
    }

    /// The kind with this name. The flight's own words for silence are time-outs too.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "first_token_timeout" | "stalled" => Some(Self::Timeout),
            _ => Self::ALL.into_iter().find(|kind| kind.name() == name),
        }
    }

    /// Whose fault it is, of an answer. Of silence and of a cut only the executor knows whether anybody
    /// had answered at all, and blames the network where nobody had.
    #[must_use]
    pub const fn blame(self) -> Blame {
        match self {
            Self::InvalidRequest | Self::ContentFilter => Blame::Client,
            Self::Connect | Self::Tls | Self::ProxyAuth => Blame::Network,
            _ => Blame::Target,
        }
    }
}
