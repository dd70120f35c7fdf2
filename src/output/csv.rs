//! CSV for spreadsheets. A cell that a spreadsheet would run is defused.

use std::io::{self, Write};

/// A CSV text that grows row by row: in memory, or on its way to where it goes.
pub struct Sheet<W: Write = Vec<u8>> {
    writer: ::csv::Writer<W>,
}

impl<W: Write> Sheet<W> {
    /// A sheet that is written row by row, with its head.
    ///
    /// # Errors
    /// The head cannot be written.
    pub fn to(out: W, head: &[&str]) -> io::Result<Self> {
        let mut sheet = Self { writer: ::csv::Writer::from_writer(out) };
        sheet.add(head.iter().map(|cell| (*cell).to_owned()))?;
        Ok(sheet)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// It cannot be written, or has another length than the head.
    pub fn add(&mut self, cells: impl IntoIterator<Item = String>) -> io::Result<()> {
        Ok(self.writer.write_record(cells.into_iter().map(defused))?)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn end(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Sheet {
    /// A sheet in memory, with its head.
    pub fn new(head: &[&str]) -> Self {
        let mut sheet = Self { writer: ::csv::Writer::from_writer(Vec::new()) };
        sheet.row(head.iter().map(|cell| (*cell).to_owned()));
        sheet
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // Writing to memory fails only where a row has another length than the
        // head, which the tests of each sheet would see.
        let _ = self.add(cells);
    }

    /// The text.
    pub fn finish(self) -> String {
        let bytes = self.writer.into_inner().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The cell with an apostrophe before it if a spreadsheet would take it for a
/// formula. Also the wide forms, which some of them fold to the plain ones.
fn defused(cell: String) -> String {
    let runs = |c: char| {
        matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    };
    if cell.starts_with(runs) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        for run in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"] {
            assert_eq!(defused(run.to_owned()), format!("'{run}"));
        }
        for plain in ["", "a=b", "logs-eu", "'=1", " x"] {
            assert_eq!(defused(plain.to_owned()), plain);
        }
    }

    #[test]
    fn cells_are_quoted_where_they_have_to_be() {
        let mut sheet = Sheet::new(&["a", "b"]);
        sheet.row(["x,\"y\"".to_owned(), "two\nlines".to_owned()]);
        assert_eq!(sheet.finish(), "a,b\n\"x,\"\"y\"\"\",\"two\nlines\"\n");
    }
}
