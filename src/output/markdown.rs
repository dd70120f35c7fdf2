//! Markdown whose names cannot play tricks: no links, no HTML, no table cells
//! of their own. GitHub's dialect (<https://github.github.com/gfm/>).

use super::text::safe_line;

/// Text from outside, made harmless for any place in a line.
pub fn escaped(text: &str) -> String {
    let text = safe_line(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '|' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Addresses become links by themselves, and names with an @ call
            // people.
            '@' => out.push_str("&#64;"),
            ':' if chars.peek() == Some(&'/') => out.push_str("&#58;"),
            '.' if before == 'w' || before == 'W' => out.push_str("&#46;"),
            // What would begin a list or a rule at the start of a line.
            '-' | '+' | '=' if out.is_empty() => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Text from outside as code: shown as it is, and nothing in it is a link.
pub fn code(text: &str) -> String {
    let text = safe_line(text);
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A bar ends a cell even inside of code, unless it is escaped.
    let text = text.replace('|', "\\|");
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// A table of cells that are Markdown already; empty if there are no rows.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rows: String = rows.into_iter().map(|cells| row(&cells)).collect();
    if rows.is_empty() { rows } else { self::head(head) + &rows }
}

/// The head of a table.
pub fn head(titles: &[&str]) -> String {
    let line = vec!["---"; titles.len()].join(" | ");
    format!("| {} |\n| {line} |\n", titles.join(" | "))
}

/// A row of a table, of cells that are Markdown already.
pub fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_text() {
        for (hostile, harmless) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("[x](https://evil)", "\\[x\\](https&#58;//evil)"),
            ("a|b`c`", "a\\|b\\`c\\`"),
            ("www.evil.com", "www&#46;evil.com"),
            ("@everyone", "&#64;everyone"),
            ("a\nb", "a\\\\nb"),
            ("# head", "\\# head"),
            ("- item", "\\- item"),
            ("logs-eu-1", "logs-eu-1"),
            ("exe\u{202e}gpj", "exe\\\\u{202e}gpj"),
            ("&lt;", "&amp;lt;"),
        ] {
            assert_eq!(escaped(hostile), harmless);
        }
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("plain"), "`plain`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a\n\n# b"), "`a\\n\\n# b`");
        assert_eq!(code(""), "");
    }

    #[test]
    fn a_table_has_a_head() {
        assert_eq!(table(&["A", "B"], Vec::new()), "");
        let rows = [vec!["1".to_owned(), "2".to_owned()]];
        assert_eq!(table(&["A", "B"], rows), "| A | B |\n| --- | --- |\n| 1 | 2 |\n");
    }
}
