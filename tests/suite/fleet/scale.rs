//! A router in a process of its own with thousands of workers, and what they cost it.

use littoral_core::class::Tier;
use littoral_proto::v1;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use littoral_router::clock::unix_ms;
use littoral_router::join_token::{Claims, JoinKey};
use littoral_router::tls::authority_certificate;
use littoral_tests::cluster::install_crypto;
use littoral_tests::crowd::{Crowd, Member};
use littoral_tests::process::{Home, Staying};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Semaphore;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};

/// Workers in an ordinary run; `LITTORAL_FLEET` asks for another number.
const WORKERS: usize = 4_000;
/// How often each says how it is.
const BEAT: Duration = Duration::from_secs(5);
/// How long their cost is watched.
const WATCHED: Duration = Duration::from_secs(15);
/// Decisions that are timed.
const DECISIONS: usize = 500;
/// Most resident memory of the router for an idle worker, in bytes: plain, and with TLS.
const MOST_BYTES: (u64, u64) = (64 * 1024, 110 * 1024);

fn asked() -> usize {
    let asked = std::env::var("LITTORAL_FLEET").ok();
    asked.map_or(WORKERS, |asked| asked.parse().expect("LITTORAL_FLEET is a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_idle_workers_take_little_memory_and_no_decision_suffers() {
    crowd_of_idle_workers(&["serve", "--listen", "127.0.0.1:0"], MOST_BYTES.0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_idle_workers_with_tls_take_little_more() {
    crowd_of_idle_workers(&["serve", "--listen", "127.0.0.1:0", "--tls"], MOST_BYTES.1).await;
}

/// How the router of a home is reached.
fn endpoint(home: &Home, url: &str) -> Endpoint {
    let endpoint = Channel::from_shared(url.to_owned()).expect("an address");
    if url.starts_with("http:") {
        return endpoint;
    }
    let authority = authority_certificate(&home.path("state"));
    let authority = std::fs::read(authority).expect("the router's authority");
    let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(authority));
    endpoint.tls_config(tls).expect("TLS")
}

#[expect(clippy::print_stdout, reason = "what it costs is what it is measured for")]
async fn crowd_of_idle_workers(arguments: &[&str], most_bytes: u64) {
    install_crypto();
    // Both crowds at once would be measured as one.
    static TURN: Semaphore = Semaphore::const_new(1);
    let _turn = TURN.acquire().await.expect("a turn");
    let home = Home::empty(env!("CARGO_BIN_EXE_littoral-under-test"));
    let router = home.stay(arguments.iter().copied()).await;
    let process = Process::of(&router);
    let endpoint = endpoint(&home, &router.address);
    let channel = endpoint.connect().await.expect("a connection");
    // One of everything is there before it is counted.
    let first = Crowd::join(&endpoint, members(&home, "first", 8), BEAT).await;
    decide_us(&channel, 50).await;
    let (count, before) = (asked(), process.resident_bytes());

    let mut crowd = Crowd::join(&endpoint, members(&home, "w", count), BEAT).await;
    let each = process.resident_bytes().saturating_sub(before) / count as u64;

    let (cpu_before, states_before) = (process.cpu(), crowd.acknowledged());
    watch_for(WATCHED).await;
    let cpu = (process.cpu() - cpu_before).as_secs_f64() / WATCHED.as_secs_f64();
    let states = crowd.acknowledged() - states_before;

    let mut times = decide_us(&channel, DECISIONS).await;
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[(share * (times.len() - 1) as f64) as usize];
    println!(
        "{count} workers over {}: {} KB resident each, {:.0} % of a core at {:.0} states/s; decisions p50 \
         {:.0} us, p99 {:.0} us",
        router.address.split(':').next().unwrap_or_default(),
        each / 1024,
        cpu * 100.0,
        states as f64 / WATCHED.as_secs_f64(),
        at(0.5),
        at(0.99),
    );
    assert_eq!(crowd.present(), count, "everybody stays");
    let expected = (count as u64) * WATCHED.as_secs() / BEAT.as_secs();
    assert!(states * 10 >= expected * 8, "{states} states of {expected} were acknowledged");
    assert!(each <= most_bytes, "{each} bytes for an idle worker");
    drop((first, crowd));
}

/// Lets a time pass: not a wait for anything, its cost is what is measured.
async fn watch_for(time: Duration) {
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let begun = ticks.tick().await;
    while ticks.tick().await < begun + time {}
}

fn members(home: &Home, prefix: &str, count: usize) -> Vec<Member> {
    let key = JoinKey::load_or_create(&home.path("state/join.key")).expect("the router's key");
    let member = |at: usize| {
        let worker_id = format!("{prefix}{at}");
        let claims = Claims {
            worker_id: worker_id.clone(),
            tenant: "local".into(),
            owner: None,
            group: None,
            nearest_tier: Tier::Edge,
            expires_unix_ms: unix_ms() + 3_600_000,
            router_id: key.router_id().to_owned(),
        };
        let join_token = key.issue(&claims).expect("a token");
        Member { worker_id, join_token, decode_tokens_per_s: 20.0 + (at % 10) as f64 * 20.0 }
    };
    (0..count).map(member).collect()
}

/// Times of so many decisions as the router tells them, in microseconds.
async fn decide_us(channel: &Channel, count: usize) -> Vec<f64> {
    let mut routing = RoutingServiceClient::new(channel.clone());
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let facts = v1::RequestFacts {
            data_class: v1::DataClass::Internal.into(),
            labelled: true,
            prompt_tokens: 100,
            ..v1::RequestFacts::default()
        };
        let subject = Some(v1::decide_request::Subject::Facts(facts));
        let request = v1::DecideRequest { subject, ..v1::DecideRequest::default() };
        let decided = routing.decide(request).await.expect("a decision").into_inner();
        times.extend(decided.decided_in_us);
    }
    times
}

/// What the system says of a process.
struct Process(PathBuf);

impl Process {
    fn of(router: &Staying) -> Self {
        Self(PathBuf::from(format!("/proc/{}", router.child.id().expect("a running process"))))
    }

    fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.0.join(file)).expect("a running process")
    }

    fn resident_bytes(&self) -> u64 {
        let status = self.read("status");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
        let kb = line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok());
        kb.expect("kilobytes") * 1024
    }

    /// Time on processors so far. Linux counts in hundredths of a second (`USER_HZ`).
    fn cpu(&self) -> Duration {
        let stat = self.read("stat");
        let rest = stat.rsplit_once(')').expect("a name in parentheses").1;
        let ticks: u64 =
            rest.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }
}
