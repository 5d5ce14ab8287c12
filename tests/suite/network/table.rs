//! The table. A row names what happens to the line of the asker's own worker, and when; its cells name
//! the outcome for each class of content and each company of other targets.

use crate::tables::Moment;

/// What happens to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Both sides see their connection reset.
    IsCut,
    /// Bytes stop both ways, and nothing is closed.
    GoesHalfOpen,
    /// Every byte arrives 150 ms later, either way.
    SlowsDown,
}

/// How the request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The same worker answers, and nobody fails over.
    Stays,
    /// The edge machine goes on, exactly where the text was.
    Edge,
    /// The cloud answers from the start.
    Cloud,
    /// A named error: every attempt failed.
    Failed,
    /// A named error: the deadline passed, because nobody else could go on.
    TooLate,
}

/// One row.
pub struct Row {
    /// What happens.
    pub trouble: Trouble,
    /// When.
    pub moment: Moment,
    /// The outcome, by class and then by company.
    pub cells: [[Expected; 3]; 3],
}

use Expected::{Cloud as C, Edge as E, Failed as F, Stays as S, TooLate as L};
use Moment::{After, At, Before};
use Trouble::{GoesHalfOpen, IsCut, SlowsDown};

const fn row(trouble: Trouble, moment: Moment, cells: [[Expected; 3]; 3]) -> Row {
    Row { trouble, moment, cells }
}

/// All rows. S: the same worker answers; E: the edge goes on; C: the cloud answers; F: attempts failed;
/// L: the deadline passed.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                         public     personal   restricted
    //                         with edge and cloud, cloud, nobody
    row(IsCut,        Before, [[E, C, F], [E, F, F], [F, F, F]]),
    row(IsCut,        At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(IsCut,        After,  [[E, C, F], [E, F, F], [F, F, F]]),
    row(GoesHalfOpen, Before, [[E, C, L], [E, L, L], [L, L, L]]),
    row(GoesHalfOpen, At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(GoesHalfOpen, After,  [[E, C, F], [E, F, F], [F, F, F]]),
    row(SlowsDown,    Before, [[S, S, S], [S, S, S], [S, S, S]]),
    row(SlowsDown,    At,     [[S, S, S], [S, S, S], [S, S, S]]),
    row(SlowsDown,    After,  [[S, S, S], [S, S, S], [S, S, S]]),
];
