//! The commands, one a file.

mod ask;
mod budgets;
mod decide;
mod doctor;
mod drain;
mod egress;
mod engine_flags;
mod explain;
mod keys;
mod models;
mod policy;
mod prompt;
mod provision;
mod receipts;
mod scan;
mod serve;
mod simulate;
mod token;
mod up;
mod usage;
mod worker;
mod workers;

use crate::arguments::Globals;
use crate::failure::Failure;
use clap::Subcommand;

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    Up(up::Up),
    Ask(Box<ask::Ask>),
    Decide(Box<decide::Decide>),
    Explain(explain::Explain),
    Workers(workers::Workers),
    Models(models::Models),
    Drain(drain::Drain),
    Receipts(receipts::Receipts),
    Usage(usage::Usage),
    Budgets(budgets::Budgets),
    Egress(egress::Egress),
    Scan(scan::Scan),
    Policy(policy::Policy),
    Simulate(simulate::Simulate),
    Serve(serve::Serve),
    Worker(worker::Worker),
    Token(token::Token),
    Keys(keys::Keys),
    Provision(provision::Provision),
    Doctor(doctor::Doctor),
}

impl Command {
    /// Runs the command to its end.
    ///
    /// # Errors
    /// What failed, ready to be told.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        match self {
            Self::Up(up) => up.run(globals),
            Self::Ask(ask) => ask.run(globals),
            Self::Decide(decide) => decide.run(globals),
            Self::Explain(explain) => explain.run(globals),
            Self::Workers(workers) => workers.run(globals),
            Self::Models(models) => models.run(globals),
            Self::Drain(drain) => drain.run(globals),
            Self::Receipts(receipts) => receipts.run(globals),
            Self::Usage(usage) => usage.run(globals),
            Self::Budgets(budgets) => budgets.run(globals),
            Self::Egress(egress) => egress.run(globals),
            Self::Scan(scan) => scan.run(globals),
            Self::Policy(policy) => policy.run(globals),
            Self::Simulate(simulate) => simulate.run(globals),
            Self::Serve(serve) => serve.run(globals),
            Self::Worker(worker) => worker.run(globals),
            Self::Token(token) => token.run(globals),
            Self::Keys(keys) => keys.run(globals),
            Self::Provision(provision) => provision.run(globals),
            Self::Doctor(doctor) => doctor.run(globals),
        }
    }
}
