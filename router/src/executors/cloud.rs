//! Dispatches to clouds: cleared content goes out in the provider's dialect, events come back.
//!
//! There is one way in: [`CloudProvider::prepare`] takes a [`Cleared`] by value and returns the
//! only thing that can be sent, a [`PreparedCall`]. Nothing else in this crate makes a request with
//! content to somebody else's machine. The rules that follow from it:
//!
//! - Content goes to the host that the configuration names and to no other. A redirect is a fault,
//!   and proxies out of the environment are not used: an `HTTP_PROXY` left over in a shell would
//!   otherwise see every prompt that goes over plain `http`.
//! - Nothing is sent twice. The client's own retries are off; a second try is the flight's to
//!   decide, and it needs a new clearance.
//! - What cannot be said in the provider's dialect is refused, never left out in silence.
//! - A provider's error message may repeat the prompt, so it is read for its code and dropped.
//! - Nothing runs without a [`crate::egress::Pass`], and nothing goes on once that is cut.
//! - The bytes of a body are counted when the connection takes them. After a call has ended, none
//!   can follow.

mod anthropic;
mod body;
mod call;
pub mod catalogue;
mod client;
mod dialect;
mod error;
mod keys;
mod openai;
mod provider;
mod retry_after;
mod sse;
#[cfg(test)]
mod tests;

pub use call::{CallReport, PreparedCall};
pub use dialect::{Dialect, embeddings};
pub use keys::KeyId;
pub use openai::{OpenAi, TokenLimitField};
pub use provider::{ProviderConfig, ProviderError};

use littoral_core::flight::event::{Blame, Fault};
use littoral_core::plan::Place;
use littoral_core::privacy::gate::Cleared;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One configured provider: a pooled connection to one host, and the dialect spoken there.
#[derive(Clone)]
pub struct CloudProvider {
    endpoint: Arc<client::Endpoint>,
}

impl fmt::Debug for CloudProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CloudProvider({} at {})", self.endpoint.name, self.endpoint.url)
    }
}

impl CloudProvider {
    /// Checks the configuration and builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ProviderError`]: an address, key, header or certificate file that cannot be used.
    pub fn new(config: ProviderConfig) -> Result<Self, ProviderError> {
        Ok(Self { endpoint: Arc::new(client::Endpoint::new(config)?) })
    }

    /// The provider's name in the configuration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.endpoint.name
    }

    /// How many keys it has.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.endpoint.keys.count()
    }

    /// How long a key still rests because the provider refused it; nothing where it does not.
    #[must_use]
    pub fn key_rests(&self, key: KeyId) -> Option<Duration> {
        self.endpoint.keys.rests(key, Instant::now())
    }

    /// Whether the provider's host takes a connection. Nothing is said on it.
    ///
    /// # Errors
    /// What the network said.
    pub async fn reach(&self) -> std::io::Result<()> {
        self.endpoint.reach().await
    }

    /// The provider is on this machine, whatever becomes of the network.
    #[must_use]
    pub fn is_here(&self) -> bool {
        self.endpoint.is_here()
    }

    /// Turns cleared content into the one call it was cleared for, and uses it up.
    ///
    /// # Errors
    /// A [`Fault`] and nothing was sent: the content was cleared for somebody else, or it asks for
    /// something that this provider's dialect cannot say.
    #[expect(clippy::needless_pass_by_value, reason = "a clearance is used up by its one call")]
    pub fn prepare(&self, cleared: Cleared) -> Result<PreparedCall, Fault> {
        let target = cleared.target();
        let is_mine = matches!(&target.at, Place::Cloud { provider } if **provider == *self.name());
        if !is_mine {
            return Err(Fault {
                blame: Blame::Gate,
                kind: "not_cleared",
                detail: format!("{} was not cleared for provider {}", target.pool, self.name()),
                retry_after_ms: None,
            });
        }
        let (prompt, remainder) = (cleared.prompt(), cleared.remainder());
        let (dialect, endpoint) = (self.endpoint.dialect, Arc::clone(&self.endpoint));
        if prompt.embed.is_some() {
            let asked = embeddings::asked(prompt, &target.model);
            let body = embeddings::encode(dialect, &asked, self.name())?;
            return Ok(PreparedCall::new(endpoint, body, Some(asked)));
        }
        let body = dialect.encode(prompt, remainder, &target.model);
        let body = body.map_err(|unfit| unfit.fault(self.name()))?;
        Ok(PreparedCall::new(endpoint, body, None))
    }
}
