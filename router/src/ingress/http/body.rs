//! Bodies of requests: read within bounds, and what is wrong with them told without their words.

use super::HttpDoor;
use super::error::plain;
use crate::wire::status::status;
use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt as _;
use littoral_core::reason::Reason;
use serde::de::DeserializeOwned;
use std::time::Duration;
use tokio::sync::SemaphorePermit;
use tonic::{Code, Status};

/// Longest time that a body may take to come.
const READ_LIMIT: Duration = Duration::from_secs(60);

impl HttpDoor {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// It is too long, too slow, or not what it should be; in one sentence.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: Body,
    ) -> Result<T, Status> {
        // A page of a stranger can make a browser send anything but this without asking first.
        let kind =
            headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(invalid("the body has to be JSON: send `content-type: application/json`"));
        }
        let (bytes, _place) = self.bytes(headers, body).await?;
        let reader = &mut serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut *reader);
        let value = value.map_err(|error| {
            let path = error.path().to_string();
            invalid(&told(&path, &error.into_inner().to_string()))
        })?;
        reader.end().map_err(|_| invalid("something stands behind the JSON of the body"))?;
        Ok(value)
    }

    /// The bytes of a body, and the place that they take among all that are being read. What is only
    /// announced takes none: whoever sends slowly holds little.
    async fn bytes(
        &self,
        headers: &HeaderMap,
        mut body: Body,
    ) -> Result<(Bytes, Option<SemaphorePermit<'_>>), Status> {
        let most = self.max_request;
        let too_large = || {
            plain(
                Code::OutOfRange,
                &format!("the body is longer than the {most} bytes that are taken"),
            )
        };
        let said = headers.get(CONTENT_LENGTH).and_then(|said| said.to_str().ok()?.parse().ok());
        if said.is_some_and(|said: usize| said > most) {
            return Err(too_large());
        }
        let read = async {
            let (mut bytes, mut place) = (BytesMut::new(), None::<SemaphorePermit<'_>>);
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|_| plain(Code::Cancelled, "the body broke off"))?;
                let Ok(data) = frame.into_data() else { continue };
                if bytes.len() + data.len() > most {
                    return Err(too_large());
                }
                let kilobytes = u32::try_from(data.len().div_ceil(1024)).unwrap_or(u32::MAX);
                let more = self.bodies.try_acquire_many(kilobytes).map_err(|_| {
                    let message = "the router reads as many requests as it may; retry shortly";
                    status(Reason::Shed, message, Some(1_000), "")
                })?;
                match &mut place {
                    Some(place) => place.merge(more),
                    None => place = Some(more),
                }
                bytes.extend_from_slice(&data);
            }
            Ok((bytes.freeze(), place))
        };
        let late = |_| plain(Code::DeadlineExceeded, "the body did not come within 60 s");
        tokio::time::timeout(READ_LIMIT, read).await.map_err(late)?
    }
}

/// A request that cannot be used as it is.
pub(super) fn invalid(message: &str) -> Status {
    status(Reason::InvalidRequest, message, None, "")
}

/// What a JSON reader says, without the values that it quotes.
fn told(path: &str, said: &str) -> String {
    let at = |what: &str| match path {
        "." | "?" | "" => what.to_owned(),
        path => format!("{path}: {what}"),
    };
    let place = said.rfind(" at line ").and_then(|place| said.get(place..)).unwrap_or_default();
    let said = said.strip_suffix(place).unwrap_or(said);
    if said.starts_with("unknown field") || said.starts_with("unknown variant") {
        return at(&match said.split_once(", expected ") {
            // The name is the client's own and no content; of what is known only a few are worth showing.
            Some((what, known)) if known.len() <= 120 => format!("{what}; known are {known}"),
            Some((what, _)) => what.to_owned(),
            None => said.to_owned(),
        });
    }
    if said.starts_with("missing field") || said.starts_with("duplicate field") {
        return at(said);
    }
    if let Some((_, expected)) = said.rsplit_once(", expected ") {
        return at(&format!("must be {expected}"));
    }
    if said.starts_with("data did not match") {
        return at("has none of the forms that are known");
    }
    format!("the body is no JSON that can be read{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how it fails is looked at")]
    struct Wanted {
        number: u32,
        #[serde(default)]
        inner: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how it fails is looked at")]
    struct Inner {
        flag: bool,
    }

    fn fault(text: &str) -> String {
        let reader = &mut serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Wanted>(reader).unwrap_err();
        told(&error.path().to_string(), &error.into_inner().to_string())
    }

    #[test]
    fn what_is_wrong_is_told_with_its_path_and_without_a_value() {
        let cases = [
            (r#"{"number": "a secret"}"#, "number: must be u32"),
            (
                r#"{"number": 1, "inner": [{"flag": true}, {"flag": "a secret"}]}"#,
                "inner[1].flag: must be a boolean",
            ),
            (
                r#"{"number": 1, "othr": "a secret"}"#,
                "othr: unknown field `othr`; known are `number` or `inner`",
            ),
            (r#"{"inner": []}"#, "missing field `number`"),
            (r#"{"number": 1"#, "the body is no JSON that can be read at line 1 column 12"),
        ];
        for (text, said) in cases {
            assert_eq!(fault(text), said);
        }
        let deep = format!("{{\"inner\": {}", "[".repeat(100_000));
        assert!(!fault(&deep).contains("[["));
    }
}
