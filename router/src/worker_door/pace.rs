//! How much a worker may say: so many messages and bytes a second, with room for a burst.
//!
//! The limits are far above what an honest worker needs (a heartbeat of fifty a second, a few hundred
//! tokens a second a slot) and far below what would harm others: a session is read by one task, and
//! what it costs is bounded by these.

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use littoral_proto::v1::WorkerMessage;
use littoral_proto::v1::worker_message::Message;
use prost::Message as _;
use std::num::NonZeroU32;

/// Chunks and ends of answers a second.
const ANSWERS_PER_S: NonZeroU32 = NonZeroU32::new(10_000).expect("not zero");
/// All other messages a second.
const CONTROL_PER_S: NonZeroU32 = NonZeroU32::new(400).expect("not zero");
/// Kilobytes a second.
const KB_PER_S: NonZeroU32 = NonZeroU32::new(16 * 1024).expect("not zero");

/// What one session may still say.
pub struct Pace {
    answers: DefaultDirectRateLimiter,
    control: DefaultDirectRateLimiter,
    kilobytes: DefaultDirectRateLimiter,
}

impl Default for Pace {
    fn default() -> Self {
        let limiter = |per_s| RateLimiter::direct(Quota::per_second(per_s));
        Self {
            answers: limiter(ANSWERS_PER_S),
            control: limiter(CONTROL_PER_S),
            kilobytes: limiter(KB_PER_S),
        }
    }
}

impl Pace {
    /// Takes a message in; false where it is more than a session may say.
    #[must_use]
    pub fn allows(&self, message: &WorkerMessage) -> bool {
        let of_answers = matches!(
            message.message,
            Some(Message::Chunk(_) | Message::Finished(_) | Message::Accept(_))
        );
        let count = if of_answers { &self.answers } else { &self.control };
        let kilobytes = u32::try_from(message.encoded_len() / 1024).unwrap_or(u32::MAX);
        let bytes = NonZeroU32::new(kilobytes)
            .is_none_or(|kilobytes| matches!(self.kilobytes.check_n(kilobytes), Ok(Ok(()))));
        count.check().is_ok() && bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_proto::v1::{Chunk, Sleep, chunk};

    fn chunk(bytes: usize) -> WorkerMessage {
        let text = chunk::Text { text: "x".repeat(bytes), ..chunk::Text::default() };
        let chunk = Chunk { assignment_id: 1, body: Some(chunk::Body::Text(text)) };
        WorkerMessage { message: Some(Message::Chunk(chunk)) }
    }

    #[test]
    fn a_burst_of_tokens_passes_and_a_flood_does_not() {
        let pace = Pace::default();
        assert!((0..5_000).all(|_| pace.allows(&chunk(8))));
        assert!(!(0..200_000).all(|_| pace.allows(&chunk(8))));
    }

    #[test]
    fn large_messages_use_up_the_bytes_and_control_the_count() {
        let pace = Pace::default();
        assert!(!(0..64).all(|_| pace.allows(&chunk(1_000_000))));
        let sleep = WorkerMessage { message: Some(Message::Sleep(Sleep::default())) };
        assert!(!(0..10_000).all(|_| pace.allows(&sleep)));
    }
}
