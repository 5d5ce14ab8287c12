//! Never a mass reschedule: where half the fleet falls silent at once, the fault is more likely ours.
//!
//! Losing workers one by one as their leases end is right while they are few. When a switch or the
//! router's own network fails, all leases end in one sweep; declaring everybody lost would throw away
//! every session and send everybody's work to whoever is left. So one sweep lets go of a share only,
//! the longest silent first. The others stay suspect, which takes them out of choice wherever anybody
//! else is there, and the next heartbeat brings them back.

/// Workers that one sweep may lose whatever the size of the fleet.
const FEW: usize = 16;
/// Share of the fleet that one sweep may lose beyond that: a tenth.
const SHARE: usize = 10;

/// How many of `present` workers one sweep may declare lost.
#[must_use]
pub fn lose_at_most(present: usize) -> usize {
    FEW.max(present / SHARE)
}
