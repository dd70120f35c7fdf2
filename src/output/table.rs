//! Tables for terminals.

use super::Layout;
use super::report::OutputError;
use super::text::safe_line;
use crate::history::HistoryError;
use crate::rules::Severity;
use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use std::io::Write;

/// What a cell says by its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Nothing.
    Plain,
    /// How bad it is.
    Severity(Severity),
    /// Good news.
    Good,
    /// Not known.
    Unknown,
    /// In the background.
    Dim,
}

/// A blank on either side of each cell.
const PADDING: usize = 2;

/// What is left at least to a column whose words may be broken.
const LEAST: usize = 14;

/// How many rows are laid out together: the columns of a longer list may change
/// their widths on the way.
const TOGETHER: usize = 2000;

/// One row of a table.
pub type Row = Vec<(String, Tone)>;

/// A table with its first row as a head; empty if there are no rows. Text from
/// outside is made harmless here.
pub fn table(head: &[&str], rows: Vec<Row>, layout: Layout) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|row| row.into_iter().map(|(text, tone)| (safe_line(&text), tone)).collect())
        .collect();
    let whole_words = whole_words(head, &rows, layout.columns);
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(layout.columns);
    if layout.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(
        head.iter().map(|title| toned(Cell::new(title), Tone::Dim, layout)).collect::<Vec<_>>(),
    );
    for row in rows {
        table.add_row(
            row.into_iter()
                .map(|(text, tone)| toned(Cell::new(text), tone, layout))
                .collect::<Vec<_>>(),
        );
    }
    for (column, width) in table.column_iter_mut().zip(whole_words) {
        if let Some(width) = width {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Writes rows under a title as they come; nothing if there are none. Says how
/// many there were.
///
/// # Errors
/// They cannot be read, or not be written.
pub fn write_rows(
    title: &str,
    head: &[&str],
    rows: impl Iterator<Item = Result<Row, HistoryError>>,
    layout: Layout,
    out: &mut dyn Write,
) -> Result<usize, OutputError> {
    let mut written = 0;
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        out.write_all(title.as_bytes())?;
    }
    while rows.peek().is_some() {
        let together = rows.by_ref().take(TOGETHER).collect::<Result<Vec<_>, _>>()?;
        written += together.len();
        out.write_all(table(head, together, layout).as_bytes())?;
    }
    Ok(written)
}

/// How wide each column has to be to keep its words whole, for as many columns
/// as there is room for, those with the shortest words first.
fn whole_words(head: &[&str], rows: &[Row], columns: u16) -> Vec<Option<u16>> {
    let longest = |text: &str| text.split(' ').map(|word| word.chars().count()).max();
    let mut widths: Vec<(usize, usize)> = head
        .iter()
        .enumerate()
        .map(|(number, title)| {
            let cells = rows.iter().filter_map(|row| row.get(number));
            let words = cells.filter_map(|(text, _)| longest(text));
            (words.chain(longest(title)).max().unwrap_or(0) + PADDING, number)
        })
        .collect();
    widths.sort_unstable();
    let mut whole = vec![None; head.len()];
    let (mut room, mut others) = (usize::from(columns), widths.len());
    for (width, number) in widths {
        others -= 1;
        if width + others * LEAST > room {
            break;
        }
        room -= width;
        if let Some(whole) = whole.get_mut(number) {
            *whole = u16::try_from(width).ok();
        }
    }
    whole
}

fn toned(cell: Cell, tone: Tone, layout: Layout) -> Cell {
    if !layout.color {
        return cell;
    }
    match tone {
        Tone::Plain => cell,
        Tone::Severity(Severity::Critical) => {
            cell.fg(Color::Magenta).add_attribute(Attribute::Bold)
        }
        Tone::Severity(Severity::High) => cell.fg(Color::Red),
        Tone::Severity(Severity::Medium) => cell.fg(Color::Yellow),
        Tone::Severity(Severity::Low) => cell.fg(Color::Cyan),
        Tone::Severity(Severity::Info) | Tone::Dim => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::Green),
        Tone::Unknown => cell.fg(Color::Blue),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Row> {
        let cells = |row: &&[&str]| row.iter().map(|it| ((*it).to_owned(), Tone::Plain)).collect();
        rows.iter().map(cells).collect()
    }

    #[test]
    fn a_long_list_is_laid_out_in_parts_and_loses_no_row() {
        let layout = Layout { columns: 80, color: false };
        let all = |number: usize| {
            let mut out = Vec::new();
            let row = |at: usize| Ok(vec![(format!("row-{at}"), Tone::Plain)]);
            write_rows("\nRows\n", &["ROW"], (0..number).map(row), layout, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(all(0), "");
        assert_eq!(all(1), "\nRows\n ROW\n row-0\n");
        let text = all(TOGETHER + 1);
        assert_eq!(text.matches("\nRows\n").count(), 1);
        assert_eq!(text.matches(" ROW\n").count(), 2);
        assert_eq!(text.matches(" row-").count(), TOGETHER + 1);
        let broken = [Err(HistoryError::Damaged("a page is gone".to_owned()))];
        let mut out = Vec::new();
        assert!(write_rows("\nRows\n", &["ROW"], broken.into_iter(), layout, &mut out).is_err());
    }

    #[test]
    fn words_stay_whole_where_there_is_room() {
        let rows = rows(&[&[
            "acme",
            "123456789012",
            "2026-11-22 12:06",
            "completed",
            "a long sentence that has to be wrapped somewhere",
            "a-name-of-sixty-letters-that-nobody-can-keep-whole-in-a-terminal",
        ]]);
        let head = ["TENANT", "ACCOUNT", "LAST SCAN", "STATUS", "WHAT", "NAME"];
        let text = table(&head, rows, Layout { columns: 80, color: false });
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        for word in ["123456789012", "2026-11-22", "completed", "sentence", "TENANT"] {
            assert!(text.contains(word), "{word} is broken:\n{text}");
        }
    }
}
