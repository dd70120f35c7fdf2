use super::Status::{self, Met, NoCheck, NotApplicable, NotAssessed, NotMet, Partly};

/// Strongest first.
const ALL_NEEDED: [Status; 6] = [NotMet, NotAssessed, Partly, Met, NotApplicable, NoCheck];
/// Strongest first.
const ONE_IS_ENOUGH: [Status; 6] = [Met, Partly, NotAssessed, NotMet, NotApplicable, NoCheck];

#[test]
fn every_pair_has_its_winner() {
    for (order, of) in [
        (ALL_NEEDED, (|pair| Status::of_all(pair)) as fn([Status; 2]) -> Status),
        (ONE_IS_ENOUGH, |pair| Status::of_any(pair)),
    ] {
        for (rank, &stronger) in order.iter().enumerate() {
            for &weaker in order.iter().skip(rank) {
                assert_eq!(of([stronger, weaker]), stronger, "{stronger} with {weaker}");
                assert_eq!(of([weaker, stronger]), stronger, "{weaker} with {stronger}");
            }
        }
    }
}

#[test]
fn nothing_is_no_check() {
    assert_eq!(Status::of_all([]), NoCheck);
    assert_eq!(Status::of_any([]), NoCheck);
}

#[test]
fn words_are_those_of_the_machine_formats() {
    for status in Status::ALL {
        assert_eq!(serde_json::to_value(status).ok(), Some(status.as_str().into()));
    }
    assert_eq!(format!("{Met:>5}|"), "  met|");
}
