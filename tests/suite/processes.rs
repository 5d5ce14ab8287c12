//! Real processes over real sockets, with the real model: killed, stopped, told to end, restarted,
//! and with the wall clock moved under them. What a library's test can only act out happens here as
//! it does on a machine: a socket that the kernel closes, a peer that stops in mid-instruction, a
//! state folder that another process finds again.

mod counted;
mod logs;
mod rolling_restart;
mod router_killed;
mod router_stopped;
mod signals;
mod sleeping;
mod stage;
mod table;
#[cfg(target_os = "linux")]
mod wall_clock;
mod workers_break;
