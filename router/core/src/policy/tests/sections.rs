//! What the sections on kinds of devices and assistants, targets, ceilings and presets come to.

use super::{compiled, problems};
use crate::device::DeviceClass;
use crate::policy::{Policy, Preset, Profile, Ranking, Stated};

#[test]
fn the_shipped_policy_keeps_its_hash() {
    // A new key must not change what policies without it are called: records name them by it.
    let hash = "f476d9e65efff3306dfe7ba94bbd55df52a3866e695fbd50f34d8ed209f87645";
    assert_eq!(**Policy::shipped().hash(), *hash);
    assert_eq!(compiled("").hash(), compiled("[device_class.phone]\n[profiles]\n[limits]").hash());
}

#[test]
fn what_is_written_out_as_it_is_shipped_does_not_change_the_hash() {
    let plain = compiled("").hash().to_owned();
    for same in [
        "[device_class.phone]\nbattery_floor_fraction = 0.3\nthermal_wall_fraction = 0.85",
        "[device_class.vehicle]\ncloud_first_token_ms = 1000",
        "[device_class.pc]\nbattery_floor_fraction = 0.2\nrequire_readings = false",
        "[fallback]\nhedge = false",
        "[tiers]\nranking = 'tier_first'",
        "[objective]\npreset = 'private'",
        "[[alias]]\nname = 'default'\nmodels = ['*']\npick = 'best'",
    ] {
        assert_eq!(*compiled(same).hash(), plain, "{same}");
    }
    let stated = |body: &str| compiled(&format!("[[target]]\nmodel = 'm'{body}")).hash().to_owned();
    assert_eq!(stated(""), stated("\nuse = true"));
}

#[test]
fn warnings_are_no_part_of_the_hash() {
    let body = "[[target]]\nmodel = 'm'\n[[alias]]\nname = 'default'\nmodels = ['m']";
    let mut policy = compiled(body);
    assert_eq!(policy.warnings(), []);
    policy.warnings = compiled("[tiers]\norder = ['device']\nedge_groups = ['g']").warnings;
    assert_eq!(policy.warnings().len(), 1);
    let hash = policy.hash().to_owned();
    assert_eq!(*policy.sealed().hash(), hash);
}

#[test]
fn a_kind_of_device_has_what_is_written_else_what_is_shipped_for_it_else_the_general_floor() {
    let floor = |policy: &Policy, class| policy.floors(class).battery_floor_fraction;
    let plain = compiled("");
    assert!((floor(&plain, None) - 0.2).abs() < 1e-12);
    assert!((floor(&plain, Some(DeviceClass::Phone)) - 0.3).abs() < 1e-12);
    assert!((floor(&plain, Some(DeviceClass::Robot)) - 0.4).abs() < 1e-12);
    assert!((floor(&plain, Some(DeviceClass::Pc)) - 0.2).abs() < 1e-12);
    let wall = plain.floors(Some(DeviceClass::Phone)).thermal_wall_fraction;
    assert!((wall - 0.85).abs() < 1e-12);
    let written = compiled(
        "[device]\nbattery_floor_fraction = 0.1\nmemory_floor_bytes = 7\n\
         [device_class.robot]\nbattery_floor_fraction = 0.0\nrequire_readings = true",
    );
    assert!((floor(&written, Some(DeviceClass::Pc)) - 0.1).abs() < 1e-12, "as in [device]");
    assert!((floor(&written, Some(DeviceClass::Phone)) - 0.3).abs() < 1e-12, "still as shipped");
    let robot = written.floors(Some(DeviceClass::Robot));
    assert!(robot.battery_floor_fraction.abs() < 1e-12 && robot.require_readings);
    assert_eq!(robot.memory_floor_bytes, 7);
    assert!(!written.floors(None).require_readings);
}

#[test]
fn a_vehicle_never_waits_long_for_a_cloud() {
    let plain = compiled("");
    let wait =
        |policy: &Policy| DeviceClass::ALL.map(|class| policy.cloud_first_token_ms(Some(class)));
    assert_eq!(wait(&plain), [None, None, Some(1_000), Some(2_000), None]);
    assert_eq!(plain.cloud_first_token_ms(None), None);
    let written = compiled("[device_class.edge_server]\ncloud_first_token_ms = 50");
    assert_eq!(wait(&written), [None, None, Some(1_000), Some(2_000), Some(50)]);
}

#[test]
fn an_application_has_the_kind_that_lists_it() {
    let policy = compiled("[profiles]\ndevice = ['thermostat']\nwork = ['mail', 'crm', 'mail']");
    assert_eq!(policy.profile_of("thermostat"), Some(Profile::Device));
    assert_eq!(policy.profile_of("crm"), Some(Profile::Work));
    assert_eq!(policy.profile_of("helpdesk"), None);
}

#[test]
fn the_more_exact_entry_of_a_target_goes_first_key_by_key() {
    let policy = compiled(
        "[[target]]\nmodel = 'm'\nprovider = 'p'\nquality = 0.9\n\
         [[target]]\nmodel = 'm'\nquality = 0.5\nuse = false\n\
         [[target]]\nmodel = 'm'\nprovider = 'q'\nuse = true\n\
         [[target]]\nmodel = 'n'",
    );
    let stated = |usable, quality| Stated { usable, quality };
    assert_eq!(policy.stated(None, "m"), stated(false, Some(0.5)), "a worker");
    assert_eq!(policy.stated(Some("p"), "m"), stated(false, Some(0.9)));
    assert_eq!(policy.stated(Some("q"), "m"), stated(true, Some(0.5)));
    assert_eq!(policy.stated(Some("r"), "m"), stated(false, Some(0.5)));
    assert_eq!(policy.stated(Some("p"), "n"), stated(true, None));
    assert_eq!(policy.stated(Some("p"), "unheard of"), stated(true, None));
}

#[test]
fn a_preset_sets_rates_and_ranking_and_single_keys_replace_them() {
    for preset in Preset::ALL {
        let policy = compiled(&format!("[objective]\npreset = '{preset}'"));
        assert_eq!(policy.objective(), &preset.objective(), "{preset}");
        assert_eq!(policy.ranking(), preset.ranking(), "{preset}");
        assert_eq!(policy.tiers().ranking, preset.ranking(), "{preset}");
    }
    let mixed = compiled(
        "[objective]\npreset = 'fast'\nenergy_usd_micros_per_joule = 1.0\n\
         [tiers]\nranking = 'tier_first'",
    );
    let fast = Preset::Fast.objective();
    assert!((mixed.objective().energy_usd_micros_per_joule - 1.0).abs() < 1e-12);
    assert_eq!(
        mixed.objective().total_usd_micros_per_s.to_bits(),
        fast.total_usd_micros_per_s.to_bits()
    );
    assert_eq!(mixed.ranking(), Ranking::TierFirst);
}

#[test]
fn ceilings_for_everybody_hold_as_written_and_are_none_where_nothing_is_written() {
    let limits = compiled("").limits();
    assert_eq!((limits.predicted.max_first_token_ms, limits.predicted.max_total_ms), (None, None));
    assert_eq!(
        (
            limits.predicted.max_cost_usd_micros,
            limits.predicted.max_energy_joules,
            limits.predicted.min_quality
        ),
        (None, None, None)
    );
    let limits = compiled(
        "[limits]\nmax_first_token_ms = 1\nmax_total_ms = 86400000\nmax_cost_usd_micros = 0\n\
         max_energy_joules = 0\nmin_quality = 1",
    )
    .limits();
    assert_eq!(
        (limits.predicted.max_first_token_ms, limits.predicted.max_total_ms),
        (Some(1), Some(86_400_000))
    );
    assert_eq!(
        (
            limits.predicted.max_cost_usd_micros,
            limits.predicted.max_energy_joules,
            limits.predicted.min_quality
        ),
        (Some(0), Some(0.0), Some(1.0))
    );
    assert!(compiled("[fallback]\nhedge = true").fallback().hedge);
    assert!(!compiled("").fallback().hedge);
}

#[test]
fn lists_beyond_what_a_policy_needs_are_refused_in_one_sentence() {
    let many = |entry: &str| entry.repeat(1_025);
    assert_eq!(
        problems(&many("[[alias]]\nname = 'a'\nmodels = ['*']\n")),
        ["alias: has 1025 entries, over the limit of 1024"]
    );
    assert_eq!(
        problems(&many("[[target]]\nmodel = 'a'\n")),
        ["target: has 1025 entries, over the limit of 1024"]
    );
    let names = many("'a', ");
    assert_eq!(
        problems(&format!("[[alias]]\nname = 'default'\nmodels = [{names}]")),
        ["alias[0].models: has 1025 entries, over the limit of 1024"]
    );
    assert_eq!(
        problems(&format!("[profiles]\nwork = [{names}]")),
        ["profiles.work: names 1025 applications, over the limit of 1024"]
    );
}
