//! Tables for terminals.

use super::Layout;
use super::text::safe_line;
use crate::rules::Severity;
use comfy_table::{
    Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

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
mod tests {
    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Row> {
        let cells = |row: &&[&str]| row.iter().map(|it| ((*it).to_owned(), Tone::Plain)).collect();
        rows.iter().map(cells).collect()
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
