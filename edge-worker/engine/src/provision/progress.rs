//! What provisioning tells its caller while it works.

/// One phase of the work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// What is being done, in a few words.
    pub name: &'static str,
}

/// Receives the course of the work; every call returns quickly.
pub trait Progress {
    /// A phase begins; the one before has ended.
    fn phase(&mut self, phase: &Phase);
    /// So many of so many bytes of the present phase's download are here.
    fn bytes(&mut self, done: u64, total: u64);
    /// Something the user should read, such as whom the work waits for.
    fn note(&mut self, text: &str);
}

/// Says nothing.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn phase(&mut self, _: &Phase) {}
    fn bytes(&mut self, _: u64, _: u64) {}
    fn note(&mut self, _: &str) {}
}
