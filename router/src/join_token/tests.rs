//! What a join token must withstand: any change, any stranger's key, any age, any nonsense.

use super::*;
use crate::secret_file::SecretFileError;
use proptest::prelude::*;

const NOW: u64 = 1_800_000_000_000;

fn key(byte: u8) -> JoinKey {
    JoinKey::from_bytes(&[byte; 32])
}

fn laptop() -> Claims {
    Claims {
        worker_id: "alice-laptop".into(),
        tenant: "local".into(),
        owner: Some("alice".into()),
        group: None,
        nearest_tier: Tier::Device,
        expires_unix_ms: NOW + 60_000,
        router_id: String::new(),
    }
}

/// The token with its claims replaced and its old tag kept.
fn with_claims(token: &str, change: impl Fn(&str) -> String) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    let json = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    let changed = change(&json);
    assert_ne!(json, changed, "the change found nothing to change");
    format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(changed), parts[2])
}

#[test]
fn a_token_brings_back_its_claims_stamped_with_the_key() {
    let key = key(1);
    let verified = key.verify(&key.issue(&laptop()).unwrap(), NOW).unwrap();
    assert_eq!(verified, Claims { router_id: key.router_id().into(), ..laptop() });
    // The identifier is the start of the SHA-256 of 32 bytes of value 1.
    assert_eq!(key.router_id(), "72cd6e8422c407fb");
}

#[test]
fn altered_tier_owner_or_tenant_is_forged() {
    let key = key(1);
    let token = key.issue(&laptop()).unwrap();
    for (from, to) in
        [("\"device\"", "\"edge\""), ("\"alice\"", "\"mallory\""), ("\"local\"", "\"other\"")]
    {
        let altered = with_claims(&token, |json| json.replace(from, to));
        assert_eq!(key.verify(&altered, NOW), Err(TokenError::Forged), "{from} -> {to}");
    }
}

#[test]
fn a_token_of_another_router_is_named_foreign_and_refused() {
    let stranger = key(2);
    let token = stranger.issue(&laptop()).unwrap();
    let foreign = TokenError::Foreign { router_id: stranger.router_id().into() };
    assert_eq!(key(1).verify(&token, NOW), Err(foreign.clone()));
    assert!(foreign.to_string().contains("littoral token"));
    // A stranger who writes our identifier into the claims is plainly forged.
    let posing = with_claims(&token, |json| json.replace(stranger.router_id(), key(1).router_id()));
    assert_eq!(key(1).verify(&posing, NOW), Err(TokenError::Forged));
}

#[test]
fn an_unverified_key_identifier_is_shown_only_if_it_is_hex() {
    let stranger = key(2);
    let token = stranger.issue(&laptop()).unwrap();
    let shouting =
        with_claims(&token, |json| json.replace(stranger.router_id(), "<b>HELLO</b>0000"));
    assert_eq!(key(1).verify(&shouting, NOW), Err(TokenError::Forged));
}

#[test]
fn a_token_is_void_from_the_very_millisecond_it_expires() {
    let key = key(1);
    let token = key.issue(&laptop()).unwrap();
    assert!(key.verify(&token, NOW + 59_999).is_ok());
    assert_eq!(key.verify(&token, NOW + 60_000), Err(TokenError::Expired { since_ms: 0 }));
    assert_eq!(key.verify(&token, NOW + 63_000), Err(TokenError::Expired { since_ms: 3_000 }));
}

#[test]
fn impossible_claims_are_refused_when_issued_and_when_verified() {
    let key = key(1);
    let cases = [
        (Claims { owner: None, ..laptop() }, ClaimsError::DeviceWithoutOwner),
        (Claims { nearest_tier: Tier::Edge, ..laptop() }, ClaimsError::EdgeWithOwner),
        (Claims { nearest_tier: Tier::Cloud, ..laptop() }, ClaimsError::CloudTier),
        (Claims { worker_id: String::new(), ..laptop() }, ClaimsError::Name { field: "worker" }),
        (Claims { tenant: "a/b".into(), ..laptop() }, ClaimsError::Name { field: "tenant" }),
        (Claims { owner: Some("ä".into()), ..laptop() }, ClaimsError::Name { field: "owner" }),
        (Claims { group: Some("g".repeat(65)), ..laptop() }, ClaimsError::Name { field: "group" }),
    ];
    for (claims, refused) in cases {
        assert_eq!(key.issue(&claims), Err(refused.clone()));
        // Signed all the same, as an older or careless issuer might have.
        let stamped = Claims { router_id: key.router_id().into(), ..claims };
        let json = serde_json::to_vec(&stamped).unwrap();
        let signed = format!("lt1.{}", URL_SAFE_NO_PAD.encode(json));
        let tag = hmac::sign(&key.hmac, signed.as_bytes());
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag));
        assert_eq!(key.verify(&token, NOW), Err(TokenError::Refused(refused)));
    }
}

#[test]
fn names_of_64_characters_fit() {
    let key = key(1);
    let name = "Az09._-x".repeat(8);
    let claims = Claims {
        worker_id: name.clone(),
        tenant: name.clone(),
        owner: Some(name.clone()),
        group: Some(name),
        ..laptop()
    };
    assert!(key.verify(&key.issue(&claims).unwrap(), NOW).is_ok());
}

#[test]
fn the_key_never_shows_in_debug_output() {
    assert_eq!(format!("{:?}", key(1)), "JoinKey(72cd6e8422c407fb)");
}

mod key_file {
    //! The key's life on disk.
    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/join.key");
        let made = JoinKey::load_or_create(&path).unwrap();
        let read = JoinKey::load_or_create(&path).unwrap();
        assert_eq!(made.router_id(), read.router_id());
        assert!(read.verify(&made.issue(&laptop()).unwrap(), NOW).is_ok());
        let names: Vec<_> = std::fs::read_dir(path.parent().unwrap()).unwrap().collect();
        assert_eq!(names.len(), 1, "the draft is gone");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn routers_that_start_at_once_share_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("join.key");
        let barrier = std::sync::Barrier::new(8);
        let start = || {
            barrier.wait();
            JoinKey::load_or_create(&path).unwrap().router_id
        };
        let ids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[test]
    fn a_file_of_the_wrong_size_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("join.key");
        super::write_private(&path, b"short");
        let error = JoinKey::load_or_create(&path).unwrap_err();
        assert!(matches!(error, JoinKeyError::Size { found: 5, .. }), "{error}");
        assert!(error.to_string().contains("join.key"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("join.key");
        super::write_private(&path, &[7; 32]);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = JoinKey::load_or_create(&path).unwrap_err();
        assert!(
            matches!(error, JoinKeyError::File(SecretFileError::Permissions { mode: 0o640, .. })),
            "{error}"
        );
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }

    #[test]
    fn a_folder_in_the_keys_place_is_an_error_not_a_key() {
        let folder = tempfile::tempdir().unwrap();
        assert!(JoinKey::load_or_create(folder.path()).is_err());
    }
}

fn write_private(path: &std::path::Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9._-]{1,64}"
}

fn valid_claims() -> impl Strategy<Value = Claims> {
    (name(), name(), proptest::option::of(name()), proptest::option::of(name()), NOW + 1..)
        .prop_map(|(worker_id, tenant, owner, group, expires_unix_ms)| Claims {
            nearest_tier: if owner.is_some() { Tier::Device } else { Tier::Edge },
            router_id: String::new(),
            worker_id,
            tenant,
            owner,
            group,
            expires_unix_ms,
        })
}

proptest! {
    #[test]
    fn every_valid_claim_survives_the_round_trip(claims in valid_claims()) {
        let key = key(3);
        let verified = key.verify(&key.issue(&claims).unwrap(), NOW).unwrap();
        prop_assert_eq!(verified, Claims { router_id: key.router_id().into(), ..claims });
    }

    #[test]
    fn any_changed_byte_is_refused(
        claims in valid_claims(),
        at in any::<prop::sample::Index>(),
        flip in 1_u8..128,
    ) {
        let key = key(3);
        let mut token = key.issue(&claims).unwrap().into_bytes();
        let at = at.index(token.len());
        token[at] ^= flip;
        // Space around a token is not part of it, so a byte changed into one at its end cuts it.
        prop_assert!(key.verify(&String::from_utf8(token).unwrap(), NOW).is_err());
    }

    #[test]
    fn any_string_is_refused_without_a_panic(text in ".{0,200}", tail in "lt1\\.[A-Za-z0-9_.-]{0,120}") {
        let key = key(3);
        prop_assert!(key.verify(&text, NOW).is_err());
        prop_assert!(key.verify(&tail, NOW).is_err());
    }
}
