//! Who is let in as whom, because every right hangs on it.

use super::*;
use crate::keys::{Books, Change};
use http::HeaderValue;
use secrecy::ExposeSecret as _;
use std::net::SocketAddr;

struct Stand {
    _folder: tempfile::TempDir,
    who: Who,
    key: String,
}

/// A router with one key for chat, of a user who is in a group.
fn stand() -> Stand {
    let folder = tempfile::tempdir().unwrap();
    let wanted = Change {
        tenant: "acme".into(),
        application: "crm".into(),
        user: "ann".into(),
        scopes: BTreeSet::from([Scope::Chat]),
        expires_unix_ms: u64::MAX,
    };
    let (_, key) = Books::of(folder.path()).create(wanted, 1).unwrap();
    let mut people = People::default();
    people.groups.insert("ann".into(), vec!["staff".into()]);
    let keys = Arc::new(Keys::open(folder.path()).unwrap());
    let people = Arc::new(people);
    let who = Who { keys, people, router_id: "r".into(), origins: Arc::default() };
    Stand { _folder: folder, who, key: key.expose_secret().into() }
}

fn from(address: &str) -> Connection {
    Connection::plain(SocketAddr::new(address.parse().unwrap(), 1))
}

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (http::HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    all.iter().map(pair).collect()
}

#[test]
fn a_key_says_who_asks_wherever_it_is_shown_and_from_wherever() {
    let Stand { who, key, .. } = &stand();
    let bearer = format!("Bearer {key}");
    for (address, shown) in [
        ("192.0.2.7", ("authorization", bearer.as_str())),
        ("192.0.2.7", ("x-api-key", key)),
        ("192.0.2.7", ("api-key", key)),
        ("127.0.0.1", ("authorization", &bearer)),
    ] {
        let asker = who.asker(Some(&from(address)), &headers(&[shown]), 5).unwrap();
        let Principal { tenant, application, user, owner, groups, loopback, administrator, .. } =
            asker.principal;
        assert_eq!((&*tenant, &*application, &*user, &*owner), ("acme", "crm", "ann", "ann"));
        assert_eq!(groups, ["staff"]);
        assert_eq!((loopback, administrator), (address == "127.0.0.1", false));
        assert_eq!(asker.scopes, BTreeSet::from([Scope::Chat]));
    }
}

#[test]
fn a_wrong_key_is_not_taken_even_where_none_is_needed() {
    let Stand { who, key, .. } = &stand();
    let wrong = format!("{key}x");
    let cut = &key[..10];
    for shown in [&wrong[..], cut] {
        let refused = who.asker(Some(&from("127.0.0.1")), &headers(&[("x-api-key", shown)]), 5);
        let refused = refused.unwrap_err();
        assert_eq!(refused.reason, Reason::Unauthenticated);
        assert!(!refused.message.contains(shown), "{}", refused.message);
    }
    let two = headers(&[("x-api-key", key), ("api-key", &wrong)]);
    assert!(who.asker(Some(&from("127.0.0.1")), &two, 5).is_err());
}

#[test]
fn the_person_at_this_machine_needs_no_key_and_may_show_one_of_others() {
    let who = stand().who;
    for shown in [headers(&[]), headers(&[("authorization", "Bearer sk-none")])] {
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            let asker = who.asker(Some(&from(address)), &shown, 5).unwrap();
            assert_eq!(asker.principal.user, "local");
            assert!(asker.principal.loopback && asker.scopes.len() == Scope::ALL.len());
        }
    }
}

#[test]
fn whoever_comes_from_elsewhere_or_through_a_proxy_needs_a_key() {
    let who = stand().who;
    let proxied = headers(&[("x-forwarded-for", "192.0.2.7")]);
    for (connection, headers) in [
        (Some(from("192.0.2.7")), headers(&[])),
        (Some(from("192.0.2.7")), headers(&[("authorization", "Bearer sk-none")])),
        (Some(from("127.0.0.1")), proxied),
        (None, headers(&[])),
    ] {
        let refused = who.asker(connection.as_ref(), &headers, 5).unwrap_err();
        assert_eq!(refused.reason, Reason::Unauthenticated);
        assert!(refused.message.contains("littoral keys create"), "{}", refused.message);
    }
}

#[test]
fn a_foreign_web_page_cannot_use_the_person_at_this_machine() {
    let who = stand().who;
    let asked = |origin| who.asker(Some(&from("127.0.0.1")), &headers(&[("origin", origin)]), 5);
    assert_eq!(asked("https://evil.example").unwrap_err().reason, Reason::PermissionDenied);
    assert!(asked("http://localhost:5173").is_ok());
}

#[test]
fn each_door_asks_for_its_own_right() {
    for (path, wanted) in [
        ("/littoral.v1.WorkerService/Session", Needed::Nothing),
        ("/grpc.health.v1.Health/Check", Needed::Nothing),
        ("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Needed::Known),
        ("/littoral.v1.ChatService/Complete", Needed::Right(Scope::Chat)),
        ("/littoral.v1.EmbeddingService/Embed", Needed::Right(Scope::Embeddings)),
        ("/littoral.v1.PolicyService/Apply", Needed::Right(Scope::Admin)),
        ("/littoral.v1.FleetService/Drain", Needed::Right(Scope::Admin)),
        ("/littoral.v1.NewService/Any", Needed::Right(Scope::Chat)),
        ("/v1/chat/completions", Needed::Right(Scope::Chat)),
        ("/v1/messages", Needed::Right(Scope::Chat)),
        ("/v1/embeddings", Needed::Right(Scope::Embeddings)),
        ("/v1/models", Needed::Known),
        ("/metrics", Needed::Right(Scope::Metrics)),
        ("/", Needed::Known),
    ] {
        assert_eq!(needed(path), wanted, "{path}");
    }
    let principal = Principal::loopback();
    let asker = |scopes: &[Scope]| Asker {
        principal: principal.clone(),
        scopes: scopes.iter().copied().collect(),
    };
    let chat = Needed::Right(Scope::Chat);
    assert!(allowed(asker(&[Scope::Chat]), chat).is_ok());
    let refused = allowed(asker(&[Scope::Admin, Scope::Metrics]), chat).unwrap_err();
    assert_eq!(refused.reason, Reason::PermissionDenied);
    assert!(refused.message.contains("--scope chat"), "{}", refused.message);
}
