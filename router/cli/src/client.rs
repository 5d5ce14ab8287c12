//! The connection to a router, and what its errors mean.
//!
//! Everything that waits has a bound: connecting, a call without a stream, and a connection whose
//! other end went silent (HTTP/2 keepalive).

use crate::arguments::Globals;
use crate::failure::{Exit, Failure};
use std::error::Error as _;
use std::time::Duration;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Response, Status};
use tonic_types::StatusExt as _;

/// Longest wait for a TCP connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// Longest wait for the answer to a call that is no stream. The router answers such calls from memory
/// or from its own disk.
const CALL_LIMIT: Duration = Duration::from_secs(10);
/// A silent connection is tried this often.
const PING_EVERY: Duration = Duration::from_secs(5);
/// A connection whose other end does not answer a ping for this long is dead.
const PING_LIMIT: Duration = Duration::from_secs(10);
/// Largest message that is taken in, in bytes.
pub const LARGEST_MESSAGE: usize = 64 * 1024 * 1024;

/// Name of the environment variable with the API key to show.
const API_KEY: &str = "LITTORAL_API_KEY";

/// A connection on which every call shows the API key, where there is one.
pub type Connection = InterceptedService<Channel, KeyHeader>;

/// The API key as a header of every call. A command line is seen by everyone on a machine, so the key comes
/// from the environment.
#[derive(Clone)]
pub struct KeyHeader(Option<MetadataValue<Ascii>>);

impl KeyHeader {
    fn of_environment() -> Result<Self, Failure> {
        let Some(key) = std::env::var(API_KEY).ok().filter(|key| !key.trim().is_empty()) else {
            return Ok(Self(None));
        };
        let header = format!("Bearer {}", key.trim()).parse::<MetadataValue<Ascii>>();
        let mut header = header.map_err(|_| {
            Failure::usage(format!("{API_KEY} holds something that is no API key"))
                .fix("make one with `littoral keys create` on the router's machine")
        })?;
        header.set_sensitive(true);
        Ok(Self(Some(header)))
    }
}

impl Interceptor for KeyHeader {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("authorization", key.clone());
        }
        Ok(request)
    }
}

/// Runs one command's asynchronous part on this thread.
///
/// # Errors
/// The command's own failure, or the system's refusal to start an event loop.
pub fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("failed to start the event loop: {error}")))?;
    let result = runtime.block_on(work);
    // A thread that still reads a terminal must not hold the process.
    runtime.shutdown_background();
    result
}

/// Connects to the router of the arguments.
///
/// # Errors
/// The address makes no sense, or no router answers there.
pub async fn connect(globals: &Globals) -> Result<Connection, Failure> {
    let key = KeyHeader::of_environment()?;
    let address = globals.router();
    let endpoint = Endpoint::from_shared(address.clone()).map_err(|error| {
        let message = format!("--router {address:?} is no address: {error}");
        Failure::usage(message).fix("write http://HOST:PORT")
    })?;
    let endpoint = endpoint
        .connect_timeout(CONNECT_LIMIT)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_LIMIT)
        .keep_alive_while_idle(true)
        .tcp_nodelay(true);
    let endpoint =
        if address.starts_with("https://") { with_tls(endpoint, globals)? } else { endpoint };
    let channel = endpoint.connect().await;
    let channel = channel.map_err(|error| no_router(globals, &root_cause(&error)))?;
    Ok(InterceptedService::new(channel, key))
}

fn with_tls(endpoint: Endpoint, globals: &Globals) -> Result<Endpoint, Failure> {
    let tls = match globals.ca() {
        Some(path) => {
            let pem = std::fs::read(path).map_err(|error| {
                Failure::usage(format!("failed to read {}: {error}", path.display()))
                    .fix("give the router-ca.pem of its state folder with --ca")
            })?;
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem))
        }
        None => ClientTlsConfig::new().with_native_roots(),
    };
    endpoint.tls_config(tls).map_err(|error| {
        Failure::usage(format!("--ca holds no certificate: {}", root_cause(&error)))
            .fix("give a file in PEM form")
    })
}

/// Waits for the answer to a call that is no stream.
///
/// # Errors
/// The router's refusal, or its silence.
pub async fn answer<T>(
    globals: &Globals,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Failure> {
    answer_within(globals, CALL_LIMIT, call).await
}

/// Waits so long for the answer to a call that is no stream.
///
/// # Errors
/// The router's refusal, or its silence.
pub async fn answer_within<T>(
    globals: &Globals,
    limit: Duration,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Failure> {
    match tokio::time::timeout(limit, call).await {
        Ok(Ok(response)) => Ok(response.into_inner()),
        Ok(Err(status)) => Err(failure(globals, &status)),
        Err(_) => Err(silent(globals, limit)),
    }
}

/// The router took the connection and then said nothing.
pub fn silent(globals: &Globals, limit: Duration) -> Failure {
    let (address, limit) = (globals.router(), limit.as_secs());
    Failure::new(format!("what listens at {address} did not answer within {limit} s"))
        .exit(Exit::NoRouter)
        .fix(format!("check that it is a router: {}", globals.suggest("doctor")))
}

/// What to look at when a connection broke. A router that speaks TLS breaks off what is not.
fn after_a_break(globals: &Globals) -> String {
    let doctor = format!("see whether it still runs: {}", globals.suggest("doctor"));
    match globals.router().strip_prefix("http://") {
        Some(address) => format!("{doctor}; if it speaks TLS, write https://{address}"),
        None => doctor,
    }
}

fn no_router(globals: &Globals, cause: &str) -> Failure {
    let address = globals.router();
    let start = globals.suggest_here("up");
    Failure::new(format!("no router answers at {address}: {cause}"))
        .exit(Exit::NoRouter)
        .fix(format!("start one with `{start}`, or name another one with --router"))
}

/// What a status means for a person.
pub fn failure(globals: &Globals, status: &Status) -> Failure {
    let details = status.get_error_details();
    if let Some(info) = details.error_info().filter(|info| info.domain == "littoral") {
        let mut failure = Failure::new(status.message());
        failure.request_id = info.metadata.get("request_id").filter(|id| !id.is_empty()).cloned();
        let retry = details.retry_info().and_then(|retry| retry.retry_delay);
        failure.retry_after_ms = retry.map(crate::spans::whole_ms);
        failure.fix = way_out(globals, &info.reason);
        failure.reason = Some(info.reason.clone());
        if let Some(bad) = details.bad_request() {
            failure.message = "the router cannot use the request as it is".into();
            let fields = bad.field_violations.iter();
            failure.details =
                fields.map(|bad| format!("{}: {}", bad.field, bad.description)).collect();
        }
        return failure;
    }
    if status.source().is_some() {
        let cause = status.source().map(root_cause).unwrap_or_default();
        let address = globals.router();
        return Failure::new(format!("the connection to the router at {address} broke: {cause}"))
            .exit(Exit::NoRouter)
            .fix(after_a_break(globals));
    }
    match status.code() {
        Code::Unimplemented => {
            let address = globals.router();
            Failure::new(format!("what answers at {address} is no router of this version"))
                .exit(Exit::NoRouter)
                .fix("check --router, and that both sides are of one version")
        }
        _ => Failure::new(status.message()),
    }
}

/// The next command to try, for reasons where there is one. The router's message says the rest.
fn way_out(globals: &Globals, reason: &str) -> Option<String> {
    let workers = globals.suggest("workers");
    match reason {
        "EGRESS_DENIED" | "NO_READY_TARGET" | "NO_CAPABLE_TARGET" => {
            Some(format!("`{workers}` shows which models could answer near you"))
        }
        "MODEL_LOADING" | "SHED" | "RATE_LIMITED" | "SHUTTING_DOWN" => {
            Some("send it again in a moment".into())
        }
        "UNAUTHENTICATED" => {
            Some(format!("set {API_KEY} to a key of this router, made with `littoral keys create`"))
        }
        "REQUEST_LOST" => Some("send it again; the router was restarted".into()),
        _ => None,
    }
}

/// The innermost cause of an error: `Connection refused`, not "transport error".
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;
    use std::collections::HashMap;
    use tonic_types::{ErrorDetails, FieldViolation};

    fn globals(address: &str) -> Globals {
        let line = ["littoral", "--router", address, "workers"];
        crate::arguments::Arguments::parse_from(line).globals
    }

    #[test]
    fn a_named_reason_keeps_its_name_its_request_and_its_retry_time() {
        let metadata = HashMap::from([("request_id".to_owned(), "r-1".to_owned())]);
        let mut details = ErrorDetails::with_error_info("SHED", "littoral", metadata);
        details.set_retry_info(Some(Duration::from_millis(1_500)));
        let status = Status::with_error_details(Code::ResourceExhausted, "full", details);
        let failure = failure(&globals("h:1"), &status);
        assert_eq!(failure.reason.as_deref(), Some("SHED"));
        assert_eq!(failure.request_id.as_deref(), Some("r-1"));
        assert_eq!(failure.retry_after_ms, Some(1_500));
        assert_eq!(failure.message, "full");
    }

    #[test]
    fn every_wrong_field_is_listed() {
        let info = HashMap::<String, String>::new();
        let mut details = ErrorDetails::with_error_info("INVALID_REQUEST", "littoral", info);
        let field = |name: &str| FieldViolation::new(name, "is wrong");
        details.set_bad_request(vec![field("messages[0]"), field("sampling.top_p")]);
        let status = Status::with_error_details(Code::InvalidArgument, "x", details);
        let failure = failure(&globals("h:1"), &status);
        assert_eq!(failure.details, ["messages[0]: is wrong", "sampling.top_p: is wrong"]);
    }

    #[test]
    fn a_stranger_that_speaks_grpc_is_called_no_router() {
        let failure = failure(&globals("h:1"), &Status::unimplemented(""));
        assert!(failure.message.contains("http://h:1 is no router"), "{}", failure.message);
    }

    #[test]
    fn nobody_at_the_address_is_told_with_the_address_and_a_way_out() {
        // Port 1 of loopback: reserved, and nothing listens there.
        let globals = globals("127.0.0.1:1");
        let mut told = None;
        let connecting = async {
            told = connect(&globals).await.err();
            Ok(())
        };
        block_on(connecting).unwrap();
        let failure = told.expect("a router answered at port 1");
        assert!(failure.message.starts_with("no router answers at http://127.0.0.1:1: "));
        let fix = failure.fix.clone().unwrap();
        assert!(fix.contains("littoral up`") && !fix.contains("127.0.0.1:1"), "{fix}");
    }
}
