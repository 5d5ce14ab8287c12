//! Who asks, from the connection alone.

use littoral_core::principal::Principal;
use tonic::transport::server::TcpConnectInfo;
use tonic::{Extensions, Status};

/// The principal of a connection.
///
/// Over loopback it is the person at this machine, who is also the administrator. Anyone else is a
/// guest without devices and without rights; the router listens off loopback only where its operator
/// asked for an insecure test.
#[must_use]
pub fn of(extensions: &Extensions) -> Principal {
    let peer = extensions.get::<TcpConnectInfo>().and_then(TcpConnectInfo::remote_addr);
    if peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback()) {
        return Principal::loopback();
    }
    Principal {
        tenant: "local".into(),
        application: "guest".into(),
        user: "guest".into(),
        owner: String::new(),
        groups: Vec::new(),
        device_class: None,
        loopback: false,
        administrator: false,
    }
}

/// Refuses everyone but an administrator.
///
/// # Errors
/// `PERMISSION_DENIED`, naming the way in.
pub fn administrator(extensions: &Extensions) -> Result<Principal, Status> {
    let principal = of(extensions);
    if principal.administrator {
        return Ok(principal);
    }
    Err(Status::permission_denied(
        "this call is for administrators; make it over loopback on the router's machine",
    ))
}
