//! The model's own thread: jobs that hold a slot take turns of one batch each.

use std::sync::Arc;
use std::time::Instant;

use super::batches::batches;
use super::encoder::Encoder;
use crate::error::EngineError;
use crate::job::{Finish, GenerationEvent, TextVector, Timings, Usage};
use crate::mailbox::{Mailbox, Turn, Waiting};
use crate::ticket::{Reply, count, milliseconds};

/// A job that was checked and tokenized.
pub struct Ticket {
    /// The token ids of each text.
    pub rows: Vec<Vec<u32>>,
    /// The way back.
    pub reply: Reply,
    /// When the job was started.
    pub started: Instant,
}

impl Ticket {
    fn tokens(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }
}

impl Waiting for Ticket {
    fn settle_if_cancelled(&self) -> bool {
        self.reply.settle_if_cancelled(self.tokens(), self.started)
    }
}

/// The texts are content: their number is shown.
impl std::fmt::Debug for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ticket({} texts, {} tokens)", self.rows.len(), self.tokens())
    }
}

/// A job that holds a slot.
struct Running {
    ticket: Ticket,
    /// Those that are not run yet, the next one last.
    batches: Vec<Vec<usize>>,
    read: usize,
    admitted: Instant,
    timings: Timings,
}

/// Runs the model until the mailbox stops, and says so when the encoder is gone.
pub fn run(mailbox: &Arc<Mailbox<Ticket>>, encoder: Encoder) {
    let _guard = EndOnExit(Arc::clone(mailbox));
    serve(mailbox, encoder);
}

fn serve(mailbox: &Mailbox<Ticket>, mut encoder: Encoder) {
    let mut active: Vec<Running> = Vec::new();
    loop {
        let runnable = || active.iter().any(|job| job.ticket.reply.is_runnable());
        match mailbox.next_turn(runnable) {
            Turn::Work(tickets) => active.extend(tickets.into_iter().map(Running::admit)),
            Turn::Stop(waiting) => {
                let running = active.into_iter().map(|job| job.ticket);
                for ticket in running.chain(waiting) {
                    ticket.reply.send(GenerationEvent::Failed(EngineError::Stopped));
                }
                return;
            }
        }
        let mut index = 0;
        while let Some(job) = active.get_mut(index) {
            match job.turn(&mut encoder) {
                None => index += 1,
                Some(last) => {
                    let job = active.remove(index);
                    // Whoever reads the last event may start the next job at once.
                    mailbox.release();
                    job.ticket.reply.send(last);
                }
            }
        }
    }
}

impl Running {
    fn admit(ticket: Ticket) -> Self {
        let lengths: Vec<usize> = ticket.rows.iter().map(Vec::len).collect();
        let mut batches = batches(&lengths);
        batches.reverse();
        let timings = Timings { queue_ms: milliseconds(ticket.started), ..Timings::default() };
        Self { ticket, batches, read: 0, admitted: Instant::now(), timings }
    }

    /// Runs one batch, if somebody listens; the last event if it was the last one.
    fn turn(&mut self, encoder: &mut Encoder) -> Option<GenerationEvent> {
        let reply = &self.ticket.reply;
        if reply.is_cancelled() || reply.is_gone() {
            return Some(self.finished(Finish::Cancelled));
        }
        if !reply.is_runnable() {
            return None;
        }
        if let Some(batch) = self.batches.pop() {
            let rows: Vec<&[u32]> = batch.iter().map(|&row| &*self.ticket.rows[row]).collect();
            let begun = Instant::now();
            let vectors = match encoder.run(&rows) {
                Ok(vectors) => vectors,
                Err(error) => return Some(GenerationEvent::Failed(error)),
            };
            self.timings.prefill_run_ms += milliseconds(begun);
            if self.read == 0 {
                self.timings.first_token_ms = milliseconds(self.ticket.started);
            }
            self.read += rows.iter().map(|row| row.len()).sum::<usize>();
            let (done, of) = (count(self.read), count(self.ticket.tokens()));
            reply.send(GenerationEvent::Prefill { done, of });
            let vectors = batch.into_iter().zip(vectors);
            let vectors = vectors.map(|(text, values)| TextVector { text, values }).collect();
            reply.send(GenerationEvent::Vectors(vectors));
        }
        if self.batches.is_empty() {
            self.timings.prefill_ms = milliseconds(self.admitted);
            return Some(self.finished(Finish::Stop));
        }
        None
    }

    fn finished(&self, finish: Finish) -> GenerationEvent {
        let usage = Usage { prompt_tokens: count(self.ticket.tokens()), ..Usage::default() };
        GenerationEvent::Finished { finish, usage, timings: self.timings }
    }
}

/// However the thread ends, no job is taken after it.
struct EndOnExit(Arc<Mailbox<Ticket>>);

impl Drop for EndOnExit {
    fn drop(&mut self) {
        self.0.end();
    }
}
