//! Flights in memory that was used before.

use super::*;
use crate::flight::FlightMemory;

/// A flight in which `a` says `text` and fails, so that `b` is told what was said. Returns all its actions.
fn fly(memory: FlightMemory, text: &str) -> (Vec<Action>, FlightMemory) {
    let mut out = Vec::new();
    let plan = plan([worker("a"), worker("b")]);
    let mut flight = Flight::start_in(memory, plan, OPTIONS, Duration::ZERO, &mut out);
    let finished = Event::Finished { dispatch: DispatchId(1), finish: Finish::Stop, usage: None };
    for event in [
        delta(0, Channel::Content, Some(0), text),
        Event::Failed { dispatch: DispatchId(0), fault: fault(Blame::Network) },
        delta(1, Channel::Content, Some(0), " on"),
        finished,
    ] {
        out.extend(flight.on(event, ms(10)));
    }
    let ended = out.iter().find_map(|action| match action {
        Action::End(ending) => Some(ending.dispatches.clone()),
        _ => None,
    });
    let (_, memory) = flight.into_parts(ended.expect("it ended"));
    (out, memory)
}

#[test]
fn nothing_of_an_earlier_flight_is_in_the_next_one() {
    let (_, used) = fly(FlightMemory::default(), "what the first one was told, at some length");
    assert!(used.text.is_empty() && used.rows.is_empty());
    let (actions, _) = fly(used, "Hello");
    let (fresh, _) = fly(FlightMemory::default(), "Hello");
    assert_eq!(actions, fresh);
    assert!(actions.contains(&sent_on(1, 1, Some("Hello"), 255)), "{actions:?}");
}
