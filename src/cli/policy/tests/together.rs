//! `--with KIND=FILE`: several policies decide together.

use super::{Exit, Ran, Value, cspm, json, on_bucket, one};

/// The policies as files, with the directory that holds them.
fn files(named: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in named {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

fn run(
    command: &str,
    policy: &str,
    directory: &tempfile::TempDir,
    with: &[&str],
    more: &[&str],
) -> Ran {
    let with: Vec<String> = with
        .iter()
        .map(|name| {
            let (kind, file) = name.split_once('=').unwrap();
            format!("{kind}={}", directory.path().join(file).display())
        })
        .collect();
    let mut args = vec![command, "-"];
    for one in &with {
        args.extend(["--with", one]);
    }
    args.extend(more);
    cspm(&args, policy.as_bytes())
}

const ANN: &str = "arn:aws:iam::111122223333:user/ann";

#[test]
fn a_request_is_decided_by_all_policies_together() {
    let all = one(r#""Effect":"Allow","Action":"*","Resource":"*""#);
    let ec2 = one(r#""Effect":"Allow","Action":"ec2:*","Resource":"*""#);
    let bucket = on_bucket(&format!(r#""Principal":{{"AWS":"{ANN}"}}"#));
    let deny = one(r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#);
    let directory = files(&[("ec2", &ec2), ("bucket", &bucket), ("deny", &deny)]);
    let get = |with: &[&str]| {
        let request = [
            "--principal",
            ANN,
            "--action",
            "s3:GetObject",
            "--resource",
            "arn:aws:s3:::amzn-s3-demo-bucket/a",
            "--context",
            "aws:ResourceAccount=111122223333",
        ];
        let text = run("simulate", &all, &directory, with, &request).out;
        assert!(
            text.lines().all(|line| line.chars().count() <= 80 || line.contains('/')),
            "{text}"
        );
        let json = [&request[..], &["--format", "json"]].concat();
        (run("simulate", &all, &directory, with, &json).json(), text)
    };
    let (answer, text) = get(&[]);
    assert_eq!(
        (&answer["decision"], &answer["policy"]),
        (&json!("allowed"), &json!("identity policy"))
    );
    assert!(text.contains("By this policy alone"), "{text}");
    let (answer, text) = get(&["boundary=ec2"]);
    assert_eq!(answer["decision"], "implicit_deny");
    assert_eq!(answer["lacking"], json!(["permissions boundary", "resource policy"]));
    assert!(text.starts_with("Denied: not allowed by the permissions boundary"), "{text}");
    // The bucket names the user: the boundary does not limit that.
    let (answer, text) = get(&["boundary=ec2", "resource=bucket"]);
    assert_eq!(answer["decision"], "allowed");
    assert!(answer["policy"].as_str().unwrap().starts_with("resource policy "));
    assert_eq!(answer["statement"], 1);
    assert!(text.contains("By the policies given"), "{text}");
    assert_eq!(
        get(&["scp=ec2", "resource=bucket"]).0["lacking"],
        json!(["service control policy"])
    );
    let (answer, text) = get(&["rcp=deny"]);
    assert_eq!(answer["decision"], "explicit_deny");
    assert!(text.contains("resource control policy"), "{text}");
}

#[test]
fn a_check_within_boundary_and_organization() {
    let all = one(r#""Effect":"Allow","Action":"*","Resource":"*""#);
    let ec2 = one(r#""Effect":"Allow","Action":"ec2:*","Resource":"*""#);
    let perimeter = one(
        r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-a","aws:SourceOrgID":"o-a"}}"#,
    );
    let directory = files(&[("all", &all), ("ec2", &ec2), ("rcp", &perimeter)]);
    let admin = |with: &[&str]| run("check", &all, &directory, with, &["--format", "json"]).json();
    assert_eq!(admin(&[])["admin"], "yes");
    assert_eq!(admin(&["boundary=all"])["admin"], "yes");
    assert_eq!(admin(&["boundary=ec2"])["admin"], "no");
    assert_eq!(admin(&["scp=ec2"])["admin"], "no");
    assert_eq!(admin(&["scp=ec2", "scp=all"])["admin"], "yes");
    let reasons = |answer: Value| answer["reasons"].to_string();
    assert!(reasons(admin(&[])).contains("organization policies not seen"));
    assert!(reasons(admin(&["scp=all"])).contains("resource control policies not seen"));
    assert!(!reasons(admin(&["scp=all", "rcp=rcp"])).contains("not seen"));
    let open = on_bucket(r#""Principal":"*""#);
    let within = run("check", &open, &directory, &["rcp=rcp"], &["--format", "json"]).json();
    assert_eq!((&within["public"], &within["reachable"]), (&json!("yes"), &json!("no")));
}

#[test]
fn what_cannot_be_said_together_is_refused() {
    let all = one(r#""Effect":"Allow","Action":"*","Resource":"*""#);
    let bucket = on_bucket(r#""Principal":"*""#);
    let directory = files(&[("all", &all), ("bucket", &bucket), ("broken", "{")]);
    let request = ["--principal", ANN, "--action", "s3:GetObject", "--resource", "*"];
    for (command, policy, with, said) in [
        ("check", &bucket, &["boundary=all"][..], "beside it may be: rcp"),
        ("check", &all, &["session=all"], "beside it may be: boundary, scp, rcp"),
        ("check", &all, &["boundary=all", "boundary=all"], "once"),
        ("check", &all, &["boundary=broken"], "line 1"),
        ("check", &all, &["boundary=bucket"], "an identity policy has no"),
        ("simulate", &bucket, &["resource=bucket"], "--with resource"),
        ("simulate", &all, &["resource=all"], "names principals"),
    ] {
        let more: &[&str] = if command == "simulate" { &request } else { &[] };
        let ran = run(command, policy, &directory, with, more);
        assert_eq!(ran.exit, Exit::Usage, "{command} {with:?}");
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
        assert_eq!(ran.out, "");
    }
    let gone = run("check", &all, &directory, &["boundary=gone"], &[]);
    assert_eq!(gone.exit, Exit::Failed, "{}", gone.err);
    for wrong in ["boundary", "boundary=", "limits=a", "=a"] {
        let ran = cspm(&["check", "-", "--with", wrong], all.as_bytes());
        assert_eq!(ran.exit, Exit::Usage, "{wrong}");
        assert!(ran.err.contains("KIND=FILE"), "{}", ran.err);
    }
    let twice = cspm(&["check", "-", "--with", "boundary=-"], all.as_bytes());
    assert_eq!(twice.exit, Exit::Usage);
    assert!(twice.err.contains("standard input"), "{}", twice.err);
}
