//! Where the vectors of one dispatch are put until its request takes them.
//!
//! A flight judges how a dispatch goes and never sees what it brings: vectors come beside its events, and
//! count only if the dispatch is the one that finished. A vector can be turned back into much of its text, so
//! vectors are content.

use parking_lot::Mutex;
use std::fmt;

/// Longest vector, in numbers. Models in use have up to 4,096.
pub const MOST_DIMENSIONS: usize = 8_192;

/// One vector for each text of a request, as they come. Content.
pub struct Vectors {
    /// Length that was asked for.
    dimensions: Option<u32>,
    rows: Mutex<Vec<Option<Vec<f32>>>>,
}

impl fmt::Debug for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vectors(of {} texts)", self.rows.lock().len())
    }
}

impl Vectors {
    /// Places for so many texts. `dimensions` is the length that was asked for, if one was.
    #[must_use]
    pub fn of(texts: usize, dimensions: Option<u32>) -> Self {
        Self { dimensions, rows: Mutex::new(vec![None; texts]) }
    }

    /// Takes the vector of one text; false if it cannot be one: of no such text, a second one, of another
    /// length than the others or than was asked for, or with something in it that is no number.
    #[must_use]
    pub fn put(&self, index: u32, values: Vec<f32>) -> bool {
        let mut rows = self.rows.lock();
        let other = rows.iter().flatten().next().map(Vec::len);
        let asked = self.dimensions.and_then(|dimensions| usize::try_from(dimensions).ok());
        let length = values.len();
        let fits = (1..=MOST_DIMENSIONS).contains(&length)
            && [other, asked].into_iter().flatten().all(|wanted| wanted == length)
            && values.iter().all(|number| number.is_finite());
        let place = usize::try_from(index).ok().and_then(|index| rows.get_mut(index));
        match place {
            Some(place) if fits && place.is_none() => {
                *place = Some(values);
                true
            }
            _ => false,
        }
    }

    /// Whether every text has its vector.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rows.lock().iter().all(Option::is_some)
    }

    /// The vectors, in the order of the texts; nothing unless all are there.
    #[must_use]
    pub fn take(&self) -> Option<Vec<Vec<f32>>> {
        std::mem::take(&mut *self.rows.lock()).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_in_any_order_and_go_in_that_of_the_texts() {
        let vectors = Vectors::of(2, None);
        assert!(vectors.put(1, vec![0.0, 1.0]) && !vectors.is_complete());
        assert!(vectors.put(0, vec![1.0, 0.0]) && vectors.is_complete());
        assert_eq!(vectors.take(), Some(vec![vec![1.0, 0.0], vec![0.0, 1.0]]));
    }

    #[test]
    fn what_is_no_vector_of_a_text_is_not_taken() {
        let vectors = Vectors::of(3, Some(2));
        assert!(vectors.put(0, vec![0.6, 0.8]));
        for (index, values) in [
            (0, vec![0.6, 0.8]),
            (3, vec![0.6, 0.8]),
            (u32::MAX, vec![0.6, 0.8]),
            (1, vec![]),
            (1, vec![1.0]),
            (1, vec![f32::NAN, 1.0]),
            (1, vec![f32::INFINITY, 1.0]),
            (1, vec![0.0; MOST_DIMENSIONS + 1]),
        ] {
            assert!(!vectors.put(index, values));
        }
        assert!(!vectors.is_complete());
        assert_eq!(vectors.take(), None);
        let free = Vectors::of(2, None);
        assert!(free.put(0, vec![1.0, 0.0]) && !free.put(1, vec![1.0, 0.0, 0.0]));
    }
}
