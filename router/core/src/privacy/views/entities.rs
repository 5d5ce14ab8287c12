//! HTML entities that have names: those of ASCII signs, and a few that stand in every page.
//!
//! <https://html.spec.whatwg.org/multipage/named-characters.html>

/// In the order of their names.
#[rustfmt::skip]
const NAMED: &[(&str, char)] = &[
    ("AMP", '&'), ("Backslash", '\u{2216}'), ("GT", '>'), ("Hat", '^'), ("LT", '<'), ("NewLine", '\n'),
    ("QUOT", '"'), ("Tab", '\t'), ("UnderBar", '_'), ("VerticalLine", '|'), ("amp", '&'),
    ("apos", '\''), ("ast", '*'), ("bsol", '\\'), ("colon", ':'), ("comma", ','), ("commat", '@'),
    ("copy", '\u{A9}'), ("dash", '-'), ("dollar", '$'), ("emsp", ' '), ("ensp", ' '), ("equals", '='),
    ("euro", '\u{20AC}'), ("excl", '!'), ("grave", '`'), ("gt", '>'), ("hellip", '\u{2026}'),
    ("hyphen", '-'), ("laquo", '\u{AB}'), ("lbrace", '{'), ("lbrack", '['), ("lcub", '{'),
    ("ldquo", '\u{201C}'), ("lowbar", '_'), ("lpar", '('), ("lsqb", '['), ("lsquo", '\u{2018}'),
    ("lt", '<'), ("mdash", '-'), ("middot", '\u{B7}'), ("minus", '-'), ("nbsp", ' '), ("ndash", '-'),
    ("num", '#'), ("percnt", '%'), ("period", '.'), ("plus", '+'), ("pound", '\u{A3}'), ("quest", '?'),
    ("quot", '"'), ("raquo", '\u{BB}'), ("rbrace", '}'), ("rbrack", ']'), ("rcub", '}'),
    ("rdquo", '\u{201D}'), ("reg", '\u{AE}'), ("rpar", ')'), ("rsqb", ']'), ("rsquo", '\u{2019}'),
    ("semi", ';'), ("shy", '\u{AD}'), ("sol", '/'), ("thinsp", ' '), ("tilde", '~'), ("vert", '|'),
    ("zwj", '\u{200D}'), ("zwnj", '\u{200C}'),
];

/// No name in the table is longer.
const LONGEST: usize = 12;

/// The character that the entity at the beginning stands for, and its length in bytes.
pub(super) fn named(text: &[u8]) -> Option<(char, usize)> {
    let name = text.strip_prefix(b"&")?;
    let len = name.iter().take(LONGEST + 1).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(name.get(..len)?).ok()?;
    let found = NAMED.binary_search_by_key(&name, |(name, _)| *name).ok()?;
    NAMED.get(found).map(|(_, c)| (*c, len + 2))
}
