//! A client of the HTTP doors, as a test uses it: everything of an answer in one value.

use crate::cluster::{PATIENCE, install_crypto};
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    /// Status code.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// The body.
    pub text: String,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {self:?}"))
    }

    /// A header, or nothing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The data of each event of a stream, in order: JSON where it is.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        let data = self.text.lines().filter_map(|line| line.strip_prefix("data: "));
        data.map(|data| serde_json::from_str(data).unwrap_or_else(|_| data.into())).collect()
    }
}

/// A client without settings of the machine around it.
///
/// # Panics
/// If there is none.
#[must_use]
pub fn client() -> Client {
    install_crypto();
    Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

/// Sends a request and reads its answer.
///
/// # Panics
/// If the connection breaks, or after [`PATIENCE`].
pub async fn send(request: RequestBuilder) -> Reply {
    let exchange = async {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Reply { status, headers, text: response.text().await.expect("a body") }
    };
    tokio::time::timeout(PATIENCE, exchange).await.expect("an answer in time")
}

/// Posts JSON.
///
/// # Panics
/// As [`send`].
pub async fn post(url: String, body: &Value) -> Reply {
    send(client().post(url).json(body)).await
}
