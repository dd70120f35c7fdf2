//! From bytes to text.

use std::borrow::Cow;

/// Why something cannot be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is compressed.
    #[error("it is compressed with gzip, which cspm does not unpack")]
    Compressed,
    /// It is no text.
    #[error("it is not text")]
    Binary,
    /// It says that it is base64, and is not.
    #[error("it is not the base64 that it says to be")]
    Encoding,
}

/// The bytes as text. Text in an old encoding keeps its ASCII.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(Unreadable::Compressed);
    }
    let is_control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    if bytes.iter().any(is_control) {
        return Err(Unreadable::Binary);
    }
    Ok(String::from_utf8_lossy(bytes))
}

/// Decodes base64 (RFC 4648), whatever white space is in it; `None` if it is
/// something else.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut symbols = 0_usize;
    let mut ended = false;
    for symbol in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        symbols += 1;
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                ended = true;
                continue;
            }
            _ => return None,
        };
        if ended {
            return None;
        }
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    symbols.is_multiple_of(4).then_some(bytes)
}

/// A part of a MIME message in base64, and the line that it begins on.
pub(super) struct EncodedPart {
    pub(super) line: usize,
    pub(super) text: String,
}

/// The parts of a MIME message that say to be base64 (RFC 2045, section 6).
pub(super) fn encoded_parts(text: &str) -> Vec<EncodedPart> {
    let is_header = |line: &str| {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        name.trim().eq_ignore_ascii_case("content-transfer-encoding")
            && value.trim().eq_ignore_ascii_case("base64")
    };
    let mut parts = Vec::new();
    let mut lines = text.lines().zip(1..);
    while let Some((line, _)) = lines.next() {
        if !is_header(line) {
            continue;
        }
        // Other headers, an empty line, and the content up to the boundary.
        let content = lines.by_ref().skip_while(|(line, _)| !line.trim().is_empty()).skip(1);
        let content: Vec<_> = content.take_while(|(line, _)| !line.starts_with("--")).collect();
        let text: String = content.iter().map(|(line, _)| *line).collect();
        if let Some((_, line)) = content.first().filter(|_| !text.trim().is_empty()) {
            parts.push(EncodedPart { line: *line, text });
        }
    }
    parts
}
