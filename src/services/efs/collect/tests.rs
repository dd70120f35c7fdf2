//! The collector of EFS, at the wire.
#![expect(clippy::indexing_slicing, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, ResourceType, Value};
use crate::services::efs::{AccessPoint, DESCRIBE_FILE_SYSTEMS, FileSystem, MountTarget};
use serde_json::json;

const HERE: &str = "eu-west-1";
const ARN: &str = "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1";
const FS: &str = "efs.file-system";
const AP: &str = "efs.access-point";
const MT: &str = "efs.mount-target";

/// The operation of a request by its path.
fn operation(request: &Request) -> &'static str {
    let rest = request.path.strip_prefix("/2015-02-01/").unwrap_or_default();
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        ["file-systems"] => "DescribeFileSystems",
        ["file-systems", _, "policy"] => "DescribeFileSystemPolicy",
        ["file-systems", _, "backup-policy"] => "DescribeBackupPolicy",
        ["access-points"] => "DescribeAccessPoints",
        ["mount-targets"] => "DescribeMountTargets",
        _ => "",
    }
}

fn file_system(id: &str, targets: i64) -> serde_json::Value {
    let arn = format!("arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/{id}");
    json!({
        "OwnerId": "123456789012", "CreationToken": "t", "FileSystemId": id, "FileSystemArn": arn,
        "CreationTime": 1_767_225_600, "LifeCycleState": "new-state",
        "NumberOfMountTargets": targets, "SizeInBytes": { "Value": 1 },
        "PerformanceMode": "generalPurpose", "Encrypted": true, "KmsKeyId": "key",
        "Tags": [{ "Key": "team", "Value": "shop" }],
    })
}

fn access_point(id: &str) -> serde_json::Value {
    json!({
        "AccessPointId": id,
        "AccessPointArn": format!("arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/{id}"),
        "FileSystemId": "fs-1", "RootDirectory": { "Path": "/web" },
        "PosixUser": { "Uid": 1000, "Gid": 1001 }, "Tags": [{ "Key": "team", "Value": "shop" }],
    })
}

fn mount_target(id: &str) -> serde_json::Value {
    json!({
        "MountTargetId": id, "FileSystemId": "fs-1", "SubnetId": "subnet-1",
        "LifeCycleState": "available",
    })
}

fn full(request: &Request) -> Option<Answer> {
    let body = match operation(request) {
        "DescribeFileSystems" => json!({ "FileSystems": [file_system("fs-1", 1)] }),
        "DescribeFileSystemPolicy" => json!({ "FileSystemId": "fs-1", "Policy": "{}" }),
        "DescribeBackupPolicy" => json!({ "BackupPolicy": { "Status": "ENABLED" } }),
        "DescribeAccessPoints" => json!({ "AccessPoints": [access_point("fsap-1")] }),
        "DescribeMountTargets" => json!({ "MountTargets": [mount_target("fsmt-1")] }),
        _ => return None,
    };
    Some(ok(&body.to_string()))
}

/// An error as EFS sends it.
fn error(status: u16, code: &str) -> Answer {
    Answer::Reply(status, json!({ "ErrorCode": code, "__type": code, "Message": "no" }).to_string())
}

fn but(name: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if operation(request) == name { Some(answer.clone()) } else { full(request) }
        },
    )
}

const ALL: [fn() -> &'static ResourceType; 3] =
    [FileSystem::resource_type, AccessPoint::resource_type, MountTarget::resource_type];

async fn collect(wire: &Wire) -> Collected {
    wire.collect(Plan::everything(ALL.map(|kind| kind())), &[HERE]).await
}

#[tokio::test]
async fn one_of_each_is_read() {
    let wire = Wire::start(full);
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    for kind in [FS, AP, MT] {
        assert!(collected.missing(kind, HERE).is_empty(), "{kind}");
    }
    let resource = collected.resource(FS, "fs-1");
    assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (ARN, HERE));
    for (kind, id) in [(FS, "fs-1"), (AP, "fsap-1")] {
        let Value::Map(tags) = &collected.resource(kind, id).tags else { panic!("{id}") };
        assert_eq!(tags.get("team"), Some(&Value::text("shop")));
    }
    let it: FileSystem = collected.document(FS, "fs-1");
    assert_eq!(known(it.state), "new-state");
    assert_eq!(known(it.created).to_string(), "2026-01-01T00:00:00Z");
    assert_eq!((known(it.encrypted), known(it.mount_targets)), (true, 1));
    assert_eq!((known(it.kms_key), known(it.policy)), ("key".to_owned(), "{}".to_owned()));
    assert_eq!(known(it.backup_policy).status, "ENABLED");
    let it: AccessPoint = collected.document(AP, "fsap-1");
    assert_eq!(known(it.root_directory).path.as_deref(), Some("/web"));
    let user = known(it.posix_user);
    assert_eq!((user.uid, user.gid), (1000, 1001));
    let target = collected.resource(MT, "fsmt-1");
    assert_eq!(target.arn.as_ref(), ARN.replace("file-system/fs-1", "mount-target/fsmt-1"));
    let it: MountTarget = collected.document(MT, "fsmt-1");
    assert_eq!(known(it.subnet), "subnet-1");
    assert_eq!(wire.requests().len(), 6);
    for request in wire.requests().iter().filter(|it| operation(it) == "DescribeFileSystems") {
        assert_eq!(request.parameter("MaxItems"), Some("100"));
    }
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_called() {
    let wire = Wire::start(full);
    let plan = Plan::new(
        [FileSystem::resource_type()],
        [&crate::services::aws::DESCRIBE_REGIONS, &DESCRIBE_FILE_SYSTEMS],
    );
    let collected = wire.collect(plan, &[HERE]).await;
    assert_eq!(collected.ids(FS), ["fs-1"]);
    assert_eq!(wire.requests().len(), 2);

    let wire = Wire::start(full);
    let plan = Plan::everything([MountTarget::resource_type()]);
    let collected = wire.collect(plan, &[HERE]).await;
    assert_eq!((collected.ids(FS).len(), collected.ids(MT).len()), (0, 1));
    assert!(collected.missing(MT, HERE).is_empty());
    // The session, the list, the mount targets.
    assert_eq!(wire.requests().len(), 3);
}

#[tokio::test]
async fn a_file_system_without_mount_targets_is_not_asked_for_them() {
    let none = json!({ "FileSystems": [file_system("fs-1", 0)] }).to_string();
    let wire = but("DescribeFileSystems", ok(&none));
    let collected = collect(&wire).await;
    assert!(collected.ids(MT).is_empty() && collected.gaps.is_empty());
    assert!(!wire.requests().iter().any(|it| operation(it) == "DescribeMountTargets"));
}

#[tokio::test]
async fn all_pages_are_read() {
    let wire = Wire::start(|request| {
        let first = ["Marker", "NextToken"].iter().all(|key| request.parameter(key).is_none());
        let body = match (operation(request), first) {
            ("DescribeFileSystems", true) => {
                json!({ "FileSystems": [file_system("fs-1", 1)], "NextMarker": "n" })
            }
            ("DescribeFileSystems", false) => json!({ "FileSystems": [file_system("fs-2", 0)] }),
            ("DescribeAccessPoints", true) => {
                json!({ "AccessPoints": [access_point("a")], "NextToken": "n" })
            }
            ("DescribeAccessPoints", false) => json!({ "AccessPoints": [access_point("b")] }),
            ("DescribeMountTargets", true) => {
                json!({ "MountTargets": [mount_target("m")], "NextMarker": "n" })
            }
            ("DescribeMountTargets", false) => json!({ "MountTargets": [mount_target("n")] }),
            _ => return full(request),
        };
        Some(ok(&body.to_string()))
    });
    let collected = collect(&wire).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids(FS), ["fs-1", "fs-2"]);
    assert_eq!(collected.ids(AP), ["a", "b"]);
    assert_eq!(collected.ids(MT), ["m", "n"]);
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    let circles = [
        ("DescribeFileSystems", FS, json!({ "FileSystems": [], "NextMarker": "n" })),
        ("DescribeAccessPoints", AP, json!({ "AccessPoints": [], "NextToken": "n" })),
        ("DescribeMountTargets", MT, json!({ "MountTargets": [], "NextMarker": "n" })),
    ];
    for (name, kind, circle) in circles {
        for (answer, class) in [
            (error(403, "AccessDeniedException"), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
            (ok(&circle.to_string()), ErrorClass::Malformed),
        ] {
            let collected = collect(&but(name, answer)).await;
            assert!(collected.ids(kind).is_empty(), "{name}");
            assert_eq!(collected.missing(kind, HERE)[0].class, class, "{name}");
        }
    }
    // A list of file systems that is refused hides their mount targets as well.
    let wire = but("DescribeFileSystems", error(403, "AccessDeniedException"));
    let collected = collect(&wire).await;
    assert_eq!(collected.missing(MT, HERE)[0].class, ErrorClass::AccessDenied);
}

#[tokio::test]
async fn no_policy_is_absent_and_a_refusal_is_not() {
    for (name, gone) in
        [("DescribeFileSystemPolicy", "PolicyNotFound"), ("DescribeBackupPolicy", "PolicyNotFound")]
    {
        let collected = collect(&but(name, error(404, gone))).await;
        assert!(collected.gaps.is_empty(), "{name}: {:?}", collected.gaps);
        let it: FileSystem = collected.document(FS, "fs-1");
        let absent = [it.policy == Fact::Absent, it.backup_policy == Fact::Absent];
        assert_eq!(absent, [name == "DescribeFileSystemPolicy", name == "DescribeBackupPolicy"]);
        for (answer, class) in [
            (error(403, "AccessDeniedException"), ErrorClass::AccessDenied),
            (ok("{}"), ErrorClass::Malformed),
        ] {
            let collected = collect(&but(name, answer)).await;
            let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
            assert_eq!(classes, [class], "{name}");
        }
        let collected = collect(&but(name, error(404, "FileSystemNotFound"))).await;
        assert!(collected.ids(FS).is_empty() && collected.gaps.is_empty(), "{name}");
    }
    let collected = collect(&but("DescribeMountTargets", error(404, "FileSystemNotFound"))).await;
    assert!(collected.gaps.is_empty() && collected.missing(MT, HERE).is_empty());
}

#[tokio::test]
async fn a_member_that_is_always_there_and_missing_is_a_gap() {
    for member in ["FileSystemId", "CreationTime", "LifeCycleState", "NumberOfMountTargets"] {
        let mut sent = file_system("fs-1", 0);
        if let Some(members) = sent.as_object_mut() {
            members.remove(member);
        }
        let body = json!({ "FileSystems": [sent] }).to_string();
        let collected = collect(&but("DescribeFileSystems", ok(&body))).await;
        assert_eq!(collected.missing(FS, HERE)[0].class, ErrorClass::Malformed, "{member}");
    }
    let mut sent = file_system("fs-1", 0);
    if let Some(members) = sent.as_object_mut() {
        members.remove("Encrypted");
        members.remove("FileSystemArn");
    }
    let body = json!({ "FileSystems": [sent] }).to_string();
    let collected = collect(&but("DescribeFileSystems", ok(&body))).await;
    let it: FileSystem = collected.document(FS, "fs-1");
    assert_eq!(collected.why(&it.encrypted).class, ErrorClass::Malformed);
    assert_eq!(collected.resource(FS, "fs-1").arn.as_ref(), ARN, "made where EFS sends none");
    let body = json!({ "AccessPoints": [{ "AccessPointId": "a" }] }).to_string();
    let collected = collect(&but("DescribeAccessPoints", ok(&body))).await;
    assert_eq!(collected.missing(AP, HERE)[0].class, ErrorClass::Malformed);
}
