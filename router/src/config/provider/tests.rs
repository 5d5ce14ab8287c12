//! Providers as people write them, and what is wrong with some.

use super::*;
use crate::config::raw::RawConfig;
use littoral_kit::config::parse_toml_repaired;

fn raw(more: &str) -> RawProvider {
    let text = format!("[[provider]]\nname = 'p'\nbase_url = 'http://127.0.0.1:9'\n{more}");
    let (config, problems) = parse_toml_repaired::<RawConfig>("f", &text);
    assert!(problems.is_empty(), "{problems:?}");
    config.unwrap().provider.remove(0)
}

/// A folder with these files of keys.
fn home(keys: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for (name, key) in keys {
        std::fs::write(home.path().join(name), key).unwrap();
    }
    home
}

fn found(more: &str) -> Vec<(String, String)> {
    compile(&raw(more), home(&[("key", "k")]).path()).err().unwrap_or_default()
}

const MODEL: &str = "[[provider.model]]\nname = 'm'\ncontext_tokens = 8192\n";

#[test]
fn the_dialect_is_openais_unless_another_is_named() {
    let home = home(&[("key", "k")]);
    for (more, address) in [
        ("", "http://127.0.0.1:9/chat/completions"),
        ("dialect = 'openai'\n", "http://127.0.0.1:9/chat/completions"),
        ("dialect = 'anthropic'\n", "http://127.0.0.1:9/v1/messages"),
    ] {
        let entry = compile(&raw(&format!("{more}api_key_file = 'key'")), home.path());
        let shown = format!("{:?}", entry.unwrap().unwrap().provider);
        assert_eq!(shown, format!("CloudProvider(p at {address})"));
    }
}

#[test]
fn an_unknown_dialect_is_a_problem_of_its_own() {
    let text = "[[provider]]\nname = 'p'\nbase_url = 'https://h'\ndialect = 'klingon'\n";
    let (_, problems) = parse_toml_repaired::<RawConfig>("f", text);
    let told = format!("{problems:?}");
    assert!(told.contains("klingon") && told.contains("anthropic"), "{told}");
}

#[test]
fn a_model_may_not_claim_what_its_dialect_cannot_carry() {
    let more = format!("dialect = 'anthropic'\napi_key_file = 'key'\n{MODEL}logprobs = true\n");
    let why = "the dialect anthropic has no way to ask for it".to_owned();
    assert_eq!(found(&more), [("model[0].logprobs".to_owned(), why.clone())]);
    let more = format!("dialect = 'anthropic'\napi_key_file = 'key'\n{MODEL}audio = true\n");
    assert_eq!(found(&more), [("model[0].audio".to_owned(), why)]);
    assert_eq!(found(&format!("api_key_file = 'key'\n{MODEL}audio = true\n")), []);
    let more = format!("api_key_file = 'key'\n{MODEL}accepts_prefix = true\n");
    let why = "the dialect openai has no way to ask for it".to_owned();
    assert_eq!(found(&more), [("model[0].accepts_prefix".to_owned(), why)]);
    let more = format!(
        "dialect = 'anthropic'\napi_key_file = 'key'\n{MODEL}tools = true\njson_output = true\n\
         image = true\naccepts_prefix = true\n"
    );
    assert_eq!(found(&more), []);
}

#[test]
fn every_file_of_keys_is_read_and_each_bad_one_is_told_by_its_place() {
    let home = home(&[("a", "k1\n"), ("b", "k2"), ("empty", " \n")]);
    let more = "api_key_file = 'a'\napi_key_files = ['b']";
    assert!(compile(&raw(more), home.path()).unwrap().is_some());
    assert_eq!(keys::find(&raw(more), home.path(), &mut |_: &str, _| {}).len(), 2);
    let more = "api_key_file = 'a'\napi_key_files = ['none', 'empty']";
    let problems = compile(&raw(more), home.path()).err().unwrap();
    let places: Vec<&str> = problems.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["api_key_files[0]", "api_key_files[1]"]);
}

#[test]
fn a_provider_without_a_key_at_hand_is_told_how_to_get_one() {
    let more = "api_key_env = 'LITTORAL_TEST_NO_KEY'\napi_key_envs = ['LITTORAL_TEST_NO_KEY_2']";
    assert!(compile(&raw(more), home(&[]).path()).unwrap().is_none());
    let told = how_to_give_a_key(&raw(more));
    assert_eq!(told, "p: set LITTORAL_TEST_NO_KEY or set LITTORAL_TEST_NO_KEY_2");
    assert_eq!(how_to_give_a_key(&raw("")), "p: give it api_key_env or api_key_file");
}

#[test]
fn headers_are_sent_along_unless_the_router_sets_them_itself() {
    let good = "api_key_file = 'key'\nheaders = { anthropic-beta = 'x', X-Title = 'littoral' }";
    assert_eq!(found(good), []);
    for name in ["Authorization", "x-api-key", "Anthropic-Version", "accept-encoding", "bad name"] {
        let more =
            format!("dialect = 'anthropic'\napi_key_file = 'key'\nheaders = {{ '{name}' = 'v' }}");
        let problems = found(&more);
        assert!(problems.len() == 1 && problems[0].1.contains(name), "{name}: {problems:?}");
    }
}

#[test]
fn the_shipped_providers_are_two_with_models_that_their_dialects_carry() {
    let [openai, anthropic] = RawProvider::shipped();
    assert_eq!(how_to_give_a_key(&openai), "openai: set OPENAI_API_KEY");
    assert_eq!(how_to_give_a_key(&anthropic), "anthropic: set ANTHROPIC_API_KEY");
    for (raw, dialect) in
        [(openai, Dialect::openai_at("https://api.openai.com/v1")), (anthropic, Dialect::Anthropic)]
    {
        let models = models::compile(&raw, dialect, &mut |_: &str, _| {});
        assert!(models.len() >= 3, "{}", raw.name);
        for model in models {
            assert!(!model.abilities.logprobs || dialect.carries().logprobs, "{}", model.name);
            assert!(!model.accepts_prefix || dialect.continues(), "{}", model.name);
        }
    }
}
