//! Assignments come in frames, interleaved with other messages, and are joined here.
//!
//! What a router can make the worker hold is bounded: one assignment by [`LARGEST_ASSIGNMENT`], all
//! unfinished ones together by [`LARGEST_TOTAL`]. An assignment over a bound is refused once; its
//! remaining frames are taken in and thrown away, so that their credit still flows back. Nothing
//! is reserved by what a peer announces, only by what arrives.

use crate::engine::Refusal;
use littoral_proto::v1::Assign;
use littoral_proto::v1::reject::Cause;
use std::collections::{HashMap, VecDeque};

/// Most bytes of one assignment.
pub(super) const LARGEST_ASSIGNMENT: usize = 16 << 20;
/// Most bytes of all assignments that are not yet whole.
pub(super) const LARGEST_TOTAL: usize = 32 << 20;
/// Most assignments that are not yet whole, and most dropped ones that are remembered.
pub(super) const MOST_OPEN: usize = 1024;

/// What a frame led to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Joined {
    /// More frames must follow.
    Open,
    /// The assignment is complete.
    Whole(Vec<u8>),
    /// It is refused; its later frames are `Open`.
    Refused(Refusal),
    /// The router has more assignments open than any router may.
    TooMany,
}

/// Assignments that are not yet whole.
#[derive(Debug, Default)]
pub(super) struct Frames {
    open: HashMap<u64, Vec<u8>>,
    /// Refused or cancelled in the midst of their frames, oldest first. A router may stop sending
    /// them, so the oldest is forgotten when there are too many.
    dropped: VecDeque<u64>,
    held_bytes: usize,
}

impl Frames {
    /// Takes one frame in.
    pub(super) fn take(&mut self, frame: &Assign) -> Joined {
        let id = frame.assignment_id;
        if self.dropped.contains(&id) {
            if frame.last {
                self.dropped.retain(|dropped| *dropped != id);
            }
            return Joined::Open;
        }
        let known = self.open.contains_key(&id);
        if !known && self.open.len() >= MOST_OPEN {
            return Joined::TooMany;
        }
        let size = self.open.get(&id).map_or(0, Vec::len) + frame.payload.len();
        if let Some(refusal) = self.over_a_bound(size, frame.payload.len()) {
            self.release(id);
            if !frame.last {
                self.drop_rest(id);
            }
            return Joined::Refused(refusal);
        }
        if frame.last {
            let mut whole = self.release(id).unwrap_or_default();
            whole.extend_from_slice(&frame.payload);
            return Joined::Whole(whole);
        }
        self.held_bytes += frame.payload.len();
        self.open.entry(id).or_default().extend_from_slice(&frame.payload);
        Joined::Open
    }

    /// Gives an assignment up in the midst of its frames; false if none of it is here.
    pub(super) fn cancel(&mut self, id: u64) -> bool {
        let known = self.release(id).is_some();
        if known {
            self.drop_rest(id);
        }
        known
    }

    fn drop_rest(&mut self, id: u64) {
        if self.dropped.len() == MOST_OPEN {
            self.dropped.pop_front();
        }
        self.dropped.push_back(id);
    }

    fn over_a_bound(&self, size: usize, added: usize) -> Option<Refusal> {
        if size > LARGEST_ASSIGNMENT {
            let detail = format!("the assignment is larger than {LARGEST_ASSIGNMENT} bytes");
            return Some(Refusal::new(Cause::Malformed, detail));
        }
        (self.held_bytes + added > LARGEST_TOTAL)
            .then(|| Refusal::new(Cause::Busy, "too many large assignments are coming in at once"))
    }

    fn release(&mut self, id: u64) -> Option<Vec<u8>> {
        let bytes = self.open.remove(&id)?;
        self.held_bytes -= bytes.len();
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frame(assignment_id: u64, payload: &[u8], last: bool) -> Assign {
        Assign { assignment_id, payload: payload.to_vec(), last }
    }

    #[test]
    fn interleaved_frames_are_joined_each_with_its_own() {
        let mut frames = Frames::default();
        assert_eq!(frames.take(&frame(1, b"ab", false)), Joined::Open);
        assert_eq!(frames.take(&frame(2, b"x", true)), Joined::Whole(b"x".to_vec()));
        assert_eq!(frames.held_bytes, 2);
        assert_eq!(frames.take(&frame(1, b"c", true)), Joined::Whole(b"abc".to_vec()));
        assert!(frames.open.is_empty());
        assert_eq!(frames.held_bytes, 0);
    }

    #[test]
    fn an_assignment_over_its_bound_is_refused_once_and_the_rest_is_thrown_away() {
        let mut frames = Frames::default();
        let half = vec![0; LARGEST_ASSIGNMENT / 2 + 1];
        assert_eq!(frames.take(&frame(1, &half, false)), Joined::Open);
        let Joined::Refused(refusal) = frames.take(&frame(1, &half, false)) else { panic!() };
        assert_eq!(refusal.cause, Cause::Malformed);
        assert_eq!(frames.held_bytes, 0);
        assert_eq!(frames.take(&frame(1, b"more", false)), Joined::Open);
        assert_eq!(frames.take(&frame(1, b"end", true)), Joined::Open);
        assert_eq!(frames.take(&frame(1, b"anew", true)), Joined::Whole(b"anew".to_vec()));
    }

    #[test]
    fn unfinished_assignments_together_are_bounded() {
        let mut frames = Frames::default();
        let large = vec![0; LARGEST_ASSIGNMENT];
        assert_eq!(frames.take(&frame(1, &large, false)), Joined::Open);
        assert_eq!(frames.take(&frame(2, &large, false)), Joined::Open);
        let Joined::Refused(refusal) = frames.take(&frame(3, b"x", false)) else { panic!() };
        assert_eq!(refusal.cause, Cause::Busy);
    }

    #[test]
    fn the_number_of_open_assignments_is_bounded() {
        let mut frames = Frames::default();
        for id in 0..MOST_OPEN as u64 {
            assert_eq!(frames.take(&frame(id, b"x", false)), Joined::Open);
        }
        assert_eq!(frames.take(&frame(u64::MAX, b"x", false)), Joined::TooMany);
        assert_eq!(frames.take(&frame(0, b"y", true)), Joined::Whole(b"xy".to_vec()));
    }

    #[test]
    fn a_cancelled_assignment_takes_no_memory_and_its_last_frame_forgets_it() {
        let mut frames = Frames::default();
        frames.take(&frame(1, b"ab", false));
        assert!(frames.cancel(1));
        assert!(!frames.cancel(1));
        assert_eq!(frames.held_bytes, 0);
        assert_eq!(frames.take(&frame(1, b"c", true)), Joined::Open);
        assert!(frames.dropped.is_empty());
    }

    #[test]
    fn a_router_that_cancels_in_mid_frame_for_ever_fills_nothing() {
        let mut frames = Frames::default();
        for id in 0..3 * MOST_OPEN as u64 {
            assert_eq!(frames.take(&frame(id, b"x", false)), Joined::Open);
            assert!(frames.cancel(id));
        }
        assert_eq!(frames.dropped.len(), MOST_OPEN);
        assert_eq!(frames.take(&frame(u64::MAX, b"x", true)), Joined::Whole(b"x".to_vec()));
    }

    proptest! {
        #[test]
        fn however_it_is_cut_the_whole_comes_out(
            payload in proptest::collection::vec(any::<u8>(), 0..200),
            cuts in proptest::collection::vec(0_usize..200, 0..6),
        ) {
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(payload.len())).collect();
            cuts.sort_unstable();
            let mut frames = Frames::default();
            let mut start = 0;
            for cut in cuts {
                prop_assert_eq!(frames.take(&frame(7, &payload[start..cut], false)), Joined::Open);
                start = cut;
            }
            let whole = frames.take(&frame(7, &payload[start..], true));
            prop_assert_eq!(whole, Joined::Whole(payload));
        }
    }
}
