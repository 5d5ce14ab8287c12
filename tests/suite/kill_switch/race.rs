//! Throwing the switch under load: many requests on their way to a cloud, in every stage, and after the
//! acknowledgement the cloud receives nothing.

use super::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A question of the test's own to the stand-in. What had arrived there before it is read by the time
/// that it is answered a few times over: the sockets are of one machine.
const FENCE: &[u8] = b"GET /fence HTTP/1.1\r\nhost: fence\r\nconnection: close\r\n\r\n";
/// So many fences in a row must change nothing.
const QUIET: u32 = 16;
/// Rounds of throwing the switch off and on.
const ROUNDS: usize = 6;
/// Questions of a round.
const ASKED: usize = 48;

/// What the cloud has received, without the fences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Received {
    requests: usize,
    bytes: u64,
    connections: u64,
}

async fn fence(cloud: &ScriptedCloud) {
    let mut socket = TcpStream::connect(cloud.address()).await.expect("a connection");
    socket.write_all(FENCE).await.expect("a question");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("an answer");
}

/// What the cloud has received, once nothing more is on its way.
async fn settled(cloud: &ScriptedCloud, fences: &mut u64) -> Received {
    let (mut before, mut quiet) = (None, 0);
    let settle = async {
        loop {
            fence(cloud).await;
            *fences += 1;
            let requests = cloud.requests().iter().filter(|one| one.path != "/fence").count();
            let bytes = cloud.bytes_received() - *fences * FENCE.len() as u64;
            let now = Received { requests, bytes, connections: cloud.connections() - *fences };
            quiet = if before == Some(now) { quiet + 1 } else { 0 };
            before = Some(now);
            if quiet == QUIET {
                return now;
            }
        }
    };
    tokio::time::timeout(PATIENCE, settle).await.expect("a quiet cloud in time")
}

/// Asks so many questions at once, each on a task of its own.
fn many(cluster: &Cluster, count: usize) -> Vec<tokio::task::JoinHandle<Told>> {
    let asking = (0..count).map(|_| {
        let mut chat = cluster.chat();
        tokio::spawn(async move { ask(&mut chat, prompt("the sea", DataClass::Public)).await })
    });
    asking.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_off_is_acknowledged_the_cloud_receives_no_request_and_no_byte() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = with_cloud(&cloud).await;
    for _ in 0..ROUNDS * ASKED {
        // Whoever is answered is in mid-stream until it is cut.
        let answer = Answer::new(["one ", "two "]);
        cloud.script(Behaviour::HangAfter { answer, chunks: 1 });
    }
    let (mut fences, mut ids) = (0, Vec::new());
    for round in 0..ROUNDS {
        let before = cloud.requests().len();
        let asking = many(&cluster, ASKED);
        // Each round another number is under way: some wait for their first word, some for the
        // store, some have only been decided.
        cloud.wait_for_requests(before + 1 + round * 4).await.expect("requests at the cloud");
        let off = throw(&cluster, false).await;
        assert!(off.cut_streams.is_some_and(|cut| cut > 0), "round {round}: {off:?}");

        let acknowledged = settled(&cloud, &mut fences).await;
        let more = many(&cluster, 16);
        for asked in asking.into_iter().chain(more) {
            let told = asked.await.expect("an answer");
            assert_eq!(told.failure().1, "EGRESS_DENIED", "{told:?}");
            ids.push(told.routed().request_id.clone());
        }
        assert_eq!(settled(&cloud, &mut fences).await, acknowledged, "round {round}");
        throw(&cluster, true).await;
    }
    adds_up(&cluster, &cloud, &ids).await;
}

/// Whatever the cloud was sent has a receipt, to the last byte of content.
async fn adds_up(cluster: &Cluster, cloud: &ScriptedCloud, ids: &[String]) {
    let mut receipted = 0;
    let (mut client, mut after_sequence) = (cluster.privacy(), 0);
    for id in ids {
        cluster.wait_for_outcome(id).await;
    }
    loop {
        let request = v1::ListReceiptsRequest { after_sequence, limit: 1_000, since_unix_ms: 0 };
        let page = client.list_receipts(request).await.expect("receipts").into_inner().receipts;
        let Some(last) = page.last() else { break };
        after_sequence = last.sequence;
        let bytes = page.iter().filter_map(|one| Some(one.receipt.as_ref()?.egress_bytes));
        receipted += bytes.sum::<u64>();
    }
    let received: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
    assert!(receipted >= received as u64, "{receipted} receipted, {received} received");
    let request = v1::VerifyReceiptsRequest { noted_hash: None };
    let verdict = client.verify_receipts(request).await.expect("a verdict").into_inner();
    assert!(verdict.intact, "{verdict:?}");
}
