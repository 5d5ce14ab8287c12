//! A drawn part of a crowd.
//!
//! A pool of sixteen thousand workers is not judged one by one for every request: a dozen of them, drawn
//! anew each time, hold two good ones as surely. Who draws is the owner of the crowd, and the
//! decision is told how many were not looked at.

/// Workers of one pool that a decision looks at, where nothing is unusual.
pub const LOOKED_AT: usize = 16;

/// `most` different numbers below `of`, drawn by `lot`; all of them where there are no more. In
/// ascending order. (Floyd's algorithm: Bentley and Floyd, "A sample of brilliance", 1987.)
#[must_use]
pub fn sample(of: usize, most: usize, lot: u64) -> Vec<usize> {
    let mut drawn = Vec::with_capacity(of.min(most));
    sample_into(of, most, lot, &mut drawn);
    drawn
}

/// As [`sample`], into a list that can be used again; what was in it is forgotten.
pub fn sample_into(of: usize, most: usize, lot: u64, drawn: &mut Vec<usize>) {
    drawn.clear();
    if of <= most {
        return drawn.extend(0..of);
    }
    let mut state = lot;
    for last in of - most..of {
        state = next(state);
        let pick = below(state, last + 1);
        // The last is above all that were drawn before.
        match drawn.binary_search(&pick) {
            Ok(_) => drawn.push(last),
            Err(place) => drawn.insert(place, pick),
        }
    }
}

/// The next number of a sequence (SplitMix64: Steele, Lea and Flood, 2014).
const fn next(state: u64) -> u64 {
    let state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A number below `bound`, from a random one (Lemire, "Fast random integer generation in an interval",
/// 2019; the bias is below one in 2^32 for any crowd there is).
fn below(random: u64, bound: usize) -> usize {
    let wide = u128::from(random) * (bound as u128);
    usize::try_from(wide >> 64).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_sample_has_as_many_different_members_as_it_may(of in 0_usize..5_000, most in 0_usize..64, lot: u64) {
            let drawn = sample(of, most, lot);
            prop_assert_eq!(drawn.len(), of.min(most));
            prop_assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(drawn.iter().all(|at| *at < of));
            prop_assert_eq!(drawn, sample(of, most, lot));
        }
    }

    #[test]
    fn everybody_is_drawn_about_as_often() {
        let mut drawn = [0_u32; 1_000];
        for lot in 0..10_000_u64 {
            for at in sample(1_000, 32, lot.wrapping_mul(0x9E37_79B9)) {
                drawn[at] += 1;
            }
        }
        // 320 expected, standard deviation 17.6.
        let (least, most) = (drawn.iter().min(), drawn.iter().max());
        assert!(least > Some(&220) && most < Some(&420), "{least:?} to {most:?}");
    }
}
