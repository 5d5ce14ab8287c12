//! The requests of a run without anybody who decides: for whoever plays the same ones elsewhere.

use super::{Event, Run, World};
use std::time::Duration;

/// A request of a run. Its numbers are those that the simulated run meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    /// When, from the start.
    pub at: Duration,
    /// Who asks: those who own machines come first, group by group.
    pub person: u32,
    /// Place of its kind among the scenario's requests.
    pub kind: usize,
    /// Tokens of the whole prompt.
    pub tokens_in: u32,
    /// Those of them that came before in the conversation.
    pub known: u32,
    /// Tokens of the answer.
    pub tokens_out: u32,
    /// Number of its conversation.
    pub conversation: u64,
}

impl Run<'_> {
    /// Every request that comes, in order, whatever would be decided. Of a closed loop there are none: when
    /// somebody asks again depends on the answer before.
    #[must_use]
    pub fn coming(self) -> Vec<Coming> {
        let mut world = World::new(self);
        world.begin();
        let mut all = Vec::new();
        while let Some(event) = world.events.take() {
            match event {
                Event::Arrival => {
                    let at = world.now();
                    let Some(asked) = world.come() else { break };
                    all.push(Coming {
                        at,
                        person: asked.person,
                        kind: usize::from(asked.kind),
                        tokens_in: asked.tokens_in,
                        known: asked.known,
                        tokens_out: asked.tokens_out,
                        conversation: asked.conversation,
                    });
                }
                // A rush is a change, and the others change nothing of what comes.
                Event::Change(place) => world.change(place as usize),
                _ => {}
            }
        }
        all
    }
}
