//! Failures after text was told: it is continued exactly, taken back, or the flight fails.

use super::*;
use crate::flight::event::TokenLogprob;

const NO_RESET: FlightOptions = FlightOptions { can_reset: false, ..OPTIONS };

#[test]
fn another_worker_continues_the_text_exactly_and_offsets_go_on() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(10).text(0, "Hé")[0], told(0, 0, "Hé"));
    assert_eq!(rig.text(0, "llo"), [told(0, 3, "llo")]);
    let actions = rig.fail(0, Blame::Network);
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 6)));
    assert_eq!(actions[0], sent_on(1, 1, Some("Héllo"), 254));
    let text = rig.on(delta(1, Channel::Content, Some(0), " you"));
    assert_eq!(text[0], told(0, 6, " you"), "a dispatch counts its own bytes, the epoch goes on");
}

#[test]
fn a_third_target_gets_the_text_of_both_before_it() {
    let mut rig = Rig::new(plan([worker("a"), worker("b"), worker("c")]), OPTIONS);
    rig.text(0, "one ");
    rig.fail(0, Blame::Target);
    rig.text(1, "two ");
    let actions = rig.fail(1, Blame::Target);
    assert_eq!(actions[0], sent_on(2, 2, Some("one two "), 254));
    assert_eq!(failover(&actions).map(|f| f.4), Some(8));
}

#[test]
fn a_target_that_takes_no_prefix_starts_the_next_epoch_at_offset_0() {
    let mut rig = Rig::new(plan([worker("a"), cloud("c"), worker("b")]), OPTIONS);
    rig.text(0, "half an ans");
    let actions = rig.fail(0, Blame::Target);
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Reset, 1, 0)), "plan order rules");
    assert_eq!(actions[0], sent(1, 1));
    assert_eq!(rig.text(1, "An")[0], told(1, 0, "An"));
    assert_eq!(rig.flight.epoch(), 1);
    let actions = rig.fail(1, Blame::Target);
    assert_eq!(
        actions[0],
        sent_on(2, 2, Some("An"), 255),
        "only the last epoch's text is continued"
    );
}

#[test]
fn a_door_that_cannot_unsay_text_skips_targets_that_take_no_prefix() {
    let mut rig = Rig::new(plan([worker("a"), cloud("c"), worker("b")]), NO_RESET);
    rig.text(0, "half");
    assert_eq!(failover(&rig.fail(0, Blame::Target)).map(|f| f.1), Some(2));

    let mut rig = Rig::new(plan([worker("a"), cloud("c")]), NO_RESET);
    rig.text(0, "half");
    rig.fail(0, Blame::Target);
    assert_eq!(
        rig.failure(),
        (
            "ATTEMPTS_FAILED",
            "no attempt is left that continues the text already sent: a (device): Target failed"
        )
    );
}

#[test]
fn reasoning_and_refusals_cannot_be_continued_only_taken_back() {
    for channel in [Channel::Reasoning, Channel::Refusal] {
        let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
        rig.on(delta(0, channel, Some(0), "hm"));
        let kind = failover(&rig.fail(0, Blame::Target)).map(|f| f.2);
        assert_eq!(kind, Some(FailoverKind::Reset), "{channel:?}");

        let mut rig = Rig::new(plan([worker("a"), worker("b")]), NO_RESET);
        rig.on(delta(0, channel, Some(0), "hm"));
        rig.fail(0, Blame::Target);
        assert_eq!(rig.failure().0, "ATTEMPTS_FAILED", "{channel:?}");
    }
}

#[test]
fn after_a_tool_call_fragment_nobody_goes_on() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    let actions = rig.at(5).on(fragment(0, "{\"city\":"));
    assert!(matches!(actions[0], Action::Emit(Emission::ToolCallDelta { epoch: 0, .. })));
    rig.fail(0, Blame::Network);
    assert_eq!(
        rig.failure(),
        (
            "ATTEMPTS_FAILED",
            "what was already sent can be neither continued nor taken back: a (device): Network failed"
        )
    );
    assert_eq!(rig.ending().dispatches[0].first_token_at, Some(ms(5)));
}

#[test]
fn a_gap_or_an_overlap_is_garbage_and_none_of_it_is_told() {
    for wrong in [0, 2, 4, u64::MAX] {
        let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
        rig.on(delta(0, Channel::Content, Some(0), "abc"));
        let actions = rig.on(delta(0, Channel::Content, Some(wrong), "xyz"));
        assert_eq!(actions[0], Action::Cancel(DispatchId(0)), "offset {wrong}");
        assert_eq!(actions[1], sent_on(1, 1, Some("abc"), 255), "offset {wrong}");
        rig.finish(1);
        let row = &rig.ending().dispatches[0];
        assert_eq!(row.fault.as_ref().map(|f| f.kind), Some("garbage"));
        assert_eq!(row.text_bytes, 3);
    }
}

#[test]
fn each_channel_has_its_own_offsets() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.on(delta(0, Channel::Reasoning, Some(0), "why"));
    let actions = rig.on(delta(0, Channel::Content, Some(0), "so"));
    assert_eq!(actions, [told(0, 0, "so")]);
    let actions = rig.on(delta(0, Channel::Reasoning, Some(3), "?"));
    assert!(matches!(actions[..], [Action::Emit(Emission::Delta { offset: 3, .. })]));
}

#[test]
fn an_answer_longer_than_the_prefix_limit_streams_on_and_is_taken_back_at_a_failure() {
    let options = FlightOptions { prefix_bytes_limit: 4, ..OPTIONS };
    let mut rig = Rig::new(plan([worker("a"), worker("b"), worker("c")]), options);
    rig.text(0, "1234");
    assert_eq!(rig.text(0, "5"), [told(0, 4, "5")]);
    assert_eq!(failover(&rig.fail(0, Blame::Target)), Some((0, 1, FailoverKind::Reset, 1, 0)));
    rig.text(1, "1234");
    let actions = rig.fail(1, Blame::Target);
    assert_eq!(
        actions[0],
        sent_on(2, 2, Some("1234"), 255),
        "the limit counts anew in the next epoch"
    );
}

#[test]
fn a_token_without_text_of_its_own_is_passed_on_and_counts() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    let logprobs = vec![TokenLogprob { token: "\u{fffd}".into(), logprob: -0.1, top: Vec::new() }];
    let (dispatch, channel, text) = (DispatchId(0), Channel::Content, String::new());
    rig.at(7).on(Event::Delta { dispatch, channel, offset: Some(0), text, logprobs });
    assert_eq!(rig.wake(), ms(1_007), "the stall limit took over from the first-token limit");
}

#[test]
fn a_cloud_cut_in_mid_stream_is_continued_on_the_device() {
    let mut rig = Rig::new(plan([cloud("c"), worker("a")]), NO_RESET);
    rig.text(0, "from afar");
    let actions = rig.on(Event::EgressCut);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(actions[1], sent_on(1, 1, Some("from afar"), 255));
}
