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
use crate::held::Shelf;
use crate::job::GenerationEvent;
use crate::kv::Parked;
use crate::mailbox::{Mailbox, Turn};
use crate::sequence::{Progress, Sequence};
use crate::ticket::Ticket;

/// Runs the model until the mailbox stops, and says so when the decoder is gone.
pub fn run(
    mailbox: &Arc<Mailbox<Ticket>>,
    shelf: &Arc<Shelf<Parked>>,
    decoder: Decoder,
    format: &ChatFormat,
) {
    let _guard = EndOnExit { mailbox: Arc::clone(mailbox), shelf: Arc::clone(shelf) };
    serve(mailbox, shelf, decoder, format);
}

fn serve(
    mailbox: &Mailbox<Ticket>,
    shelf: &Shelf<Parked>,
    mut decoder: Decoder,
    format: &ChatFormat,
) {
    let mut active: Vec<Sequence> = Vec::new();
    let mut logits = Vec::new();
    loop {
        let runnable = || active.iter().any(Sequence::is_runnable);
        match mailbox.next_turn(runnable) {
            Turn::Work(tickets) => {
                for ticket in tickets {
                    active.extend(admit(ticket, &decoder, shelf, mailbox));
                }
            }
            Turn::Stop(tickets) => return stop(active, tickets),
        }
        shelf.make_room(active.iter().map(Sequence::bytes).sum());
        let mut index = 0;
        while let Some(sequence) = active.get_mut(index) {
            let progress = if sequence.is_runnable() {
                sequence.turn(&mut decoder, format, shelf, &mut logits)
            } else {
                Progress::Running
            };
            match progress {
                Progress::Running => index += 1,
                Progress::Over(last) => end(active.remove(index), Some(last), shelf, mailbox),
                Progress::Abandoned => end(active.remove(index), None, shelf, mailbox),
            }
        }
    }
}

/// Frees the memory or lays it aside, then frees the slot, and only then says so. A caller who is
/// gone has cancelled; after a failure the cache is worth nothing.
fn end(
    sequence: Sequence,
    last: Option<GenerationEvent>,
    shelf: &Shelf<Parked>,
    mailbox: &Mailbox<Ticket>,
) {
    let failed = matches!(last, Some(GenerationEvent::Failed(_)));
    let reply = if failed { sequence.into_reply() } else { sequence.lay_aside(shelf) };
    mailbox.release();
    if let Some(last) = last {
        reply.send(last);
    }
}

fn admit(
    ticket: Ticket,
    decoder: &Decoder,
    shelf: &Shelf<Parked>,
    mailbox: &Mailbox<Ticket>,
) -> Option<Sequence> {
    let reply = ticket.reply.clone();
    Sequence::admit(ticket, decoder, shelf)
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

/// However the thread ends, no job is taken after it and nothing is held; callers see their channels
/// close.
struct EndOnExit {
    mailbox: Arc<Mailbox<Ticket>>,
    shelf: Arc<Shelf<Parked>>,
}

impl Drop for EndOnExit {
    fn drop(&mut self) {
        self.shelf.close();
        self.mailbox.end();
    }
}
