//! What is told of bad files.

use super::*;
use serde::Deserialize;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct House {
    name: String,
    rooms: u32,
    kind: Kind,
    door: Vec<Door>,
    tags: Vec<String>,
    api_key: Option<String>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Flat,
    Villa,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Door {
    width_mm: u32,
    colour: Option<String>,
}

fn told(text: &str) -> Vec<String> {
    match parse_toml::<House>("house.toml", text) {
        Ok(house) => panic!("accepted: {house:?}"),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn a_good_file_is_read_whole() {
    let text = "name = 'a'\nrooms = 3\nkind = 'villa'\n[[door]]\nwidth_mm = 900\n";
    let house: House = parse_toml("house.toml", text).unwrap();
    assert_eq!((house.name.as_str(), house.rooms, house.kind), ("a", 3, Kind::Villa));
    assert_eq!(house.door, [Door { width_mm: 900, colour: None }]);
}

#[test]
fn every_problem_of_a_file_is_told_at_once_with_its_line_and_path() {
    let text = "nmae = 'a'\nrooms = 'three'\nkind = 'castle'\ntags = ['x', 7, 'y', 8]\n\
                [[door]]\nwidth_mm = -1\n[[door]]\nwidth_mm = 900\nwheels = 4\n[[door]]\n\
                width_mm = 'wide'\n";
    assert_eq!(
        told(text),
        [
            "house.toml:1: nmae: unknown field `nmae`, expected one of `name`, `rooms`, `kind`, \
             `door`, `tags`, `api_key`",
            "house.toml:2: rooms: invalid type: string \"three\", expected u32",
            "house.toml:3: kind: unknown variant `castle`, expected `flat` or `villa`",
            "house.toml:4: tags[1]: invalid type: integer `7`, expected a string",
            "house.toml:4: tags[3]: invalid type: integer `8`, expected a string",
            "house.toml:6: door[0].width_mm: invalid value: integer `-1`, expected u32",
            "house.toml:9: door[1].wheels: unknown field `wheels`, expected `width_mm` or `colour`",
            "house.toml:11: door[2].width_mm: invalid type: string \"wide\", expected u32",
        ]
    );
}

#[test]
fn a_problem_is_told_on_the_line_of_its_key_and_an_element_on_its_own() {
    let text = "name = 'a'\nrooms = [\n1,\n2,\n]\ntags = [\n'x',\n7,\n]\n";
    assert_eq!(
        told(text),
        [
            "house.toml:2: rooms: invalid type: sequence, expected u32",
            "house.toml:8: tags[1]: invalid type: integer `7`, expected a string",
        ]
    );
}

#[test]
fn a_missing_field_is_told_once_and_the_rest_of_the_file_is_still_judged() {
    let text =
        "[[door]]\ncolour = 'red'\n[[door]]\nwidth_mm = 'x'\n[[door]]\nwidth_mm = 1\nlid = 2";
    assert_eq!(
        told(text),
        [
            "house.toml:1: door[0]: missing field `width_mm`",
            "house.toml:4: door[1].width_mm: invalid type: string \"x\", expected u32",
            "house.toml:7: door[2].lid: unknown field `lid`, expected `width_mm` or `colour`",
        ]
    );
}

#[test]
fn a_missing_field_of_the_file_itself_ends_the_search() {
    let problems = parse_toml::<Door>("door.toml", "colour = 'red'").unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["door.toml: missing field `width_mm`"]);
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let told = told("name = 'a'\nrooms = = 3\n");
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("house.toml:2: is not valid TOML: "), "{told:?}");
}

#[test]
fn a_key_given_twice_is_told_with_its_line() {
    let told = told("name = 'a'\nname = 'b'\n");
    assert!(told[0].starts_with("house.toml:2: is not valid TOML: duplicate key"), "{told:?}");
}

#[test]
fn the_value_of_a_secret_is_never_repeated() {
    let told = told("api_key = 123456789\n");
    assert_eq!(told, ["house.toml:1: api_key: has the wrong form; its value is not repeated here"]);
}

#[test]
fn what_is_left_of_a_repaired_file_can_be_judged_further() {
    let (house, problems) = parse_toml_repaired::<House>("h", "name = 'a'\nrooms = 'x'\n");
    assert_eq!(house.unwrap(), House { name: "a".into(), ..House::default() });
    assert_eq!(problems.len(), 1);
}

#[test]
fn a_file_full_of_problems_is_judged_in_bounded_steps() {
    let text: String = (0..5_000).map(|n| format!("x{n} = 1\n")).collect();
    assert_eq!(told(&text).len(), MOST_PROBLEMS);
}

#[test]
fn a_huge_file_is_refused_unread() {
    let told = told(&"#".repeat(LONGEST_BYTES + 1));
    assert_eq!(told, ["house.toml: 1048577 bytes are more than the 1048576 allowed"]);
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    let text = format!("tags = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(told(&text)[0].contains("is not valid TOML"));
}
