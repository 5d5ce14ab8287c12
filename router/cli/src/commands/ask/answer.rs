//! An answer as it grows: which text stands, which is void, who gave it.
//!
//! Text counts by epoch. A failover that starts anew raises the epoch, and everything before is void.
//! Offsets make a gap or a repetition visible; such a stream is refused, not shown as if it were whole.

use crate::describe;
use crate::failure::Failure;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use std::time::Duration;

/// What an event means for the reader.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing to show.
    Nothing,
    /// More of the answer.
    Text(String),
    /// More of the model's reasoning.
    Reasoning(String),
    /// Another target goes on where the text stands.
    GoesOn(String),
    /// Another target starts anew; the text so far is void.
    StartsAnew(String),
}

/// What is known of an answer so far.
#[derive(Debug, Default)]
pub struct Answer {
    /// The router's name for the request.
    pub request_id: Option<String>,
    /// Why it went where it went.
    pub decision: Option<v1::Decision>,
    /// Changes of target, one clause each.
    pub failovers: Vec<String>,
    /// Tokens read and written.
    pub usage: Option<v1::Usage>,
    /// The end.
    pub done: Option<v1::Done>,
    /// The text that stands.
    pub text: String,
    epoch: u32,
    /// Bytes so far of each channel in this epoch.
    content: u64,
    reasoning: u64,
    refusal: u64,
}

impl Answer {
    /// Takes an event in.
    ///
    /// # Errors
    /// The text has a gap or repeats itself.
    pub fn take(&mut self, event: v1::ChatEvent) -> Result<Step, Failure> {
        match event.event {
            Some(Event::Routed(routed)) => {
                self.request_id = Some(routed.request_id);
                self.decision = routed.decision;
            }
            Some(Event::Delta(delta)) => return self.delta(delta),
            Some(Event::Failover(failover)) => return Ok(self.failover(&failover)),
            Some(Event::Usage(usage)) => self.usage = Some(usage),
            Some(Event::Done(done)) => self.done = Some(done),
            // No tools are offered, so a call is the model's own invention; progress is not shown.
            Some(Event::ToolCallDelta(_) | Event::Progress(_)) | None => {}
        }
        Ok(Step::Nothing)
    }

    /// The last event came.
    pub fn is_done(&self) -> bool {
        self.done.is_some()
    }

    /// Time that the router allows for the whole answer.
    pub fn deadline(&self) -> Option<Duration> {
        match self.decision.as_ref()?.outcome.as_ref()? {
            v1::decision::Outcome::Plan(plan) => Some(Duration::from_millis(plan.deadline_ms)),
            v1::decision::Outcome::Refusal(_) => None,
        }
    }

    fn delta(&mut self, delta: v1::Delta) -> Result<Step, Failure> {
        if delta.epoch < self.epoch {
            return Ok(Step::Nothing);
        }
        if delta.epoch > self.epoch {
            return Err(out_of_order("text of an epoch that was not announced"));
        }
        let channel = delta.channel();
        let place = match channel {
            v1::Channel::Reasoning => &mut self.reasoning,
            v1::Channel::Refusal => &mut self.refusal,
            v1::Channel::Content | v1::Channel::Unspecified => &mut self.content,
        };
        if delta.offset != *place {
            let what = format!("text at byte {} where byte {place} comes next", delta.offset);
            return Err(out_of_order(&what));
        }
        *place += delta.text.len() as u64;
        if channel == v1::Channel::Reasoning {
            return Ok(Step::Reasoning(delta.text));
        }
        self.text.push_str(&delta.text);
        Ok(Step::Text(delta.text))
    }

    fn failover(&mut self, failover: &v1::Failover) -> Step {
        let (from, to) =
            (describe::target(failover.from.as_ref()), describe::target(failover.to.as_ref()));
        let why = &failover.reason;
        let anew = failover.epoch > self.epoch;
        let told = if anew {
            format!("{from} failed ({why}); {to} starts the answer anew")
        } else {
            format!("{from} failed ({why}); {to} goes on")
        };
        self.failovers.push(told.clone());
        if !anew {
            return Step::GoesOn(told);
        }
        self.epoch = failover.epoch;
        self.text.clear();
        (self.content, self.reasoning, self.refusal) = (0, 0, 0);
        Step::StartsAnew(told)
    }
}

fn out_of_order(what: &str) -> Failure {
    Failure::new(format!("the router sent {what}; what was printed is not the answer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(event: Event) -> v1::ChatEvent {
        v1::ChatEvent { event: Some(event) }
    }

    fn delta(epoch: u32, offset: u64, text: &str) -> v1::ChatEvent {
        let channel = v1::Channel::Content.into();
        event(Event::Delta(v1::Delta {
            epoch,
            channel,
            offset,
            text: text.into(),
            logprobs: vec![],
        }))
    }

    fn failover(epoch: u32) -> v1::ChatEvent {
        let target =
            |model: &str| Some(v1::Target { model: model.into(), ..v1::Target::default() });
        event(Event::Failover(v1::Failover {
            from: target("a"),
            to: target("b"),
            reason: "stalled".into(),
            epoch,
            ..v1::Failover::default()
        }))
    }

    #[test]
    fn text_grows_by_offset_and_channels_count_apart() {
        let mut answer = Answer::default();
        let thought = v1::Delta {
            channel: v1::Channel::Reasoning.into(),
            text: "hm".into(),
            ..v1::Delta::default()
        };
        assert_eq!(answer.take(delta(0, 0, "Grüße")).unwrap(), Step::Text("Grüße".into()));
        assert_eq!(
            answer.take(event(Event::Delta(thought))).unwrap(),
            Step::Reasoning("hm".into())
        );
        answer.take(delta(0, 7, "!")).unwrap();
        assert_eq!(answer.text, "Grüße!");
    }

    #[test]
    fn after_a_reset_only_the_new_text_stands() {
        let mut answer = Answer::default();
        answer.take(delta(0, 0, "wrong")).unwrap();
        let step = answer.take(failover(1)).unwrap();
        assert_eq!(step, Step::StartsAnew("a failed (stalled); b starts the answer anew".into()));
        assert_eq!(answer.take(delta(0, 5, " late")).unwrap(), Step::Nothing);
        answer.take(delta(1, 0, "right")).unwrap();
        assert_eq!(answer.text, "right");
    }

    #[test]
    fn a_continued_answer_keeps_its_text() {
        let mut answer = Answer::default();
        answer.take(delta(0, 0, "half")).unwrap();
        assert!(matches!(answer.take(failover(0)).unwrap(), Step::GoesOn(_)));
        answer.take(delta(0, 4, " whole")).unwrap();
        assert_eq!(answer.text, "half whole");
        assert_eq!(answer.failovers.len(), 1);
    }

    #[test]
    fn a_gap_a_repetition_and_an_unannounced_epoch_are_refused() {
        for (epoch, offset) in [(0, 5), (0, 3), (1, 0)] {
            let mut answer = Answer::default();
            answer.take(delta(0, 0, "four")).unwrap();
            let refused = answer.take(delta(epoch, offset, "x")).unwrap_err();
            assert!(refused.message.contains("not the answer"), "{}", refused.message);
        }
    }
}
