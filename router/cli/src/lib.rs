//! The command line: one program for every role, `littoral`.
//!
//! What a command found out goes to standard output, everything said about it to standard error, so
//! that output can be piped. With `--json` standard output holds JSON and nothing else, errors
//! included. A failure is one sentence with its cause and a way out, and an exit code that scripts can
//! tell apart (`failure`).
//!
//! Each command is a file of `commands`. The files beside it are what commands share: the connection
//! to a router (`client`), the words and numbers of its answers (`words`, `units`,
//! `describe`), and their form on a terminal (`screen`, `table`).

mod arguments;
mod client;
mod commands;
mod describe;
mod failure;
mod json;
mod lines;
mod machine;
mod roles;
mod screen;
mod since;
mod spans;
mod table;
mod units;
mod words;

use clap::Parser as _;
use std::process::ExitCode;

/// A request allocates some hundred small pieces on one thread and frees them on others.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs the program on the arguments of this process. The exit code is documented in `--help`.
#[must_use]
pub fn main() -> ExitCode {
    // Every TLS connection needs one provider for the process. A second installation changes nothing,
    // and its error says only that.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            // Help and version are such "errors" too, with exit code 0. Nobody is left to tell if
            // they cannot be printed.
            let _ = told.print();
            return ExitCode::from(u8::try_from(told.exit_code()).unwrap_or(2));
        }
    };
    let json = arguments.globals.json;
    match arguments.command.run(&arguments.globals) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(json),
    }
}
