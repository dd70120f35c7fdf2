//! Forgetting old scans.

use super::super::*;
use super::lab::{Lab, Said, Scanning};
use crate::findings::FindingStatus;

#[test]
fn findings_and_the_trail_outlive_their_scans() {
    let mut lab = Lab::new();
    let says = |s: &mut Scanning<'_>, a: Said| {
        s.say("iam-user-mfa", "iam.user", "a", a);
        s.say("iam-user-mfa", "iam.user", "b", Said::Fail);
        s.say("iam-user-keys", "iam.user", "b", Said::Pass);
    };
    let first = lab.scan(&["iam.user"], |s| says(s, Said::Fail));
    let second = lab.scan(&["iam.user"], |s| says(s, Said::Pass));
    let now = lab.now();
    let before = lab.asked_for(&Filter::default());
    let running = lab.begin();

    let scans = [first.meta.id, running.id()];
    assert_eq!(lab.history.prune(&scans, now, "me").unwrap(), 1, "running scans stay");
    assert_eq!(lab.history.prune(&scans, now, "me").unwrap(), 0);
    assert!(lab.history.scan(&first.meta.id.to_string()).is_err());
    assert_eq!(lab.asked_for(&Filter::default()), before);
    let fixed = before.iter().find(|f| f.resource_id == "a").unwrap();
    assert_eq!(fixed.status, Some(FindingStatus::Fixed));
    assert_eq!((fixed.tenant.as_str(), fixed.first_seen), ("acme", Some(first.meta.started_at)));
    let life = lab.history.life(&fixed.fingerprint, now).unwrap();
    let scans: Vec<_> = life.steps.iter().map(|step| step.scan).collect();
    assert_eq!(scans, [None, Some(second.meta.id)]);
    assert_eq!(lab.findings(second.meta.id).len(), 1);
    assert_eq!(lab.kinds_of_events().last().unwrap(), "scans_pruned");
    assert!(lab.history.verify_trail().unwrap().is_empty());
    let check = lab.history.connection.pragma_query_value(None, "foreign_key_check", |_| Ok(()));
    assert_eq!(check, Err(rusqlite::Error::QueryReturnedNoRows));
}
