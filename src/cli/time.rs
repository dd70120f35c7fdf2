//! Times on the command line.

use std::time::Duration;

/// `30s`, `5m`, `1h`, or a number of seconds.
pub(super) fn interval(text: &str) -> Result<Duration, String> {
    let wrong = || "a time such as 30s, 5m or 1h".to_owned();
    let (number, unit) = match text.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        Some((at, _)) => text.split_at(at),
        None => (text, "s"),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "s" => Some(number),
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(3600),
        _ => None,
    };
    seconds.filter(|seconds| *seconds > 0).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        assert_eq!(interval("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(interval("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(interval("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "s", "0s", "5d", "-1s", "99999999999999999999s"] {
            assert!(interval(wrong).is_err(), "{wrong}");
        }
    }
}
