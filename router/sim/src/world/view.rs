//! The fleet as the router sees it for one asker. The pools stand for the whole run and are filled anew for
//! each request, in place: the asker's own machine, of each group of shared machines those that are
//! looked at, and the clouds.

mod seen;

use super::{World, standing};
use crate::machine::Machine;
use crate::scenario::{Machines, Scenario};
use littoral_core::fleet::{FleetView, Pool, Site, WorkerStatus, sample_into};
use littoral_core::lease::{LeaseTerms, Standing};
use seen::{is_awake, lost_since, pool_of, worker_of};
use std::sync::Arc;

/// What stands at a place of the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands {
    /// The asker's own machine, of this group.
    Own(u16),
    /// Machines of this group.
    Shared(u16),
    /// This cloud.
    Cloud(u16),
}

/// The view, and what it is made of.
pub(super) struct View {
    pub fleet: FleetView,
    pub stands: Vec<Stands>,
    /// Machines behind the workers of each pool.
    pub seats: Vec<Vec<u32>>,
    /// Pools of groups whose machines are owned: one of them is in the view at a time.
    own: Vec<Option<Pool>>,
    /// Names of workers; of owned machines one for all, as each pool has one.
    names: Vec<Vec<Arc<str>>>,
    terms: LeaseTerms,
}

/// For whom the view is filled.
#[derive(Clone, Copy)]
pub(super) struct Asker {
    pub person: u32,
    pub machine: Option<u32>,
    pub conversation: u64,
    pub prompt_tokens: u32,
    /// Tokens of the prompt that came before in the conversation.
    pub known: u32,
    /// The asker is out of reach of everybody else.
    pub alone: bool,
}

impl View {
    pub fn new(scenario: &Scenario) -> Self {
        let (mut pools, mut stands) = (Vec::new(), Vec::new());
        let (mut own, mut names) = (Vec::new(), Vec::new());
        for (at, group) in scenario.machines.iter().enumerate() {
            let pool = pool_of(group);
            if group.owned {
                names.push(vec![Arc::clone(&group.name)]);
                own.push(Some(pool));
            } else {
                let name = |number: u32| Arc::from(format!("{}-{number:05}", group.name));
                names.push((0..group.count).map(name).collect());
                own.push(None);
                pools.push(pool);
                stands.push(Stands::Shared(at as u16));
            }
        }
        for (at, cloud) in scenario.clouds.iter().enumerate() {
            pools.push(standing::pool_of(cloud));
            stands.push(Stands::Cloud(at as u16));
        }
        // The asker's own pool stands first. Without any there is an empty place.
        let first = own.iter().position(Option::is_some);
        if let Some(pool) = first.and_then(|at| own.get_mut(at)?.take()) {
            pools.insert(0, pool);
            stands.insert(0, Stands::Own(first.unwrap_or_default() as u16));
        }
        let seats = vec![Vec::new(); pools.len()];
        Self {
            fleet: FleetView::of(pools),
            stands,
            seats,
            own,
            names,
            terms: LeaseTerms::default(),
        }
    }

    /// Puts the pool of a group of owned machines first.
    fn put_first(&mut self, group: u16) {
        let Some(Stands::Own(present)) = self.stands.first().copied() else { return };
        if present == group {
            return;
        }
        let wanted = self.own.get_mut(group as usize).and_then(Option::take);
        if let (Some(mut wanted), Some(first)) = (wanted, self.fleet.pools.first_mut()) {
            std::mem::swap(first, &mut wanted);
            if let Some(place) = self.own.get_mut(present as usize) {
                *place = Some(wanted);
            }
            self.stands[0] = Stands::Own(group);
        }
    }
}

impl World<'_> {
    /// Fills the view for an asker, of whose fleet at most so many of a crowd are looked at.
    pub(super) fn fill_view(&mut self, asker: &Asker, most: usize, lot: u64) {
        if let Some(machine) = asker.machine {
            let group = self.machines.get(machine as usize).map_or(0, |machine| machine.group);
            self.view.put_first(group);
        }
        for place in 0..self.view.stands.len() {
            match self.view.stands[place] {
                Stands::Own(group) => self.fill_own(place, group, asker),
                Stands::Shared(group) => self.fill_shared(place, group, asker, most, lot),
                Stands::Cloud(cloud) => self.fill_cloud(place, cloud, asker),
            }
        }
    }

    fn fill_own(&mut self, place: usize, group: u16, asker: &Asker) {
        self.clear(place, 0, asker.person);
        if let Some(machine) = asker.machine {
            let name = self.view.names[group as usize].first().map(Arc::clone);
            self.seat(place, machine, name.unwrap_or_else(|| "own".into()), asker, 0.0);
        }
    }

    fn fill_shared(&mut self, place: usize, group: u16, asker: &Asker, most: usize, lot: u64) {
        let count = self.scenario.machines[group as usize].count as usize;
        self.clear(place, count.saturating_sub(most), asker.person);
        if asker.alone {
            return;
        }
        let trip_ms = self.asker_trip_ms(asker);
        let first = self.firsts[group as usize];
        if count <= most {
            (0..count).for_each(|at| self.seat_shared(place, group, first, at, asker, trip_ms));
        } else {
            let mut drawn = std::mem::take(&mut self.spare.drawn);
            sample_into(count, most, lot, &mut drawn);
            for at in &drawn {
                self.seat_shared(place, group, first, *at, asker, trip_ms);
            }
            self.spare.drawn = drawn;
        }
    }

    fn seat_shared(
        &mut self,
        place: usize,
        group: u16,
        first: u32,
        at: usize,
        asker: &Asker,
        trip_ms: f64,
    ) {
        let name = Arc::clone(&self.view.names[group as usize][at]);
        self.seat(place, first + at as u32, name, asker, trip_ms);
    }

    /// The way from the asker to the router's network, in milliseconds.
    pub(super) fn asker_trip_ms(&self, asker: &Asker) -> f64 {
        let machine = asker.machine.and_then(|machine| self.machines.get(machine as usize));
        machine.map_or(0.0, |machine| self.kind(machine).network.round_trip_ms)
    }

    /// Empties a pool of machines. Whoever asks, its machines are of the asker's tenant.
    fn clear(&mut self, place: usize, unseen: usize, person: u32) {
        self.view.seats[place].clear();
        if let Site::Workers(site) = &mut self.view.fleet.pools[place].site {
            site.workers.clear();
            site.unseen = unseen as u32;
            let tenant = self.people.tenant(person);
            if site.tenant != **tenant {
                site.tenant.clear();
                site.tenant.push_str(tenant);
            }
        }
    }

    /// Seats a machine in a pool, if its lease is not over.
    fn seat(&mut self, place: usize, at: u32, name: Arc<str>, asker: &Asker, trip_ms: f64) {
        let (now, start_s) = (self.now(), self.start_s());
        let scenario = self.scenario;
        let Some(machine) = self.machines.get_mut(at as usize) else { return };
        let kind = &scenario.machines[machine.group as usize];
        let standing = match lost_since(machine, kind, self.run.seed, at, now) {
            None => Standing::Live,
            Some(since) => self.view.terms.standing(since, now),
        };
        if standing == Standing::Lost {
            return;
        }
        machine.advance(kind, now);
        if let Some(battery) = &kind.battery {
            machine.charge.advance(battery, start_s, now);
        }
        let awake = is_awake(machine, kind, start_s, now);
        let status = match standing {
            _ if !awake => WorkerStatus::Sleeping,
            Standing::Suspect => WorkerStatus::Suspect,
            _ => WorkerStatus::Ready,
        };
        let mut worker = worker_of(machine, kind, name, status, start_s, now);
        if !kind.owned {
            worker.round_trip_ms = worker.round_trip_ms.map(|ms| ms + trip_ms);
        }
        let (held, tokens) = machine.held;
        let holds = held == asker.conversation && held != 0;
        worker.held_tokens = if holds { tokens.min(asker.known) } else { 0 };
        let prompt = (asker.prompt_tokens, worker.held_tokens);
        worker.learned = self.learned.of_machine(at, prompt, now);
        self.view.seats[place].push(at);
        if let Site::Workers(site) = &mut self.view.fleet.pools[place].site {
            site.workers.push(worker);
        }
    }

    /// The session of a machine has ended, or takes nothing new.
    pub(super) fn is_out(&self, at: u32) -> bool {
        let (now, start_s) = (self.now(), self.start_s());
        let Some(machine) = self.machines.get(at as usize) else { return true };
        let kind = self.kind(machine);
        let since = lost_since(machine, kind, self.run.seed, at, now);
        let lost = since.is_some_and(|at| self.view.terms.standing(at, now) == Standing::Lost);
        lost || !is_awake(machine, kind, start_s, now)
    }

    /// The group of a machine.
    pub(super) fn kind(&self, machine: &Machine) -> &Machines {
        &self.scenario.machines[machine.group as usize]
    }
}
