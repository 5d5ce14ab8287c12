//! What is told of bad files.

use super::repair::MOST_PROBLEMS;
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
            "house.toml:1:1: nmae: unknown key `nmae`: did you mean `name`?",
            "house.toml:2:9: rooms: is the string \"three\", expected a whole number from 0 to 4294967295",
            "house.toml:3:8: kind: unknown word `castle`, expected `flat` or `villa`",
            "house.toml:4:14: tags[1]: is the integer `7`, expected a string",
            "house.toml:4:22: tags[3]: is the integer `8`, expected a string",
            "house.toml:6:12: door[0].width_mm: is the integer `-1`, expected a whole number from 0 to \
             4294967295",
            "house.toml:9:1: door[1].wheels: unknown key `wheels`, expected `width_mm` or `colour`",
            "house.toml:11:12: door[2].width_mm: is the string \"wide\", expected a whole number from 0 \
             to 4294967295",
        ]
    );
}

#[test]
fn a_problem_is_told_on_the_line_of_its_key_and_an_element_on_its_own() {
    let text = "name = 'a'\nrooms = [\n1,\n2,\n]\ntags = [\n'x',\n7,\n]\n";
    assert_eq!(
        told(text),
        [
            "house.toml:2:1: rooms: is a list, expected a whole number from 0 to 4294967295",
            "house.toml:8:1: tags[1]: is the integer `7`, expected a string",
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
            "house.toml:1:1: door[0]: missing field `width_mm`",
            "house.toml:4:12: door[1].width_mm: is the string \"x\", expected a whole number from 0 to \
             4294967295",
            "house.toml:7:1: door[2].lid: unknown key `lid`, expected `width_mm` or `colour`",
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
    assert!(told[0].starts_with("house.toml:2:9: is not valid TOML: "), "{told:?}");
}

#[test]
fn a_key_given_twice_is_told_with_its_line() {
    let told = told("name = 'a'\nname = 'b'\n");
    assert!(
        told[0]
            == "house.toml:2:1: the key name stands here for the second time: keep one of the two",
        "{told:?}"
    );
}

#[test]
fn every_mistake_against_toml_itself_is_told_once_a_line() {
    assert_eq!(
        told("name = \nrooms = 3 4\ntags = [\"a\"]\n[[door\n"),
        [
            "house.toml:1:8: is not valid TOML: here stands no value: write a text in quotes, a number, true or false, or a list in brackets",
            "house.toml:2:9: is not valid TOML: here stands no value: write a text in quotes, a number, true or false, or a list in brackets",
            "house.toml:4:7: is not valid TOML: unclosed array table, expected `]]`",
        ]
    );
}

#[test]
fn a_number_is_told_with_the_unit_that_its_key_names() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Times {
        #[expect(dead_code, reason = "only the attempt to read it matters")]
        wait_ms: u64,
    }
    let problems = parse_toml::<Times>("t", "wait_ms = '2s'").unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "t:1:11: wait_ms: is the string \"2s\", expected a whole number, 0 or more (milliseconds)"
    );
}

#[test]
fn a_table_where_a_list_of_tables_is_due_is_told_by_its_brackets() {
    assert_eq!(
        told("[door]\nwidth_mm = 1\n"),
        ["house.toml:1:2: door: is a table, expected a list: for a list of tables write [[door]]"]
    );
}

#[test]
fn what_a_message_repeats_is_short_and_steers_no_terminal() {
    let told = told(&format!("\"{}\\u001b[31m\" = 1\nkind = '{}'\n", "k", "v".repeat(5_000)));
    assert!(told.iter().all(|told| told.chars().count() < 700), "{told:?}");
    assert!(told.iter().all(|told| !told.contains(char::is_control)), "{told:?}");
}

#[test]
fn a_place_inside_a_string_is_exact_where_the_string_is_written_letter_by_letter() {
    let text = "a = 'xyz'\nb = \"x\\tyz\"\nc = \'\'\'\n  é\n  yz\'\'\'\nd = 3\n";
    let document = Document::parse("f", text).unwrap();
    let at = |path: &str, offset| {
        let at = document.locate(&Place::parse(path), Some(offset)).unwrap();
        (at.line, at.column)
    };
    assert_eq!(at("a", 1), (1, 7));
    assert_eq!(at("b", 3), (2, 5), "escaped: the start of the value");
    assert_eq!(at("c", 2), (4, 3));
    assert_eq!(at("c", 7), (5, 3), "after é of two bytes, a line end and two blanks");
    assert_eq!(at("d", 0), (6, 5));
    assert_eq!(at("d.e[7]", 0), (6, 5), "what does not exist is shown at its nearest parent");
    assert_eq!(document.locate(&Place::parse("nothing"), None), None);
}

#[test]
fn the_place_of_an_element_counts_those_that_were_taken_out_before_it() {
    let removed = [3, 0, 1].map(|at| Place::parse(&format!("tags[{at}]")));
    let file = |at: usize| Place::parse(&format!("tags[{at}].x")).as_in_file(&removed).to_string();
    assert_eq!([0, 1, 2].map(file), ["tags[2].x", "tags[4].x", "tags[5].x"]);
}

#[test]
fn the_value_of_a_secret_is_never_repeated() {
    let told = told("api_key = 123456789\n");
    assert_eq!(
        told,
        ["house.toml:1:11: api_key: has the wrong form; its value is not repeated here"]
    );
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
