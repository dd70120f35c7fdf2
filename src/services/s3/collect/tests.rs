//! The S3 collector, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::wire::{Answer, Request, Wire, known, ok, s3_error};
use crate::aws::{Plan, Regions};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL};
use crate::services::s3::{
    AccessPoint, Bucket, DirectoryBucket, GET_BUCKET_ACL, LIST_BUCKETS, MultiRegionAccessPoint,
    PolicyStatus,
};

const ARN: &str = "arn:aws:s3:::one";

fn buckets() -> Plan {
    Plan::everything([Bucket::resource_type()])
}

fn access_points() -> Plan {
    Plan::everything([AccessPoint::resource_type()])
}

fn list(names: &[(&str, &str)], next: Option<&str>) -> Answer {
    let items: String = names
        .iter()
        .map(|(name, region)| {
            let region = match *region {
                "" => String::new(),
                region => format!("<BucketRegion>{region}</BucketRegion>"),
            };
            format!(
                "<Bucket><Name>{name}</Name><CreationDate>2024-05-06T07:08:09.000Z</CreationDate>\
                 {region}</Bucket>"
            )
        })
        .collect();
    let next = next.map_or_else(String::new, |token| {
        format!("<ContinuationToken>{token}</ContinuationToken>")
    });
    ok(&format!(
        "<ListAllMyBucketsResult><Owner><ID>o</ID></Owner><Buckets>{items}</Buckets>{next}\
         </ListAllMyBucketsResult>"
    ))
}

const BLOCK: &str = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>false</BlockPublicPolicy>\
    <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::one/*","Condition":{"StringEquals":{"sts:externalid":"geheim"}}}]}"#;

/// A bucket with everything.
fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "ListBuckets" => list(&[("one", "eu-west-1")], None),
        "GetBucketPolicy" => ok(POLICY),
        "GetBucketPolicyStatus" => ok("<PolicyStatus><IsPublic>true</IsPublic></PolicyStatus>"),
        "GetBucketAcl" => ok("<AccessControlPolicy><Owner><ID>o</ID></Owner><AccessControlList>\
            <Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
            xsi:type=\"Group\"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI>\
            </Grantee><Permission>READ</Permission></Grant></AccessControlList>\
            </AccessControlPolicy>"),
        "GetBucketOwnershipControls" => ok("<OwnershipControls><Rule><ObjectOwnership>\
            BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"),
        "GetPublicAccessBlock" => ok(BLOCK),
        "GetBucketEncryption" => ok("<ServerSideEncryptionConfiguration><Rule>\
            <ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms:new</SSEAlgorithm>\
            <KMSMasterKeyID>key</KMSMasterKeyID></ApplyServerSideEncryptionByDefault>\
            <BucketKeyEnabled>true</BucketKeyEnabled></Rule>\
            </ServerSideEncryptionConfiguration>"),
        "GetBucketVersioning" => ok("<VersioningConfiguration><Status>Enabled</Status>\
            <MfaDelete>Disabled</MfaDelete></VersioningConfiguration>"),
        "GetBucketLogging" => ok("<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs\
            </TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>"),
        "GetBucketLifecycleConfiguration" => ok("<LifecycleConfiguration><Rule><ID>r</ID>\
            <Status>Enabled</Status></Rule></LifecycleConfiguration>"),
        "GetObjectLockConfiguration" => ok("<ObjectLockConfiguration><ObjectLockEnabled>Enabled\
            </ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>30</Days>\
            </DefaultRetention></Rule></ObjectLockConfiguration>"),
        "GetBucketTagging" => ok("<Tagging><TagSet><Tag><Key>team</Key><Value>a&amp;b</Value>\
            </Tag></TagSet></Tagging>"),
        _ => return None,
    })
}

/// The codes that say: there is none.
const ABSENT: [(&str, &str); 8] = [
    ("GetBucketPolicy", "NoSuchBucketPolicy"),
    ("GetBucketPolicyStatus", "NoSuchBucketPolicy"),
    ("GetBucketOwnershipControls", "OwnershipControlsNotFoundError"),
    ("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
    ("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
    ("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration"),
    ("GetBucketTagging", "NoSuchTagSet"),
    ("GetObjectLockConfiguration", "ObjectLockConfigurationNotFoundError"),
];

/// One operation answers `answer`; all others as for a full bucket.
fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

/// Field by field, under the name of the operation that fills it.
fn states(bucket: &Bucket, tags: &crate::inventory::Value) -> Vec<(&'static str, Fact<()>)> {
    let tags = match tags {
        crate::inventory::Value::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        crate::inventory::Value::Map(map) if map.is_empty() => Fact::Absent,
        _ => Fact::Known(()),
    };
    vec![
        ("GetBucketPolicy", bucket.policy.clone().map(|_| ())),
        ("GetBucketPolicyStatus", bucket.policy_status.clone().map(|_| ())),
        ("GetBucketAcl", bucket.acl.clone().map(|_| ())),
        ("GetBucketOwnershipControls", bucket.ownership_controls.clone().map(|_| ())),
        ("GetPublicAccessBlock", bucket.public_access_block.clone().map(|_| ())),
        ("GetBucketEncryption", bucket.encryption.clone().map(|_| ())),
        ("GetBucketVersioning", bucket.versioning.clone().map(|_| ())),
        ("GetBucketLogging", bucket.logging.clone().map(|_| ())),
        ("GetBucketLifecycleConfiguration", bucket.lifecycle.clone().map(|_| ())),
        ("GetBucketTagging", tags),
        ("GetObjectLockConfiguration", bucket.object_lock.clone().map(|_| ())),
    ]
}

#[tokio::test]
async fn a_bucket_is_read_as_s3_says() {
    let wire = Wire::start(full);
    let collected = wire.collect(buckets(), &["us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("s3.bucket", GLOBAL).is_empty());
    let resource = collected.resource("s3.bucket", "one");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (ARN, "eu-west-1"));
    let bucket: Bucket = collected.document("s3.bucket", "one");
    for (operation, state) in states(&bucket, &resource.tags) {
        assert_eq!(state, Fact::Known(()), "{operation}");
    }
    let policy = known(bucket.policy.clone());
    assert_eq!(policy, POLICY.replace("geheim", "$hidden"));
    let encryption = known(bucket.encryption);
    let rule = encryption.rules.first().unwrap().by_default.clone().unwrap();
    assert_eq!(rule.algorithm, "aws:kms:new");
    let lock = known(bucket.object_lock);
    assert_eq!(lock.object_lock_enabled.as_deref(), Some("Enabled"));
    let retention = lock.rule.unwrap().default_retention.unwrap();
    assert_eq!((retention.mode.as_deref(), retention.days), (Some("GOVERNANCE"), Some(30)));
    // One call each, and every one at the bucket's own path.
    assert_eq!(wire.requests().len(), 1 + 1 + 11);
    let paths = wire.requests().into_iter().filter(|r| r.operation().starts_with("GetBucket"));
    assert!(paths.into_iter().all(|request| request.path == "/one" || request.path == "/one/"));
}

#[tokio::test]
async fn each_code_for_none_makes_its_field_absent_and_no_other() {
    for (operation, code) in ABSENT {
        let wire = but(operation, s3_error(404, code, "none"));
        let collected = wire.collect(buckets(), &[]).await;
        assert!(collected.gaps.is_empty(), "{operation}: {:?}", collected.gaps);
        let bucket: Bucket = collected.document("s3.bucket", "one");
        for (filled, state) in states(&bucket, &collected.resource("s3.bucket", "one").tags) {
            // Without a policy there is no status to ask for.
            let absent = filled == operation
                || (operation == "GetBucketPolicy" && filled == "GetBucketPolicyStatus");
            let expected = if absent { Fact::Absent } else { Fact::Known(()) };
            assert_eq!(state, expected, "{operation} {filled}");
        }
        if operation == "GetBucketPolicy" {
            assert_eq!(wire.count("GetBucketPolicyStatus"), 0);
        }
    }
    let off = but("GetBucketLogging", ok("<BucketLoggingStatus/>"));
    let bucket: Bucket = off.collect(buckets(), &[]).await.document("s3.bucket", "one");
    assert_eq!(bucket.logging, Fact::Absent);
}

#[tokio::test]
async fn a_code_for_none_of_another_operation_is_a_gap() {
    for (at, (operation, _)) in ABSENT.iter().enumerate() {
        let (_, other) = ABSENT.get((at + 3) % ABSENT.len()).unwrap();
        let wire = but(operation, s3_error(404, other, "none"));
        let collected = wire.collect(buckets(), &[]).await;
        let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
        assert_eq!(gaps, [ErrorClass::Other], "{operation} {other}");
    }
}

#[tokio::test]
async fn each_refusal_hides_its_field_and_no_other() {
    let bucket = states(&Bucket::not_collected(), &crate::inventory::Value::Absent);
    for (operation, _) in bucket {
        let wire = but(operation, s3_error(403, "AccessDenied", "Access Denied"));
        let collected = wire.collect(buckets(), &[]).await;
        let bucket: Bucket = collected.document("s3.bucket", "one");
        for (filled, state) in states(&bucket, &collected.resource("s3.bucket", "one").tags) {
            if filled == operation {
                let gap = collected.why(&state);
                assert_eq!(gap.class, ErrorClass::AccessDenied);
                assert_eq!(gap.operation, format!("s3:{operation}"));
                assert_eq!(gap.resource.as_deref(), Some(ARN));
                assert_eq!(gap.region, "eu-west-1");
            } else {
                assert_eq!(state, Fact::Known(()), "{operation} {filled}");
            }
        }
        assert!(collected.missing("s3.bucket", GLOBAL).is_empty());
    }
}

#[tokio::test]
async fn replies_without_what_is_always_there_are_malformed() {
    for (operation, body) in [
        ("GetBucketPolicy", "{\"Version\":"),
        ("GetBucketPolicyStatus", "<PolicyStatus/>"),
        ("GetBucketAcl", "<AccessControlPolicy><Owner/></AccessControlPolicy>"),
        (
            "GetBucketAcl",
            "<AccessControlPolicy><Owner/><AccessControlList><Grant><Permission>READ</Permission>\
             </Grant></AccessControlList></AccessControlPolicy>",
        ),
        ("GetBucketOwnershipControls", "<OwnershipControls/>"),
        (
            "GetPublicAccessBlock",
            "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls>\
             </PublicAccessBlockConfiguration>",
        ),
        (
            "GetBucketEncryption",
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault/>\
             </Rule></ServerSideEncryptionConfiguration>",
        ),
        ("GetBucketLifecycleConfiguration", "<LifecycleConfiguration/>"),
        ("GetBucketTagging", "<Tagging/>"),
        ("GetBucketVersioning", "<VersioningConfiguration><Status>Enabled</Status>"),
        ("GetBucketVersioning", "no answer at all"),
    ] {
        let collected = but(operation, ok(body)).collect(buckets(), &[]).await;
        let gaps: Vec<_> =
            collected.gaps.iter().map(|(_, gap)| (gap.class, gap.operation.clone())).collect();
        assert_eq!(gaps, [(ErrorClass::Malformed, format!("s3:{operation}"))], "{body}");
    }
}

#[tokio::test]
async fn all_pages_are_read_and_buckets_elsewhere_left_out() {
    let pages = |request: &Request| match request.operation().as_str() {
        "ListBuckets" => Some(match request.parameter("continuation-token") {
            None => list(&[("a", "eu-west-1"), ("b", "us-east-1")], Some("2")),
            Some("2") => list(&[("c", "eu-west-1")], Some("3")),
            Some("3") => list(&[("d", "ap-south-1"), ("e", "eu-west-1")], None),
            Some(other) => s3_error(400, "InvalidToken", other),
        }),
        _ => None,
    };
    let plan = || Plan::new([Bucket::resource_type()], [&LIST_BUCKETS]);
    let wire = Wire::start(pages);
    let collected = wire.collect(plan(), &["us-east-1"]).await;
    assert_eq!(collected.ids("s3.bucket"), ["a", "b", "c", "d", "e"]);
    assert_eq!(wire.count("ListBuckets"), 3);
    let bucket: Bucket = collected.document("s3.bucket", "a");
    assert_eq!(bucket.acl, Fact::not_collected());

    let chosen = Regions { read: vec!["eu-west-1".to_owned()], chosen: true, ..Regions::default() };
    let collected = wire.collect_in(plan(), chosen).await;
    assert_eq!(collected.ids("s3.bucket"), ["a", "c", "e"]);
}

#[tokio::test]
async fn a_list_that_breaks_half_way_gives_what_it_gave_and_a_gap() {
    let cases = [
        (s3_error(403, "AccessDenied", "no"), ErrorClass::AccessDenied),
        (s3_error(503, "SlowDown", "slow"), ErrorClass::Throttled),
        (Answer::Reset, ErrorClass::Network),
        (list(&[("a", "eu-west-1")], Some("2")), ErrorClass::Malformed),
    ];
    for (second, class) in cases {
        let wire = Wire::start(move |request| match request.operation().as_str() {
            "ListBuckets" if request.parameter("continuation-token").is_some() => {
                Some(second.clone())
            }
            "ListBuckets" => Some(list(&[("one", "eu-west-1")], Some("2"))),
            _ => full(request),
        });
        let plan = Plan::new([Bucket::resource_type()], [&LIST_BUCKETS, &GET_BUCKET_ACL]);
        let collected = wire.collect(plan, &[]).await;
        assert!(collected.ids("s3.bucket").contains(&"one"));
        let missing = collected.missing("s3.bucket", GLOBAL);
        let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
        assert_eq!(classes, [class]);
    }
}

#[tokio::test]
async fn a_refused_list_hides_all_buckets() {
    let wire = but("ListBuckets", s3_error(403, "AccessDenied", "Access Denied"));
    let collected = wire.collect(buckets(), &["us-east-1"]).await;
    assert!(collected.resources.is_empty());
    let missing = collected.missing("s3.bucket", GLOBAL);
    assert_eq!(missing.first().unwrap().iam_action, "s3:ListAllMyBuckets");
}

#[tokio::test]
async fn a_list_without_its_list_is_no_empty_list() {
    for body in ["<ListAllMyBucketsResult/>", "<ListAllMyBucketsResult><Buckets>"] {
        let collected = but("ListBuckets", ok(body)).collect(buckets(), &[]).await;
        let missing = collected.missing("s3.bucket", GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{body}");
    }
}

#[tokio::test]
async fn a_root_named_by_an_emulator_is_read() {
    for (reply, status) in [
        ("<GetBucketVersioningResponse xmlns=\"x\"/>", None),
        (
            "<GetBucketVersioningResponse><Status>Enabled</Status></GetBucketVersioningResponse>",
            Some("Enabled"),
        ),
    ] {
        let collected = but("GetBucketVersioning", ok(reply)).collect(buckets(), &[]).await;
        let bucket: Bucket = collected.document("s3.bucket", "one");
        let versioning = known(bucket.versioning);
        assert_eq!(versioning.status.as_deref(), status);
    }
}

#[tokio::test]
async fn a_bucket_that_is_gone_is_left_out() {
    let wire = but("GetBucketVersioning", s3_error(404, "NoSuchBucket", "gone"));
    let collected = wire.collect(buckets(), &[]).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());
    assert!(collected.missing("s3.bucket", GLOBAL).is_empty());
}

#[tokio::test]
async fn where_the_list_names_no_regions_each_region_is_asked() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "ListBuckets" => Some(match request.parameter("bucket-region") {
            None => list(&[("one", ""), ("two", ""), ("three", "")], None),
            Some("eu-west-1") => list(&[("two", "")], None),
            Some("us-east-1") => list(&[("one", "")], None),
            Some(_) => list(&[], None),
        }),
        _ => full(request),
    });
    let regions = ["eu-west-1", "sa-east-1", "us-east-1"];
    let collected = wire.collect(buckets(), &regions).await;
    assert_eq!(collected.ids("s3.bucket"), ["one", "two"]);
    assert_eq!(collected.resource("s3.bucket", "two").region.as_ref(), "eu-west-1");
    assert_eq!(wire.count("ListBuckets"), 4);
    // The third lies somewhere: it is hidden, not forgotten.
    let missing = collected.missing("s3.bucket", GLOBAL);
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
}

fn points(names: &[&str], next: Option<&str>) -> Answer {
    let items: String = names
        .iter()
        .map(|name| {
            format!(
                "<AccessPoint><Name>{name}</Name><NetworkOrigin>VPC</NetworkOrigin>\
                 <VpcConfiguration><VpcId>vpc-1</VpcId></VpcConfiguration><Bucket>b</Bucket>\
                 <AccessPointArn>arn:aws:s3:eu-west-1:123456789012:accesspoint/{name}\
                 </AccessPointArn><BucketAccountId>210987654321</BucketAccountId></AccessPoint>"
            )
        })
        .collect();
    let next = next.map_or_else(String::new, |token| format!("<NextToken>{token}</NextToken>"));
    ok(&format!(
        "<ListAccessPointsResult><AccessPointList>{items}</AccessPointList>{next}\
         </ListAccessPointsResult>"
    ))
}

fn control(request: &Request) -> Option<Answer> {
    Some(match (request.operation().as_str(), request.parameter("nextToken")) {
        ("ListAccessPoints", None) => points(&["one", "two"], Some("2")),
        ("ListAccessPoints", Some(_)) => points(&["three"], None),
        ("GetAccessPoint", _) => ok(&format!(
            "<GetAccessPointResult><Name>n</Name><Bucket>b</Bucket>{BLOCK}</GetAccessPointResult>"
        )),
        ("GetAccessPointPolicy", _) => {
            s3_error(404, "NoSuchAccessPointPolicy", "The access point policy does not exist")
        }
        _ => return None,
    })
}

#[tokio::test]
async fn access_points_are_read_without_the_account_in_the_host() {
    let wire = Wire::start(control);
    let collected = wire.collect(access_points(), &["eu-west-1"]).await;
    assert_eq!(collected.ids("s3.access-point"), ["one", "three", "two"]);
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert!(collected.missing("s3.access-point", "eu-west-1").is_empty());
    let point: AccessPoint = collected.document("s3.access-point", "two");
    assert_eq!(point.policy, Fact::Absent);
    assert_eq!(point.bucket_account, Fact::Known("210987654321".to_owned()));
    let block = known(point.public_access_block);
    assert!(block.block_public_acls && !block.block_public_policy);
    // The status says nothing new where there is no policy.
    assert_eq!(point.policy_status, Fact::Absent);
    assert_eq!(wire.count("GetAccessPointPolicyStatus"), 0);
    for request in wire.requests() {
        let host = request.headers.get("host").unwrap();
        assert!(host.starts_with("127.0.0.1:"), "{host}");
    }
    let listed = wire.requests().into_iter().find(|r| r.operation() == "ListAccessPoints");
    assert_eq!(listed.unwrap().headers.get("x-amz-account-id").unwrap(), "123456789012");
}

#[tokio::test]
async fn an_access_point_with_a_policy_has_a_status() {
    let with_policy = |status: Answer| {
        Wire::start(move |request| match request.operation().as_str() {
            "GetAccessPointPolicy" => {
                Some(ok("<GetAccessPointPolicyResult><Policy>{\"Statement\":[]}</Policy>\
                 </GetAccessPointPolicyResult>"))
            }
            "GetAccessPointPolicyStatus" => Some(status.clone()),
            _ => control(request),
        })
    };
    let status = |answer: &str| {
        ok(&format!(
            "<GetAccessPointPolicyStatusResult><PolicyStatus><IsPublic>{answer}</IsPublic>\
             </PolicyStatus></GetAccessPointPolicyStatusResult>"
        ))
    };
    for (answer, expected) in [
        (status("true"), Some(Fact::Known(PolicyStatus { is_public: true }))),
        (status("false"), Some(Fact::Known(PolicyStatus { is_public: false }))),
        (s3_error(404, "NoSuchAccessPointPolicy", "gone meanwhile"), Some(Fact::Absent)),
        (s3_error(403, "AccessDenied", "Access Denied"), None),
    ] {
        let collected = with_policy(answer).collect(access_points(), &["eu-west-1"]).await;
        let point: AccessPoint = collected.document("s3.access-point", "one");
        assert_eq!(known(point.policy), r#"{"Statement":[]}"#);
        match expected {
            Some(expected) => assert_eq!(point.policy_status, expected),
            None => {
                let Fact::Unknown(gaps) = point.policy_status else { panic!("a gap is hidden") };
                assert_eq!(
                    collected.gaps_of(&gaps).first().unwrap().class,
                    ErrorClass::AccessDenied
                );
            }
        }
    }
}

#[tokio::test]
async fn an_access_point_belongs_to_the_region_of_its_arn() {
    let wire = Wire::start(control);
    let collected = wire.collect(access_points(), &["eu-central-1", "eu-west-1"]).await;
    assert_eq!(collected.ids("s3.access-point"), ["one", "three", "two"]);
    assert_eq!(collected.resource("s3.access-point", "one").region.as_ref(), "eu-west-1");
    assert_eq!(wire.count("GetAccessPoint"), 3);
}

#[tokio::test]
async fn access_points_are_done_region_by_region() {
    let wire = Wire::start(|request| {
        let abroad = request.headers.get("authorization")?.contains("/us-east-1/");
        match request.operation().as_str() {
            "ListAccessPoints" if abroad => Some(s3_error(403, "AccessDenied", "Access Denied")),
            "GetAccessPoint" => Some(s3_error(404, "NoSuchAccessPoint", "gone")),
            _ => control(request),
        }
    });
    let collected = wire.collect(access_points(), &["eu-west-1", "us-east-1"]).await;
    assert!(collected.resources.is_empty());
    assert!(collected.missing("s3.access-point", "eu-west-1").is_empty());
    let missing = collected.missing("s3.access-point", "us-east-1");
    let gap = missing.first().unwrap();
    assert_eq!((gap.class, gap.region.as_str()), (ErrorClass::AccessDenied, "us-east-1"));
}

const DIRECTORY: &str = "data--euw1-az1--x-s3";

fn directory_buckets() -> Plan {
    Plan::everything([DirectoryBucket::resource_type()])
}

/// Two pages of directory buckets; the first bucket has a life cycle rule.
fn directories(request: &Request) -> Option<Answer> {
    let page = |name: &str, next: &str| {
        ok(&format!(
            "<ListAllMyDirectoryBucketsResult><Buckets><Bucket><Name>{name}</Name></Bucket>\
             </Buckets>{next}</ListAllMyDirectoryBucketsResult>"
        ))
    };
    Some(match (request.operation().as_str(), request.parameter("continuation-token")) {
        ("ListDirectoryBuckets", None) => {
            page(DIRECTORY, "<ContinuationToken>2</ContinuationToken>")
        }
        ("ListDirectoryBuckets", Some(_)) => page("other--euw1-az1--x-s3", ""),
        ("GetBucketLifecycleConfiguration", _) if request.path.contains("data--") => {
            ok("<LifecycleConfiguration><Rule><ID>r</ID><Status>Enabled</Status></Rule>\
                </LifecycleConfiguration>")
        }
        ("GetBucketLifecycleConfiguration", _) => {
            s3_error(404, "NoSuchLifecycleConfiguration", "none")
        }
        _ => return None,
    })
}

#[tokio::test]
async fn directory_buckets_are_read_where_there_are_any() {
    let wire = Wire::start(directories);
    let collected = wire.collect(directory_buckets(), &["eu-west-1", "eu-west-3"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids("s3.directory-bucket"), [DIRECTORY, "other--euw1-az1--x-s3"]);
    let resource = collected.resource("s3.directory-bucket", DIRECTORY);
    let arn = "arn:aws:s3express:eu-west-1:123456789012:bucket/data--euw1-az1--x-s3";
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (arn, "eu-west-1"));
    let bucket: DirectoryBucket = collected.document("s3.directory-bucket", DIRECTORY);
    let rules = known(bucket.lifecycle).rules;
    assert_eq!(rules.first().unwrap().status, "Enabled");
    let bucket: DirectoryBucket =
        collected.document("s3.directory-bucket", "other--euw1-az1--x-s3");
    assert_eq!(bucket.lifecycle, Fact::Absent);
    // Paris has none, and is not asked.
    assert!(collected.missing("s3.directory-bucket", "eu-west-3").is_empty());
    assert_eq!(wire.count("ListDirectoryBuckets"), 2);
    assert!(wire.requests().iter().all(|request| request.region() != "eu-west-3"));
    // Signed for S3 Express, by the session's own credentials.
    let asked = wire.requests().into_iter().filter(|r| r.operation().starts_with("GetBucket"));
    for request in asked {
        assert!(request.headers.get("authorization").unwrap().contains("/s3express/"));
    }
    assert_eq!(wire.requests().len(), 1 + 2 + 2);
}

#[tokio::test]
async fn directory_buckets_that_are_not_read_are_not_empty() {
    let but = |operation: &'static str, answer: Answer| {
        Wire::start(move |request| {
            if request.operation() == operation {
                Some(answer.clone())
            } else {
                directories(request)
            }
        })
    };
    let denied = s3_error(403, "AccessDenied", "Access Denied");
    let wire = but("ListDirectoryBuckets", denied.clone());
    let collected = wire.collect(directory_buckets(), &["eu-west-1"]).await;
    let missing = collected.missing("s3.directory-bucket", "eu-west-1");
    let gap = missing.first().unwrap();
    assert_eq!(gap.iam_action, "s3express:ListAllMyDirectoryBuckets");

    let wire = but("GetBucketLifecycleConfiguration", denied);
    let collected = wire.collect(directory_buckets(), &["eu-west-1"]).await;
    let bucket: DirectoryBucket = collected.document("s3.directory-bucket", DIRECTORY);
    let gap = collected.why(&bucket.lifecycle);
    assert_eq!(gap.iam_action, "s3express:GetLifecycleConfiguration");

    let wire = but("GetBucketLifecycleConfiguration", s3_error(404, "NoSuchBucket", "gone"));
    let collected = wire.collect(directory_buckets(), &["eu-west-1"]).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());

    // An emulator lists all buckets instead.
    let other = ok("<ListAllMyBucketsResult><Buckets><Bucket><Name>one</Name></Bucket></Buckets>\
        </ListAllMyBucketsResult>");
    let wire = but("ListDirectoryBuckets", other);
    let collected = wire.collect(directory_buckets(), &["eu-west-1"]).await;
    assert!(collected.resources.is_empty());
}

fn multi_region() -> Plan {
    Plan::everything([MultiRegionAccessPoint::resource_type()])
}

fn report(alias: &str, rest: &str) -> String {
    let alias = match alias {
        "" => String::new(),
        alias => format!("<Alias>{alias}</Alias>"),
    };
    format!("<AccessPoint><Name>data</Name>{alias}<Status>READY</Status>{rest}</AccessPoint>")
}

fn reports(points: &[String], next: &str) -> Answer {
    ok(&format!(
        "<ListMultiRegionAccessPointsResult><AccessPoints>{}</AccessPoints>{next}\
         </ListMultiRegionAccessPointsResult>",
        points.concat()
    ))
}

#[tokio::test]
async fn multi_region_access_points_are_asked_for_in_one_region() {
    let block = BLOCK.replace("PublicAccessBlockConfiguration", "PublicAccessBlock");
    let wire = Wire::start(move |request| {
        (request.operation() == "ListMultiRegionAccessPoints").then(|| {
            match request.parameter("nextToken") {
                None => reports(&[report("one.mrap", &block)], "<NextToken>2</NextToken>"),
                Some(_) => reports(&[report("two.mrap", ""), report("", "")], ""),
            }
        })
    });
    let collected = wire.collect(multi_region(), &["eu-west-1", "eu-west-2"]).await;
    assert_eq!(collected.ids("s3.multi-region-access-point"), ["one.mrap", "two.mrap"]);
    let resource = collected.resource("s3.multi-region-access-point", "one.mrap");
    let arn = "arn:aws:s3::123456789012:accesspoint/one.mrap";
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (arn, GLOBAL));
    let point: MultiRegionAccessPoint =
        collected.document("s3.multi-region-access-point", "one.mrap");
    assert_eq!((known(point.name).as_str(), known(point.status).as_str()), ("data", "READY"));
    assert!(!known(point.public_access_block).block_public_policy);
    let point: MultiRegionAccessPoint =
        collected.document("s3.multi-region-access-point", "two.mrap");
    assert_eq!(point.public_access_block, Fact::Absent);
    // One of them has no alias.
    let missing = collected.missing("s3.multi-region-access-point", GLOBAL);
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed);
    assert_eq!(wire.count("ListMultiRegionAccessPoints"), 2);
    let asked = wire.requests().into_iter();
    let mut asked = asked.filter(|r| r.operation() == "ListMultiRegionAccessPoints");
    assert!(asked.all(|request| request.region() == "us-west-2"));
}

#[tokio::test]
async fn multi_region_access_points_that_are_refused_are_hidden() {
    for (answer, class) in [
        (s3_error(403, "AccessDenied", "Access Denied"), ErrorClass::AccessDenied),
        (ok("<ListMultiRegionAccessPointsResult/>"), ErrorClass::Malformed),
    ] {
        let wire = Wire::start(move |request| {
            (request.operation() == "ListMultiRegionAccessPoints").then(|| answer.clone())
        });
        let collected = wire.collect(multi_region(), &[]).await;
        let missing = collected.missing("s3.multi-region-access-point", GLOBAL);
        assert_eq!(missing.first().unwrap().class, class);
    }
}
