//! The command from its arguments to its exit code.

use crate::cli::{Console, Environment, Exit, run};
use serde_json::{Value, json};
use std::io::{Cursor, Write};
use std::sync::{Arc, Mutex};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Captured {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}{}", self.out, self.err))
    }
}

fn cspm(args: &[&str], input: &[u8]) -> Ran {
    let (out, err) = (Captured::default(), Captured::default());
    let environment = Environment {
        args: ["cspm", "policy"].iter().chain(args).map(Into::into).collect(),
        var: |_| None,
        current_dir: std::path::PathBuf::new(),
        now: || jiff::Timestamp::UNIX_EPOCH,
        random: || 0,
        input: Box::new(Cursor::new(input.to_vec())),
        console: Console {
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            out_is_terminal: false,
            err_is_terminal: false,
            width: Some(80),
            color: false,
        },
    };
    let exit = run(environment);
    Ran { exit, out: out.text(), err: err.text() }
}

fn check(policy: &str, more: &[&str]) -> Ran {
    let mut args = vec!["check", "-", "--format", "json"];
    args.extend(more);
    cspm(&args, policy.as_bytes())
}

fn page(policy: &str, more: &[&str]) -> String {
    let mut args = vec!["check", "-"];
    args.extend(more);
    cspm(&args, policy.as_bytes()).out
}

/// A policy of one statement.
fn one(elements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{{elements}}}]}}"#)
}

fn on_bucket(elements: &str) -> String {
    one(&format!(
        r#""Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::amzn-s3-demo-bucket/*",{elements}"#
    ))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_resource_policy_has_all_its_keys() {
    let ran = check(&on_bucket(r#""Principal":"*""#), &[]);
    assert_eq!(ran.exit, Exit::Ok, "{}", ran.err);
    let answer = ran.json();
    let mut all =
        ["schema", "kind", "public", "reachable", "public_write", "outside", "witness", "reasons"];
    assert!(ran.out.starts_with("{\n  \"schema\""));
    let mut found = keys(&answer);
    found.sort_unstable();
    all.sort_unstable();
    assert_eq!(found, all);
    assert_eq!(answer["schema"], "cspm-policy-check/1");
    assert_eq!(answer["kind"], "resource");
    assert_eq!(answer["public"], "yes");
    assert_eq!(answer["reachable"], "yes");
    assert_eq!(answer["public_write"], "no");
    assert_eq!(
        answer["outside"],
        json!([{ "principal": "*", "actions": ["s3:GetObject"], "statement": 1 }])
    );
    let mut found = keys(&answer["witness"]);
    found.sort_unstable();
    assert_eq!(found, ["action", "context", "principal", "resource", "statement"]);
    assert_eq!(answer["witness"]["action"], "s3:GetObject");
    assert_eq!(answer["witness"]["statement"], 1);
    assert!(!answer["reasons"].as_array().unwrap().is_empty());
}

#[test]
fn a_closed_policy_has_no_witness() {
    let policy = on_bucket(r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#);
    let answer = check(&policy, &["--account", "111122223333"]).json();
    assert_eq!(answer["witness"], Value::Null);
    assert_eq!(answer["outside"], json!([]));
    assert_eq!(answer["public"], "no");
    assert_eq!(answer["reachable"], "no");
    // Without the account nobody is known to be its own.
    let answer = check(&policy, &[]).json();
    assert_eq!(answer["outside"][0]["principal"], "111122223333");
}

#[test]
fn a_trust_policy_has_the_same_keys_and_its_own_reasons() {
    let ran = check(
        &one(r#""Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"sts:AssumeRole""#),
        &["--account", "111122223333"],
    );
    assert_eq!(ran.exit, Exit::Ok);
    let answer = ran.json();
    assert_eq!(answer["kind"], "trust");
    assert_eq!(answer["public"], "no");
    assert_eq!(answer["outside"][0]["principal"], "444455556666");
    let reasons = answer["reasons"].to_string();
    assert!(reasons.contains("no external id"), "{reasons}");
}

#[test]
fn an_identity_policy_has_all_its_keys() {
    let ran = check(
        &one(r#""Effect":"Allow","Action":"iam:CreatePolicyVersion","Resource":"*""#),
        &["--account", "111122223333"],
    );
    assert_eq!(ran.exit, Exit::Ok);
    let answer = ran.json();
    let mut found = keys(&answer);
    found.sort_unstable();
    assert_eq!(found, ["admin", "escalation", "kind", "reasons", "schema", "witness"]);
    assert_eq!(answer["kind"], "identity");
    assert_eq!(answer["admin"], "no");
    let way = &answer["escalation"][0];
    let mut found = keys(way);
    found.sort_unstable();
    assert_eq!(found, ["actions", "conditional", "method", "statements"]);
    assert_eq!(way["actions"], json!(["iam:CreatePolicyVersion"]));
    assert_eq!(way["statements"], json!([1]));
    assert_eq!(way["conditional"], false);
    assert_eq!(answer["witness"]["action"], "iam:CreatePolicyVersion");
}

#[test]
fn an_administrator_under_a_condition_is_its_own_answer() {
    let all = r#""Effect":"Allow","Action":"*","Resource":"*""#;
    let mfa = r#""Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    assert_eq!(check(&one(all), &[]).json()["admin"], "yes");
    assert_eq!(check(&one(&format!("{all},{mfa}")), &[]).json()["admin"], "conditional");
}

#[test]
fn exit_codes() {
    let open = on_bucket(r#""Principal":"*""#);
    assert_eq!(check(&open, &[]).exit, Exit::Ok);
    let missing = cspm(&["check", "/no/such/policy.json"], b"");
    assert_eq!(missing.exit, Exit::Failed);
    assert!(missing.err.contains("/no/such/policy.json"), "{}", missing.err);
    for (input, said) in [
        (&b""[..], "empty"),
        (b"{", "line 1"),
        (b"[]", "line 1"),
        (b"{\"Statement\":[]}{", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"{\"Version\":\"2012-10-17\",\n\"Statement\":{\"Effect\":\"Maybe\"}}", "line 2, column"),
        (b"{\"Policy\":\"{}\"}", "AWS CLI"),
    ] {
        let ran = cspm(&["check", "-"], input);
        assert_eq!(ran.exit, Exit::Usage, "{}", ran.err);
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
        assert!(ran.err.contains("hint: "), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
    for wrong in [
        &["check"][..],
        &["check", "-", "--account", "12"],
        &["check", "-", "--kind", "bucket"],
        &["check", "-", "--kind", "trust", "--service", "s3"],
        &["check", "-", "--service", "a b"],
        &["simulate", "-", "--principal", "*", "--action", "s3:GetObject"],
    ] {
        assert_eq!(cspm(wrong, open.as_bytes()).exit, Exit::Usage, "{wrong:?}");
    }
    let strange =
        on_bucket(r#""Principal":"*","Condition":{"StringEquals":{"made:UpByNobody":"x"}}"#);
    let ran = check(&strange, &[]);
    assert_eq!((ran.exit, &ran.json()["reachable"]), (Exit::Undecided, &json!("unknown")));
}

#[test]
fn the_kind_can_be_said_and_a_service_that_is_not_named_is_noted() {
    let everything = one(r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#);
    let answer = check(&everything, &[]).json();
    assert_eq!((&answer["kind"], &answer["public"]), (&json!("resource"), &json!("yes")));
    assert!(answer["reasons"][0].as_str().unwrap().contains("read as a bucket policy"));
    let said = check(&everything, &["--kind", "resource", "--service", "sqs"]).json();
    assert!(!said["reasons"].to_string().contains("read as a bucket policy"));
    let wrong = cspm(&["check", "-", "--kind", "identity"], everything.as_bytes());
    assert_eq!(wrong.exit, Exit::Usage);
    assert!(wrong.err.contains("--kind"), "{}", wrong.err);
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_policy() {
    let policy = format!("\u{feff}{}", on_bucket(r#""Principal":"*""#));
    assert_eq!(check(&policy, &[]).exit, Exit::Ok);
}

#[test]
fn the_page_answers_first_and_cannot_be_forged() {
    let policy = on_bucket(r#""Principal":"*""#);
    let text = page(&policy, &[]);
    assert!(text.starts_with("Public: "), "{text}");
    assert!(text.contains("One request that statement 1 lets through"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let forged = one(
        r#""Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:Get\u001b[2J\nClosed","Resource":"arn:aws:s3:::b/\u202e*""#,
    );
    let text = page(&forged, &["--kind", "resource"]);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    assert!(text.lines().all(|line| !line.starts_with("Closed")), "{text}");
}

#[test]
fn the_page_of_an_identity_policy_lists_the_ways_with_their_statements() {
    let text = page(
        &one(
            r#""Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*""#,
        ),
        &[],
    );
    assert!(text.starts_with("Not administrator-equivalent, but"), "{text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("lambda:InvokeFunction, by statement 1"), "{text}");
    assert!(text.contains("iam:PassRole"), "{text}");
    assert!(
        page(&one(r#""Effect":"Allow","Action":"*","Resource":"*""#), &[])
            .starts_with("Administrator-equivalent.")
    );
}

const OFFICE: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}},
    {"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/secret/*"},
    {"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"StringEquals":{"s3:prefix":"x=y"}}}]}"#;

fn simulate(request: &[&str]) -> Ran {
    let mut args = vec!["simulate", "-", "--format", "json"];
    args.extend(request);
    cspm(&args, OFFICE.as_bytes())
}

#[test]
fn a_request_is_decided_and_the_statement_is_named() {
    let get = |key: &str, context: &[&str]| {
        let arn = format!("arn:aws:s3:::b/{key}");
        let mut args = vec!["--principal", "*", "--action", "s3:GetObject", "--resource", &arn];
        args.extend(context);
        simulate(&args)
    };
    let office = ["--context", "aws:SourceIp=192.0.2.9"];
    for (ran, decision, statement, exit) in [
        (get("a", &office), "allowed", json!(1), Exit::Ok),
        (get("secret/a", &office), "explicit_deny", json!(2), Exit::Ok),
        (
            get("a", &["--context", "aws:sourceip=198.51.100.1"]),
            "implicit_deny",
            Value::Null,
            Exit::Ok,
        ),
    ] {
        let answer = ran.json();
        assert_eq!(answer["schema"], "cspm-policy-simulate/1");
        assert_eq!(answer["decision"], decision);
        assert_eq!(answer["statement"], statement);
        assert_eq!(ran.exit, exit);
    }
}

#[test]
fn a_request_may_be_undecided() {
    let policy = one(
        r#""Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}"#,
    );
    let request = ["--principal", "arn:aws:iam::111122223333:user/ann", "--action", "s3:GetObject"];
    let mut args = vec!["simulate", "-", "--resource", "arn:aws:s3:::b/a"];
    args.extend(request);
    let ran = cspm(&args, policy.as_bytes());
    assert_eq!(ran.exit, Exit::Undecided, "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("Undecided"), "{}", ran.out);
    assert!(ran.out.contains("aws:CurrentTime"), "{}", ran.out);
}

#[test]
fn context_is_read_as_key_and_value() {
    let list = |context: &[&str]| {
        let mut args = vec![
            "--principal",
            "arn:aws:iam::111122223333:user/ann",
            "--action",
            "s3:ListBucket",
            "--resource",
            "arn:aws:s3:::b",
        ];
        for pair in context {
            args.extend(["--context", pair]);
        }
        simulate(&args)
    };
    // What follows the first = is the value; a key may be given more than once.
    assert_eq!(list(&["s3:prefix=x=y"]).json()["decision"], "allowed");
    let both = ["s3:prefix=x=y", "aws:TagKeys=a", "AWS:tagkeys=b"];
    assert_eq!(list(&both).json()["decision"], "allowed");
    let more = ["s3:prefix=x=y", "aws:TagKeys=a", "aws:TagKeys=c"];
    assert_eq!(list(&more).json()["decision"], "implicit_deny");
    assert_eq!(list(&["s3:prefix="]).json()["decision"], "implicit_deny");
    for wrong in ["prefix", "s3:prefix", "=x", "prefix=x", ":a=x", "a:=x"] {
        assert_eq!(list(&[wrong]).exit, Exit::Usage, "{wrong}");
    }
}

#[test]
fn a_request_has_to_be_one_request() {
    for (principal, action, resource) in [
        ("ann", "s3:GetObject", "*"),
        ("*", "s3:*", "*"),
        ("*", "GetObject", "*"),
        ("*", "s3:GetObject", "bucket/key"),
    ] {
        let ran = simulate(&["--principal", principal, "--action", action, "--resource", resource]);
        assert_eq!(ran.exit, Exit::Usage, "{principal} {action} {resource}");
    }
}

mod documented;
mod hard_cases;
mod together;
