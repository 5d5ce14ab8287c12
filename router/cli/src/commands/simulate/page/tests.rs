//! The page is whole, says what was asked of it, and needs nothing from anywhere.

use super::*;
use littoral_core::policy::Policy;
use littoral_sim::comparison::{Named, Options, compare};
use littoral_sim::scenario::{RawScenario, compile};

fn small(name: &str) -> Report {
    let text = format!(
        r#"
name = "{name}"
policy = "p"
lasts = "10m"
seeds = [1, 2]
arrivals = {{ kind = "poisson", per_s = 0.5 }}
assert = ["egress_bytes.restricted == 0"]
request = [{{ class = "internal" }}]
machines = [{{ name = "m", count = 5, owned = true, model = "m", prefill_tokens_per_s = 500, decode_tokens_per_s = 20, battery = {{ capacity_wh = 5 }} }}]
cloud = [{{ provider = "c", model = "l", usd_per_mtok_in = 1, usd_per_mtok_out = 2 }}]
"#
    );
    let document = littoral_kit::config::Document::parse("s.toml", &text).unwrap();
    let raw: RawScenario = document.read().value.unwrap();
    let scenario = compile(&raw, false, &|_| Err("is not read".into())).unwrap();
    let policy = Policy::shipped();
    let policies = [Named { name: "<mine>", policy: &policy }];
    compare(&scenario, &policies, &Options::default())
}

#[test]
fn the_page_is_whole_loads_nothing_and_names_cannot_write_into_it() {
    let page = page(&small("A & B"));
    for outside in ["http://", "https://", "url(", "@import", "<script", "<link", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<h1>A &amp; B</h1>") && page.contains("&lt;mine&gt;"));
    assert!(!page.contains("<mine>") && !page.contains("NaN") && !page.contains("inf"));
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    assert!(page.matches("<svg").count() >= 6);
    assert!(page.contains("prefers-color-scheme: dark"));
    assert!(page.contains("all local") && page.contains("egress_bytes.restricted == 0"));
}
