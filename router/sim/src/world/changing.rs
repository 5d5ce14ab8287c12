//! What the scenario changes on the way.

use super::World;
use super::trip::At;
use crate::scenario::Effect;

impl World<'_> {
    pub(super) fn change(&mut self, place: usize) {
        let written = self.scenario.changes.get(place).map(|change| change.effect);
        let offer = || {
            let offers = place.checked_sub(self.scenario.changes.len())?;
            self.scenario.offers().nth(offers).map(|(_, effect)| effect)
        };
        let Some(effect) = written.or_else(offer) else { return };
        match effect {
            Effect::CloudDown(cloud, down) => self.clouds.set_down(cloud, down),
            Effect::CloudHangs(cloud, hangs) => {
                self.clouds.set_hangs(cloud, hangs);
                if hangs {
                    self.hush_cloud(cloud);
                }
            }
            Effect::CloudSlow(cloud, factor) => self.clouds.set_slow(cloud, factor),
            Effect::Price(cloud, price) => self.clouds.set_price(cloud, price),
            Effect::Offered(cloud) => self.clouds.offer(cloud),
            Effect::MachinesLost(group, share) => self.lose_share(group, share),
            Effect::Offline(offline) => {
                self.clouds.offline = offline;
                if offline {
                    for cloud in 0..self.scenario.clouds.len() {
                        self.hush_cloud(cloud);
                    }
                }
            }
            Effect::Rush(factor) => self.asking.rush = factor,
        }
    }

    /// A cloud falls silent in the middle of its answers.
    fn hush_cloud(&mut self, cloud: usize) {
        for (trip, serial) in self.trips.running_at(At::Cloud(cloud as u16)) {
            self.hush(trip, serial);
        }
    }

    /// The first so many of a group are gone, the others are there.
    fn lose_share(&mut self, group: usize, share: f64) {
        let count = self.scenario.machines.get(group).map_or(0, |group| group.count);
        let lost = (f64::from(count) * share).ceil() as u32;
        let first = self.firsts.get(group).copied().unwrap_or_default();
        for at in 0..count {
            if at < lost {
                self.lose_machine(first + at);
            } else {
                self.return_machine(first + at);
            }
        }
    }
}
