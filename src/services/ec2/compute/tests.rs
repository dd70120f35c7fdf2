//! Answers that no example of a rule can show.

use super::questions::moment_in;

#[test]
fn the_moment_of_a_stop_is_read() {
    for (reason, moment) in [
        ("User initiated (2026-01-01 02:03:04 GMT)", Some("2026-01-01T02:03:04Z")),
        ("User initiated (2026-01-01 02:03:04 UTC)", Some("2026-01-01T02:03:04Z")),
        (
            "Client.UserInitiatedShutdown (a note) (2025-12-31 23:59:59 GMT)",
            Some("2025-12-31T23:59:59Z"),
        ),
        ("User initiated", None),
        ("User initiated (2026-01-01 02:03:04 CET)", None),
        ("User initiated (yesterday)", None),
        ("User initiated (2026-13-01 02:03:04 GMT)", None),
        ("Server.SpotInstanceShutdown: Spot Instance shutdown", None),
        ("", None),
    ] {
        assert_eq!(moment_in(reason).map(|at| at.to_string()).as_deref(), moment, "{reason}");
    }
}
