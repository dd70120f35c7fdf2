//! A scan in a hurry, and what it says of its calls.

use crate::support::moto::{Moto, ORDERLY};
use crate::support::program::Home;
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::Report;

#[test]
fn what_is_not_answered_in_time_is_unknown() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("s3:GetBucketEncryption", Fault::Hang);
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let args = ["--tenant", "acme", "--service", "s3", "--timeout", "8s", "--fail-on", "low"];
    let report = Report::of(&home, 3, &args);
    assert_eq!(report.0["scan"]["status"], "partial");
    assert!(report.gaps().iter().any(|gap| gap["class"] == "timeout"), "{:?}", report.gaps());
    let verdicts = report.verdicts();
    let unknown = verdicts.values().filter(|verdict| *verdict == "unknown").count();
    assert!(unknown > 0, "{verdicts:?}");
    assert!(verdicts.values().all(|verdict| verdict != "fail"), "{verdicts:?}");
    let history = home.ends(0, &["history"]).out;
    assert!(history.contains("partial"), "{history}");
    home.ends(2, &["scan", "--resume"]).says(&["there is nothing to resume"]);
}

#[test]
fn a_tenant_that_is_not_even_begun_in_time_has_failed() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("sts:*", Fault::Hang);
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let ended = home.ends(1, &["scan", "--all", "--timeout", "1s"]);
    ended.says(&["cannot scan acme: the time was up", "hint: give it more time with --timeout"]);
    let listed = home.ends(0, &["history"]).out;
    assert!(listed.contains("failed"), "{listed}");
}

#[test]
fn the_calls_of_a_scan_are_counted() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail_times(
        "iam:GetAccountPasswordPolicy",
        1,
        Fault::Error(400, "Throttling", "Rate exceeded"),
    );
    let home = Home::with_aws(&proxy.address).acme(ORDERLY);
    let args = ["scan", "--all", "--rule", "iam-password-policy-*", "--stats", "--max-rps", "100"];
    let ended = home.run(&args);
    let line = |name: &str| -> Vec<String> {
        let found = ended.err.lines().find(|line| line.split_whitespace().next() == Some(name));
        let words = found.unwrap_or_else(|| panic!("no {name} in {}", ended.err));
        words.split_whitespace().map(str::to_owned).collect()
    };
    // Calls, requests, retries, throttled, failed.
    assert_eq!(line("iam:GetAccountPasswordPolicy")[1..6], ["1", "2", "1", "1", "1"]);
    assert_eq!(line("sts:AssumeRole")[1..6], ["1", "1", "0", "0", "0"]);
    let made: usize = proxy.calls().values().sum();
    assert_eq!(line("all")[2], made.to_string());
    assert!(!ended.out.contains("REQUESTS"), "standard error only");
    let demo = home.ends(15, &["scan", "--tenant", "demo", "--stats"]);
    demo.says(&["AWS was not called"]);
}
