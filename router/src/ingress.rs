//! The doors. Each turns its wire into a [`crate::pipeline::request::Request`] and what it is told
//! back into its wire; none of them decides anything.

pub mod chat;
pub mod deadline;
pub mod embedding;
pub mod fleet;
pub mod http;
pub mod ledger;
pub mod policy;
pub mod principal;
pub mod privacy;
pub mod routing;
pub mod who;
