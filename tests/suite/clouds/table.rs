//! The table. A row names what the cloud does, when, and how a public request ends with the asker's
//! own device as another target, and with nobody else. What is personal or restricted never depends on
//! the cloud: the device answers undisturbed, and without one the request is denied.

use crate::tables::Moment;
use littoral_proto::v1::DataClass;

/// What the cloud does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nobody listens at its address.
    RefusesTheConnection,
    /// It takes the request and says nothing at all.
    HangsBeforeTheHeaders,
    /// Status 429 with [`RETRY_AFTER_S`].
    LimitsTheRate,
    /// Status 500.
    HasAnError,
    /// Status 529.
    IsOverloaded,
    /// Status 401.
    RefusesTheKey,
    /// Its connection is reset in the middle of an event.
    IsCutInMidEvent,
    /// It sends an event that is no JSON.
    SendsMalformedEvents,
    /// Its stream goes on, and nothing comes.
    FallsSilent,
    /// Status 200 with an error as the body.
    AnswersWithAnErrorBody,
    /// It sends an event that is an error.
    SendsAnErrorEvent,
    /// Its stream ends in order before the answer does.
    EndsWithoutAFinishReason,
}

/// What the cloud asks for with its 429, in seconds.
pub const RETRY_AFTER_S: u64 = 2;

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The device answers, and no failover is told: the cloud was never asked.
    Undisturbed,
    /// The device goes on exactly where the text was, in the same epoch, and the failover is told.
    Device,
    /// A named error: every attempt failed.
    Failed,
    /// A named error: the deadline passed, because nobody else could go on.
    TooLate,
    /// A named error: its class alone stood in the way.
    Denied,
}

impl Expected {
    /// The name of the error.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Undisturbed | Self::Device => "",
            Self::Failed => "ATTEMPTS_FAILED",
            Self::TooLate => "DEADLINE_EXCEEDED",
            Self::Denied => "EGRESS_DENIED",
        }
    }
}

/// One row.
pub struct Row {
    /// What the cloud does.
    pub failure: Failure,
    /// When.
    pub moment: Moment,
    /// How a public request ends if the device is there, and if nobody is.
    ends: (Expected, Expected),
    /// Requests that reach the cloud if nobody else is there: a fault that passes is followed by a repeat.
    calls_alone: usize,
    /// What the failover, or the error, must say of it.
    pub why: &'static str,
}

impl Row {
    /// The outcome for content of this class.
    pub fn expected(&self, class: DataClass, has_device: bool) -> Expected {
        match (class, has_device) {
            (DataClass::Public, true) => self.ends.0,
            (DataClass::Public, false) => self.ends.1,
            (_, true) => Expected::Undisturbed,
            (_, false) => Expected::Denied,
        }
    }

    /// Requests that reach the cloud.
    pub fn calls(&self, class: DataClass, has_device: bool) -> usize {
        match (class, has_device) {
            (DataClass::Public, true) => self.calls_alone.min(1),
            (DataClass::Public, false) => self.calls_alone,
            _ => 0,
        }
    }
}

const fn row(
    failure: Failure,
    moment: Moment,
    ends: (Expected, Expected),
    calls_alone: usize,
    why: &'static str,
) -> Row {
    Row { failure, moment, ends, calls_alone, why }
}

use Expected::{Device, Failed, TooLate};
use Failure::{
    AnswersWithAnErrorBody, EndsWithoutAFinishReason, FallsSilent, HangsBeforeTheHeaders,
    HasAnError, IsCutInMidEvent, IsOverloaded, LimitsTheRate, RefusesTheConnection, RefusesTheKey,
    SendsAnErrorEvent, SendsMalformedEvents,
};
use Moment::{After, At, Before};

/// All rows.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    //                                   public, and then
    //                                   the device, nobody  calls  why
    row(RefusesTheConnection,    Before, (Device, Failed),   0, "could not be reached"),
    row(HangsBeforeTheHeaders,   Before, (Device, TooLate),  1, "no first token within"),
    row(LimitsTheRate,           Before, (Device, Failed),   2, "answered 429"),
    row(HasAnError,              Before, (Device, Failed),   2, "answered 500"),
    row(IsOverloaded,            Before, (Device, Failed),   2, "answered 529"),
    row(RefusesTheKey,           Before, (Device, Failed),   1, "answered 401"),
    row(IsCutInMidEvent,         Before, (Device, Failed),   2, "broke the connection"),
    row(IsCutInMidEvent,         At,     (Device, Failed),   2, "broke the connection"),
    row(IsCutInMidEvent,         After,  (Device, Failed),   2, "broke the connection"),
    row(SendsMalformedEvents,    Before, (Device, Failed),   1, "sent an event that is no chunk"),
    row(SendsMalformedEvents,    At,     (Device, Failed),   1, "sent an event that is no chunk"),
    row(SendsMalformedEvents,    After,  (Device, Failed),   1, "sent an event that is no chunk"),
    row(FallsSilent,             Before, (Device, TooLate),  1, "no first token within"),
    row(FallsSilent,             At,     (Device, Failed),   1, "silent in mid-stream"),
    row(FallsSilent,             After,  (Device, Failed),   1, "silent in mid-stream"),
    row(AnswersWithAnErrorBody,  Before, (Device, Failed),   1, "sent an error"),
    row(SendsAnErrorEvent,       Before, (Device, Failed),   1, "sent an error"),
    row(SendsAnErrorEvent,       At,     (Device, Failed),   1, "sent an error"),
    row(SendsAnErrorEvent,       After,  (Device, Failed),   1, "sent an error"),
    row(EndsWithoutAFinishReason, Before, (Device, Failed),  2, "ended the stream before"),
    row(EndsWithoutAFinishReason, At,    (Device, Failed),   2, "ended the stream before"),
    row(EndsWithoutAFinishReason, After, (Device, Failed),   2, "ended the stream before"),
];
