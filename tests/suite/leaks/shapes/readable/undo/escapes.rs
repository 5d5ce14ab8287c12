//! Escapes undone: each stands for one character or byte, and what is none stays as it is.

/// The text with each sort of escapes undone.
pub(super) fn each(text: &str) -> Vec<String> {
    vec![
        replaced(text, b'\\', backslash),
        replaced(&text.replace('+', " "), b'%', |rest| byte(rest.get(..2)?).map(|b| (vec![b], 2))),
        replaced(text, b'=', quoted_printable),
        replaced(text, b'&', entity),
    ]
}

/// What an escape stands for, and how long it is behind its mark.
type Meaning = Option<(Vec<u8>, usize)>;

fn replaced(text: &str, mark: u8, meaning: impl Fn(&str) -> Meaning) -> String {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(char::from(mark)) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        match meaning(rest) {
            Some((bytes, length)) => {
                out.extend(bytes);
                rest = &rest[length..];
            }
            None => out.push(mark),
        }
    }
    out.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

fn byte(digits: &str) -> Option<u8> {
    let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    hex.then(|| u8::from_str_radix(digits, 16).ok())?
}

/// JSON's escapes, and `\x41`.
fn backslash(rest: &str) -> Meaning {
    let first = rest.chars().next()?;
    let one = |byte: u8| Some((vec![byte], 1));
    match first {
        '"' | '\\' | '/' => one(u8::try_from(first).ok()?),
        'n' | 'r' => one(b'\n'),
        't' => one(b'\t'),
        'x' => byte(rest.get(1..3)?).map(|byte| (vec![byte], 3)),
        'u' => {
            let high = unit(rest.get(1..5)?)?;
            if let Some(character) = char::from_u32(high) {
                return Some((character.to_string().into(), 5));
            }
            let low = unit(rest.get(5..11)?.strip_prefix("\\u")?)?;
            let pair = [u16::try_from(high).ok()?, u16::try_from(low).ok()?];
            Some((String::from_utf16(&pair).ok()?.into(), 11))
        }
        _ => None,
    }
}

fn unit(digits: &str) -> Option<u32> {
    u32::from_str_radix(digits, 16).ok()
}

fn quoted_printable(rest: &str) -> Meaning {
    for end in ["\r\n", "\n"] {
        if rest.starts_with(end) {
            return Some((Vec::new(), end.len()));
        }
    }
    byte(rest.get(..2)?).map(|byte| (vec![byte], 2))
}

fn entity(rest: &str) -> Meaning {
    let name = &rest[..rest.find(';').filter(|end| *end <= 8)?];
    let code = match (name.strip_prefix("#x"), name.strip_prefix('#')) {
        (Some(hex), _) => u32::from_str_radix(hex, 16).ok()?,
        (None, Some(decimal)) => decimal.parse().ok()?,
        (None, None) => match name {
            "amp" => '&'.into(),
            "lt" => '<'.into(),
            "gt" => '>'.into(),
            "quot" => '"'.into(),
            "apos" => '\''.into(),
            "nbsp" => ' '.into(),
            _ => return None,
        },
    };
    Some((char::from_u32(code)?.to_string().into(), name.len() + 1))
}
