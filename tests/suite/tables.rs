//! What the tables of failures have in common: moments, classes of content, and companies of other targets.

use littoral_proto::v1::DataClass;

/// When something happens, seen from the first token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Nothing was said yet.
    Before,
    /// Right after the first piece of text.
    At,
    /// After the second piece.
    After,
}

impl Moment {
    /// All moments.
    pub const ALL: [Self; 3] = [Self::Before, Self::At, Self::After];

    /// Pieces of text that were said by then.
    pub const fn words(self) -> usize {
        match self {
            Self::Before => 0,
            Self::At => 1,
            Self::After => 2,
        }
    }
}

/// The classes, in the order of a row's columns.
pub const CLASSES: [DataClass; 3] = [DataClass::Public, DataClass::Personal, DataClass::Restricted];

/// Who else could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// A shared machine of the organisation, and a cloud.
    EdgeAndCloud,
    /// A cloud.
    Cloud,
    /// Nobody.
    Nobody,
}

/// The companies, in the order of a row's cells.
pub const OTHERS: [Others; 3] = [Others::EdgeAndCloud, Others::Cloud, Others::Nobody];
