//! Every kind is found in a value that a seeded generator makes, with its exact place; and ordinary code,
//! logs and prose are left alone. No key stands in the source: a sample such as `pre_{a36}` is a recipe.

mod ordinary;
mod recipe;

use super::*;
use crate::privacy::detect::{Compiled, Hit, Scanner};
use recipe::Recipe;
use std::collections::BTreeSet;
use std::sync::Arc;

const SAMPLES: &[&[(&str, &str)]] = &[
    cloud::SAMPLES,
    hosting::SAMPLES,
    ai::SAMPLES,
    forge::SAMPLES,
    ci::SAMPLES,
    chat::SAMPLES,
    mail::SAMPLES,
    payments::SAMPLES,
    observability::SAMPLES,
    saas::SAMPLES,
    china::SAMPLES,
    database::SAMPLES,
    private_key::SAMPLES,
    http::SAMPLES,
    hashes::SAMPLES,
    secret_words::SAMPLES,
];
/// From here on a finding keeps content at home.
const KEEPS: u8 = 40;

fn scanner() -> Scanner {
    Scanner::new(Arc::new(Compiled::new(TABLES).unwrap()))
}

fn scan(scanner: &mut Scanner, text: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    scanner.scan(text, &mut hits).unwrap();
    hits
}

fn kinds(text: &str) -> Vec<(&'static str, String, u8)> {
    let hits = scan(&mut scanner(), text);
    hits.into_iter().map(|hit| (hit.detector.kind, text[hit.span].to_owned(), hit.score)).collect()
}

#[test]
fn every_kind_is_found_where_it_stands() {
    let mut scanner = scanner();
    let mut missed = Vec::new();
    for (kind, sample) in SAMPLES.iter().copied().flatten() {
        for seed in 1..=6 {
            let (text, span) = Recipe::new(seed).make(sample);
            for (before, after) in
                [("", ""), ("use ", " now"), ("\"", "\","), ("这是", "。"), ("a:\n", "\n")]
            {
                let whole = format!("{before}{text}{after}");
                let at = span.start + before.len()..span.end + before.len();
                let hits = scan(&mut scanner, &whole);
                let found = hits
                    .iter()
                    .any(|hit| hit.detector.kind == *kind && hit.span == at && hit.score >= KEEPS);
                if !found {
                    let got: Vec<_> = hits
                        .iter()
                        .map(|hit| (hit.detector.kind, &whole[hit.span.clone()], hit.score))
                        .collect();
                    missed.push(format!("{kind}: {whole:?}, got {got:?}"));
                }
            }
        }
    }
    assert!(missed.is_empty(), "{} missed\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_kind_has_a_sample_a_source_and_a_name_of_its_own_shape() {
    let sampled: BTreeSet<&str> =
        SAMPLES.iter().copied().flatten().map(|(kind, _)| *kind).collect();
    let own_tests = ["JSON_WEB_TOKEN", "KUBERNETES_SERVICE_TOKEN", "SUPABASE_SERVICE_ROLE_KEY"];
    let mut all = BTreeSet::new();
    for row in TABLES.iter().copied().flatten() {
        assert!(
            sampled.contains(row.kind) || own_tests.contains(&row.kind),
            "{} has no sample",
            row.kind
        );
        assert!(!row.source.is_empty() && !row.about.is_empty(), "{}", row.kind);
        assert!(
            row.kind
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        );
        all.insert(row.kind);
    }
    assert!(all.len() >= 180, "{} kinds", all.len());
}

/// A beginning with three characters behind it is no key, and neither is one with a single letter over and over.
#[test]
fn a_beginning_alone_is_no_key() {
    let mut scanner = scanner();
    let tables = [
        cloud::SAMPLES,
        hosting::SAMPLES,
        ai::SAMPLES,
        forge::SAMPLES,
        ci::SAMPLES,
        chat::SAMPLES,
        mail::SAMPLES,
        payments::SAMPLES,
        observability::SAMPLES,
        saas::SAMPLES,
        china::SAMPLES,
        hashes::SAMPLES,
    ];
    for (kind, sample) in tables.into_iter().flatten() {
        for text in [Recipe::short(3).make(sample).0, Recipe::same(b'x').make(sample).0] {
            let hits = scan(&mut scanner, &text);
            let wrong = hits.iter().find(|hit| hit.detector.kind == *kind && hit.score >= KEEPS);
            assert!(wrong.is_none(), "{kind} in {text:?}");
        }
    }
}

#[test]
fn a_check_sum_that_agrees_makes_a_token_certain_and_a_wrong_one_does_not_lose_it() {
    let body = Recipe::new(7).make("{a30}").0;
    let digits = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut sum = crc::crc32(body.as_bytes()) as usize;
    let mut tail = [b'0'; 6];
    for digit in tail.iter_mut().rev() {
        *digit = digits[sum % 62];
        sum /= 62;
    }
    let tail = String::from_utf8_lossy(&tail).into_owned();
    for (prefix, kind) in [("ghp", "GITHUB_TOKEN"), ("npm", "NPM_TOKEN")] {
        let token = format!("{prefix}_{body}{tail}");
        assert_eq!(kinds(&token), [(kind, token.clone(), 100)]);
        let wrong = format!("{prefix}_{body}zzzzzz");
        assert_eq!(kinds(&wrong), [(kind, wrong.clone(), 95)]);
    }
    let signed = Recipe::new(8).make("glpat-{w40}.01.14").0;
    let mut sum = crc::crc32(signed.as_bytes()) as usize;
    let mut tail = [b'0'; 7];
    for digit in tail.iter_mut().rev() {
        *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[sum % 36];
        sum /= 36;
    }
    let token = format!("{signed}{}", String::from_utf8_lossy(&tail));
    assert_eq!(kinds(&token), [("GITLAB_PERSONAL_TOKEN", token.clone(), 100)]);
}

#[test]
fn a_web_token_is_found_whole_and_says_what_it_is_for() {
    let token = |claims: &str| {
        format!(
            "{}.{}.{}",
            recipe::base64(r#"{"alg":"RS256","typ":"JWT"}"#),
            recipe::base64(claims),
            Recipe::new(3).make("{w342}").0
        )
    };
    let plain = token(r#"{"sub":"1","exp":1}"#);
    assert!(kinds(&format!("x {plain} y")).contains(&("JSON_WEB_TOKEN", plain, 97)));
    let service = token(r#"{"iss":"kubernetes/serviceaccount"}"#);
    assert!(kinds(&service).contains(&("KUBERNETES_SERVICE_TOKEN", service.clone(), 99)));
    let role = token(r#"{"role":"service_role"}"#);
    assert!(kinds(&role).contains(&("SUPABASE_SERVICE_ROLE_KEY", role.clone(), 99)));
    let other = format!("{}.{}", recipe::base64(r#"{"a":1}"#), "x");
    assert!(kinds(&other).is_empty());
}

#[test]
fn a_private_key_counts_by_its_header_alone_and_a_public_one_never() {
    let header = format!("-----BEGIN RSA {}-----", recipe::PRIVATE_KEY);
    assert_eq!(kinds(&format!("see {header} and")), [("RSA_PRIVATE_KEY", header, 90)]);
    assert!(
        kinds("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOC\n-----END PUBLIC KEY-----")
            .is_empty()
    );
    assert!(
        kinds("-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----")
            .is_empty()
    );
}

#[test]
fn an_address_without_a_real_password_is_left_alone() {
    for text in [
        "postgres://localhost:5432/app",
        "postgres://user@db.corp.net/app",
        "postgres://user:password@localhost/app",
        "mongodb://${USER}:${PASS}@db.corp.net",
        "redis://localhost:6379",
        "https://example.com:8080/a@b",
        "mysql://root:<password>@db.corp.net/x",
        "https://user:****@git.corp.net",
        "amqp://guest:guest@localhost:5672",
    ] {
        assert!(kinds(text).is_empty(), "{text}: {:?}", kinds(text));
    }
}

#[test]
fn what_is_no_secret_in_an_assignment_is_left_alone() {
    let mut scanner = scanner();
    let mut wrong = Vec::new();
    for line in ordinary::ASSIGNMENTS.lines() {
        let hits = scan(&mut scanner, line);
        let kept = hits.iter().filter(|hit| hit.score >= KEEPS);
        wrong.extend(kept.map(|hit| (line, hit.detector.kind, &line[hit.span.clone()], hit.score)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_value_in_doubled_quotes_is_read_and_an_empty_one_is_none() {
    let mut scanner = scanner();
    let value = ["rV5", "JtgxZ!", "r5Kc9h"].concat();
    for (open, close) in [("\"\"", "\"\"\","), ("''", "'''"), ("\"\"\"", "\"\"\"")] {
        let text = format!("7,\"password = {open}{value}{close} as usual");
        let hits = scan(&mut scanner, &text);
        let read = hits.iter().any(|hit| hit.score >= KEEPS && text[hit.span.clone()] == value);
        assert!(read, "{text}: {hits:?}");
    }
    for text in ["password = \"\", user = \"\"", "set(password='', other='x')", "secret = \"\";"] {
        assert!(scan(&mut scanner, text).iter().all(|hit| hit.score < KEEPS), "{text}");
    }
}

#[test]
fn ordinary_code_logs_and_prose_hold_no_secret() {
    let mut scanner = scanner();
    for text in ordinary::TEXTS {
        let hits = scan(&mut scanner, text);
        let wrong: Vec<_> = hits
            .iter()
            .filter(|hit| hit.score >= KEEPS)
            .map(|hit| (hit.detector.kind, &text[hit.span.clone()], hit.score))
            .collect();
        assert!(wrong.is_empty(), "{wrong:?} in {text}");
    }
}

/// Doubling a hostile text must not do more than double the work: nothing looks back or ahead without a bound.
#[test]
fn hostile_texts_end_in_time() {
    let mut scanner = scanner();
    for part in [
        "-----BEGIN RSA ",
        "password",
        "eyJ",
        "://",
        "a:b@",
        ":AA",
        "Q~",
        "sk-",
        "PuTTY-User-Key-File-",
        "IBAAKBgQ",
        ".atlasv1.",
        "password=\"",
        "curl -u ",
    ] {
        let _ = scan(&mut scanner, &part.repeat(200_000 / part.len()));
    }
}
