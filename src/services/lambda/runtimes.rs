//! When Lambda stops mending a runtime. No call of AWS tells it.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

/// When a runtime is or was deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deprecation {
    /// On this day.
    On(Timestamp),
    /// No day is set.
    NotScheduled,
}

/// The days by runtime: year, month, day; zeros where none is set. Both tables of
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>.
const DAYS: &[(&str, (i16, i8, i8))] = &[
    ("dotnet10", (2028, 11, 14)),
    ("dotnet6", (2024, 12, 20)),
    ("dotnet8", (2026, 11, 10)),
    ("dotnetcore1.0", (2019, 6, 27)),
    ("dotnetcore2.0", (2019, 5, 30)),
    ("dotnetcore2.1", (2022, 1, 5)),
    ("dotnetcore3.1", (2023, 4, 3)),
    ("go1.x", (2024, 1, 8)),
    ("java11", (2027, 6, 30)),
    ("java11.al2023", (2029, 6, 30)),
    ("java17", (2027, 6, 30)),
    ("java17.al2023", (2029, 6, 30)),
    ("java21", (2029, 6, 30)),
    ("java25", (2029, 6, 30)),
    ("java8", (2024, 1, 8)),
    ("java8.al2", (2027, 6, 30)),
    ("java8.al2023", (2029, 6, 30)),
    ("nodejs", (2016, 8, 30)),
    ("nodejs10.x", (2021, 7, 30)),
    ("nodejs12.x", (2023, 3, 31)),
    ("nodejs14.x", (2023, 12, 4)),
    ("nodejs16.x", (2024, 6, 12)),
    ("nodejs18.x", (2025, 9, 1)),
    ("nodejs20.x", (2026, 4, 30)),
    ("nodejs22.x", (2027, 4, 30)),
    ("nodejs24.x", (2028, 4, 30)),
    ("nodejs26.x", (0, 0, 0)),
    ("nodejs4.3", (2020, 3, 5)),
    ("nodejs4.3-edge", (2020, 3, 5)),
    ("nodejs6.10", (2019, 8, 12)),
    ("nodejs8.10", (2020, 3, 6)),
    ("provided", (2024, 1, 8)),
    ("provided.al2", (2026, 7, 31)),
    ("provided.al2023", (2029, 6, 30)),
    ("python2.7", (2021, 7, 15)),
    ("python3.10", (2026, 10, 31)),
    ("python3.11", (2027, 6, 30)),
    ("python3.12", (2028, 10, 31)),
    ("python3.13", (2029, 6, 30)),
    ("python3.14", (2029, 6, 30)),
    ("python3.15", (0, 0, 0)),
    ("python3.6", (2022, 7, 18)),
    ("python3.7", (2023, 12, 4)),
    ("python3.8", (2024, 10, 14)),
    ("python3.9", (2025, 12, 15)),
    ("ruby2.5", (2021, 7, 30)),
    ("ruby2.7", (2023, 12, 7)),
    ("ruby3.2", (2026, 3, 31)),
    ("ruby3.3", (2027, 3, 31)),
    ("ruby3.4", (2028, 3, 31)),
    ("ruby4.0", (2029, 3, 31)),
];

/// When a runtime is deprecated; none for one that is not in the tables.
pub(super) fn deprecation(runtime: &str) -> Option<Deprecation> {
    let (_, (year, month, day)) = DAYS.iter().find(|(name, _)| *name == runtime)?;
    if *year == 0 {
        return Some(Deprecation::NotScheduled);
    }
    let zoned = date(*year, *month, *day).to_zoned(TimeZone::UTC).ok()?;
    Some(Deprecation::On(zoned.timestamp()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_its_day() {
        let day = |text: &str| Some(Deprecation::On(text.parse().unwrap()));
        assert_eq!(deprecation("nodejs18.x"), day("2025-09-01T00:00:00Z"));
        assert_eq!(deprecation("provided.al2023"), day("2029-06-30T00:00:00Z"));
        assert_eq!(deprecation("nodejs26.x"), Some(Deprecation::NotScheduled));
        assert_eq!(deprecation("cobol85"), None);
        for (name, _) in DAYS {
            assert!(deprecation(name).is_some(), "{name}");
        }
        assert!(DAYS.is_sorted(), "sorted, so that each is found once");
    }
}
