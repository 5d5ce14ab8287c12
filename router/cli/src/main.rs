//! The binary `littoral`. Everything is in the library, so that a test can start the same program
//! without knowing where cargo put it.

use std::process::ExitCode;

fn main() -> ExitCode {
    littoral_cli::main()
}
