//! The table. A row names what the asker's own worker does and when; its cells name the outcome for
//! each class of content and each company of other targets.

use crate::tables::Moment;

/// What the worker does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Its connection breaks.
    Killed,
    /// It takes the request and says nothing more, heartbeats apart.
    Silent,
    /// It sends text at an offset that leaves a gap.
    WrongOffset,
    /// It sends text on a channel that does not exist.
    Garbage,
    /// It says it ran out of memory.
    OutOfMemory,
}

/// How the request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
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
    /// What breaks.
    pub failure: Failure,
    /// When.
    pub moment: Moment,
    /// The outcome, by class and then by company.
    pub cells: [[Expected; 3]; 3],
}

use Expected::{Cloud as C, Edge as E, Failed as F, TooLate as L};
use Failure::{Garbage, Killed, OutOfMemory, Silent, WrongOffset};
use Moment::{After, At, Before};

const fn row(failure: Failure, moment: Moment, cells: [[Expected; 3]; 3]) -> Row {
    Row { failure, moment, cells }
}

/// All rows. E: the edge goes on; C: the cloud answers; F: attempts failed; L: the deadline passed.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                        public     personal   restricted
    //                        with edge and cloud, cloud, nobody
    row(Killed,      Before, [[E, C, F], [E, F, F], [F, F, F]]),
    row(Killed,      At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(Killed,      After,  [[E, C, F], [E, F, F], [F, F, F]]),
    row(Silent,      Before, [[E, C, L], [E, L, L], [L, L, L]]),
    row(Silent,      At,     [[E, C, L], [E, L, L], [L, L, L]]),
    row(Silent,      After,  [[E, C, L], [E, L, L], [L, L, L]]),
    row(WrongOffset, Before, [[E, C, F], [E, F, F], [F, F, F]]),
    row(WrongOffset, At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(WrongOffset, After,  [[E, C, F], [E, F, F], [F, F, F]]),
    row(Garbage,     Before, [[E, C, F], [E, F, F], [F, F, F]]),
    row(Garbage,     At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(Garbage,     After,  [[E, C, F], [E, F, F], [F, F, F]]),
    row(OutOfMemory, Before, [[E, C, F], [E, F, F], [F, F, F]]),
    row(OutOfMemory, At,     [[E, C, F], [E, F, F], [F, F, F]]),
    row(OutOfMemory, After,  [[E, C, F], [E, F, F], [F, F, F]]),
];
