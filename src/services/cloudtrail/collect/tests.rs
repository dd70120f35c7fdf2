//! The collector of trails, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::wire::{Answer, Collected, Request, Wire, json_error, known, ok};
use crate::aws::{Plan, Regions};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL, Gap};
use crate::services::cloudtrail::Trail;
use serde_json::{Value, json};

const OWN: &str = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/own";
const LOCAL: &str = "arn:aws:cloudtrail:us-east-1:123456789012:trail/local";
const ORG: &str = "arn:aws:cloudtrail:ap-south-1:999988887777:trail/org";

fn trail(arn: &str, multi_region: bool) -> Value {
    json!({
        "Name": arn.rsplit('/').next(),
        "S3BucketName": "logs",
        "IncludeGlobalServiceEvents": multi_region,
        "IsMultiRegionTrail": multi_region,
        "HomeRegion": arn.split(':').nth(3),
        "TrailARN": arn,
        "LogFileValidationEnabled": true,
        "IsOrganizationTrail": arn == ORG,
        "HasCustomEventSelectors": false,
        "KmsKeyId": "",
    })
}

/// Three trails: one of eu-west-1 and one of ap-south-1 that work everywhere,
/// and one of us-east-1 that works there only.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "DescribeTrails" => {
            let mut trails = vec![trail(OWN, true), trail(ORG, true)];
            if request.region() == "us-east-1" {
                trails.push(trail(LOCAL, false));
            }
            ok(&json!({ "trailList": trails }).to_string())
        }
        "GetTrailStatus" => ok(&json!({
            "IsLogging": !request.body.contains("local"),
            "LatestCloudWatchLogsDeliveryError": if request.body.contains("local") { "no" } else { "" },
        })
        .to_string()),
        "GetEventSelectors" if request.body.contains("org") => ok(&json!({
            "TrailARN": ORG,
            "AdvancedEventSelectors": [{ "Name": "all", "FieldSelectors": [
                { "Field": "eventCategory", "Equals": ["Management"] },
                { "Field": "eventSource", "NotEquals": ["kms.amazonaws.com"] },
            ]}],
        })
        .to_string()),
        "GetEventSelectors" => ok(&json!({
            "TrailARN": OWN,
            "EventSelectors": [{
                "ReadWriteType": "Everything",
                "IncludeManagementEvents": true,
                "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }],
                "ExcludeManagementEventSources": [],
            }],
        })
        .to_string()),
        _ => return None,
    })
}

fn but(operation: &'static str, about: &'static str, answer: Answer) -> Wire {
    Wire::start(move |request| {
        if request.operation() == operation
            && (request.body.contains(about) || request.region() == about)
        {
            Some(answer.clone())
        } else {
            full(request)
        }
    })
}

async fn collect(wire: &Wire, regions: &[&str]) -> Collected {
    wire.collect(Plan::everything([Trail::resource_type()]), regions).await
}

const REGIONS: &[&str] = &["eu-west-1", "us-east-1"];

#[tokio::test]
async fn a_trail_that_many_regions_list_is_read_once_and_at_home() {
    let wire = Wire::start(full);
    let collected = collect(&wire, REGIONS).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("cloudtrail.trail", GLOBAL).is_empty());
    assert_eq!(collected.ids("cloudtrail.trail"), ["local", "org", "own"]);
    for (id, arn, region) in
        [("own", OWN, "eu-west-1"), ("local", LOCAL, "us-east-1"), ("org", ORG, "ap-south-1")]
    {
        let resource = collected.resource("cloudtrail.trail", id);
        assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (arn, region));
    }
    // One list in each region, with shadows, and two questions about each
    // trail, by ARN: at home, or where it was seen if home is not read.
    assert_eq!((wire.count("DescribeTrails"), wire.requests().len()), (2, 1 + 2 + 2 * 3));
    for request in wire.requests() {
        let (body, region) = (request.body.as_str(), request.region());
        match request.operation().as_str() {
            "DescribeTrails" => assert!(body.contains("\"includeShadowTrails\":true"), "{body}"),
            "GetCallerIdentity" => {}
            _ if body.contains(LOCAL) => assert_eq!(region, "us-east-1"),
            _ => {
                assert!(body.contains(OWN) || body.contains(ORG), "{body}");
                assert_eq!(region, "eu-west-1");
            }
        }
    }
    let own: Trail = collected.document("cloudtrail.trail", "own");
    assert_eq!((known(own.multi_region), known(own.logging)), (true, true));
    assert_eq!((own.kms_key, own.log_group_error), (Fact::Absent, Fact::Absent), "empty texts");
    assert_eq!(own.advanced_selectors, Fact::Absent);
    let selectors = known(own.selectors);
    let selector = selectors.first().unwrap();
    assert_eq!(selector.read_write_type.as_deref(), Some("Everything"), "kept as it is");
    let data = selector.data_resources.as_ref().unwrap().first().unwrap();
    assert_eq!(data.values.as_deref(), Some(&["arn:aws:s3".to_owned()][..]));
    let local: Trail = collected.document("cloudtrail.trail", "local");
    assert_eq!((known(local.logging), known(local.log_group_error)), (false, "no".to_owned()));
    let org: Trail = collected.document("cloudtrail.trail", "org");
    assert_eq!((org.selectors, org.organization), (Fact::Absent, Fact::Known(true)));
    let advanced = known(org.advanced_selectors);
    let conditions = &advanced.first().unwrap().field_selectors;
    let fields: Vec<&str> = conditions.iter().map(|condition| condition.field.as_str()).collect();
    assert_eq!(fields, ["eventCategory", "eventSource"]);
}

#[tokio::test]
async fn a_region_that_refuses_its_list_is_a_gap_and_its_trails_are_seen_from_others() {
    let denied = json_error(
        400,
        "AccessDeniedException",
        "User: x is not authorized to perform: cloudtrail:DescribeTrails with an explicit deny in a service control policy",
    );
    let wire = but("DescribeTrails", "eu-west-1", denied);
    let collected = collect(&wire, REGIONS).await;
    let missing = collected.missing("cloudtrail.trail", GLOBAL);
    let told: Vec<_> = missing
        .iter()
        .map(|gap| (gap.operation.as_str(), gap.region.as_str(), gap.class))
        .collect();
    assert_eq!(told, [("cloudtrail:DescribeTrails", "eu-west-1", ErrorClass::OrganizationDenied)]);
    assert_eq!(collected.ids("cloudtrail.trail"), ["local", "org", "own"]);
    let own = collected.resource("cloudtrail.trail", "own");
    assert_eq!(own.region.as_ref(), "eu-west-1");
    let asked: Vec<_> = wire.requests().into_iter().filter(|r| r.body.contains(OWN)).collect();
    assert!(asked.len() == 2 && asked.iter().all(|request| request.region() == "us-east-1"));
}

#[tokio::test]
async fn regions_that_nobody_could_name_hide_their_trails() {
    let wire = Wire::start(full);
    let gap = Gap::new(
        &crate::services::aws::DESCRIBE_REGIONS,
        "us-east-1",
        ErrorClass::AccessDenied,
        "no",
    );
    let regions =
        Regions { read: vec!["eu-west-1".to_owned()], gap: Some(gap), ..Regions::default() };
    let plan = Plan::everything([Trail::resource_type()]);
    let collected = wire.collect_in(plan, regions).await;
    let missing = collected.missing("cloudtrail.trail", GLOBAL);
    assert_eq!(missing.first().unwrap().operation, "ec2:DescribeRegions");
    assert_eq!(collected.ids("cloudtrail.trail"), ["org", "own"]);
}

#[tokio::test]
async fn each_refusal_hides_its_members_and_no_others() {
    for (code, class) in [
        ("AccessDeniedException", ErrorClass::AccessDenied),
        ("ThrottlingException", ErrorClass::Throttled),
        ("CloudTrailARNInvalidException", ErrorClass::Other),
    ] {
        let wire = but("GetTrailStatus", "own", json_error(400, code, "no"));
        let collected = collect(&wire, REGIONS).await;
        let own: Trail = collected.document("cloudtrail.trail", "own");
        let gap = collected.why(&own.logging);
        assert_eq!((gap.class, gap.resource.as_deref()), (class, Some(OWN)));
        assert_eq!(
            (gap.operation.as_str(), gap.region.as_str()),
            ("cloudtrail:GetTrailStatus", "eu-west-1")
        );
        assert_eq!(collected.why(&own.log_group_error).class, class);
        assert!(matches!(own.selectors, Fact::Known(_)));
        assert!(matches!(
            collected.document::<Trail>("cloudtrail.trail", "org").logging,
            Fact::Known(_)
        ));

        let wire = but("GetEventSelectors", "own", json_error(400, code, "no"));
        let collected = collect(&wire, REGIONS).await;
        let own: Trail = collected.document("cloudtrail.trail", "own");
        assert_eq!(collected.why(&own.selectors).class, class);
        assert_eq!(collected.why(&own.advanced_selectors).class, class);
        assert!(matches!(own.logging, Fact::Known(true)));
    }
}

#[tokio::test]
async fn a_trail_of_ones_own_that_is_gone_is_left_out_and_one_of_another_account_is_not_known() {
    let gone = || json_error(400, "TrailNotFoundException", "Unknown trail");
    let wire = but("GetEventSelectors", "own", gone());
    let collected = collect(&wire, REGIONS).await;
    assert_eq!(collected.ids("cloudtrail.trail"), ["local", "org"]);
    assert!(collected.gaps.is_empty());
    // What a member account hears of its organization's trail.
    let wire = but("GetEventSelectors", "org", gone());
    let collected = collect(&wire, REGIONS).await;
    let org: Trail = collected.document("cloudtrail.trail", "org");
    assert_eq!(collected.why(&org.selectors).code.as_deref(), Some("TrailNotFoundException"));
    assert_eq!(org.logging, Fact::Known(true));
}

#[tokio::test]
async fn replies_in_another_shape_are_malformed() {
    for (operation, body) in [
        ("GetTrailStatus", "{}"),
        ("GetTrailStatus", "{\"IsLogging\":"),
        ("GetEventSelectors", "{\"TrailARN\":\"x\"}"),
        ("GetEventSelectors", "{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[]}]}"),
        (
            "GetEventSelectors",
            "{\"AdvancedEventSelectors\":[{\"FieldSelectors\":[{\"Equals\":[\"Data\"]}]}]}",
        ),
    ] {
        let wire = but(operation, "own", ok(body));
        let collected = collect(&wire, REGIONS).await;
        let gaps: Vec<_> =
            collected.gaps.iter().map(|(_, gap)| (gap.class, gap.operation.as_str())).collect();
        let expected = format!("cloudtrail:{operation}");
        assert_eq!(gaps, [(ErrorClass::Malformed, expected.as_str())], "{body}");
    }
    for body in
        ["{}", "{\"trailList\":[{\"Name\":\"x\"}]}", "{\"trailList\":[{\"TrailARN\":\"x\"}]}"]
    {
        let wire = but("DescribeTrails", "", ok(body));
        let collected = collect(&wire, &["eu-west-1"]).await;
        let classes: Vec<_> =
            collected.missing("cloudtrail.trail", GLOBAL).iter().map(|gap| gap.class).collect();
        assert_eq!(classes, [ErrorClass::Malformed], "{body}");
    }
    let bare = json!({ "trailList": [{ "TrailARN": OWN }] }).to_string();
    let wire = but("DescribeTrails", "", ok(&bare));
    let collected = collect(&wire, &["eu-west-1"]).await;
    let own: Trail = collected.document("cloudtrail.trail", "own");
    assert_eq!(collected.why(&own.multi_region).class, ErrorClass::Malformed);
    assert_eq!(collected.why(&own.log_file_validation).class, ErrorClass::Malformed);
    assert_eq!(own.kms_key, Fact::Absent);
}
