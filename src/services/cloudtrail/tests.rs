//! What trails record, by every kind of selector.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::coverage::{Kind, TooMany, missed};
use super::selectors::condition;
use super::*;
use crate::inventory::{Gaps, Value};
use crate::services::s3::Bucket;
use crate::services::testing::{ACCOUNT, Answered, World, ask, gaps};

const MANAGEMENT: &[(&str, &str)] = &[("eventCategory", "Management")];
const WRITES: &[(&str, &str)] =
    &[("eventCategory", "Data"), ("resources.type", "AWS::S3::Object"), ("readOnly", "false")];
const DATA: &str = "arn:aws:s3:::data/";

fn texts(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

/// A condition: `field op value,value`.
fn parse(text: &str) -> AdvancedFieldSelector {
    let words: Vec<&str> = text.split(' ').collect();
    let [field, operator, values] = words.as_slice() else { panic!("{text}") };
    let values = texts(&values.split(',').collect::<Vec<_>>());
    let mut parsed = condition(field);
    match *operator {
        "=" => parsed.equals = values,
        "^" => parsed.starts_with = values,
        "$" => parsed.ends_with = values,
        "!=" => parsed.not_equals = values,
        "!^" => parsed.not_starts_with = values,
        "!$" => parsed.not_ends_with = values,
        other => panic!("{other}"),
    }
    parsed
}

/// A selector: conditions with `;` between.
fn advanced(text: &str) -> AdvancedEventSelector {
    let field_selectors = text.split("; ").map(parse).collect();
    AdvancedEventSelector { name: None, field_selectors }
}

/// The event that these selectors miss, as text; `-` if they miss none.
fn misses(fixed: &[(&str, &str)], arns: &str, all: &[&str]) -> String {
    let selectors: Vec<AdvancedEventSelector> = all.iter().map(|text| advanced(text)).collect();
    let by_reference: Vec<&AdvancedEventSelector> = selectors.iter().collect();
    match missed(&by_reference, &Kind { fixed, arns }) {
        Ok(None) => "-".to_owned(),
        Ok(Some(event)) => {
            let fields: Vec<String> =
                event.iter().map(|(field, value)| format!("{field}={value}")).collect();
            fields.join(" ")
        }
        Err(TooMany) => "too many".to_owned(),
    }
}

#[test]
fn management_events() {
    for (selectors, missed) in [
        (&[][..], ""),
        (&["eventCategory = Management"], "-"),
        (&["eventCategory = Data; resources.type = AWS::S3::Object"], ""),
        (&["eventCategory = Management; readOnly = true"], "readOnly=false"),
        (
            &[
                "eventCategory = Management; readOnly = true",
                "eventCategory = Management; readOnly = false",
            ],
            "-",
        ),
        (&["eventCategory = Management; readOnly = true,false"], "-"),
        (
            &["eventCategory = Management; eventSource != kms.amazonaws.com"],
            "eventSource=kms.amazonaws.com",
        ),
        // Two halves that together leave nothing out, and two that do.
        (
            &[
                "eventCategory = Management; eventSource != kms.amazonaws.com",
                "eventCategory = Management; eventSource = kms.amazonaws.com",
            ],
            "-",
        ),
        (
            &[
                "eventCategory = Management; eventSource != kms.amazonaws.com",
                "eventCategory = Management; eventSource = kms.amazonaws.com; readOnly = false",
            ],
            "eventSource=kms.amazonaws.com readOnly=true",
        ),
        (
            &[
                "eventCategory = Management; eventSource != kms.amazonaws.com",
                "eventCategory = Management; eventSource != rdsdata.amazonaws.com",
            ],
            "-",
        ),
        (&["eventCategory = Management; eventName ^ Get"], "eventName=…"),
        (&["eventCategory = Management; eventName !$ Object"], "eventName=…Object"),
        (
            &[
                "eventCategory = Management; eventName ^ Get",
                "eventCategory = Management; eventName !^ Get",
            ],
            "-",
        ),
        (
            &["eventCategory = Management; userIdentity.arn !^ arn:aws:sts::1:assumed-role/noise"],
            "userIdentity.arn=arn:aws:sts::1:assumed-role/noise…",
        ),
        // Both groups of operators: selected, and not deselected.
        (
            &[
                "eventCategory = Management; eventName ^ Get; eventName != GetObject",
                "eventCategory = Management; eventName !^ Get",
            ],
            "eventName=GetObject",
        ),
    ] {
        assert_eq!(misses(MANAGEMENT, "", selectors), missed, "{selectors:?}");
    }
}

#[test]
fn operators_that_select_are_alternatives() {
    let mut both = parse("eventName ^ Get");
    both.ends_with = texts(&["Object"]);
    both.equals = texts(&["ListBuckets"]);
    let selector = |conditions: Vec<AdvancedFieldSelector>| {
        let mut field_selectors = vec![parse("eventCategory = Management")];
        field_selectors.extend(conditions);
        AdvancedEventSelector { name: None, field_selectors }
    };
    let rest = advanced(
        "eventCategory = Management; eventName !^ Get; eventName !$ Object; eventName != ListBuckets",
    );
    let kind = Kind { fixed: MANAGEMENT, arns: "" };
    let one = selector(vec![both]);
    assert_eq!(missed(&[&one, &rest], &kind), Ok(None));
    assert!(missed(&[&one], &kind).unwrap().is_some());
    assert!(missed(&[&rest], &kind).unwrap().is_some());
}

#[test]
fn object_writes_of_a_bucket() {
    let s3 = "eventCategory = Data; resources.type = AWS::S3::Object";
    for (conditions, missed) in [
        ("", "-"),
        ("; readOnly = false", "-"),
        ("; readOnly = true", ""),
        ("; resources.ARN ^ arn:aws:s3", "-"),
        ("; resources.ARN ^ arn:aws:s3:::", "-"),
        ("; resources.ARN ^ arn:aws:s3:::data/", "-"),
        ("; resources.ARN ^ arn:aws:s3:::logs/,arn:aws:s3:::data/", "-"),
        ("; resources.ARN ^ arn:aws:s3:::dat", "-"),
        ("; resources.ARN ^ arn:aws:s3:::logs/", "resources.ARN=arn:aws:s3:::data/…"),
        ("; resources.ARN ^ arn:aws:s3:::data2/", "resources.ARN=arn:aws:s3:::data/…"),
        ("; resources.ARN ^ arn:aws:s3:::data/secret/", "resources.ARN=arn:aws:s3:::data/…"),
        ("; resources.ARN = arn:aws:s3:::data/one", "resources.ARN=arn:aws:s3:::data/…"),
        ("; resources.ARN !^ arn:aws:s3:::logs/", "-"),
        ("; resources.ARN !^ arn:aws:s3:::data/", "resources.ARN=arn:aws:s3:::data/…"),
        ("; resources.ARN !^ arn:aws:s3:::data/tmp/", "resources.ARN=arn:aws:s3:::data/tmp/…"),
        ("; resources.ARN != arn:aws:s3:::data/noise", "resources.ARN=arn:aws:s3:::data/noise"),
        ("; resources.ARN !$ .log", "resources.ARN=arn:aws:s3:::data/….log"),
        ("; eventName = PutObject", "eventName=…"),
        ("; eventName != PutObjectTagging", "eventName=PutObjectTagging"),
    ] {
        let selector = format!("{s3}{conditions}");
        assert_eq!(misses(WRITES, DATA, &[&selector]), missed, "{conditions}");
    }
    // What one leaves out another may have.
    let out = format!("{s3}; resources.ARN !^ arn:aws:s3:::data/tmp/");
    let tmp = format!("{s3}; resources.ARN ^ arn:aws:s3:::data/tmp/");
    assert_eq!(misses(WRITES, DATA, &[&out, &tmp]), "-");
    for other in [
        "eventCategory = Data; resources.type = AWS::Lambda::Function",
        "eventCategory = Management",
    ] {
        assert_eq!(misses(WRITES, DATA, &[other]), "");
    }
}

#[test]
fn too_many_filters_are_not_added_up() {
    let names =
        |letter: char| (0..400).map(|n| format!("{letter}{n}")).collect::<Vec<_>>().join(",");
    let selector = format!(
        "eventCategory = Management; eventName = {}; eventSource = {}",
        names('a'),
        names('b')
    );
    assert_eq!(misses(MANAGEMENT, "", &[&selector]), "too many");
    let two = format!("eventCategory = Management; eventName != {}", names('a'));
    assert_eq!(misses(MANAGEMENT, "", &[&two]), "eventName=a0");
}

fn basic() -> EventSelector {
    EventSelector {
        read_write_type: Some("All".to_owned()),
        include_management_events: Some(true),
        data_resources: Some(Vec::new()),
        exclude_management_event_sources: Some(Vec::new()),
    }
}

fn data(kind: &str, values: &[&str]) -> Option<Vec<DataResource>> {
    Some(vec![DataResource { kind: Some(kind.to_owned()), values: texts(values) }])
}

fn trail(name: &str, region: &str, change: impl FnOnce(&mut Trail)) -> Resource {
    let mut trail = Trail {
        multi_region: Fact::Known(true),
        logging: Fact::Known(true),
        selectors: Fact::Known(vec![basic()]),
        advanced_selectors: Fact::Absent,
        ..Trail::not_collected()
    };
    change(&mut trail);
    let arn = format!("arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/{name}");
    Resource::new(name, &arn, region, trail)
}

fn with_basic(change: impl FnOnce(&mut EventSelector)) -> Resource {
    let mut selector = basic();
    change(&mut selector);
    trail("main", "eu-west-1", |trail| trail.selectors = Fact::Known(vec![selector]))
}

fn management(world: &World) -> Answered {
    let account = crate::services::aws::Account::not_collected();
    let arn = "arn:aws:account::111122223333:account";
    let account = Resource::new(ACCOUNT, arn, crate::inventory::GLOBAL, account);
    ask("cloudtrail.management_events", &account, world)
}

fn state(trails: Vec<Resource>) -> (Value, String, Vec<String>) {
    let answer = management(&World::of(trails));
    let Value::Text(state) = answer.member("state") else { panic!("{:?}", answer.value) };
    (answer.member("recorded"), state.as_ref().to_owned(), answer.texts("reasons"))
}

#[test]
fn one_trail_that_has_everything_is_enough() {
    let good = || trail("good", "eu-west-1", |_| {});
    assert_eq!(state(vec![good()]), (Value::Bool(true), "all".to_owned(), vec![]));
    let stopped = trail("old", "us-east-1", |trail| trail.logging = Fact::Known(false));
    let answer = management(&World::of(vec![stopped, good()]).hiding("cloudtrail.trail", 1));
    assert_eq!(answer.member("recorded"), Value::Bool(true));
    assert_eq!(answer.texts("trails"), ["good (eu-west-1)"]);
}

#[test]
fn what_the_trails_lack_is_said() {
    let no = Value::Bool(false);
    assert_eq!(state(vec![]), (no.clone(), "none".to_owned(), vec![]));
    let stopped = trail("main", "eu-west-1", |trail| trail.logging = Fact::Known(false));
    let reasons = vec!["main (eu-west-1) is stopped".to_owned()];
    assert_eq!(state(vec![stopped.clone()]), (no.clone(), "stopped".to_owned(), reasons));
    let local = trail("local", "eu-west-1", |trail| trail.multi_region = Fact::Known(false));
    let reasons = vec!["local (eu-west-1) works in one region only".to_owned()];
    assert_eq!(state(vec![local.clone()]), (no.clone(), "regions".to_owned(), reasons));
    // One that is stopped and one that covers its region only are not one good trail.
    let (recorded, found, reasons) = state(vec![stopped, local]);
    assert_eq!((recorded, found.as_str(), reasons.len()), (no.clone(), "regions", 2));
    for (change, lacks) in [
        (with_basic(|s| s.read_write_type = Some("WriteOnly".to_owned())), " with readOnly true"),
        (with_basic(|s| s.read_write_type = Some("ReadOnly".to_owned())), " with readOnly false"),
        (with_basic(|s| s.include_management_events = Some(false)), ""),
        (
            with_basic(|s| s.exclude_management_event_sources = texts(&["kms.amazonaws.com"])),
            " with eventSource kms.amazonaws.com",
        ),
        (trail("main", "eu-west-1", |trail| trail.selectors = Fact::Known(vec![])), ""),
    ] {
        let lacks = format!("main (eu-west-1) does not record management events{lacks}");
        assert_eq!(state(vec![change]), (no.clone(), "events".to_owned(), vec![lacks]));
    }
}

#[test]
fn what_basic_selectors_leave_out_is_the_default() {
    let bare = EventSelector {
        read_write_type: None,
        include_management_events: None,
        data_resources: None,
        exclude_management_event_sources: None,
    };
    let trail = trail("main", "eu-west-1", |trail| trail.selectors = Fact::Known(vec![bare]));
    assert_eq!(state(vec![trail]).0, Value::Bool(true));
}

#[test]
fn what_was_not_read_of_a_trail_is_not_known() {
    let unknown = Value::Unknown(gaps(&[7]));
    let recorded = |trail: Resource| management(&World::of(vec![trail])).member("recorded");
    assert_eq!(
        recorded(trail("main", "eu-west-1", |trail| trail.logging = Fact::Unknown(gaps(&[7])))),
        unknown
    );
    assert_eq!(
        recorded(trail("main", "eu-west-1", |trail| trail.selectors = Fact::Unknown(gaps(&[7])))),
        unknown
    );
    assert_eq!(
        recorded(trail("main", "eu-west-1", |trail| {
            trail.selectors = Fact::Absent;
            trail.advanced_selectors = Fact::Unknown(gaps(&[7]));
        })),
        unknown
    );
    // What is known to be wrong decides all the same.
    let stopped = trail("main", "eu-west-1", |trail| {
        trail.logging = Fact::Known(false);
        trail.selectors = Fact::Unknown(gaps(&[7]));
    });
    assert_eq!(recorded(stopped), Value::Bool(false));
    let none = World::default().hiding("cloudtrail.trail", 8);
    assert_eq!(management(&none).member("recorded"), Value::Unknown(gaps(&[8])));
    assert_eq!(management(&none).member("state"), Value::Unknown(gaps(&[8])));
    let new = with_basic(|selector| selector.read_write_type = Some("Some".to_owned()));
    assert_eq!(recorded(new), Value::Unknown(Gaps::NONE), "a value that nobody knows");
}

fn bucket(region: &str) -> Resource {
    Resource::new("data", "arn:aws:s3:::data", region, Bucket::not_collected())
}

/// Whether writes and reads of bucket `data` in eu-west-1 are recorded.
fn objects(world: &World) -> [Value; 2] {
    ["cloudtrail.object_writes", "cloudtrail.object_reads"]
        .map(|question| ask(question, &bucket("eu-west-1"), world).member("recorded"))
}

fn all_objects(half: &str) -> Fact<Vec<EventSelector>> {
    Fact::Known(vec![EventSelector {
        read_write_type: Some(half.to_owned()),
        data_resources: data("AWS::S3::Object", &["arn:aws:s3"]),
        ..basic()
    }])
}

#[test]
fn object_events_by_basic_selectors() {
    let [yes, no] = [Value::Bool(true), Value::Bool(false)];
    for (half, kind, values, expected) in [
        ("All", "AWS::S3::Object", &["arn:aws:s3"][..], [&yes, &yes]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::"], [&yes, &yes]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::data/"], [&yes, &yes]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::logs/", "arn:aws:s3:::data/"], [&yes, &yes]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::data/part"], [&no, &no]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::logs/"], [&no, &no]),
        ("All", "AWS::S3::Object", &["arn:aws:s3:::data2/"], [&no, &no]),
        ("All", "AWS::S3::Object", &[], [&no, &no]),
        ("All", "AWS::Lambda::Function", &["arn:aws:lambda"], [&no, &no]),
        ("WriteOnly", "AWS::S3::Object", &["arn:aws:s3"], [&yes, &no]),
        ("ReadOnly", "AWS::S3::Object", &["arn:aws:s3"], [&no, &yes]),
    ] {
        let trail = with_basic(|selector| {
            selector.read_write_type = Some(half.to_owned());
            selector.data_resources = data(kind, values);
        });
        let found = objects(&World::of(vec![trail]));
        assert_eq!([&found[0], &found[1]], expected, "{half} {kind} {values:?}");
    }
    assert_eq!(objects(&World::of(vec![with_basic(|_| {})])), [no.clone(), no.clone()]);
    assert_eq!(objects(&World::default()), [no.clone(), no]);
}

#[test]
fn only_trails_that_log_where_the_bucket_is_count() {
    let recorded = |region: &str, multi_region: bool, logging: bool| {
        let trail = trail("main", region, |trail| {
            trail.multi_region = Fact::Known(multi_region);
            trail.logging = Fact::Known(logging);
            trail.selectors = all_objects("All");
        });
        objects(&World::of(vec![trail])) == [Value::Bool(true), Value::Bool(true)]
    };
    assert!(recorded("eu-west-1", false, true), "a trail of the bucket's own region");
    assert!(recorded("us-east-1", true, true), "a trail of all regions");
    assert!(!recorded("us-east-1", false, true), "a trail of another region");
    assert!(!recorded("eu-west-1", true, false), "a trail that is stopped");
}

#[test]
fn two_trails_may_record_a_half_each() {
    let half = |name: &str, selector: &str| {
        trail(name, "eu-west-1", |trail| {
            trail.selectors = Fact::Absent;
            trail.advanced_selectors = Fact::Known(vec![advanced(selector)]);
        })
    };
    let s3 = "eventCategory = Data; resources.type = AWS::S3::Object";
    let one = half("one", &format!("{s3}; resources.ARN ^ arn:aws:s3:::data/a"));
    let two = half("two", &format!("{s3}; resources.ARN !^ arn:aws:s3:::data/a; readOnly = true"));
    let world = World::of(vec![one, two]);
    assert_eq!(objects(&world), [Value::Bool(false), Value::Bool(true)]);
    let writes = ask("cloudtrail.object_writes", &bucket("eu-west-1"), &world);
    assert_eq!(
        writes.texts("reasons"),
        ["no trail records such events with resources.ARN arn:aws:s3:::data/…"]
    );
}

#[test]
fn object_events_are_not_known_only_where_it_matters() {
    let [yes, no] = [Value::Bool(true), Value::Bool(false)];
    let good = || trail("good", "eu-west-1", |trail| trail.selectors = all_objects("All"));
    let kind = "cloudtrail.trail";
    // Recorded, whatever else there is.
    assert_eq!(objects(&World::of(vec![good()]).hiding(kind, 1)), [yes.clone(), yes.clone()]);
    // A trail that was not seen may record it.
    let unseen = Value::Unknown(gaps(&[1]));
    assert_eq!(objects(&World::default().hiding(kind, 1)), [unseen.clone(), unseen]);
    let refused = |change: fn(&mut Trail)| {
        let trail = trail("main", "eu-west-1", |trail| {
            trail.selectors = all_objects("WriteOnly");
            change(trail);
        });
        objects(&World::of(vec![trail]))
    };
    let hidden = || Value::Unknown(gaps(&[2]));
    // What it selects is not known: it may be both.
    let selectors = refused(|trail| trail.selectors = Fact::Unknown(gaps(&[2])));
    assert_eq!(selectors, [hidden(), hidden()]);
    // It selects writes only; whether it logs is not known.
    let status = refused(|trail| trail.logging = Fact::Unknown(gaps(&[2])));
    assert_eq!(status, [hidden(), no.clone()]);
    // It is stopped, whatever it selects.
    let stopped = refused(|trail| {
        trail.logging = Fact::Known(false);
        trail.selectors = Fact::Unknown(gaps(&[2]));
    });
    assert_eq!(stopped, [no.clone(), no.clone()]);
    // Whether a trail of another region works here is not known.
    let elsewhere = trail("far", "us-east-1", |trail| {
        trail.multi_region = Fact::Unknown(gaps(&[2]));
        trail.selectors = all_objects("All");
    });
    assert_eq!(objects(&World::of(vec![elsewhere])), [hidden(), hidden()]);
}

#[test]
fn a_trail_is_ones_own_or_the_organizations() {
    let own = trail("main", "eu-west-1", |_| {});
    assert_eq!(ask("cloudtrail.own", &own, &World::default()).value, Value::Bool(true));
    let arn = "arn:aws:cloudtrail:eu-west-1:999988887777:trail/org";
    let other = Resource::new("org", arn, "eu-west-1", Trail::not_collected());
    assert_eq!(ask("cloudtrail.own", &other, &World::default()).value, Value::Bool(false));
}
