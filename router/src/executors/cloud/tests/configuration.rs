//! What is refused before anything is sent.

use super::*;

fn refused(change: impl FnOnce(&mut ProviderConfig)) -> String {
    let mut config = config("https://api.openai.com/v1");
    change(&mut config);
    let error = CloudProvider::new(config).unwrap_err().to_string();
    assert!(error.starts_with("provider openai: "), "{error}");
    assert!(!error.contains("secret"), "{error}");
    error
}

#[test]
fn addresses_that_would_leak_or_not_work_are_refused() {
    for (url, word) in [
        ("api.openai.com", "not a URL"),
        ("ftp://host/v1", "https"),
        ("http://api.openai.com/v1", "plain http"),
        ("http://192.168.1.7/v1", "plain http"),
        ("http://localhost.example/v1", "plain http"),
        ("https://user:secret@host/v1", "user name or password"),
        ("https://host/v1?api-version=1", "query"),
    ] {
        let error = refused(|config| config.base_url = url.into());
        assert!(error.contains(word), "{url}: {error}");
    }
}

#[test]
fn plain_http_is_for_this_machine_or_for_those_who_ask_for_it() {
    for url in ["http://127.0.0.1:1/v1", "http://localhost:1/v1/", "http://[::1]:1/v1"] {
        let shown = format!("{:?}", provider(url));
        assert!(shown.ends_with(":1/v1/chat/completions)"), "{shown}");
    }
    let mut config = config("http://192.168.1.7/v1");
    config.allow_plain_http = true;
    assert!(CloudProvider::new(config).is_ok());
}

#[test]
fn keys_and_headers_that_cannot_be_sent_are_refused_without_showing_them() {
    for key in ["", "  \n", "secret\nX-Evil: 1", "secret\u{0}"] {
        let error = refused(|config| config.api_keys = vec![key.to_owned().into()]);
        assert!(error.contains("API key"), "{error}");
    }
    for (name, value) in [("X-A", "secret\r\n"), ("bad name", "secret"), ("Host", "secret")] {
        let error = refused(|config| {
            config.headers.push((name.into(), value.to_owned().into()));
        });
        assert!(error.contains(name), "{error}");
    }
}

#[test]
fn a_proxy_that_is_none_or_would_read_along_is_refused() {
    for (url, proxy, word) in [
        ("https://api.openai.com/v1", "proxy.lan", "http://HOST:PORT"),
        ("https://api.openai.com/v1", "socks5://proxy.lan:1080", "http://HOST:PORT"),
        ("http://127.0.0.1:1/v1", "http://proxy.lan:3128", "would read"),
    ] {
        let error = refused(|config| {
            config.base_url = url.into();
            config.proxy = Some(proxy.into());
        });
        assert!(error.contains(word), "{proxy}: {error}");
    }
}

#[test]
fn a_key_with_space_around_it_is_taken_without() {
    let mut config = config("http://127.0.0.1:1/v1");
    config.api_keys = vec![" sk-1\n".to_owned().into()];
    assert!(CloudProvider::new(config).is_ok());
}

#[test]
fn a_certificate_file_that_is_missing_or_none_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    let missing = refused(|config| config.ca_file = Some(path.clone()));
    assert!(missing.contains("ca.pem"), "{missing}");
    std::fs::write(&path, "not a certificate").unwrap();
    let none = refused(|config| config.ca_file = Some(path.clone()));
    assert!(none.contains("PEM"), "{none}");
}

#[tokio::test]
async fn a_proxy_is_used_where_it_is_configured() {
    let proxy = Stand::start(vec![vec![events(&[HELLO, STOP, "[DONE]"]), end()]]).await;
    let mut config = config("http://api.example/v1");
    config.allow_plain_http = true;
    config.proxy = Some(format!("http://{}", proxy.address));
    let (_, told) = run(&CloudProvider::new(config).unwrap()).await;
    assert_eq!(told, [accepted(), delta("Hello"), finished(None)]);
    let seen = proxy.seen.lock().unwrap();
    let head = &seen.requests[0].0;
    assert!(head.starts_with("post http://api.example/v1/chat/completions "), "{head}");
}
