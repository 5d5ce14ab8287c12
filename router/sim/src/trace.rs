//! Recorded requests and recorded clouds, from text. Who reads files is somebody else.
//!
//! A trace is CSV with a header. Lines that begin with `#` are comments: the licence stands there. Besides
//! moments and lengths a row may state the class of its content, the tenant whose people ask, and the name of
//! a beginning that it shares with other rows.

mod table;

use littoral_core::class::DataClass;
use std::collections::BTreeMap;
use table::{Line, Table};

/// Most tenants that a trace may name.
const MOST_TENANTS: usize = 1_000;

/// One recorded request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Moment of its arrival, in seconds from the first.
    pub at_s: f64,
    /// Tokens of the prompt.
    pub tokens_in: u32,
    /// Tokens of the answer.
    pub tokens_out: u32,
    /// Class of its content, where stated.
    pub class: Option<DataClass>,
    /// Whose people ask: a place in [`Trace::tenants`], where stated.
    pub tenant: Option<u16>,
    /// The beginning that it shares with others: a place in [`Trace::prefixes`], where stated.
    pub prefix: Option<u32>,
}

/// Recorded requests, by arrival.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// The requests.
    pub rows: Vec<Row>,
    /// Tenants that rows name, in the order in which they first stand in the file.
    pub tenants: Vec<String>,
    /// Tokens that all prompts with one beginning can have in common: as many as the shortest has.
    pub prefixes: Vec<u32>,
}

/// Recorded answers of one cloud: first token and gap in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The answers.
    pub rows: Vec<(f64, f64)>,
}

impl Trace {
    /// Reads arrivals: columns `t_s` or `t_ms`, `tokens_in` and `tokens_out` (or the names of the published
    /// traces), and where they are there `class`, `tenant` and `prefix`, of which any cell may be empty.
    /// Rows of one tenant that name one prefix begin alike. Other columns are left alone.
    ///
    /// # Errors
    /// What is wrong, with its line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let table = Table::of(text)?;
        let columns = Columns::of(&table)?;
        let (mut tenants, mut prefixes) = (Names::default(), Names::default());
        let mut rows = Vec::with_capacity(table.lines.len());
        for line in &table.lines {
            rows.push(columns.row(line, &mut tenants, &mut prefixes)?);
            if tenants.0.len() > MOST_TENANTS {
                return Err(format!("names more than {MOST_TENANTS} tenants"));
            }
        }
        if rows.is_empty() {
            return Err("holds no requests".into());
        }
        rows.sort_by(|one, two| one.at_s.total_cmp(&two.at_s));
        let first = rows.first().map_or(0.0, |row| row.at_s);
        rows.iter_mut().for_each(|row| row.at_s -= first);
        let mut shared = vec![u32::MAX; prefixes.0.len()];
        for row in &rows {
            if let Some(shortest) = row.prefix.and_then(|at| shared.get_mut(at as usize)) {
                *shortest = row.tokens_in.min(*shortest);
            }
        }
        let mut named: Vec<_> = tenants.0.into_iter().collect();
        named.sort_by_key(|(_, place)| *place);
        let tenants = named.into_iter().map(|((name, _), _)| name.to_owned()).collect();
        Ok(Self { rows, tenants, prefixes: shared })
    }

    /// From the first request to the last and one mean gap more, in seconds: when it begins again.
    #[must_use]
    pub fn period_s(&self) -> f64 {
        let last = self.rows.last().map_or(0.0, |row| row.at_s);
        (last * (1.0 + 1.0 / self.rows.len().max(1) as f64)).max(1e-3)
    }
}

impl Samples {
    /// Reads the answers of one cloud: columns `provider_model`, `ttft_s` and `inter_token_latency_s`.
    ///
    /// # Errors
    /// What is wrong, or which clouds there are where the one that is wanted is not among them.
    pub fn parse(text: &str, wanted: &str) -> Result<Self, String> {
        let table = Table::of(text)?;
        let who = table.column(&["provider_model"])?;
        let (first, gap) = (table.column(&["ttft_s"])?, table.column(&["inter_token_latency_s"])?);
        let mut names: BTreeMap<&str, u32> = BTreeMap::new();
        let mut rows = Vec::new();
        for line in &table.lines {
            let name = line.cell(who);
            *names.entry(name).or_default() += 1;
            if name == wanted {
                let (first, gap) = (Table::number(line, first)?, Table::number(line, gap)?);
                rows.push((1e3 * first, 1e3 * gap));
            }
        }
        if rows.is_empty() {
            let names: Vec<&str> = names.into_keys().collect();
            return Err(format!("holds no answers of {wanted:?}: it has {}", names.join(", ")));
        }
        Ok(Self { rows })
    }
}

/// Where a trace has what.
struct Columns {
    at: usize,
    /// Seconds of one unit of `at`.
    scale: f64,
    tokens_in: usize,
    tokens_out: usize,
    class: Option<usize>,
    tenant: Option<usize>,
    prefix: Option<usize>,
}

/// Places of names, each with the tenant that it belongs to.
#[derive(Default)]
struct Names<'a>(BTreeMap<(&'a str, Option<u16>), usize>);

impl<'a> Names<'a> {
    /// The place of what stands in a column; nothing where there is no column, or the cell is empty.
    fn place(&mut self, line: &Line<'a>, column: Option<usize>, of: Option<u16>) -> Option<usize> {
        let name = line.cell(column?);
        let next = self.0.len();
        (!name.is_empty()).then(|| *self.0.entry((name, of)).or_insert(next))
    }
}

impl Columns {
    fn of(table: &Table<'_>) -> Result<Self, String> {
        let (at, scale) = match table.find(&["t_s", "arrival_s"]) {
            Some(at) => (at, 1.0),
            None => (table.column(&["t_ms", "arrival_ms"])?, 1e-3),
        };
        Ok(Self {
            at,
            scale,
            tokens_in: table.column(&["tokens_in", "context_tokens", "input_tokens"])?,
            tokens_out: table.column(&["tokens_out", "generated_tokens", "output_tokens"])?,
            class: table.find(&["class"]),
            tenant: table.find(&["tenant"]),
            prefix: table.find(&["prefix"]),
        })
    }

    fn row<'a>(
        &self,
        line: &Line<'a>,
        tenants: &mut Names<'a>,
        prefixes: &mut Names<'a>,
    ) -> Result<Row, String> {
        let tokens = |column| Ok::<_, String>(Table::number(line, column)?.round() as u32);
        let names = DataClass::ALL.map(DataClass::name);
        let class = match self.class {
            Some(column) => Table::one_of(line, column, &names)?,
            None => None,
        };
        let tenant = tenants.place(line, self.tenant, None);
        let tenant = tenant.and_then(|place| u16::try_from(place).ok());
        let prefix = prefixes.place(line, self.prefix, tenant);
        Ok(Row {
            at_s: Table::number(line, self.at)? * self.scale,
            tokens_in: tokens(self.tokens_in)?.max(1),
            tokens_out: tokens(self.tokens_out)?.max(1),
            class: class.and_then(|place| DataClass::ALL.get(place).copied()),
            tenant,
            prefix: prefix.and_then(|place| u32::try_from(place).ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_traces_are_read_by_their_own_column_names() {
        let text = "# CC BY 4.0\nt_s,context_tokens,generated_tokens\n5.0,10,3\n2.0,7,0\n";
        let trace = Trace::parse(text).unwrap();
        let (class, tenant, prefix) = (None, None, None);
        let first = Row { at_s: 0.0, tokens_in: 7, tokens_out: 1, class, tenant, prefix };
        assert_eq!(trace.rows[0], first);
        assert!(trace.tenants.is_empty() && trace.prefixes.is_empty());
        assert_eq!((trace.rows[1].at_s, trace.period_s()), (3.0, 4.5));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let told = Trace::parse("t_ms,tokens_in,tokens_out\n1,2,3\n1,-2,3\n").unwrap_err();
        assert_eq!(told, "line 3: \"-2\" is no number of at least 0");
        let told = Trace::parse("t_ms,tokens_in\n").unwrap_err();
        assert!(told.contains("no column tokens_out"), "{told}");
        let text = "provider_model,ttft_s,inter_token_latency_s\na,1,2\n";
        assert_eq!(Samples::parse(text, "a").unwrap().rows, [(1e3, 2e3)]);
        assert!(Samples::parse(text, "b").unwrap_err().ends_with("it has a"));
    }

    #[test]
    fn a_row_may_state_its_class_its_tenant_and_what_it_begins_with() {
        let text = "t_ms,tokens_in,tokens_out,class,tenant,prefix\n\
                    0,900,5,restricted,north,forms\n1000,700,5,,south,forms\n\
                    2000,800,5,public,north,forms\n3000,10,5,,,\n";
        let trace = Trace::parse(text).unwrap();
        assert_eq!(trace.tenants, ["north", "south"]);
        // What two tenants call alike is not the same, and the shortest prompt bounds what is shared.
        assert_eq!(trace.prefixes, [800, 700]);
        let stated: Vec<_> =
            trace.rows.iter().map(|row| (row.class, row.tenant, row.prefix)).collect();
        let (restricted, public) = (Some(DataClass::Restricted), Some(DataClass::Public));
        assert_eq!(
            stated,
            [
                (restricted, Some(0), Some(0)),
                (None, Some(1), Some(1)),
                (public, Some(0), Some(0)),
                (None, None, None)
            ]
        );
    }

    #[test]
    fn a_class_that_is_none_is_told_with_its_line_and_with_those_that_are() {
        let text = "# made\nt_s,tokens_in,tokens_out,class\n1,2,3,public\n1,2,3,secret\n";
        let told = Trace::parse(text).unwrap_err();
        let wanted = "line 4: \"secret\" is none of public, internal, personal, restricted";
        assert_eq!(told, wanted);
    }
}
