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

/// When it does it, seen from its first token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstToken {
    /// It has taken the request and said nothing yet.
    Before,
    /// Right after its first piece of text.
    At,
    /// After its second piece.
    After,
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
    pub moment: FirstToken,
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
            _ if self.failure == Failure::Silent && self.moment == FirstToken::Before => {
                Expected::Fails("DEADLINE_EXCEEDED")
            }
            _ => Expected::Fails("ATTEMPTS_FAILED"),
        }
    }
}

const fn row(failure: Failure, moment: FirstToken, edge: bool, cloud: bool) -> Row {
    Row { failure, moment, edge, cloud }
}

use Failure::{Garbage, Killed, OutOfMemory, Silent, WrongOffset};
use FirstToken::{After, At, Before};

/// All rows.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //  failure      moment  edge   cloud
    row(Killed,      Before, true,  true),
    row(Killed,      At,     true,  true),
    row(Killed,      After,  true,  true),
    row(Killed,      Before, false, true),
    row(Killed,      At,     false, true),
    row(Killed,      After,  false, true),
    row(Killed,      Before, false, false),
    row(Killed,      After,  false, false),
    row(Silent,      At,     true,  true),
    row(Silent,      After,  false, true),
    row(WrongOffset, Before, true,  true),
    row(WrongOffset, At,     true,  true),
    row(WrongOffset, After,  true,  true),
    row(WrongOffset, After,  false, true),
    row(WrongOffset, After,  false, false),
    row(Garbage,     Before, true,  true),
    row(Garbage,     At,     false, true),
    row(Garbage,     After,  false, false),
    row(OutOfMemory, Before, true,  true),
    row(OutOfMemory, At,     true,  true),
    row(OutOfMemory, After,  false, true),
    row(OutOfMemory, Before, false, false),
];
