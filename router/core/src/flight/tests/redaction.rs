//! Content shows nowhere in `Debug`.

use super::*;
use crate::flight::event::TokenLogprob;

#[test]
fn debug_output_of_events_and_actions_holds_no_content() {
    const SECRET: &str = "sesame";
    let logprob =
        TokenLogprob { token: SECRET.into(), logprob: -0.5, top: vec![(SECRET.into(), -0.5)] };
    let fragment = ToolCallFragment {
        index: 0,
        id: Some(SECRET.into()),
        name: Some(SECRET.into()),
        arguments: SECRET.into(),
    };
    let (dispatch, channel, text) = (DispatchId(0), Channel::Content, SECRET.to_owned());
    let delta =
        Event::Delta { dispatch, channel, offset: None, text, logprobs: vec![logprob.clone()] };
    let call = Event::ToolCallDelta { dispatch, fragment: fragment.clone() };
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.on(delta.clone());
    rig.fail(0, Blame::Target);
    assert!(rig.all.contains(&sent_on(1, 1, Some(SECRET), 255)), "the prefix is among the actions");
    rig.on(Event::ToolCallDelta { dispatch: DispatchId(1), fragment: fragment.clone() });
    rig.fail(1, Blame::Target);
    let output = format!("{delta:?} {call:?} {logprob:?} {fragment:?} {:?}", rig.all);
    assert!(output.contains("<6 bytes>"), "{output}");
    assert!(!output.contains(SECRET), "{output}");
}
