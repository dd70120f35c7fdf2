//! Ctrl-C and SIGKILL: what was judged stays, and the history is healthy.

use crate::support::moto::{Moto, TRUTH};
use crate::support::program::{Ended, Home};
use crate::support::proxy::{Fault, Proxy};
use crate::support::report::Report;
use crate::support::schema;
use std::process::Command;

const SCAN: [&str; 5] = ["scan", "--tenant", "acme", "--format", "json"];

#[test]
fn ctrl_c_keeps_what_was_judged() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("s3:ListBuckets", Fault::Hang);
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    let child = home.command(&SCAN).spawn().unwrap();
    proxy.wait_until_one_hangs();
    // The account's own settings are judged meanwhile.
    wait_for_calls(&proxy, "iam:GetCredentialReport");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = Ended::of(child);
    assert_eq!(ended.code, 130, "{}", ended.err);
    schema::check(&ended.out);
    let report = Report::parse(&ended.out);
    assert_eq!(report.0["scan"]["status"], "partial");
    let table = home.ends(0, &["history"]).out;
    assert!(table.contains("partial"), "{table}");
    // The next scan goes on from there.
    let free = Home::with_aws(&Moto::shared().address).acme(TRUTH);
    std::fs::copy(home.path(".local/share/cspm/history.db"), free.write("history.db", "")).unwrap();
    free.ends(15, &["scan", "--tenant", "acme", "--db", "history.db"]);
}

#[test]
fn ctrl_c_while_signing_in_ends_at_once() {
    let proxy = Proxy::before(Moto::shared());
    proxy.fail("sts:*", Fault::Hang);
    let home = Home::with_aws(&proxy.address).acme(TRUTH);
    let child = home.command(&SCAN).spawn().unwrap();
    proxy.wait_until_one_hangs();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let ended = Ended::of(child);
    assert_eq!(ended.code, 130, "{}", ended.err);
    home.ends(0, &["history"]);
}

#[test]
fn a_killed_scan_is_marked_and_the_history_opens() {
    for operation in ["sts:AssumeRole", "iam:GetAccountAuthorizationDetails", "s3:GetBucketPolicy"]
    {
        let proxy = Proxy::before(Moto::shared());
        proxy.fail(operation, Fault::Hang);
        let home = Home::with_aws(&proxy.address).acme(TRUTH);
        let mut child = home.command(&SCAN).spawn().unwrap();
        proxy.wait_until_one_hangs();
        child.kill().unwrap();
        child.wait().unwrap();
        let listed = home.ends(0, &["history"]).out;
        if operation == "sts:AssumeRole" {
            assert!(!listed.contains("running"), "{listed}");
        } else {
            assert!(listed.contains("failed"), "after {operation}: {listed}");
        }
        let demo = home.ends(15, &["scan", "--tenant", "demo"]);
        assert!(demo.out.contains("score:"));
    }
}

fn wait_for_calls(proxy: &Proxy, operation: &str) {
    for _ in 0..1200 {
        if proxy.calls().contains_key(operation) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{operation} was never called");
}
