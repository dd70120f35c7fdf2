//! HTML that names from outside cannot leave: what is markup is known when
//! this is compiled, everything else is escaped.

use super::text::safe;
use std::io::{self, Write};

/// An HTML text that grows.
#[derive(Debug, Default)]
pub struct Html(String);

impl Html {
    /// Markup of ours.
    pub fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, also within the quotes of an attribute.
    pub fn text(&mut self, text: &str) -> &mut Self {
        for c in safe(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Text that a stranger may have written: its direction of writing does
    /// not reach its neighbours.
    pub fn name(&mut self, text: &str) -> &mut Self {
        self.raw("<bdi>").text(text).raw("</bdi>")
    }

    /// A number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.text(&number.to_string())
    }

    /// A cell of a table with text of a stranger.
    pub fn cell(&mut self, text: &str) -> &mut Self {
        self.raw("<td>").name(text).raw("</td>")
    }

    /// A cell with a number; nothing for 0.
    pub fn count(&mut self, number: u64) -> &mut Self {
        self.raw("<td class=\"n\">");
        if number > 0 {
            self.number(number);
        }
        self.raw("</td>")
    }

    /// The head of a table, and the beginning of its body.
    pub fn table(&mut self, class: &'static str, head: &[&'static str]) -> &mut Self {
        self.raw("<table class=\"").raw(class).raw("\"><thead><tr>");
        for title in head {
            self.raw("<th scope=\"col\">").raw(title).raw("</th>");
        }
        self.raw("</tr></thead><tbody>\n")
    }

    /// The end of a table.
    pub fn end_table(&mut self) -> &mut Self {
        self.raw("</tbody></table>\n")
    }

    /// Writes the text so far, and begins anew behind it.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn send(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.0.as_bytes())?;
        self.0.clear();
        Ok(())
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn names_cannot_leave_their_place() {
        let mut html = Html::default();
        html.raw("<a title=\"")
            .text("\" onclick='x'><script>&amp;")
            .raw("\">")
            .name("\u{202e}evil");
        assert_eq!(
            html.finish(),
            "<a title=\"&quot; onclick=&#39;x&#39;&gt;&lt;script&gt;&amp;amp;\">\
             <bdi>\\u{202e}evil</bdi>"
        );
    }
}
