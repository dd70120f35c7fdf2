//! Tables for terminals.

use super::Layout;
use super::text::safe_line;
use crate::rules::Severity;
use comfy_table::{Attribute, Cell, Color, ContentArrangement, Table, presets};

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

/// One row of a table.
pub type Row = Vec<(String, Tone)>;

/// A table with its first row as a head; empty if there are no rows. Text from
/// outside is made harmless here.
pub fn table(head: &[&str], rows: Vec<Row>, layout: Layout) -> String {
    if rows.is_empty() {
        return String::new();
    }
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
                .map(|(text, tone)| toned(Cell::new(safe_line(&text)), tone, layout))
                .collect::<Vec<_>>(),
        );
    }
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
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
