//! The commands as a person types them: real processes, real sockets, the real model.

use littoral_tests::process::{Home, Said};
use std::net::TcpListener;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

async fn provisioned() -> Home {
    let home = tokio::task::spawn_blocking(|| Home::provisioned(BINARY));
    home.await.expect("a provisioned home")
}

fn json_lines(said: &Said) -> Vec<serde_json::Value> {
    said.out.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn up_then_ask_explain_decide_workers_doctor_and_an_orderly_end() {
    let home = provisioned().await;
    let up = home.stay(["up", "--listen", "127.0.0.1:0"]).await;
    let at = up.address.clone();
    assert!(at.starts_with("http://127.0.0.1:"), "{}", up.ready);
    assert_eq!(up.ready["clouds"], serde_json::json!([]), "no key, no cloud");
    let with = |arguments: &[&str]| -> Vec<String> {
        let given = ["--router", &at].into_iter().chain(arguments.iter().copied());
        given.map(str::to_owned).collect()
    };

    let asked = home.run(with(&["ask", "Name a sea.", "--max-tokens", "12", "--seed", "1"])).await;
    assert_eq!(asked.code, Some(0), "{asked:?}");
    assert!(!asked.out.trim().is_empty(), "text on standard output");

    let asked = home.run(with(&["--json", "ask", "Name a sea.", "--max-tokens", "12"])).await;
    let events = json_lines(&asked);
    let id = events[0]["routed"]["request_id"].as_str().expect("an id").to_owned();
    let done = &events.last().expect("events")["done"];
    assert_eq!(done["served"]["tier"], "TIER_DEVICE", "{done}");

    let explained = home.run(with(&["explain", &id])).await;
    assert_eq!(explained.code, Some(0), "{explained:?}");
    assert!(explained.out.contains("smollm2-135m-instruct"), "{}", explained.out);

    let decided = home.run(with(&["decide", "--class", "restricted", "My PIN"])).await;
    assert_eq!(decided.code, Some(0), "{decided:?}");
    assert!(decided.out.contains("device"), "{}", decided.out);

    let workers = home.run(with(&["workers"])).await;
    assert!(workers.out.contains("ready") && workers.out.contains("smollm2"), "{}", workers.out);

    let doctor = home.run(with(&["doctor"])).await;
    assert_eq!(doctor.code, Some(0), "{doctor:?}");

    let unknown = home.run(with(&["explain", "no-such-request"])).await;
    unknown.must_fail_with(&["no record of this request"]);

    up.signal("TERM").await;
    assert_eq!(up.end().await, Some(0), "an orderly end");
    let nobody = home.run(with(&["ask", "hello"])).await;
    nobody.must_fail_with(&["no router answers", "littoral up"]);
    assert_eq!(nobody.code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_process_joins_a_router_process_with_a_token_of_its_home() {
    let home = provisioned().await;
    let router = home.stay(["serve", "--listen", "127.0.0.1:0"]).await;
    let token =
        home.run(["token", "--worker", "box", "--owner", "local", "--tier", "device"]).await;
    assert_eq!(token.code, Some(0), "{token:?}");
    let token = token.out.trim().lines().last().expect("a token").trim().to_owned();
    let mut worker = home.command(["worker", "--router", &router.address, "--token", &token]);
    let mut worker = worker.stderr(std::process::Stdio::null()).spawn().expect("a worker process");
    let mut at = ["--router", router.address.as_str()].map(str::to_owned).to_vec();
    at.extend(["ask", "Name a sea.", "--max-tokens", "8", "--json"].map(str::to_owned));
    let mut asked = home.run(&at).await;
    let limit = tokio::time::Instant::now() + littoral_tests::cluster::PATIENCE;
    while asked.code != Some(0) && tokio::time::Instant::now() < limit {
        assert!(asked.out.contains("NO_READY_TARGET"), "until it joins: {asked:?}");
        asked = home.run(&at).await;
    }
    assert!(asked.out.contains("\"box\""), "{asked:?}");
    worker.kill().await.expect("a killed worker");
    router.signal("TERM").await;
    assert_eq!(router.end().await, Some(0));
}

#[tokio::test]
async fn a_port_in_use_is_one_sentence_with_a_way_out() {
    let home = Home::empty(BINARY);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    for command in ["up", "serve"] {
        let said = home.run([command, "--listen", &address]).await;
        said.must_fail_with(&[&address, "--listen"]);
    }
}

#[tokio::test]
async fn every_mistake_of_a_configuration_is_told_at_once_with_file_and_path() {
    let home = Home::empty(BINARY);
    let file = home.path("router.toml");
    let text = "listen = 'nowhere'\nspeed = 9\n[limits]\nin_flight = 0\nlease_ms = 'long'\n\
                [[provider]]\nname = 'a b'\nbase_url = 'ftp://x'\n";
    std::fs::write(&file, text).expect("a file");
    let said = home.run(["serve", "--config", file.to_str().expect("a path")]).await;
    let paths = ["listen", "speed", "in_flight", "lease_ms", "provider[0].name", "base_url"];
    said.must_fail_with(&paths);
    said.must_fail_with(&["router.toml"]);
}

#[tokio::test]
async fn every_mistake_of_a_policy_is_told_at_once_with_file_and_path() {
    let home = Home::empty(BINARY);
    let text = "version = 1\nname = 'bad'\ncascade = true\n[ceilings]\npersonal = 'cloud'\n\
                restricted = 'cloud'\n[tiers]\norder = ['moon']\n";
    std::fs::write(home.path("policy.toml"), text).expect("a file");
    std::fs::write(home.path("router.toml"), "policy = 'policy.toml'\n").expect("a file");
    let file = home.path("router.toml");
    let said = home.run(["serve", "--config", file.to_str().expect("a path")]).await;
    said.must_fail_with(&[
        "policy.toml",
        "ceilings.personal",
        "ceilings.restricted",
        "tiers.order",
    ]);
    said.must_fail_with(&["cascade", "not yet supported"]);
}

#[tokio::test]
async fn off_loopback_without_keys_it_refuses_to_listen() {
    let home = Home::empty(BINARY);
    let said = home.run(["serve", "--listen", "0.0.0.0:0"]).await;
    said.must_fail_with(&["0.0.0.0", "loopback", "littoral keys create", "--tls"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_model_folder_is_refused_with_what_was_expected() {
    let home = provisioned().await;
    let empty = home.path("not-a-model");
    std::fs::create_dir(&empty).expect("a folder");
    let said = home
        .run(["up", "--listen", "127.0.0.1:0", "--model", empty.to_str().expect("a path")])
        .await;
    said.must_fail_with(&["not-a-model", "model.onnx", "tokenizer.json"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_runtime_library_is_refused_with_a_way_out() {
    let home = provisioned().await;
    let arguments = ["up", "--listen", "127.0.0.1:0", "--runtime", "/no/such/libonnxruntime.so"];
    let said = home.run(arguments).await;
    said.must_fail_with(&["/no/such/libonnxruntime.so", "littoral provision"]);
}

#[tokio::test]
async fn without_python_provisioning_says_what_to_install() {
    let home = Home::empty(BINARY);
    let mut command = home.command(["provision"]);
    command.env("PATH", home.folder.path()).env("LITTORAL_PYTHON", "no-such-python");
    let said = Said::of(command).await;
    said.must_fail_with(&["no-such-python", "Python 3"]);
}

#[tokio::test]
async fn without_pip_or_an_index_provisioning_fails_clearly_and_installs_nothing() {
    let home = Home::empty(BINARY);
    let mut command = home.command(["provision"]);
    command.env("PIP_NO_INDEX", "1").env("PIP_NO_CACHE_DIR", "1").env_remove("PIP_FIND_LINKS");
    let said = Said::of(command).await;
    said.must_fail_with(&["pip"]);
    for part in ["runtime", "models"] {
        let left = std::fs::read_dir(home.path(part)).map_or(0, |folder| {
            let whole = |entry: &std::fs::DirEntry| {
                !entry.file_name().to_string_lossy().contains("partial")
            };
            folder.filter_map(Result::ok).filter(whole).count()
        });
        assert_eq!(left, 0, "nothing half-installed in {part}");
    }
    let doctor = home.run(["doctor"]).await;
    assert_eq!(doctor.code, Some(1), "{doctor:?}");
    assert!(doctor.out.contains("provision"), "{}", doctor.out);
}
