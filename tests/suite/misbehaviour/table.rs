//! The table. A row names what the provider does and how a request ends; where the two dialects tell it
//! in other words, each has its own.

use littoral_tests::cloud::{Answer, Behaviour, Ending, Framing, Tally};

/// What an answer says, with characters of one to four bytes.
pub const WORDS: [&str; 3] = ["Ebbe ", "und é ", "Flut 🌊"];
/// Words of a provider that must not be passed on.
pub const SECRET: &str = "what comes after";

/// A dialect of the stand-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI's chat completions.
    Chat,
    /// Anthropic's messages.
    Messages,
}

impl Dialect {
    pub const ALL: [Self; 2] = [Self::Chat, Self::Messages];
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The whole text, with this usage if any.
    Whole(Option<(u32, u32)>),
    /// Every attempt failed, and the message says this.
    Fails(&'static str),
    /// Its deadline passed.
    TooLate,
}

/// One row.
pub struct Row {
    /// What the provider does, in words.
    pub name: &'static str,
    /// What it is told to do.
    pub does: fn() -> Behaviour,
    in_chat: Outcome,
    in_messages: Outcome,
}

impl Row {
    /// How a request ends in this dialect.
    pub const fn outcome(&self, dialect: Dialect) -> Outcome {
        match dialect {
            Dialect::Chat => self.in_chat,
            Dialect::Messages => self.in_messages,
        }
    }
}

fn answer() -> Answer {
    Answer::new(WORDS).with_usage(11, 5)
}

const fn row(name: &'static str, does: fn() -> Behaviour, outcome: Outcome) -> Row {
    Row { name, does, in_chat: outcome, in_messages: outcome }
}

const fn fails(name: &'static str, does: fn() -> Behaviour, why: &'static str) -> Row {
    row(name, does, Outcome::Fails(why))
}

const WHOLE: Outcome = Outcome::Whole(Some((11, 5)));
const WITHOUT_USAGE: Outcome = Outcome::Whole(None);

/// All rows.
pub const ROWS: &[Row] = &[
    row("lines end in LF", || Behaviour::Answer(answer()), WHOLE),
    row("lines end in CRLF", || Behaviour::Answer(answer().with_framing(Framing::CrLf)), WHOLE),
    row("lines end in CR", || Behaviour::Answer(answer().with_framing(Framing::Cr)), WHOLE),
    row("comments between events", || Behaviour::Answer(answer().with_comments()), WHOLE),
    row("characters are split", || Behaviour::Answer(answer().with_writes_of(1)), WHOLE),
    row(
        "all of that at once",
        || {
            let odd = answer().with_framing(Framing::CrLf).with_comments();
            Behaviour::Answer(odd.with_writes_of(1))
        },
        WHOLE,
    ),
    row("ends twice", || Behaviour::Answer(answer().with_ending(Ending::Twice)), WHOLE),
    row(
        "the last event is missing",
        || Behaviour::Answer(answer().with_ending(Ending::Never)),
        WHOLE,
    ),
    row("no usage", || Behaviour::Answer(answer().with_tally(Tally::Nothing)), WITHOUT_USAGE),
    row("half a usage", || Behaviour::Answer(answer().with_tally(Tally::Half)), WITHOUT_USAGE),
    row(
        "usage below zero",
        || Behaviour::Answer(answer().with_tally(Tally::Negative)),
        WITHOUT_USAGE,
    ),
    row("usage in words", || Behaviour::Answer(answer().with_tally(Tally::Words)), WITHOUT_USAGE),
    row("never says a word", || Behaviour::HangBeforeHeaders, Outcome::TooLate),
    fails(
        "falls silent",
        || Behaviour::HangAfter { answer: answer(), chunks: 1 },
        "silent in mid-stream",
    ),
    fails(
        "is reset in mid-event",
        || Behaviour::CutAfter { answer: answer(), chunks: 1 },
        "broke the connection",
    ),
    fails(
        "ends before its reason",
        || Behaviour::ends_after(answer(), 2),
        "ended the stream before",
    ),
    fails("an empty stream", Behaviour::empty_stream, "ended the stream before"),
    Row {
        name: "an event that is no JSON",
        does: || Behaviour::malformed_after(answer(), 1),
        in_chat: Outcome::Fails("sent an event that is no chunk of a chat completion"),
        in_messages: Outcome::Fails("sent an event that is none of a message"),
    },
    fails("an event that is an error", || Behaviour::error_after(answer(), 1, SECRET), "an error"),
    fails(
        "an error as the only event",
        || Behaviour::ErrorInStream { message: SECRET.into() },
        "sent an error (stand_in)",
    ),
    fails(
        "status 200 and an error",
        || Behaviour::ErrorWith200 { message: SECRET.into() },
        "sent an error (stand_in)",
    ),
    fails(
        "status 200 and a page of a hotel",
        || Behaviour::raw("text/html", "<p>what comes after the log-in</p>"),
        "answered with something that is no",
    ),
    fails(
        "an event without end",
        || Behaviour::giant_event_after(answer(), 1),
        "an event exceeds 1 MiB",
    ),
    fails(
        "bytes that are no text",
        || Behaviour::no_text_after(answer(), 1),
        "an event is not UTF-8",
    ),
    fails(
        "a compressed body",
        || Behaviour::Compressed(answer()),
        "answered in an encoding that nobody asked for",
    ),
    fails("status 429", || Behaviour::rate_limited(Some(7)), "answered 429 (stand_in)"),
    fails("status 529", Behaviour::overloaded, "answered 529"),
    fails("status 401", Behaviour::unauthorized, "answered 401"),
    fails("status 500", Behaviour::server_error, "answered 500"),
];
