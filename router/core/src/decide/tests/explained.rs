//! Explanations as people read them.

use super::*;

#[test]
fn a_personal_prompt_with_everybody_there() {
    let mut pools = everybody();
    pools.push(device_of("bob", vec![worker("bobs")]));
    let decision = shipped(&asks(DataClass::Personal), pools);
    insta::assert_snapshot!(explain_text(&decision), @r#"
    chose acme/alice/smollm2 (device, worker laptop): class personal stays on device or edge
      expects first token 0.11 s, all 256 tokens 2.66 s, cost nothing, energy 76.8 J, quality 0.60
      waits 2.00 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    then acme/lab/qwen (edge, worker box): device comes first
      expects first token 0.11 s, all 256 tokens 2.66 s, cost nothing, energy 76.8 J, quality 0.60
      waits 2.00 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    deadline 120.0 s
    acme/bob/smollm2 lost at owner: another person's device
    openai/gpt-4o-mini lost at class: class personal may not reach tier cloud
    policy f476d9e65eff, seed 1
    "#);
}

#[test]
fn a_public_prompt_that_prefers_the_cloud_with_unknown_facts() {
    let mut pools = everybody();
    cloud_of(&mut pools[2]).price = None;
    cloud_of(&mut pools[2]).first_token_ms = None;
    let mut tired = worker("phone");
    tired.device.battery_fraction = Some(0.1);
    *workers_of(&mut pools[0]) = vec![worker("laptop"), tired, worker("tablet")];
    let mut facts = in_mode(DataClass::Public, Mode::PreferInCloud);
    facts.prompt_tokens.estimated = true;
    facts.hints.deadline_ms = Some(900_000);
    insta::assert_snapshot!(explain_text(&shipped(&facts, pools)), @r#"
    chose openai/gpt-4o-mini (cloud): class public may use device, edge or cloud
      expects first token unknown, all 256 tokens unknown, cost unknown, energy 0.0 J, quality 0.90
      waits 10.0 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    then acme/alice/smollm2 (device, worker tablet): the request asks for cloud first
      expects first token 0.11 s, all 256 tokens 2.66 s, cost nothing, energy 76.8 J, quality 0.60
      waits 2.00 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    then acme/alice/smollm2 (device, worker laptop): the second that was drawn from its pool
      expects first token 0.11 s, all 256 tokens 2.66 s, cost nothing, energy 76.8 J, quality 0.60
      waits 2.00 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    then acme/lab/qwen (edge, worker box): device comes first
      expects first token 0.11 s, all 256 tokens 2.66 s, cost nothing, energy 76.8 J, quality 0.60
      waits 2.00 s for the first token, 1.00 s in silence; takes at most 1024 tokens
    deadline 600.0 s
    acme/alice/smollm2, worker phone, lost at device: battery at 10 % is below the floor of 20 %
    note: mode prefer_in_cloud puts cloud first
    note: the policy cuts the deadline to 600000 ms
    note: the prompt's length of 100 tokens is an upper bound, not a count
    note: openai/gpt-4o-mini: first token, total time, cost unknown, taken as bad
    note: acme/alice/smollm2: drew tablet of 2 workers by two weighted choices
    policy f476d9e65eff, seed 1
    "#);
}

#[test]
fn a_restricted_prompt_that_only_a_cloud_could_answer() {
    let decision = shipped(&asks(DataClass::Restricted), vec![cloud()]);
    insta::assert_snapshot!(explain_text(&decision), @r#"
    refused, EGRESS_DENIED: class restricted stays on the device, and no target there is ready; openai/gpt-4o-mini lost by class alone; start a worker on the device, or label the content lower if it is less sensitive than that
    openai/gpt-4o-mini lost at class: class restricted may not reach tier cloud
    policy f476d9e65eff, seed 1
    "#);
}

#[test]
fn a_full_worker() {
    let mut full = device_of("alice", vec![worker("laptop")]);
    (workers_of(&mut full)[0].active, workers_of(&mut full)[0].queued) = (2, 8);
    insta::assert_snapshot!(explain_text(&shipped(&asks(DataClass::Personal), vec![full])), @r#"
    refused, SHED: 1 of 1 candidates failed at queue, for example acme/alice/smollm2: all 2 slots taken, 8 of 8 queue places taken; try again later
      try again in 2.61 s
    acme/alice/smollm2, worker laptop, lost at queue: all 2 slots taken, 8 of 8 queue places taken
    policy f476d9e65eff, seed 1
    "#);
}

#[test]
fn a_crowd_of_losers_is_counted() {
    let pools = (0..40).map(|n| device_of(&format!("p{n:02}"), vec![worker("w")])).collect();
    let text = explain_text(&shipped(&asks(DataClass::Public), pools));
    assert!(text.contains("\nand 8 more lost\n"), "{text}");
}
