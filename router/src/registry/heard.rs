//! What one session was last heard to say, apart from its models.

use littoral_core::estimate::{Ewma, HalfLife};
use littoral_core::fleet::DeviceState;
use littoral_core::lease::LeaseTerms;
use littoral_core::membership::{Flaps, Membership, Phase};
use littoral_proto::v1;
use std::time::Duration;

/// A round trip of that age counts half: two or three heartbeats.
const ROUND_TRIP_HALF_LIFE: Duration = Duration::from_secs(12);

/// What was last heard.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Where the worker stands.
    pub membership: Membership,
    /// Readings of its machine.
    pub device: v1::state::Device,
    /// Memory that its resident models may take together, in bytes.
    pub model_memory_budget_bytes: Option<u64>,
    trips: Option<Ewma>,
    phase: Option<Phase>,
    last_ack: (u64, Duration),
}

impl Heard {
    /// Nothing yet but that it is there.
    #[must_use]
    pub fn new(flaps: Flaps, now: Duration) -> Self {
        Self {
            membership: Membership::joined(flaps, now),
            device: v1::state::Device::default(),
            model_memory_budget_bytes: None,
            trips: None,
            phase: None,
            last_ack: (0, Duration::ZERO),
        }
    }

    /// Takes a state in, but for its models; measures the round trip from its echo, and returns the
    /// next ack to send.
    pub fn state(&mut self, state: &v1::State, terms: LeaseTerms, now: Duration) -> u64 {
        self.membership.hear_state(terms, now);
        let (seq, sent) = self.last_ack;
        if seq > 0 && state.lease_ack_seq == seq {
            let away_ms = now.saturating_sub(sent).as_secs_f64() * 1000.0;
            let trip_ms = (away_ms - f64::from(state.held_ms)).max(0.0);
            let new = || Ewma::new(HalfLife::new(ROUND_TRIP_HALF_LIFE));
            self.trips.get_or_insert_with(new).update(trip_ms, now);
        }
        self.device = state.device.clone().unwrap_or_default();
        self.model_memory_budget_bytes = state.model_memory_budget_bytes;
        self.last_ack = (seq + 1, now);
        seq + 1
    }

    /// Smoothed round trip, in milliseconds.
    #[must_use]
    pub fn round_trip_ms(&self) -> Option<f64> {
        self.trips.and_then(|trips| trips.value())
    }

    /// Remembers the phase; true if it changed.
    pub fn note(&mut self, phase: Phase) -> bool {
        self.phase.replace(phase) != Some(phase)
    }

    /// The readings, for decisions.
    #[must_use]
    pub fn device(&self) -> DeviceState {
        let said = &self.device;
        DeviceState {
            battery_fraction: said.battery_fraction,
            on_battery: said.on_battery,
            memory_available_bytes: said.memory_available_bytes,
            thermal_fraction: said.thermal_fraction,
            joules_per_token: None,
            joules_per_prompt_token: None,
            joules_estimated: false,
            battery_capacity_joules: said.battery_capacity_joules,
            heating_per_s: said.heating_per_s,
            memory_pressure: said.memory_pressure,
            cpu_pressure: said.cpu_pressure,
            metered_network: said.metered_network,
            user_active: said.user_active,
        }
    }
}
