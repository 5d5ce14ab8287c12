//! The connection to one provider: an HTTP client that keeps to the configured host.

use super::body::OnceBody;
use super::provider::{ProviderConfig, ProviderError};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, ClientBuilder, Url, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::time::Duration;

/// Sent with every request.
const USER_AGENT: &str = concat!("littoral/", env!("CARGO_PKG_VERSION"));
/// Idle connections are closed after this time; providers close theirs after a minute or more.
const IDLE_LIMIT: Duration = Duration::from_secs(55);
/// A silent HTTP/2 connection is probed this often, and given up if a probe goes unanswered as
/// long: a dead path is found in seconds and not when TCP gives up, a quarter of an hour later.
const PROBE_INTERVAL: Duration = Duration::from_secs(10);
/// Headers that the client sets itself, or that would change what is sent.
const RESERVED_HEADERS: [&str; 6] =
    ["authorization", "content-length", "content-type", "host", "transfer-encoding", "connection"];

/// One provider's address, credentials, limits and connections.
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) url: Url,
    pub(super) connect_timeout: Duration,
    pub(super) first_byte_timeout: Duration,
    pub(super) gap_timeout: Duration,
    headers: HeaderMap,
    client: Client,
}

impl Endpoint {
    pub(super) fn new(config: ProviderConfig) -> Result<Self, ProviderError> {
        let url = chat_url(&config)?;
        let headers = headers(&config)?;
        let client = client(&config, &url)?;
        Ok(Self {
            url,
            headers,
            client,
            name: config.name,
            connect_timeout: config.connect_timeout,
            first_byte_timeout: config.first_byte_timeout,
            gap_timeout: config.gap_timeout,
        })
    }

    /// Sends one request and waits for the head of the answer.
    pub(super) async fn post(&self, body: OnceBody) -> reqwest::Result<reqwest::Response> {
        let request = self.client.post(self.url.clone()).headers(self.headers.clone());
        request.body(reqwest::Body::wrap(body)).send().await
    }
}

fn chat_url(config: &ProviderConfig) -> Result<Url, ProviderError> {
    let bad = |why: &str| ProviderError::Url { provider: config.name.clone(), why: why.into() };
    let mut url = Url::parse(config.base_url.trim())
        .map_err(|error| bad(&format!("is not a URL ({error}); write https://HOST/v1")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("holds a user name or password; give the key as api_key instead"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("has a query or a fragment; end it at the path, as in https://HOST/v1"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_this_machine(&url) || config.allow_plain_http => {}
        "http" => {
            return Err(bad(
                "is plain http to another machine, so key and prompts could be read on the way; use \
                 https, or allow_plain_http = true where the network is yours",
            ));
        }
        _ => return Err(bad("must start with https://")),
    }
    let path = format!("{}/chat/completions", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn headers(config: &ProviderConfig) -> Result<HeaderMap, ProviderError> {
    let key = SecretString::from(format!("Bearer {}", config.api_key.expose_secret().trim()));
    let no_key = || ProviderError::Key { provider: config.name.clone() };
    if key.expose_secret().len() == "Bearer ".len() {
        return Err(no_key());
    }
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("accept", HeaderValue::from_static("text/event-stream"));
    headers.insert(AUTHORIZATION, secret_value(&key).ok_or_else(no_key)?);
    for (name, value) in &config.headers {
        let bad = |why| ProviderError::Header {
            provider: config.name.clone(),
            header: name.clone(),
            why,
        };
        let header = HeaderName::try_from(name.as_str()).map_err(|_| bad("its name is none"))?;
        if RESERVED_HEADERS.contains(&header.as_str()) {
            return Err(bad("the router sets it itself"));
        }
        let value = secret_value(value).ok_or_else(|| bad("its value has line breaks or such"))?;
        headers.insert(header, value);
    }
    Ok(headers)
}

fn secret_value(secret: &SecretString) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn client(config: &ProviderConfig, url: &Url) -> Result<Client, ProviderError> {
    let tls_error = |error: &reqwest::Error| ProviderError::Tls {
        provider: config.name.clone(),
        why: super::error::innermost(error),
    };
    install_crypto();
    let builder = Client::builder()
        .user_agent(USER_AGENT)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .https_only(url.scheme() == "https")
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(IDLE_LIMIT)
        .http2_keep_alive_interval(PROBE_INTERVAL)
        .http2_keep_alive_timeout(PROBE_INTERVAL);
    let builder = match &config.ca_file {
        Some(path) => builder.tls_certs_only(certificates(config, path)?),
        None => trust_of(builder, url),
    };
    builder.build().map_err(|error| tls_error(&error))
}

/// The system's certificates, where TLS is spoken at all: a stand-in on this machine over plain
/// http must work where no certificates are installed.
fn trust_of(builder: ClientBuilder, url: &Url) -> ClientBuilder {
    if url.scheme() == "https" { builder } else { builder.tls_certs_only([]) }
}

fn certificates(config: &ProviderConfig, path: &Path) -> Result<Vec<Certificate>, ProviderError> {
    let bad = |why: String| ProviderError::CaFile {
        provider: config.name.clone(),
        path: path.into(),
        why,
    };
    let pem = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(bad("has no certificate in PEM form".into())),
    }
}

/// The client panics where the process has no cryptography installed. `main` installs it first
/// thing; this makes a forgotten call (in a test, in another program) harmless.
fn install_crypto() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // It fails only where another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
