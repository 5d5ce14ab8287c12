//! What a key opens and for how long, and that its secret is nowhere, because a key that leaks opens everything.

use super::*;
use secrecy::ExposeSecret as _;
use std::sync::Barrier;

const NOW: u64 = 1_000_000;

fn wanted(application: &str) -> Change {
    Change {
        tenant: "acme".into(),
        application: application.into(),
        user: "bot".into(),
        scopes: BTreeSet::from([Scope::Chat]),
        expires_unix_ms: NOW + 1_000,
    }
}

fn verify(keys: &Keys, text: &str, now: u64) -> Result<Arc<Key>, KeyFault> {
    keys.verify(&Presented::read(text).expect("the form of a key"), now)
}

#[test]
fn a_key_is_known_by_its_whole_secret_until_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let books = Books::of(folder.path());
    let (key, secret) = books.create(wanted("crm"), NOW).unwrap();
    let secret = secret.expose_secret();
    let keys = Keys::open(folder.path()).unwrap();
    assert_eq!(*verify(&keys, secret, NOW).unwrap(), key);
    let mut almost = secret.to_owned();
    let last = almost.pop().unwrap();
    assert_eq!(verify(&keys, &almost, NOW), Err(KeyFault::Unknown));
    almost.push(if last == 'A' { 'B' } else { 'A' });
    assert_eq!(verify(&keys, &almost, NOW), Err(KeyFault::Unknown));
    let other = secret.replacen(&key.id, "lk_000000000000", 1);
    assert_eq!(verify(&keys, &other, NOW), Err(KeyFault::Unknown));
    assert_eq!(verify(&keys, secret, NOW + 1_000), Err(KeyFault::Expired(key.id.clone())));
    books.revoke(&key.id, NOW).unwrap();
    keys.read_again();
    assert_eq!(verify(&keys, secret, NOW), Err(KeyFault::Revoked(key.id)));
}

#[test]
fn no_secret_is_in_the_book_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let (key, secret) = Books::of(folder.path()).create(wanted("crm"), NOW).unwrap();
    let text = std::fs::read_to_string(folder.path().join("keys.toml")).unwrap();
    let (_, hidden) = secret.expose_secret().rsplit_once('_').map_or(("", ""), |parts| parts);
    assert!(text.contains(&key.id) && !hidden.is_empty() && !text.contains(hidden));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(folder.path().join("keys.toml")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(!format!("{:?}", Presented::read(secret.expose_secret())).contains(hidden));
    assert_eq!(Presented::id_of(secret.expose_secret()), key.id, "whoever pastes a whole key");
    assert_eq!(Presented::id_of(&key.id), key.id);
}

#[test]
fn a_rotated_key_has_the_same_rights_and_the_old_one_ends_later() {
    let folder = tempfile::tempdir().unwrap();
    let books = Books::of(folder.path());
    let (old, old_secret) = books.create(wanted("crm"), NOW).unwrap();
    let (new, new_secret) = books.rotate(&old.id, (NOW + 10, NOW + 5_000), NOW).unwrap();
    assert_eq!((&new.application, &new.scopes), (&old.application, &old.scopes));
    let keys = Keys::open(folder.path()).unwrap();
    for (secret, until) in [(old_secret, NOW + 10), (new_secret, NOW + 5_000)] {
        let text = secret.expose_secret();
        assert!(verify(&keys, text, until - 1).is_ok());
        assert!(matches!(verify(&keys, text, until), Err(KeyFault::Expired(_))));
    }
    assert!(matches!(books.rotate(&old.id, (0, 0), NOW + 10), Err(BookError::Ended(_))));
    assert!(matches!(books.rotate("lk_no", (0, 0), NOW), Err(BookError::NoKey(_))));
    assert_eq!(books.tidy(NOW + 10).unwrap(), 1);
    assert_eq!(books.read().unwrap(), [new]);
}

#[test]
fn keys_that_are_made_at_once_are_all_in_the_book() {
    let folder = tempfile::tempdir().unwrap();
    let (books, start) = (Books::of(folder.path()), Barrier::new(8));
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (books, start) = (&books, &start);
            scope.spawn(move || {
                start.wait();
                books.create(wanted(&format!("app{number}")), NOW).unwrap();
            });
        }
    });
    let applications: BTreeSet<String> =
        books.read().unwrap().into_iter().map(|key| key.application).collect();
    assert_eq!(applications.len(), 8);
}

#[test]
fn a_damaged_book_is_refused_at_the_start_and_changes_nothing_later() {
    let folder = tempfile::tempdir().unwrap();
    let books = Books::of(folder.path());
    let (_, secret) = books.create(wanted("crm"), NOW).unwrap();
    let keys = Keys::open(folder.path()).unwrap();
    std::fs::write(folder.path().join("keys.toml"), "key = 3").unwrap();
    keys.read_again();
    assert!(verify(&keys, secret.expose_secret(), NOW).is_ok());
    assert!(matches!(Keys::open(folder.path()), Err(BookError::Damaged { .. })));
    assert!(books.create(wanted("more"), NOW).is_err());
}

#[test]
fn what_has_not_the_form_of_a_key_is_none() {
    let long = format!("lk_0123456789ab_{}", "x".repeat(129));
    for text in
        ["", "lk_", "lk_0123456789ab", "lk_0123456789ab_", "lk_0123456789xy_a", "sk-abc", &long]
    {
        assert_eq!(Presented::read(text), None, "{text}");
    }
    for name in ["", "a b", &"x".repeat(65)] {
        let folder = tempfile::tempdir().unwrap();
        let made = Books::of(folder.path()).create(wanted(name), NOW);
        assert!(matches!(made, Err(BookError::Name(_))), "{name}");
    }
}
