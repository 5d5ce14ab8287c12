//! The table. A row names what the asker's own worker does, when, and who else is there; the outcome
//! follows from the class: `public` may go everywhere, `personal` to the edge, `restricted` nowhere
//! but the asker's own device.

use littoral_proto::v1::DataClass;

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

/// When it does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It has taken the request and said nothing yet.
    BeforeFirstToken,
    /// Right after its first piece of text.
    AtFirstToken,
    /// After its second piece.
    AfterFirstToken,
}

/// How the request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The edge machine goes on, exactly where the text was.
    Continued,
    /// The cloud answers from the start.
    Reset,
    /// A named error.
    Fails(&'static str),
}

/// One row.
pub struct Row {
    /// What breaks.
    pub failure: Failure,
    /// When.
    pub moment: Moment,
    /// A shared machine of the organisation is there.
    pub edge: bool,
    /// A cloud is there.
    pub cloud: bool,
}

impl Row {
    /// The outcome for content of this class.
    pub fn expected(&self, class: DataClass) -> Expected {
        match (class, self.edge, self.cloud) {
            (DataClass::Public | DataClass::Personal, true, _) => Expected::Continued,
            (DataClass::Public, false, true) => Expected::Reset,
            _ if self.failure == Failure::Silent && self.moment == Moment::BeforeFirstToken => {
                Expected::Fails("DEADLINE_EXCEEDED")
            }
            _ => Expected::Fails("ATTEMPTS_FAILED"),
        }
    }
}

const fn row(failure: Failure, moment: Moment, edge: bool, cloud: bool) -> Row {
    Row { failure, moment, edge, cloud }
}

use Failure::{Garbage, Killed, OutOfMemory, Silent, WrongOffset};
use Moment::{AfterFirstToken, AtFirstToken, BeforeFirstToken};

/// All rows.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //  failure      moment            edge   cloud
    row(Killed,      BeforeFirstToken, true,  true),
    row(Killed,      AtFirstToken,     true,  true),
    row(Killed,      AfterFirstToken,  true,  true),
    row(Killed,      BeforeFirstToken, false, true),
    row(Killed,      AtFirstToken,     false, true),
    row(Killed,      AfterFirstToken,  false, true),
    row(Killed,      BeforeFirstToken, false, false),
    row(Killed,      AfterFirstToken,  false, false),
    row(Silent,      AtFirstToken,     true,  true),
    row(Silent,      AfterFirstToken,  false, true),
    row(WrongOffset, BeforeFirstToken, true,  true),
    row(WrongOffset, AtFirstToken,     true,  true),
    row(WrongOffset, AfterFirstToken,  true,  true),
    row(WrongOffset, AfterFirstToken,  false, true),
    row(WrongOffset, AfterFirstToken,  false, false),
    row(Garbage,     BeforeFirstToken, true,  true),
    row(Garbage,     AtFirstToken,     false, true),
    row(Garbage,     AfterFirstToken,  false, false),
    row(OutOfMemory, BeforeFirstToken, true,  true),
    row(OutOfMemory, AtFirstToken,     true,  true),
    row(OutOfMemory, AfterFirstToken,  false, true),
    row(OutOfMemory, BeforeFirstToken, false, false),
];
