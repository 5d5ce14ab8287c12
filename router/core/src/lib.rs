//! The pure core of Littoral: who may answer a request, who should, and what to do when it breaks.
//!
//! Nothing here does I/O, reads a clock or draws a random number. Time is an argument: a
//! [`std::time::Duration`] since the owner's own start. A seed is an argument. So the live router,
//! `explain`, policy tests and the simulator call the very same functions and get the same answer.
//!
//! Reading order: [`class`], [`principal`] and [`device`] (words), [`prompt`] (content) and [`facts`] (what is
//! known of it without content), [`fleet`] (who could answer), [`policy`] (who may), [`mod@decide`]
//! (who does), [`plan`] (what came out), [`policy_case`] (what was expected), [`privacy`] (what may
//! leave), [`flight`] (how it runs). [`money`] and [`budget`] say what it may cost; [`retry`],
//! [`breaker`] and [`offline`] what is done about providers that fail.

pub mod breaker;
pub mod budget;
pub mod class;
pub mod decide;
pub mod device;
pub mod estimate;
pub mod facts;
pub mod fair;
pub mod fleet;
pub mod flight;
pub mod lease;
pub mod membership;
pub mod money;
pub mod offline;
pub mod plan;
pub mod policy;
pub mod policy_case;
pub mod principal;
pub mod privacy;
pub mod prompt;
pub mod reason;
pub mod record;
pub mod residency;
pub mod retry;
