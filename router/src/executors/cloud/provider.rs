//! What the configuration says of a provider, and what is wrong with it.

use super::dialect::Dialect;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// Time to reach the provider and finish the TLS handshake, unless configured. A continent away,
/// both take well under a second.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Time to the first byte of the answer, unless configured. A flight's own limits are tighter; this
/// one only makes sure that no call lives for ever. It equals the default deadline of a request.
const FIRST_BYTE_LIMIT: Duration = Duration::from_secs(120);
/// Longest silence inside an answer, unless configured. As above.
const GAP_LIMIT: Duration = Duration::from_secs(60);
/// Longest exchange, unless configured: an hour's reasoning. As above.
const TOTAL_LIMIT: Duration = Duration::from_secs(60 * 60);

/// A provider, as configured.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// Name in plans, receipts and logs.
    pub name: String,
    /// Where the API starts, without `/chat/completions` or `/messages`: `https://api.openai.com/v1`.
    pub base_url: String,
    /// The keys, at least one, used in turns. Space around them is ignored.
    pub api_keys: Vec<SecretString>,
    /// Headers to add to every request, for instance `OpenAI-Organization`.
    pub headers: Vec<(String, SecretString)>,
    /// Time to reach the provider and finish the TLS handshake.
    pub connect_timeout: Duration,
    /// Time to the first byte of an answer's body, counted once connected.
    pub first_byte_timeout: Duration,
    /// Longest silence inside an answer.
    pub gap_timeout: Duration,
    /// Longest exchange.
    pub total_timeout: Duration,
    /// Proxy on the way there, without which none is used.
    pub proxy: Option<String>,
    /// Certificates (PEM) that are trusted for this provider *instead of* the system's.
    pub ca_file: Option<PathBuf>,
    /// Allow `http://` to a host that is not this machine. Key and prompts travel in the clear.
    pub allow_plain_http: bool,
    /// What is spoken there.
    pub dialect: Dialect,
}

impl ProviderConfig {
    /// A provider with default limits.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        base_url: impl Into<String>,
        dialect: Dialect,
        api_keys: Vec<SecretString>,
    ) -> Self {
        Self {
            name: name.into(),
            dialect,
            base_url: base_url.into(),
            api_keys,
            headers: Vec::new(),
            connect_timeout: CONNECT_LIMIT,
            first_byte_timeout: FIRST_BYTE_LIMIT,
            gap_timeout: GAP_LIMIT,
            total_timeout: TOTAL_LIMIT,
            proxy: None,
            ca_file: None,
            allow_plain_http: false,
        }
    }
}

/// Why a provider cannot be used as configured. No variant holds a key or a header's value.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The address cannot be used.
    #[error("provider {provider}: base_url {why}")]
    Url {
        /// Which provider.
        provider: String,
        /// What is wrong, and what would be right.
        why: String,
    },
    /// The proxy cannot be used.
    #[error("provider {provider}: proxy {why}")]
    Proxy {
        /// Which provider.
        provider: String,
        /// What is wrong, and what would be right.
        why: &'static str,
    },
    /// A key is empty, or no header can carry it.
    #[error(
        "provider {provider}: an API key is empty or has characters that no key has; copy it again"
    )]
    Key {
        /// Which provider.
        provider: String,
    },
    /// An extra header cannot be sent.
    #[error("provider {provider}: header {header} cannot be sent: {why}")]
    Header {
        /// Which provider.
        provider: String,
        /// The header's name.
        header: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The certificate file cannot be used.
    #[error("provider {provider}: ca_file {}: {why}", path.display())]
    CaFile {
        /// Which provider.
        provider: String,
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The TLS client cannot be built.
    #[error(
        "provider {provider}: set up TLS: {why}; does this machine have CA certificates? `ca_file` can name some"
    )]
    Tls {
        /// Which provider.
        provider: String,
        /// The library's words.
        why: String,
    },
}
