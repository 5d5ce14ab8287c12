//! `tojson` as Hugging Face's templates expect it.
//!
//! Hugging Face replaces Jinja's filter with Python's `json.dumps(value, ensure_ascii=False)`:
//! spaces after separators, and `<`, `>`, `&`, `'` as they are. The built-in filter agrees on the
//! spaces and escapes those four for HTML, so only that is undone.

use minijinja::value::Kwargs;
use minijinja::{Error, Value};

/// The filter: `value | tojson` and `value | tojson(indent=4)`.
#[expect(clippy::needless_pass_by_value, reason = "the form minijinja wants a filter in")]
pub fn tojson(value: &Value, args: Kwargs) -> Result<Value, Error> {
    // Python's other arguments choose what is the default here, or what no template uses.
    for ignored in ["ensure_ascii", "separators", "sort_keys"] {
        let _: Option<Value> = args.get(ignored)?;
    }
    let indent: Option<Value> = args.get("indent")?;
    args.assert_all_used()?;
    let none = Kwargs::from_iter(std::iter::empty::<(&str, Value)>());
    let escaped = minijinja::filters::tojson(value, indent, none)?;
    Ok(Value::from(unescape_html(escaped.as_str().unwrap_or_default())))
}

/// Turns the HTML-safe escapes back. Every backslash of JSON text begins an escape, so reading two
/// characters at a time cannot mistake the text `\\u003c` for one.
fn unescape_html(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = [(r"\u003c", '<'), (r"\u003e", '>'), (r"\u0026", '&'), (r"\u0027", '\'')];
        if let Some((escape, plain)) = known.iter().find(|(escape, _)| rest.starts_with(escape)) {
            out.push(*plain);
            rest = &rest[escape.len()..];
        } else {
            let escape = rest.char_indices().nth(2).map_or(rest.len(), |(end, _)| end);
            out.push_str(&rest[..escape]);
            rest = &rest[escape..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(source: &str) -> String {
        let mut environment = minijinja::Environment::new();
        environment.add_filter("tojson", tojson);
        environment.render_str(source, ()).expect("renders")
    }

    #[test]
    fn json_is_written_as_python_writes_it() {
        assert_eq!(
            render(r#"{{ {"a": [1, "<b> & 'é'"]} | tojson }}"#),
            r#"{"a": [1, "<b> & 'é'"]}"#
        );
        assert_eq!(render("{{ [1, true, none] | tojson(ensure_ascii=false) }}"), "[1, true, null]");
        assert_eq!(render("{{ [1] | tojson(indent=2) }}"), "[\n  1\n]");
    }

    #[test]
    fn a_backslash_in_the_value_is_not_taken_for_an_escape() {
        assert_eq!(unescape_html(r#""\\u003c \u003c \" é\u003e""#), r#""\\u003c < \" é>""#);
    }
}
