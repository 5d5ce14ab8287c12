//! The table. A row names what happens to the asker's own worker process, when, and who else is
//! there; the outcome for each class stands in the row. `public` may go everywhere, `personal` to the
//! edge, `restricted` nowhere but the asker's own device.

use super::stage::FirstToken;
use littoral_proto::v1::DataClass;

/// What happens to the worker's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// SIGKILL: the kernel closes its connection.
    Killed,
    /// SIGSTOP: its connection stays open and nothing comes.
    Stopped,
}

/// Who else could answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    /// A shared machine with the same model, and a cloud behind it.
    Edge,
    /// A cloud.
    Cloud,
    /// Nobody.
    Nobody,
}

/// How the request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The edge machine goes on, exactly where the text was.
    Edge,
    /// The cloud answers from the start: in a new epoch, if there was text.
    Cloud,
    /// A named error: no attempt is left.
    Failed,
    /// A named error: the process may wake up again, so all the time there is is waited for it.
    TooLate,
}

/// One row.
pub struct Row {
    pub failure: Failure,
    pub moment: FirstToken,
    pub other: Other,
    public: Expected,
    personal: Expected,
    restricted: Expected,
}

impl Row {
    /// The outcome for each class.
    pub fn cells(&self) -> [(DataClass, Expected); 3] {
        [
            (DataClass::Public, self.public),
            (DataClass::Personal, self.personal),
            (DataClass::Restricted, self.restricted),
        ]
    }
}

const fn row(
    failure: Failure,
    moment: FirstToken,
    other: Other,
    [public, personal, restricted]: [Expected; 3],
) -> Row {
    Row { failure, moment, other, public, personal, restricted }
}

use Expected::{Failed, TooLate};
use Failure::{Killed, Stopped};
use FirstToken::{After, At, Before};
use Other::{Cloud, Edge, Nobody};

/// All rows.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //  process  moment  others  [public           personal        restricted]
    row(Killed,  Before, Edge,   [Expected::Edge,  Expected::Edge, Failed]),
    row(Killed,  At,     Edge,   [Expected::Edge,  Expected::Edge, Failed]),
    row(Killed,  After,  Edge,   [Expected::Edge,  Expected::Edge, Failed]),
    row(Killed,  Before, Cloud,  [Expected::Cloud, Failed,         Failed]),
    row(Killed,  At,     Cloud,  [Expected::Cloud, Failed,         Failed]),
    row(Killed,  After,  Cloud,  [Expected::Cloud, Failed,         Failed]),
    row(Killed,  Before, Nobody, [Failed,          Failed,         Failed]),
    row(Killed,  At,     Nobody, [Failed,          Failed,         Failed]),
    row(Killed,  After,  Nobody, [Failed,          Failed,         Failed]),
    row(Stopped, Before, Edge,   [Expected::Edge,  Expected::Edge, TooLate]),
    row(Stopped, At,     Edge,   [Expected::Edge,  Expected::Edge, TooLate]),
    row(Stopped, After,  Edge,   [Expected::Edge,  Expected::Edge, TooLate]),
    row(Stopped, Before, Cloud,  [Expected::Cloud, TooLate,        TooLate]),
    row(Stopped, At,     Cloud,  [Expected::Cloud, TooLate,        TooLate]),
    row(Stopped, After,  Cloud,  [Expected::Cloud, TooLate,        TooLate]),
    row(Stopped, Before, Nobody, [TooLate,         TooLate,        TooLate]),
    row(Stopped, At,     Nobody, [TooLate,         TooLate,        TooLate]),
    row(Stopped, After,  Nobody, [TooLate,         TooLate,        TooLate]),
];
