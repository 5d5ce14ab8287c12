//! On known facts a compiled condition comes to what the `cel` interpreter says of the same text.
//!
//! Words with an order are the one place where the language departs from CEL, which would compare
//! their spelling; there the interpreter is given the place of the word instead of the word.

use super::super::value::Value;
use super::super::vocabulary::{Entry, Kind, TABLE};
use super::*;
use cel::{Context, Program, Value as Cel};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const TEXTS: [&str; 4] = ["", "a", "ab", "lab \"x\" é"];

/// Every list of some of the texts.
static LISTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let some = |mask: usize| TEXTS.iter().enumerate().filter(move |(bit, _)| mask >> bit & 1 == 1);
    (0..1 << TEXTS.len()).map(|mask| some(mask).map(|(_, text)| (*text).into()).collect()).collect()
});

/// A text in our language, and the same for the interpreter.
#[derive(Clone, Debug)]
struct Both(String, String);

impl Both {
    fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self(text.clone(), text)
    }

    fn with(&self, other: &Self, join: impl Fn(&str, &str) -> String) -> Self {
        Self(join(&self.0, &other.0), join(&self.1, &other.1))
    }
}

fn literal(kind: Kind) -> BoxedStrategy<Both> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(|value| Both::same(value.to_string())).boxed(),
        Kind::Int { .. } => (0_i64..6).prop_map(|value| Both::same(value.to_string())).boxed(),
        Kind::Float { .. } => {
            select(vec!["0.0", "0.25", "0.5", "1.0", "1"]).prop_map(Both::same).boxed()
        }
        Kind::Word { words, .. } => (0..words.len())
            .prop_map(move |place| Both(format!("{:?}", words[place]), place.to_string()))
            .boxed(),
        Kind::Text | Kind::Texts => {
            select(TEXTS.to_vec()).prop_map(|text| Both::same(format!("{text:?}"))).boxed()
        }
    }
}

/// A comparison of one fact. Lists of texts, of which there is one, come up more often than by chance.
fn comparison() -> impl Strategy<Value = Both> {
    let lists = TABLE.iter().filter(|entry| matches!(entry.kind, Kind::Texts)).collect::<Vec<_>>();
    let every = select(TABLE.iter().collect::<Vec<_>>());
    prop_oneof![5 => every, 1 => select(lists)].prop_flat_map(|entry| {
        let operators: &[&str] = if literal::ordered(entry.kind) {
            &["==", "!=", "<", "<=", ">", ">="]
        } else {
            &["==", "!="]
        };
        let name = Both::same(entry.name);
        let plain = (select(operators.to_vec()), literal(entry.kind), any::<bool>()).prop_map({
            let name = name.clone();
            move |(operator, literal, turned)| {
                let (left, right) =
                    if turned { (literal, name.clone()) } else { (name.clone(), literal) };
                left.with(&right, |left, right| format!("{left} {operator} {right}"))
            }
        });
        let list = prop::collection::vec(literal(entry.kind), 1..4).prop_map({
            let name = name.clone();
            move |literals| {
                let list = literals
                    .into_iter()
                    .reduce(|list, next| list.with(&next, |list, next| format!("{list}, {next}")));
                name.clone().with(&list.unwrap(), |name, list| format!("{name} in [{list}]"))
            }
        });
        let holds = literal(entry.kind).prop_map({
            let name = name.clone();
            move |one| one.with(&name, |one, name| format!("{one} in {name}"))
        });
        match entry.kind {
            Kind::Texts => holds.boxed(),
            Kind::Bool => prop_oneof![2 => Just(name), 1 => plain, 1 => list].boxed(),
            _ => prop_oneof![3 => plain, 1 => list].boxed(),
        }
    })
}

fn expression() -> impl Strategy<Value = Both> {
    comparison().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| a.with(&b, |a, b| format!("({a}) && {b}"))),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| a.with(&b, |a, b| format!("{a} || ({b})"))),
            inner.prop_map(|Both(ours, cel)| Both(format!("!({ours})"), format!("!({cel})"))),
        ]
    })
}

/// A known value of a fact, for both sides.
fn known(entry: &Entry, pick: u8) -> (Value<'static>, Cel) {
    let pick = usize::from(pick);
    match entry.kind {
        Kind::Bool => (Value::Bool(pick % 2 == 0), (pick % 2 == 0).into()),
        Kind::Int { .. } => {
            let value = (pick % 7) as i64;
            (Value::Int { low: value, high: value }, value.into())
        }
        Kind::Float { .. } => {
            let value = [0.0, 0.2, 0.25, 0.5, 0.75, 1.0][pick % 6];
            (Value::Float(value), value.into())
        }
        Kind::Word { words, .. } => {
            (Value::Word(pick % words.len()), ((pick % words.len()) as i64).into())
        }
        Kind::Texts => {
            let list = &LISTS[pick % LISTS.len()];
            (Value::Texts(list), list.clone().into())
        }
        Kind::Text => {
            let text = TEXTS[pick % TEXTS.len()];
            (Value::Text(text), text.into())
        }
    }
}

/// The interpreter's variables: nested maps by the parts of the names.
fn variables(values: &[Cel]) -> Context<'static, 'static> {
    type Fields<'a> = BTreeMap<&'a str, Vec<(&'a str, Cel)>>;
    let mut roots: BTreeMap<&str, Fields<'_>> = BTreeMap::new();
    for (entry, value) in TABLE.iter().zip(values) {
        let parts: Vec<&str> = entry.name.split('.').collect();
        let (field, last) = if parts.len() == 3 { (parts[1], parts[2]) } else { (parts[1], "") };
        roots.entry(parts[0]).or_default().entry(field).or_default().push((last, value.clone()));
    }
    let mut context = Context::default();
    for (root, fields) in roots {
        let fields: Vec<(String, Cel)> = fields
            .into_iter()
            .map(|(field, mut leaves)| {
                let value = match leaves.as_slice() {
                    [("", _)] => leaves.remove(0).1,
                    _ => map(leaves.into_iter().map(|(name, value)| (name.to_owned(), value))),
                };
                (field.to_owned(), value)
            })
            .collect();
        context.add_variable_from_value(root, map(fields));
    }
    context
}

#[expect(clippy::disallowed_types, reason = "the interpreter's maps are hash maps")]
fn map(fields: impl IntoIterator<Item = (String, Cel)>) -> Cel {
    fields.into_iter().collect::<std::collections::HashMap<String, Cel>>().into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, max_global_rejects: 40_000, ..ProptestConfig::default() })]

    #[test]
    fn a_compiled_condition_is_what_the_interpreter_says(
        Both(ours, theirs) in expression(),
        picks in prop::collection::vec(any::<u8>(), TABLE.len()),
    ) {
        hostile::the_quick_parser_agrees(&ours);
        let compiled = compiled(&ours);
        if let Err(problems) = &compiled {
            // A constant is refused, and nothing else about these texts.
            prop_assert!(problems.iter().all(|problem| problem.contains("is always")), "{problems:?}");
        }
        prop_assume!(compiled.is_ok());
        let values: Vec<_> =
            TABLE.iter().zip(picks).map(|(entry, pick)| known(entry, pick)).collect();
        let place = |fact: Fact| TABLE.iter().position(|entry| entry.name == fact.name()).unwrap();
        let truth = compiled.unwrap().over(&|test| values[place(test.fact)].0);
        let cels: Vec<Cel> = values.iter().map(|(_, cel)| cel.clone()).collect();
        let said = Program::compile(&theirs).unwrap().execute(&variables(&cels)).unwrap();
        let expected = if said == Cel::Bool(true) { Truth::True } else { Truth::False };
        prop_assert!(matches!(said, Cel::Bool(_)));
        prop_assert_eq!(truth, expected, "{}", ours);
    }

    #[test]
    fn what_is_refused_as_constant_is_constant(
        Both(ours, theirs) in expression(),
        picks in prop::collection::vec(prop::collection::vec(any::<u8>(), TABLE.len()), 4),
    ) {
        let Err(problems) = compiled(&ours) else { return Ok(()) };
        prop_assume!(problems.len() == 1 && problems[0].starts_with("is always"));
        let expected = Cel::Bool(problems[0].starts_with("is always true"));
        let program = Program::compile(&theirs).unwrap();
        for picks in picks {
            let cels: Vec<Cel> =
                TABLE.iter().zip(picks).map(|(entry, pick)| known(entry, pick).1).collect();
            prop_assert_eq!(&program.execute(&variables(&cels)).unwrap(), &expected);
        }
    }
}
