//! The connection to one provider: an HTTP client that keeps to the configured host.

use super::body::OnceBody;
use super::dialect::{Dialect, embeddings};
use super::keys::{KeyId, Keys};
use super::provider::{ProviderConfig, ProviderError};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Client, ClientBuilder, Proxy, Url, redirect, retry};
use secrecy::{ExposeSecret, SecretString};
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpStream;

/// Sent with every request.
const USER_AGENT: &str = concat!("littoral/", env!("CARGO_PKG_VERSION"));
/// Idle connections are closed after this time; providers close theirs after a minute or more.
const IDLE_LIMIT: Duration = Duration::from_secs(55);
/// A silent HTTP/2 connection is probed this often, and given up if a probe goes unanswered as
/// long: a dead path is found in seconds and not when TCP gives up, a quarter of an hour later.
const PROBE_INTERVAL: Duration = Duration::from_secs(10);
/// Headers that the client sets itself, or that would change what is sent.
const RESERVED_HEADERS: [&str; 7] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "transfer-encoding",
];

/// One provider's address, credentials, limits and connections.
pub(super) struct Endpoint {
    pub(super) name: String,
    pub(super) url: Url,
    /// Where vectors are asked for, where the dialect has a way to.
    embed_url: Option<Url>,
    pub(super) dialect: Dialect,
    pub(super) connect_timeout: Duration,
    pub(super) first_byte_timeout: Duration,
    pub(super) gap_timeout: Duration,
    pub(super) total_timeout: Duration,
    proxy: Option<Url>,
    pub(super) keys: Keys,
    headers: HeaderMap,
    client: Client,
}

impl Endpoint {
    pub(super) fn new(config: ProviderConfig) -> Result<Self, ProviderError> {
        let url = url_of(&config)?;
        let headers = headers(&config)?;
        let keys = Keys::new(config.dialect.key_header(), &config.api_keys)
            .ok_or_else(|| ProviderError::Key { provider: config.name.clone() })?;
        let proxy = proxy(&config, &url)?;
        let client = client(&config, &url, proxy.as_ref())?;
        Ok(Self {
            embed_url: embed_url(&config),
            url,
            dialect: config.dialect,
            keys,
            headers,
            client,
            name: config.name,
            connect_timeout: config.connect_timeout,
            first_byte_timeout: config.first_byte_timeout,
            gap_timeout: config.gap_timeout,
            total_timeout: config.total_timeout,
            proxy,
        })
    }

    /// The headers of one request with this key.
    pub(super) fn head(&self, key: KeyId) -> HeaderMap {
        let mut headers = self.headers.clone();
        self.keys.show(key, &mut headers);
        headers
    }

    /// Opens a connection to the provider's host, or to the proxy on the way, and closes it again: nothing is
    /// said on it.
    ///
    /// # Errors
    /// The host cannot be reached, or not in time.
    pub(super) async fn reach(&self) -> std::io::Result<()> {
        let url = self.proxy.as_ref().unwrap_or(&self.url);
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_or_known_default().unwrap_or(443);
        let connect = TcpStream::connect((host, port));
        tokio::time::timeout(self.connect_timeout, connect).await?.map(drop)
    }

    /// The host is this machine: no network is needed to reach it.
    pub(super) fn is_here(&self) -> bool {
        is_this_machine(&self.url)
    }

    /// Sends one request and waits for the head of the answer.
    pub(super) async fn post(
        &self,
        embeds: bool,
        headers: HeaderMap,
        body: OnceBody,
    ) -> reqwest::Result<reqwest::Response> {
        let url = self.embed_url.as_ref().filter(|_| embeds).unwrap_or(&self.url);
        let request = self.client.post(url.clone()).headers(headers);
        request.body(reqwest::Body::wrap(body)).send().await
    }
}

fn url_of(config: &ProviderConfig) -> Result<Url, ProviderError> {
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
    let path = config.dialect.path(url.path());
    url.set_path(&path);
    Ok(url)
}

/// Where vectors are asked for. The address was looked at before.
fn embed_url(config: &ProviderConfig) -> Option<Url> {
    let mut url = Url::parse(config.base_url.trim()).ok()?;
    let path = embeddings::path(config.dialect, url.path())?;
    url.set_path(&path);
    Some(url)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The headers of every request, without its key.
fn headers(config: &ProviderConfig) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("accept", HeaderValue::from_static("text/event-stream"));
    let of_dialect = config.dialect.headers();
    for (name, value) in of_dialect {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let is_reserved = |name: &str| {
        RESERVED_HEADERS.contains(&name)
            || name == config.dialect.key_header().name
            || of_dialect.iter().any(|(of_dialect, _)| *of_dialect == name)
    };
    for (name, value) in &config.headers {
        let bad = |why| ProviderError::Header {
            provider: config.name.clone(),
            header: name.clone(),
            why,
        };
        let header = HeaderName::try_from(name.as_str()).map_err(|_| bad("its name is none"))?;
        if is_reserved(header.as_str()) {
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

/// The configured proxy. It carries a tunnel that it cannot look into; over plain http it would read prompts
/// and key, so that needs the word that says so.
fn proxy(config: &ProviderConfig, url: &Url) -> Result<Option<Url>, ProviderError> {
    let bad = |why| ProviderError::Proxy { provider: config.name.clone(), why };
    let Some(text) = &config.proxy else { return Ok(None) };
    let proxy = Url::parse(text.trim()).map_err(|_| bad("is no URL; write http://HOST:PORT"))?;
    if proxy.scheme() != "http" || proxy.host_str().is_none() {
        return Err(bad("must be http://HOST:PORT"));
    }
    if url.scheme() != "https" && !config.allow_plain_http {
        return Err(bad("would read key and prompts of a plain http provider; use https there"));
    }
    Ok(Some(proxy))
}

fn client(
    config: &ProviderConfig,
    url: &Url,
    proxy: Option<&Url>,
) -> Result<Client, ProviderError> {
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
    let builder = match proxy.map(|proxy| Proxy::all(proxy.clone())).transpose() {
        Ok(Some(proxy)) => builder.proxy(proxy),
        Ok(None) => builder,
        Err(error) => return Err(tls_error(&error)),
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
