//! Engines by their names
//! (<https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>).

/// Whether RDS only answers for another service: Neptune or DocumentDB.
#[cfg(feature = "aws")]
pub(super) fn is_foreign(engine: &str) -> bool {
    matches!(engine, "neptune" | "docdb")
}

/// Engines that speak alike: mysql (with MariaDB and Aurora MySQL), postgres,
/// oracle, sqlserver, db2, or other.
pub(super) fn family(engine: &str) -> &'static str {
    let plain = engine.strip_prefix("custom-").unwrap_or(engine);
    match plain {
        "mysql" | "mariadb" | "aurora" | "aurora-mysql" => "mysql",
        "postgres" | "aurora-postgresql" => "postgres",
        other if other.starts_with("oracle-") => "oracle",
        other if other.starts_with("sqlserver-") => "sqlserver",
        other if other.starts_with("db2-") => "db2",
        _ => "other",
    }
}

/// The first numbers of a version: 10.11 of `10.11.6`.
pub(super) fn version(text: &str) -> Option<(u64, u64)> {
    let mut parts = text.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// An Aurora version as one number: 30800 for `8.0.mysql_aurora.3.08.0`.
pub(super) fn aurora_version(text: &str) -> Option<i64> {
    let (_, own) = text.split_once("mysql_aurora.")?;
    let mut parts = own.split('.').map(|part| part.parse::<i64>().ok().filter(|n| *n < 100));
    let mut next = || parts.next()?;
    let (major, minor, patch) = (next()?, next()?, next()?);
    Some(major * 10_000 + minor * 100 + patch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_have_families() {
        for (engine, expected) in [
            ("mysql", "mysql"),
            ("mariadb", "mysql"),
            ("aurora", "mysql"),
            ("aurora-mysql", "mysql"),
            ("postgres", "postgres"),
            ("aurora-postgresql", "postgres"),
            ("oracle-se2", "oracle"),
            ("custom-oracle-ee", "oracle"),
            ("sqlserver-ex", "sqlserver"),
            ("custom-sqlserver-se", "sqlserver"),
            ("db2-ae", "db2"),
            ("something-new", "other"),
        ] {
            assert_eq!(family(engine), expected, "{engine}");
        }
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(version("10.11.6"), Some((10, 11)));
        assert_eq!(version("10.5"), Some((10, 5)));
        assert_eq!(version("10"), None);
        assert_eq!(version("x.y"), None);
        assert_eq!(aurora_version("8.0.mysql_aurora.3.08.0"), Some(30_800));
        assert_eq!(aurora_version("5.7.mysql_aurora.2.11.4"), Some(21_104));
        assert_eq!(aurora_version("8.0.mysql_aurora.3.100.0"), None);
        assert_eq!(aurora_version("8.0.mysql_aurora.3.08"), None);
        assert_eq!(aurora_version("15.4"), None);
    }
}
