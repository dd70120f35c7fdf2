//! Text for terminals.

/// Text from outside made harmless for a terminal: control characters, and
/// characters that change the direction of writing, are shown as escapes. Line
/// ends stay.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || !is_hostile(c) {
            safe.push(c);
        } else {
            safe.extend(c.escape_unicode());
        }
    }
    safe
}

/// The same on one line.
pub fn safe_line(text: &str) -> String {
    safe(text).replace('\n', "\\n")
}

fn is_hostile(c: char) -> bool {
    // Zero width, direction marks and overrides, line and paragraph
    // separators, soft hyphen, byte order mark.
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{00ad}' | '\u{061c}')
}

/// `1 rule`, `2 rules`.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Breaks prose into lines of at most `columns`, each led by `indent`.
pub fn wrapped(text: &str, columns: u16, indent: &str) -> String {
    let room = usize::from(columns).saturating_sub(indent.chars().count()).max(20);
    let mut lines = Vec::new();
    for paragraph in text.trim_end().split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.iter().map(|line| format!("{indent}{line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_play_tricks() {
        assert_eq!(safe_line("a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(safe_line("a\r\nb"), "a\\u{d}\\nb");
        assert_eq!(safe_line("exe\u{202e}gpj"), "exe\\u{202e}gpj");
        assert_eq!(safe_line("Zoë-β"), "Zoë-β");
    }

    #[test]
    fn prose_is_wrapped_and_indented() {
        assert_eq!(
            wrapped("one two three four five six seven\nend", 22, "  "),
            "  one two three four\n  five six seven\n  end\n"
        );
    }
}
