//! Whoever starts a process may not read what it says on standard error.

use littoral_proto::v1;
use littoral_proto::v1::fleet_service_client::FleetServiceClient;
use littoral_tests::cluster::PATIENCE;
use littoral_tests::process::Home;
use tonic::transport::Channel;

/// Calls; at the level that tells everything each says more than a kilobyte, and a pipe holds 64.
const CALLS: usize = 400;

#[tokio::test(flavor = "multi_thread")]
async fn a_router_whose_log_nobody_reads_answers_and_ends_all_the_same() {
    let mut home = Home::empty(env!("CARGO_BIN_EXE_littoral-under-test"));
    home.set("RUST_LOG", "trace");
    let router = home.stay(["serve", "--listen", "127.0.0.1:0"]).await;
    let channel = Channel::from_shared(router.address.clone()).expect("an address");
    let calls = async {
        let channel = channel.connect().await.expect("a connection");
        let mut fleet = FleetServiceClient::new(channel);
        for _ in 0..CALLS {
            fleet.list_workers(v1::ListWorkersRequest {}).await.expect("a list");
        }
    };
    tokio::time::timeout(PATIENCE, calls).await.expect("the router hangs on its own log");
    router.signal("TERM").await;
    assert_eq!(router.end().await, Some(0));
}
