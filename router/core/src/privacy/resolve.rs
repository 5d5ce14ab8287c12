//! Many matches at one place become the one that explains it best.
//!
//! The digits of a card hold a phone number, an IBAN holds two tax numbers, and a URL holds whatever
//! its path holds. A match that lies inside another one says nothing new, unless it is graver: no URL hides
//! the key in its query, and no phone number the identity number inside it. A card hides one all the same,
//! because its own check is so much surer.

use super::detect::Family;
use super::finding::Spot;
use super::steps;

/// So many enclosing matches are compared; deeper nests keep what they hold, which is the safe side.
const NEST: usize = 12;

/// A checked match that is so much likelier explains what lies inside it, though that passed a check digit
/// too: one of ten numbers does.
const MUCH_SURER: u8 = 30;

/// One spot for each kind and place: of those that overlap, the likeliest; of equal ones the longest.
pub(super) fn merged(mut spots: Vec<Spot>) -> Vec<Spot> {
    spots.sort_by(|a, b| {
        (a.detector.kind, a.span.start, b.span.end).cmp(&(
            b.detector.kind,
            b.span.start,
            a.span.end,
        ))
    });
    let mut kept: Vec<Spot> = Vec::with_capacity(spots.len());
    for spot in spots {
        match kept.last_mut() {
            Some(last) if last.detector.kind == spot.detector.kind && overlap(last, &spot) => {
                let longer = spot.span.len() > last.span.len();
                if spot.score > last.score || spot.score == last.score && longer {
                    *last = spot;
                }
            }
            _ => kept.push(spot),
        }
    }
    kept
}

/// Those that no other one explains, in order of the text.
pub(super) fn resolved(mut spots: Vec<Spot>) -> Vec<Spot> {
    spots.sort_by(|a, b| {
        (a.span.start, b.span.end, b.score).cmp(&(b.span.start, a.span.end, a.score))
    });
    let mut explained = vec![false; spots.len()];
    let mut open: Vec<usize> = Vec::new();
    for index in 0..spots.len() {
        let Some(spot) = spots.get(index) else { break };
        steps::add(1 + open.len());
        open.retain(|outer| {
            spots.get(*outer).is_some_and(|outer| outer.span.end > spot.span.start)
        });
        for outer in open.iter().rev().take(NEST) {
            let Some(outer_spot) = spots.get(*outer) else { continue };
            if explains(outer_spot, spot) {
                mark(&mut explained, index);
            } else if explains(spot, outer_spot) {
                mark(&mut explained, *outer);
            }
        }
        open.push(index);
    }
    let mut marks = explained.into_iter();
    spots.retain(|_| !marks.next().unwrap_or(false));
    spots
}

fn mark(marks: &mut [bool], index: usize) {
    if let Some(mark) = marks.get_mut(index) {
        *mark = true;
    }
}

/// Whether `inner` says nothing that `outer` does not say.
fn explains(outer: &Spot, inner: &Spot) -> bool {
    let inside = outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
    let surer = outer.checked && (!inner.checked || outer.score >= inner.score + MUCH_SURER);
    inside
        && outer.score >= inner.score
        && (outer.score > inner.score || surer || outer.span.len() > inner.span.len())
        && (gravity(outer) >= gravity(inner) || surer && gravity(outer) > 0)
}

/// How grave a finding is; nothing hides a graver one.
fn gravity(spot: &Spot) -> u8 {
    match spot.detector.family {
        Family::Public => 0,
        Family::Credential | Family::Identity => 2,
        _ => 1,
    }
}

fn overlap(one: &Spot, other: &Spot) -> bool {
    one.span.start < other.span.end && other.span.start < one.span.end
}
