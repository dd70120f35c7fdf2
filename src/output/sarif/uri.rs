//! Relative URIs made of names from outside.

/// The names as segments of a path. What is not unreserved
/// (<https://www.rfc-editor.org/rfc/rfc3986#section-2.3>) is percent-encoded,
/// and so are names that mean a folder.
pub(super) fn path(segments: &[&str]) -> String {
    segments.iter().map(|name| segment(name)).collect::<Vec<_>>().join("/")
}

fn segment(name: &str) -> String {
    if matches!(name, "." | "..") {
        return name.replace('.', "%2E");
    }
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_segment() {
        assert_eq!(path(&["aws", "a/b", "..", "ü#1 %"]), "aws/a%2Fb/%2E%2E/%C3%BC%231%20%25");
    }
}
