//! The text of a condition: parsed by the `cel` crate within fixed bounds, with a place for every
//! problem.
//!
//! The crate has two parsers. One is twenty times as fast and knows no places; the other knows the
//! place of each part. A plain text that is in order is read by the first alone. Where anything is wrong,
//! or the two could differ, the second reads it, and its word holds.
//!
//! The crate bounds the nesting of parentheses and lists only; chains such as `a.b.c` or `a < b < c`
//! nest as deeply as they are long and would end the process by the size of its stack. So the length
//! of the text and the number of its operators are bounded before the parser sees it.

use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::{Parser, PrattParser};
use std::fmt::Display;

/// Longest condition, in bytes.
const LONGEST_BYTES: usize = 4_096;
/// Deepest nesting of parentheses, lists and calls.
const DEEPEST: u16 = 32;
/// Most characters that can make a tree deeper: dots, brackets, arithmetic and comparison operators,
/// counted wherever they stand. Ten comparisons joined by operators need about 50.
const CHAIN_LINKS: usize = 512;
/// Most problems of one condition that are told.
const MOST_PROBLEMS: usize = 16;
/// Characters of a condition that a message repeats.
const QUOTED_CHARS: usize = 64;

/// What is wrong with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// Where it begins, in bytes; `None` is all of the condition.
    pub offset: Option<usize>,
    /// What is wrong there, after line and column, and what would be right.
    pub reason: String,
}

impl Flaw {
    pub fn of_all(reason: impl Into<String>) -> Self {
        Self { offset: None, reason: reason.into() }
    }
}

/// A parsed condition with the place of each of its parts, and what is wrong with them.
pub(super) struct Source<'a> {
    text: &'a str,
    places: SourceInfo,
    problems: Vec<(usize, String)>,
}

impl<'a> Source<'a> {
    /// Parses a text without places; `None` where something is wrong, or might be.
    pub fn parse_quickly(text: &'a str) -> Option<(IdedExpr, Self)> {
        bounded(text).ok()?;
        if !is_plain(text) {
            return None;
        }
        let expression = PrattParser::new().max_recursion_depth(DEEPEST).parse(text).ok()?;
        Some((expression, Self { text, places: SourceInfo::default(), problems: vec![] }))
    }

    /// Parses a text, or says in one sentence why it is no CEL.
    pub fn parse(text: &'a str) -> Result<(IdedExpr, Self), Flaw> {
        bounded(text).map_err(Flaw::of_all)?;
        let parser = Parser::new().max_recursion_depth(DEEPEST);
        match parser.parse_with_source_info(text) {
            Ok((expression, places)) => Ok((expression, Self { text, places, problems: vec![] })),
            Err(errors) => Err(errors.errors.first().map_or_else(
                || Flaw::of_all("is no condition"),
                |error| Flaw {
                    offset: offset(text, error.pos),
                    reason: syntax(error.pos, &error.msg),
                },
            )),
        }
    }

    /// Notes a problem of a part.
    pub fn problem(&mut self, part: &IdedExpr, reason: impl Into<String>) {
        self.problems.push((self.start(part), reason.into()));
    }

    /// All problems, each with line and column, in the order of the text.
    pub fn into_flaws(mut self) -> Vec<Flaw> {
        self.problems.sort_by_key(|(start, _)| *start);
        self.problems.truncate(MOST_PROBLEMS);
        let text = self.text;
        self.problems
            .into_iter()
            .map(|(start, reason)| {
                let before = text.get(..start).unwrap_or(text);
                let offset = Some(before.len());
                let line = 1 + before.matches('\n').count();
                let column = 1 + before.chars().rev().take_while(|c| *c != '\n').count();
                Flaw { offset, reason: at(line, column, reason) }
            })
            .collect()
    }

    /// Where a part begins, in bytes: at the leftmost of its own parts.
    fn start(&self, part: &IdedExpr) -> usize {
        let own = self.places.offset_for(part.id).map_or(usize::MAX, |(start, _)| start as usize);
        let own = match &part.expr {
            // The parser places a function call at its parenthesis.
            Expr::Call(call) if call.target.is_none() => {
                let before = self.text.get(..own).unwrap_or_default();
                before.strip_suffix(call.func_name.as_str()).map_or(own, str::len)
            }
            _ => own,
        };
        let parts: Vec<&IdedExpr> = match &part.expr {
            Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
            Expr::Select(select) => vec![&select.operand],
            _ => vec![],
        };
        parts.into_iter().map(|part| self.start(part)).fold(own, usize::min)
    }
}

/// The dotted name that an expression spells, where it is one.
pub(super) fn name_of(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) if !select.test => {
            Some(format!("{}.{}", name_of(&select.operand.expr)?, select.field))
        }
        _ => None,
    }
}

/// A piece of a condition as a message repeats it: quoted, without control characters, not too long.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED_CHARS).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

fn bounded(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty: write a condition, such as request.class >= \"personal\"".into());
    }
    if text.len() > LONGEST_BYTES {
        let length = text.len();
        return Err(format!(
            "has {length} bytes, over the limit of {LONGEST_BYTES}: split it into several rules"
        ));
    }
    let links = text.bytes().filter(|byte| b".<>=!+-*/%?[({".contains(byte)).count();
    if links > CHAIN_LINKS {
        return Err(format!(
            "has {links} operators and dots, over the limit of {CHAIN_LINKS}: split it into several \
             rules"
        ));
    }
    Ok(())
}

/// Whether a text has nothing that the parsers may read differently: control characters and escapes
/// within quotes, numbers that are not decimal, nesting near the limit. Few conditions have any.
fn is_plain(text: &str) -> bool {
    let odd = |c: char| (c.is_control() && c != '\n') || c == '\\' || c == '`';
    let nesting = text.bytes().filter(|byte| b"([{".contains(byte)).count();
    nesting <= DEEPEST.into() && !text.contains(odd) && !text.contains("0x") && !text.contains("0X")
}

/// The byte at a line and column, both from 1; the end of the text where there is no such place.
fn offset(text: &str, (line, column): (isize, isize)) -> Option<usize> {
    let line = usize::try_from(line).ok()?.checked_sub(1)?;
    let column = usize::try_from(column).ok()?.checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at))
}

/// The parser's complaint, without its list of every token there is.
fn syntax((line, column): (isize, isize), message: &str) -> String {
    if message.contains("Recursion limit") {
        let reason = format!("nests deeper than {DEEPEST}: use fewer parentheses, or more rules");
        return at(line, column, reason);
    }
    let message = message.lines().next().unwrap_or_default();
    let message = message.split(" expecting ").next().unwrap_or_default();
    let message = message.trim_start_matches("Syntax error: ");
    let message: String = message.chars().take(160).collect();
    at(
        line,
        column,
        format!(
            "is no CEL ({message}): compare a fact with a literal by == != < <= > >= or in, and join \
             comparisons by && and ||"
        ),
    )
}

fn at(line: impl Display, column: impl Display, reason: impl Display) -> String {
    format!("line {line}, column {column}: {reason}")
}
