//! How many calls a scan makes.

use crate::support::moto::Moto;
use crate::support::program::Home;
use crate::support::proxy::Proxy;
use crate::support::report::Report;
use serde_json::json;

const ONE_REGION: &str = "regions = [\"us-east-1\"]\n";

fn calls(account: &str, users: usize, buckets: usize) -> (u64, usize) {
    let moto = Moto::shared();
    moto.seed("small", account, json!({ "users": users, "buckets": buckets }));
    let proxy = Proxy::before(moto);
    let home = Home::with_aws(&proxy.address).tenants(&format!(
        "[[tenant]]\nname = \"acme\"\naccount_id = \"{account}\"\n\
         role_arn = \"arn:aws:iam::{account}:role/CspmScan\"\n{ONE_REGION}"
    ));
    let report =
        Report::of(&home, 15, &["--tenant", "acme", "--service", "iam", "--service", "s3"]);
    let made: usize = proxy.calls().values().sum();
    let stated = report.0["scan"]["api_calls"].as_u64().unwrap();
    assert_eq!(stated as usize, made, "what the scan says is what went over the wire");
    (stated, proxy.calls()["iam:GenerateCredentialReport"])
}

#[test]
fn they_follow_the_buckets_and_not_the_users() {
    let (few, asked_few) = calls("555500000001", 1, 0);
    let (many, asked_many) = calls("555500000002", 60, 0);
    // moto writes the report at the first question and says so at the second.
    assert_eq!((asked_few, asked_many), (2, 2));
    assert_eq!(few, many, "the users cost no calls");
    // Session: GetCallerIdentity of both, AssumeRole. Account: 4. IAM: details,
    // certificates, both kinds of providers, the report in 3. S3: buckets,
    // access points and directory buckets of one region, Multi-Region Access
    // Points. Analyzers and trails of that region.
    assert_eq!(few, 3 + 4 + 4 + 3 + 4 + 2);
    let (with_buckets, _) = calls("555500000003", 1, 4);
    // moto's list does not say where the buckets are: once more per region.
    // Each bucket: 9 questions, and the status of the two with a policy.
    assert_eq!(with_buckets, few + 1 + 4 * 9 + 2);
}
