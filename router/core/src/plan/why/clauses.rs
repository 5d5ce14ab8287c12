//! The clauses of what a target is ruled out by, cannot do now, or does not do well enough.

use super::super::units::{Percent, Seconds};
use super::Why;
use crate::facts::Needs;
use crate::fleet::Resting;
use std::fmt;

impl Why {
    pub(super) fn ruled_out(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(by) => by.says(f, format_args!("denied")),
            Self::RuleTier(tier, by) => by.says(f, format_args!("tier {tier} at most")),
            Self::NotOwnDevice(by) => by.says(f, format_args!("the asker's own device only")),
            Self::Region(Some(region), by) => by.says(f, format_args!("not in region {region}")),
            Self::Region(None, by) => by.says(f, format_args!("region unknown")),
            Self::Retention(Some(days), most, by) => {
                by.says(f, format_args!("keeps content for {days} days, {most} at most"))
            }
            Self::Retention(None, most, by) => {
                by.says(f, format_args!("retention unknown, {most} days at most"))
            }
            Self::Accelerator(Some(kind), by) => by.says(f, format_args!("not on {kind}")),
            Self::Accelerator(None, by) => by.says(f, format_args!("accelerator unknown")),
            _ => Ok(()),
        }
    }

    pub(super) fn not_able_now(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embeds => f.write_str("it turns texts into vectors and answers nothing"),
            Self::Lacks(missing) => lacks(missing, f),
            Self::Context { prompt, bound, answer, context } => {
                let bound = if *bound { "at most " } else { "" };
                write!(
                    f,
                    "prompt {bound}{prompt} + answer {answer} over {context} tokens of context"
                )
            }
            Self::NoKey(provider) => write!(f, "provider {provider} has no key"),
            Self::EgressOff => f.write_str("egress is switched off"),
            Self::NoWorker => f.write_str("no worker is connected"),
            Self::Draining => f.write_str("is draining"),
            Self::Suspect => f.write_str("its heartbeat is late and others of its pool are well"),
            Self::Joining => f.write_str("has just joined, and its state is unknown"),
            Self::Sleeping => f.write_str("sleeps, as it had announced"),
            Self::Throttled(share) => write!(
                f,
                "decodes at {} of its own usual speed and others of its pool are well",
                Percent(*share)
            ),
            Self::MeteredWorker => {
                f.write_str("its network is metered and it is not the asker's own")
            }
            Self::MeteredAsker => f.write_str("the asker's own device is on a metered network"),
            Self::MemoryPressure(share, most) => write!(
                f,
                "its tasks wait for memory {} of the time, {} at most",
                Percent(*share),
                Percent(*most)
            ),
            Self::WillNotFit => {
                f.write_str("the model is on its disk and does not fit into memory")
            }
            Self::Battery(charge, floor) => {
                let (charge, floor) = (Percent(*charge), Percent(*floor));
                write!(f, "battery at {charge} is below the floor of {floor}")
            }
            Self::BatteryAfter(charge, floor) => {
                let (charge, floor) = (Percent(*charge), Percent(*floor));
                write!(f, "would leave the battery at {charge}, below the floor of {floor}")
            }
            Self::BatteryUnknown => f.write_str("runs on battery, charge unknown"),
            Self::Hot(heat, wall) => {
                let (heat, wall) = (Percent(heat.min(10.0)), Percent(*wall));
                write!(f, "heat at {heat} of the limit reaches the wall of {wall}")
            }
            Self::HotAfter(heat, wall) => {
                let (heat, wall) = (Percent(heat.min(10.0)), Percent(*wall));
                write!(f, "would heat it to {heat} of the limit, past the wall of {wall}")
            }
            Self::Memory(free, floor) => {
                let (free, floor) = (free >> 20, floor >> 20);
                write!(f, "{free} MiB of free memory is below the floor of {floor} MiB")
            }
            Self::NoReading(reading) => write!(f, "{reading} unknown"),
            Self::NoSlot => f.write_str("has no slot for this model"),
            Self::Full { slots, queued, limit } => {
                write!(f, "all {slots} slots taken, {queued} of {limit} queue places taken")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn left_alone_or_unpaid(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resting(resting) => rests(*resting, f),
            Self::Spent { budget, unit, left, wanted, refills_in_ms } => {
                let refills = Seconds::of(*refills_in_ms);
                match wanted {
                    Some(wanted) => {
                        write!(
                            f,
                            "budget {budget} has {left} {unit} left, and it may take {wanted}"
                        )?;
                    }
                    None => write!(f, "budget {budget} counts {unit}, and its price is unknown")?,
                }
                write!(f, "; it refills in {refills}")
            }
            _ => Ok(()),
        }
    }

    pub(super) fn not_good_enough(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstToken(predicted, ceiling, by) => {
                let (predicted, ceiling) = (Seconds(*predicted), Seconds::of(*ceiling));
                write!(f, "predicted first token {predicted} over the {ceiling} ceiling{by}")
            }
            Self::CloudUnknown(limit) => {
                let limit = Seconds::of(*limit);
                write!(f, "first token unknown, and the device waits {limit} for a cloud at most")
            }
            Self::CloudSlow(predicted, limit) => {
                let (predicted, limit) = (Seconds(*predicted), Seconds::of(*limit));
                write!(
                    f,
                    "predicted first token {predicted}, and the device waits {limit} for a cloud at \
                     most"
                )
            }
            Self::Total(predicted, ceiling, by) => {
                let (predicted, ceiling) = (Seconds(*predicted), Seconds::of(*ceiling));
                write!(f, "predicted end after {predicted}, over the {ceiling} ceiling{by}")
            }
            Self::Deadline(predicted, deadline) => {
                let (predicted, deadline) = (Seconds(*predicted), Seconds::of(*deadline));
                write!(f, "predicted end after {predicted}, past the deadline of {deadline}")
            }
            Self::Cost(cost, ceiling, by) => {
                write!(f, "predicted cost {cost} over the ceiling of {ceiling} micro-dollars{by}")
            }
            Self::NoPrice(ceiling, by) => {
                write!(f, "price unknown under a ceiling of {ceiling} micro-dollars{by}")
            }
            Self::Energy(joules, ceiling, by) => {
                write!(f, "predicted energy {joules:.1} J over the ceiling of {ceiling:.1} J{by}")
            }
            Self::NoEnergy(ceiling, by) => {
                write!(f, "energy unknown under a ceiling of {ceiling:.1} J{by}")
            }
            Self::Quality(quality, wanted, by) => {
                write!(f, "quality {quality:.2} below the wanted {wanted:.2}{by}")
            }
            Self::NoQuality(wanted, by) => write!(f, "quality unknown, {wanted:.2} wanted{by}"),
            _ => Ok(()),
        }
    }
}

fn rests(resting: Resting, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match resting {
        Resting::Offline { left_ms } => {
            write!(f, "no cloud can be reached; the next try is in {}", Seconds::of(left_ms))
        }
        Resting::Failing { left_ms } => {
            write!(f, "it failed too often; the next try is in {}", Seconds::of(left_ms))
        }
        Resting::Slow => f.write_str("it answers far slower than is its habit"),
        Resting::Keys { left_ms } => {
            write!(f, "all its keys rest; the first is back in {}", Seconds::of(left_ms))
        }
    }
}

fn lacks(missing: &Needs, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = [
        (missing.tools, "tools"),
        (missing.json_output, "JSON output"),
        (missing.image, "image input"),
        (missing.audio, "audio input"),
        (missing.logprobs, "log-probabilities"),
        (missing.embeddings, "embeddings"),
    ];
    let mut lead = "lacks ";
    for (_, name) in names.into_iter().filter(|(lacks, _)| *lacks) {
        write!(f, "{lead}{name}")?;
        lead = ", ";
    }
    Ok(())
}
