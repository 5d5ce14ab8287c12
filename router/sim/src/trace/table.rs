//! Comma-separated values with a header, as published traces are written: no quotes, comments by `#`.

/// A line, and its number in the file.
pub(super) struct Line<'a> {
    number: usize,
    cells: Vec<&'a str>,
}

impl<'a> Line<'a> {
    /// A cell; empty where the line has none there.
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default()
    }
}

/// A whole file.
pub(super) struct Table<'a> {
    header: Vec<&'a str>,
    pub lines: Vec<Line<'a>>,
}

impl<'a> Table<'a> {
    /// Reads a file: the first line that is no comment is the header.
    ///
    /// # Errors
    /// It has no header.
    pub fn of(text: &'a str) -> Result<Self, String> {
        let mut lines = text.lines().enumerate().filter_map(|(at, line)| {
            let line = line.trim();
            (!line.is_empty() && !line.starts_with('#'))
                .then(|| Line { number: at + 1, cells: line.split(',').map(str::trim).collect() })
        });
        let header = lines.next().ok_or("is empty: a header is expected")?.cells;
        Ok(Self { header, lines: lines.collect() })
    }

    /// The column of any of these names.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        self.header.iter().position(|cell| names.contains(cell))
    }

    /// The column of any of these names, which there has to be.
    ///
    /// # Errors
    /// There is none: which there are.
    pub fn column(&self, names: &[&str]) -> Result<usize, String> {
        self.find(names).ok_or_else(|| {
            let (wanted, has) = (names.join(" or "), self.header.join(", "));
            format!("has no column {wanted}: it has {has}")
        })
    }

    /// A number of at least 0.
    ///
    /// # Errors
    /// The cell is no such number: its line and what stands there.
    pub fn number(line: &Line<'_>, column: usize) -> Result<f64, String> {
        let cell = line.cell(column);
        let number = cell.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| format!("line {}: {cell:?} is no number of at least 0", line.number))
    }

    /// A name of a list, by its place in the list; nothing where the cell is empty.
    ///
    /// # Errors
    /// No such name: its line, what stands there, and what could.
    pub fn one_of(line: &Line<'_>, column: usize, names: &[&str]) -> Result<Option<usize>, String> {
        let cell = line.cell(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let place = names.iter().position(|name| *name == cell);
        place.map(Some).ok_or_else(|| {
            format!("line {}: {cell:?} is none of {}", line.number, names.join(", "))
        })
    }
}
