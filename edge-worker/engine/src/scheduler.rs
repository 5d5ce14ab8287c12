//! The model's own thread.
//!
//! Running sequences take turns, one chunk of a prompt or one token each, so that a long prompt
//! delays another answer by one chunk at most and a cancel acts after one turn. A sequence whose
//! caller does not read is passed over and holds up nobody.
//!
//! Batching the sequences into one run was considered and left out: on a processor the step is
//! bound by reading the weights and two sequences at once would gain, but graphs of the common
//! layout cannot mix a prompt and a token in one batch without padding, and the text of a seed
//! would depend on who else is being served.

use std::sync::Arc;

use crate::chat_format::ChatFormat;
use crate::decoder::Decoder;
use crate::error::EngineError;
use crate::job::GenerationEvent;
use crate::mailbox::{Mailbox, Turn};
use crate::sequence::{Progress, Sequence};
use crate::ticket::Ticket;

/// Runs the model until the mailbox stops.
pub fn run(mailbox: &Arc<Mailbox>, mut decoder: Decoder, format: &ChatFormat) {
    let _guard = StopOnExit(Arc::clone(mailbox));
    let mut active: Vec<Sequence> = Vec::new();
    let mut logits = Vec::new();
    loop {
        let runnable = || active.iter().any(Sequence::is_runnable);
        match mailbox.next_turn(runnable) {
            Turn::Work(tickets) => {
                for ticket in tickets {
                    active.extend(admit(ticket, &decoder, mailbox));
                }
            }
            Turn::Stop(tickets) => return stop(active, tickets),
        }
        let mut index = 0;
        while let Some(sequence) = active.get_mut(index) {
            let progress = if sequence.is_runnable() {
                sequence.turn(&mut decoder, format, &mut logits)
            } else {
                Progress::Running
            };
            match progress {
                Progress::Running => index += 1,
                Progress::Over(last) => end(active.remove(index), Some(last), mailbox),
                Progress::Abandoned => end(active.remove(index), None, mailbox),
            }
        }
    }
}

/// Frees the memory, then the slot, and only then says so.
fn end(sequence: Sequence, last: Option<GenerationEvent>, mailbox: &Mailbox) {
    let reply = sequence.into_reply();
    mailbox.release();
    if let Some(last) = last {
        reply.send(last);
    }
}

fn admit(ticket: Ticket, decoder: &Decoder, mailbox: &Mailbox) -> Option<Sequence> {
    let reply = ticket.reply.clone();
    Sequence::admit(ticket, decoder)
        .map_err(|error| {
            mailbox.release();
            reply.send(GenerationEvent::Failed(error));
        })
        .ok()
}

fn stop(active: Vec<Sequence>, waiting: Vec<Ticket>) {
    let running = active.into_iter().map(Sequence::into_reply);
    for reply in running.chain(waiting.into_iter().map(|ticket| ticket.reply)) {
        reply.send(GenerationEvent::Failed(EngineError::Stopped));
    }
}

/// However the thread ends, no job is taken after it; callers see their channels close.
struct StopOnExit(Arc<Mailbox>);

impl Drop for StopOnExit {
    fn drop(&mut self) {
        self.0.stop();
    }
}
