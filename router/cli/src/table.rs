//! Tables: aligned columns, two blanks apart, no lines drawn. The last column wraps.

use crate::screen;

/// Blanks between two columns.
const GAP: usize = 2;
/// The last column is never narrower than this, even if the line then is too long.
const NARROWEST: usize = 20;

/// A head and its column's side.
#[derive(Clone, Copy, Debug)]
pub enum Head {
    /// Words.
    Left(&'static str),
    /// Numbers.
    Right(&'static str),
}

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    heads: Vec<Head>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table without rows.
    pub fn new(heads: &[Head]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    /// Adds a row, one cell a column. Cells may hold colours.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    /// The same, where only the running program knows how many columns there are.
    pub fn row_of(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The table in lines of at most `width` columns where that can be.
    pub fn render(&self, width: usize) -> String {
        let heads = self.heads.iter().map(|head| {
            let (Head::Left(name) | Head::Right(name)) = head;
            format!("{}{name}{}", screen::DIM, screen::PLAIN)
        });
        let heads: Vec<String> = heads.collect();
        let all = || std::iter::once(&heads).chain(&self.rows);
        let widest = |column: usize| {
            let cells = all().filter_map(|row| row.get(column));
            cells.map(|cell| screen::columns(cell)).max().unwrap_or_default()
        };
        let mut widths: Vec<usize> = (0..self.heads.len()).map(widest).collect();
        if let Some((last, before)) = widths.split_last_mut() {
            let taken: usize = before.iter().map(|columns| columns + GAP).sum();
            *last = (*last).min(width.saturating_sub(taken).max(NARROWEST));
        }
        let lines: Vec<String> = all().flat_map(|row| self.lines(row, &widths)).collect();
        lines.join("\n")
    }

    fn lines(&self, row: &[String], widths: &[usize]) -> Vec<String> {
        let Some(last) = widths.len().checked_sub(1) else { return Vec::new() };
        let mut first = String::new();
        for (column, cell) in row.iter().enumerate().take(last) {
            let pad = " ".repeat(widths[column].saturating_sub(screen::columns(cell)));
            match self.heads[column] {
                Head::Left(_) => first.extend([cell.as_str(), &pad]),
                Head::Right(_) => first.extend([&pad, cell.as_str()]),
            }
            first.push_str(&" ".repeat(GAP));
        }
        let indent = " ".repeat(screen::columns(&first));
        let cell = row.get(last).map_or("", String::as_str);
        let mut lines = screen::wrap(cell, widths[last], "");
        if lines.is_empty() {
            lines.push(String::new());
        }
        let pad = match self.heads[last] {
            Head::Right(_) => widths[last].saturating_sub(screen::columns(cell)),
            Head::Left(_) => 0,
        };
        let placed = lines.iter().enumerate().map(|(index, line)| {
            let start = if index == 0 { &first } else { &indent };
            format!("{start}{}{line}", " ".repeat(pad)).trim_end().to_owned()
        });
        placed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(table: &Table, width: usize) -> String {
        anstream::adapter::strip_str(&table.render(width)).to_string()
    }

    #[test]
    fn columns_are_aligned_words_left_numbers_right() {
        let mut table = Table::new(&[Head::Left("name"), Head::Right("rate"), Head::Left("on")]);
        table.row(["a".into(), "98.7".into(), "CPU".into()]);
        table.row([format!("{}longer{}", screen::GREEN, screen::PLAIN), "7".into(), String::new()]);
        assert_eq!(plain(&table, 80), "name    rate  on\na       98.7  CPU\nlonger     7");
    }

    #[test]
    fn the_last_column_wraps_under_itself() {
        let mut table = Table::new(&[Head::Left("gate"), Head::Left("why")]);
        table.row(["class".into(), "class restricted stays on the device".into()]);
        assert_eq!(
            plain(&table, 29),
            "gate   why\nclass  class restricted stays\n       on the device"
        );
    }
}
