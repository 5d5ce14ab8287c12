//! A cloud provider and its models, as people write them.

use crate::prices::RawPrice;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is spoken at a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RawDialect {
    /// OpenAI's chat completions, which most providers and local servers speak too.
    #[default]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// A cloud provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawProvider {
    /// Name in targets and receipts.
    pub name: String,
    /// `openai` or `anthropic`; `openai` if absent.
    #[serde(default)]
    pub dialect: RawDialect,
    /// Base URL, up to and with `/v1`.
    pub base_url: String,
    /// Environment variable that may override the base URL.
    #[serde(default)]
    pub base_url_env: Option<String>,
    /// Headers of every request, by name. For what is no secret: an organisation, a version.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Environment variable that holds the key.
    #[serde(default)]
    pub api_key_env: Option<String>,
    /// Environment variables that hold further keys. Keys are used in turns, and one that the provider
    /// refuses or that is over its rate rests alone.
    #[serde(default)]
    pub api_key_envs: Vec<String>,
    /// File that holds the key. Files are read where no variable holds one.
    #[serde(default)]
    pub api_key_file: Option<PathBuf>,
    /// Files that hold further keys, one each.
    #[serde(default)]
    pub api_key_files: Vec<PathBuf>,
    /// Certificate authority of the provider's certificate, PEM; the system's if absent.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// Lets `http://` reach a host that is not this machine. Key and prompts travel in the clear.
    #[serde(default)]
    pub allow_plain_http: bool,
    /// Proxy on the way there, `http://HOST:PORT`. Those of the environment are not used: one left over in a
    /// shell would see every prompt that goes over plain `http`.
    #[serde(default)]
    pub proxy: Option<String>,
    /// Longest wait for the connection and its TLS handshake, in milliseconds.
    #[serde(default)]
    pub connect_ms: Option<u64>,
    /// Longest wait for the first byte of an answer, in milliseconds, counted once connected.
    #[serde(default)]
    pub first_byte_ms: Option<u64>,
    /// Longest silence inside an answer, in milliseconds.
    #[serde(default)]
    pub gap_ms: Option<u64>,
    /// Longest exchange, from the connection to the end of the answer, in milliseconds.
    #[serde(default)]
    pub total_ms: Option<u64>,
    /// Models; the shipped catalogue of OpenAI's or Anthropic's, by the dialect, if absent.
    #[serde(default)]
    pub model: Vec<RawModel>,
}

impl RawProvider {
    /// The providers that are there without any configuration.
    #[must_use]
    pub fn shipped() -> [Self; 2] {
        [Self::openai(), Self::anthropic()]
    }

    /// OpenAI, with the key in `OPENAI_API_KEY`.
    #[must_use]
    pub fn openai() -> Self {
        Self {
            name: "openai".into(),
            dialect: RawDialect::OpenAi,
            base_url: "https://api.openai.com/v1".into(),
            base_url_env: Some("OPENAI_BASE_URL".into()),
            headers: BTreeMap::new(),
            api_key_env: Some("OPENAI_API_KEY".into()),
            api_key_envs: Vec::new(),
            api_key_file: None,
            api_key_files: Vec::new(),
            ca_file: None,
            allow_plain_http: false,
            proxy: None,
            connect_ms: None,
            first_byte_ms: None,
            gap_ms: None,
            total_ms: None,
            model: Vec::new(),
        }
    }

    /// Anthropic, with the key in `ANTHROPIC_API_KEY`.
    #[must_use]
    pub fn anthropic() -> Self {
        Self {
            name: "anthropic".into(),
            dialect: RawDialect::Anthropic,
            base_url: "https://api.anthropic.com/v1".into(),
            base_url_env: Some("ANTHROPIC_BASE_URL".into()),
            api_key_env: Some("ANTHROPIC_API_KEY".into()),
            ..Self::openai()
        }
    }
}

/// A model of a provider.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawModel {
    /// Name the provider knows it by.
    pub name: String,
    /// Longest prompt plus answer, in tokens.
    pub context_tokens: u32,
    /// Tool calling.
    #[serde(default)]
    pub tools: bool,
    /// Output held to JSON or to a schema.
    #[serde(default)]
    pub json_output: bool,
    /// Image input.
    #[serde(default)]
    pub image: bool,
    /// Audio input.
    #[serde(default)]
    pub audio: bool,
    /// Log-probabilities.
    #[serde(default)]
    pub logprobs: bool,
    /// It turns texts into vectors, and does nothing else.
    #[serde(default)]
    pub embeddings: bool,
    /// It continues a prefix of the assistant's text exactly.
    #[serde(default)]
    pub accepts_prefix: bool,
    /// Prior probability of a good answer, 0 to 1.
    #[serde(default)]
    pub quality: Option<f64>,
    /// Price of prompt tokens, in millionths of a US dollar per million.
    #[serde(default)]
    pub input_usd_micros_per_mtok: Option<u64>,
    /// Price of generated tokens, in millionths of a US dollar per million.
    #[serde(default)]
    pub output_usd_micros_per_mtok: Option<u64>,
    /// Prices with all their parts, each from its day on. Any price here or above replaces those of the
    /// shipped table.
    #[serde(default)]
    pub price: Vec<RawPrice>,
    /// Expected time to the first token, in milliseconds.
    #[serde(default)]
    pub first_token_ms: Option<f64>,
    /// Expected generated tokens a second.
    #[serde(default)]
    pub decode_tokens_per_s: Option<f64>,
    /// Region of the provider's machines.
    #[serde(default)]
    pub region: Option<String>,
    /// Days for which the provider keeps what it is sent; 0 keeps nothing.
    #[serde(default)]
    pub retention_days: Option<u32>,
}
