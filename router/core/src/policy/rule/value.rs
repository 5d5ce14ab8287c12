//! What a fact can be worth.
//!
//! A number that a device reports is checked as everywhere else: what is no number, or out of range,
//! is unknown.

/// The value of a fact.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Nobody knows.
    Unknown,
    /// There is no such thing here: no comparison holds, in the positive or the negative.
    Absent,
    /// True or false.
    Bool(bool),
    /// A whole number between two bounds, which are equal where it is known.
    Int { low: i64, high: i64 },
    /// A finite number.
    Float(f64),
    /// A word, by its place in the list of words.
    Word(usize),
    /// A text.
    Text(&'a str),
    /// Some texts.
    Texts(&'a [String]),
}

impl<'a> Value<'a> {
    /// A name of which the empty one is unknown.
    pub fn name(name: &'a str) -> Self {
        if name.is_empty() { Self::Unknown } else { Self::Text(name) }
    }

    /// A count, where known. Beyond the largest literal it counts as that.
    pub fn count(count: Option<u64>) -> Self {
        count.map_or(Self::Unknown, |count| {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            Self::Int { low: count, high: count }
        })
    }

    /// A reported number, where it is a number from 0 to `most`.
    pub fn share(reported: Option<f64>, most: f64) -> Self {
        match reported {
            Some(share) if (0.0..=most).contains(&share) => Self::Float(share),
            _ => Self::Unknown,
        }
    }

    /// A reported temperature, cut to `most`. An infinite one is no reading: a stored record cannot
    /// hold it, and must replay to the same decision.
    pub fn heat(reported: Option<f64>, most: f64) -> Self {
        Self::share(reported.filter(|heat| heat.is_finite()).map(|heat| heat.min(most)), most)
    }

    /// A word of a list.
    pub fn word(words: &[&str], word: &str) -> Self {
        words.iter().position(|known| *known == word).map_or(Self::Unknown, Self::Word)
    }

    /// A word by its place, where known.
    pub fn place(place: Option<usize>) -> Self {
        place.map_or(Self::Unknown, Self::Word)
    }
}
