//! The command line, built where the suite can start it as a process of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    littoral_cli::main()
}
