//! The collectors of the compute half, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, ec2_error, known, ok};
use crate::inventory::{Document, ErrorClass, Fact, Operation, ResourceType, Shape, Value};
use crate::services::ec2::compute::image::{DESCRIBE_IMAGES, Image};
use crate::services::ec2::compute::instance::{DESCRIBE_INSTANCES, Instance};
use crate::services::ec2::compute::launch::{
    DESCRIBE_LAUNCH_TEMPLATES, LaunchTemplate, SpotFleetRequest,
};
use crate::services::ec2::compute::storage::{DESCRIBE_SNAPSHOTS, Snapshot, Volume};

const HERE: &str = "eu-west-1";

/// A reply as EC2 sends it.
fn reply(operation: &str, body: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>r</requestId>{body}</{operation}Response>"
    ))
}

fn denied() -> Answer {
    ec2_error(403, "UnauthorizedOperation", "You are not authorized to perform this operation.")
}

/// One of each type: the list that names it, where it stands in the reply, and
/// the item.
struct Kind {
    ty: fn() -> &'static ResourceType,
    list: &'static str,
    set: &'static str,
    item: fn(&str) -> String,
    size: &'static str,
}

const KINDS: [Kind; 6] = [
    Kind {
        ty: Instance::resource_type,
        list: "DescribeInstances",
        set: "reservationSet",
        item: instance,
        size: "500",
    },
    Kind {
        ty: Image::resource_type,
        list: "DescribeImages",
        set: "imagesSet",
        item: image,
        size: "1000",
    },
    Kind {
        ty: LaunchTemplate::resource_type,
        list: "DescribeLaunchTemplates",
        set: "launchTemplates",
        item: template,
        size: "200",
    },
    Kind {
        ty: SpotFleetRequest::resource_type,
        list: "DescribeSpotFleetRequests",
        set: "spotFleetRequestConfigSet",
        item: fleet,
        size: "1000",
    },
    Kind {
        ty: Volume::resource_type,
        list: "DescribeVolumes",
        set: "volumeSet",
        item: volume,
        size: "500",
    },
    Kind {
        ty: Snapshot::resource_type,
        list: "DescribeSnapshots",
        set: "snapshotSet",
        item: snapshot,
        size: "1000",
    },
];

impl Kind {
    fn page(&self, ids: &[&str], next: Option<&str>) -> Answer {
        let items: String = ids.iter().map(|id| (self.item)(id)).collect();
        let next = next.map_or_else(String::new, |token| format!("<nextToken>{token}</nextToken>"));
        reply(self.list, &format!("<{0}>{items}</{0}>{next}", self.set))
    }

    fn name(&self) -> &'static str {
        (self.ty)().name
    }

    /// Only the list.
    fn plan(&self) -> Plan {
        let kind = (self.ty)();
        let listed = kind.listings.iter().copied().flatten().copied();
        Plan::new([kind], listed)
    }
}

const TAGS: &str = "<tagSet><item><key>team</key><value>shop</value></item></tagSet>";

fn instance(id: &str) -> String {
    instance_in(id, "running", "ami-1")
}

fn instance_in(id: &str, state: &str, image: &str) -> String {
    format!(
        "<item><reservationId>r-1</reservationId><ownerId>123456789012</ownerId><instancesSet>\
         <item><instanceId>{id}</instanceId><imageId>{image}</imageId>\
         <instanceState><code>16</code><name>{state}</name></instanceState>\
         <reason>User initiated (2026-01-01 00:00:00 GMT)</reason>\
         <instanceType>t9.new</instanceType><launchTime>2025-12-01T00:00:00.000Z</launchTime>\
         <virtualizationType>hvm</virtualizationType><ipAddress>198.51.100.7</ipAddress>\
         <iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/web</arn><id>A</id>\
         </iamInstanceProfile><networkInterfaceSet><item><networkInterfaceId>eni-1\
         </networkInterfaceId><interfaceType>efa</interfaceType><association><publicIp>198.51.100.7\
         </publicIp><ipOwnerId>amazon</ipOwnerId></association><privateIpAddressesSet><item>\
         <privateIpAddress>10.0.0.5</privateIpAddress><association><publicIp>198.51.100.7\
         </publicIp></association></item></privateIpAddressesSet></item></networkInterfaceSet>\
         <metadataOptions><state>applied</state><httpTokens>required</httpTokens>\
         <httpPutResponseHopLimit>2</httpPutResponseHopLimit><httpEndpoint>enabled</httpEndpoint>\
         </metadataOptions>{TAGS}</item></instancesSet></item>"
    )
}

fn image(id: &str) -> String {
    format!(
        "<item><imageId>{id}</imageId><name>golden</name><imageState>available</imageState>\
         <imageOwnerId>999988887777</imageOwnerId><isPublic>true</isPublic>\
         <creationDate>2025-06-01T00:00:00.000Z</creationDate>\
         <deprecationTime>2027-06-01T00:00:00.000Z</deprecationTime>{TAGS}</item>"
    )
}

fn template(id: &str) -> String {
    format!(
        "<item><launchTemplateId>{id}</launchTemplateId><launchTemplateName>web\
         </launchTemplateName><defaultVersionNumber>2</defaultVersionNumber>\
         <latestVersionNumber>3</latestVersionNumber>{TAGS}</item>"
    )
}

fn version(id: &str) -> String {
    format!(
        "<item><launchTemplateId>{id}</launchTemplateId><versionNumber>2</versionNumber>\
         <defaultVersion>true</defaultVersion><launchTemplateData><imageId>ami-1</imageId>\
         <metadataOptions><httpTokens>required</httpTokens></metadataOptions>\
         <networkInterfaceSet><item><deviceIndex>0</deviceIndex><associatePublicIpAddress>true\
         </associatePublicIpAddress></item></networkInterfaceSet><blockDeviceMappingSet><item>\
         <deviceName>/dev/xvda</deviceName><ebs><encrypted>true</encrypted></ebs></item>\
         </blockDeviceMappingSet></launchTemplateData></item>"
    )
}

fn fleet(id: &str) -> String {
    format!(
        "<item><spotFleetRequestId>{id}</spotFleetRequestId><spotFleetRequestState>active\
         </spotFleetRequestState><spotFleetRequestConfig><iamFleetRole>x</iamFleetRole>\
         <targetCapacity>1</targetCapacity><launchSpecifications><item><imageId>ami-1</imageId>\
         <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><encrypted>false\
         </encrypted></ebs></item></blockDeviceMapping></item></launchSpecifications>\
         </spotFleetRequestConfig>{TAGS}</item>"
    )
}

fn volume(id: &str) -> String {
    format!(
        "<item><volumeId>{id}</volumeId><size>8</size><snapshotId/><status>in-use</status>\
         <createTime>2025-06-01T00:00:00.000Z</createTime><attachmentSet><item><instanceId>i-1\
         </instanceId><status>attached</status></item></attachmentSet><encrypted>true</encrypted>\
         <kmsKeyId>key</kmsKeyId>{TAGS}</item>"
    )
}

fn snapshot(id: &str) -> String {
    format!(
        "<item><snapshotId>{id}</snapshotId><volumeId>vol-1</volumeId><status>completed</status>\
         <startTime>2025-06-01T00:00:00.000Z</startTime><encrypted>false</encrypted>{TAGS}</item>"
    )
}

/// `export DB_PASSWORD=hunter2`
const USER_DATA: &str = "ZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjI=";

fn user_data(value: &str) -> Answer {
    let value = match value {
        "" => "<userData/>".to_owned(),
        value => format!("<userData><value>{value}</value></userData>"),
    };
    reply("DescribeInstanceAttribute", &format!("<instanceId>i-1</instanceId>{value}"))
}

fn permissions(items: &str) -> Answer {
    let body = format!("<createVolumePermission>{items}</createVolumePermission>");
    reply("DescribeSnapshotAttribute", &body)
}

fn launch_permissions(items: &str) -> Answer {
    let body = format!("<launchPermission>{items}</launchPermission>");
    reply("DescribeImageAttribute", &body)
}

const EVERYONE: &str = "<item><group>all</group></item>";

/// One resource of each type, and what is asked about it.
fn full(request: &Request) -> Option<Answer> {
    let operation = request.operation();
    if let Some(kind) = KINDS.iter().find(|kind| kind.list == operation) {
        return Some(kind.page(&[&format!("{}-1", first_letters(kind))], None));
    }
    Some(match operation.as_str() {
        "DescribeInstanceAttribute" => user_data(USER_DATA),
        "DescribeSnapshotAttribute" => permissions(EVERYONE),
        "DescribeImageAttribute" => launch_permissions(EVERYONE),
        "DescribeLaunchTemplateVersions" => reply(
            "DescribeLaunchTemplateVersions",
            &format!("<launchTemplateVersionSet>{}</launchTemplateVersionSet>", version("lt-1")),
        ),
        _ => return None,
    })
}

fn first_letters(kind: &Kind) -> &'static str {
    match kind.list {
        "DescribeInstances" => "i",
        "DescribeImages" => "ami",
        "DescribeLaunchTemplates" => "lt",
        "DescribeSpotFleetRequests" => "sfr",
        "DescribeVolumes" => "vol",
        _ => "snap",
    }
}

async fn everything(wire: &Wire, kind: &'static ResourceType) -> Collected {
    wire.collect(Plan::everything([kind]), &[HERE]).await
}

/// One operation answers `answer`, all others as always.
fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

#[tokio::test]
async fn one_of_each_is_read_as_ec2_says() {
    let arns = [
        ("i-1", "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"),
        ("ami-1", "arn:aws:ec2:eu-west-1::image/ami-1"),
        ("lt-1", "arn:aws:ec2:eu-west-1:123456789012:launch-template/lt-1"),
        ("sfr-1", "arn:aws:ec2:eu-west-1:123456789012:spot-fleet-request/sfr-1"),
        ("vol-1", "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1"),
        ("snap-1", "arn:aws:ec2:eu-west-1::snapshot/snap-1"),
    ];
    for (kind, (id, arn)) in KINDS.iter().zip(arns) {
        let wire = Wire::start(full);
        let collected = everything(&wire, (kind.ty)()).await;
        assert!(collected.gaps.is_empty(), "{id}: {:?}", collected.gaps);
        assert!(collected.missing(kind.name(), HERE).is_empty(), "{id}");
        let resource = collected.resource(kind.name(), id);
        assert_eq!((resource.arn.as_ref(), resource.region.as_ref()), (arn, HERE));
        let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
        assert_eq!(tags.get("team"), Some(&Value::text("shop")));
        // All answers are in: nothing of the document is unknown.
        let Value::Record(fields) = &resource.document else { panic!("{id}") };
        assert!(!fields.iter().any(|field| matches!(field, Value::Unknown(_))), "{id}: {fields:?}");
        for request in wire.requests() {
            if request.operation() == kind.list && request.parameter("ImageId.1").is_none() {
                assert_eq!(request.parameter("MaxResults"), Some(kind.size), "{id}");
            }
        }
    }
}

#[tokio::test]
async fn an_instance_has_its_facts() {
    let wire = Wire::start(full);
    let collected = everything(&wire, Instance::resource_type()).await;
    let instance: Instance = collected.document("ec2.instance", "i-1");
    assert_eq!(known(instance.instance_type), "t9.new", "a type that the SDK does not know");
    assert_eq!(known(instance.state).name, "running");
    let options = known(instance.metadata_options);
    assert_eq!(
        (options.http_tokens.as_str(), options.http_put_response_hop_limit),
        ("required", 2)
    );
    let interfaces = known(instance.network_interfaces);
    let address = interfaces.first().unwrap().association.clone().unwrap();
    assert_eq!(address.public_ip.as_deref(), Some("198.51.100.7"));
    let image = known(instance.image);
    assert_eq!(image.owner.as_deref(), Some("999988887777"));
    assert_eq!(image.creation_date.unwrap().to_string(), "2025-06-01T00:00:00Z");
    let secrets = known(instance.user_data).secrets;
    let secret = secrets.first().unwrap();
    assert_eq!((secret.detector.as_str(), secret.place.as_str()), ("password", "line 1"));
    assert!(!format!("{:?}", collected.resources).contains("hunter2"));
    // The session, the list, the image, the user data.
    assert_eq!(wire.requests().len(), 4);
}

#[tokio::test]
async fn all_pages_are_read_and_a_list_that_breaks_says_so() {
    let second = |kind: &'static Kind| -> [(Answer, Option<ErrorClass>); 5] {
        [
            (kind.page(&["b"], None), None),
            (denied(), Some(ErrorClass::AccessDenied)),
            (
                ec2_error(503, "RequestLimitExceeded", "Request limit exceeded."),
                Some(ErrorClass::Throttled),
            ),
            (kind.page(&["b"], Some("2")), Some(ErrorClass::Malformed)),
            (Answer::Half("<a>".to_owned()), Some(ErrorClass::Network)),
        ]
    };
    static PAGED: [Kind; 6] = KINDS;
    for kind in &PAGED {
        for (answer, class) in second(kind) {
            let wire = Wire::start(move |request| match request.parameter("NextToken") {
                None if request.operation() == kind.list => Some(kind.page(&["a"], Some("2"))),
                Some("2") => Some(answer.clone()),
                _ => None,
            });
            let collected = wire.collect(kind.plan(), &[HERE]).await;
            assert!(collected.ids(kind.name()).contains(&"a"), "{}: {class:?}", kind.list);
            let missing = collected.missing(kind.name(), HERE);
            let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
            assert_eq!(classes, class.into_iter().collect::<Vec<_>>(), "{}", kind.list);
            if class.is_none() {
                assert_eq!(collected.ids(kind.name()), ["a", "b"]);
                assert_eq!(wire.count(kind.list), 2);
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    for kind in &KINDS {
        for (answer, class) in [
            (denied(), ErrorClass::AccessDenied),
            (reply(kind.list, ""), ErrorClass::Malformed),
            (ok(&format!("<{}Response><{}>", kind.list, kind.set)), ErrorClass::Malformed),
        ] {
            let collected = but(kind.list, answer).collect(kind.plan(), &[HERE]).await;
            let missing = collected.missing(kind.name(), HERE);
            assert_eq!(missing.first().unwrap().class, class, "{}", kind.list);
            let action = format!("ec2:{}", kind.list);
            assert_eq!(missing.first().unwrap().iam_action, action);
        }
        let nothing = reply(kind.list, &format!("<{}/>", kind.set));
        let collected = but(kind.list, nothing).collect(kind.plan(), &[HERE]).await;
        assert!(collected.missing(kind.name(), HERE).is_empty(), "{}", kind.list);
        assert!(collected.resources.is_empty() && collected.gaps.is_empty(), "{}", kind.list);
    }
}

#[tokio::test]
async fn regions_are_read_apart() {
    let wire = Wire::start(|request| {
        let abroad = request.headers.get("authorization")?.contains("/us-east-1/");
        if abroad && request.operation() == "DescribeVolumes" {
            return Some(denied());
        }
        full(request)
    });
    let plan = Plan::everything([Volume::resource_type()]);
    let collected = wire.collect(plan, &[HERE, "us-east-1"]).await;
    assert_eq!(collected.ids("ec2.volume"), ["vol-1"]);
    assert!(collected.missing("ec2.volume", HERE).is_empty());
    let missing = collected.missing("ec2.volume", "us-east-1");
    assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
}

/// What one item lacks hides that fact, and no more; without an id it is not
/// there at all.
#[tokio::test]
async fn an_item_without_what_is_always_there_is_malformed() {
    for (kind, cut) in [
        (&KINDS[0], "<imageId>ami-1</imageId>"),
        (&KINDS[0], "<name>running</name>"),
        (&KINDS[0], "<httpTokens>required</httpTokens>"),
        (&KINDS[0], "<launchTime>2025-12-01T00:00:00.000Z</launchTime>"),
        (&KINDS[1], "<isPublic>true</isPublic>"),
        (&KINDS[2], "<defaultVersionNumber>2</defaultVersionNumber>"),
        (&KINDS[3], "<spotFleetRequestState>active</spotFleetRequestState>"),
        (&KINDS[4], "<encrypted>true</encrypted>"),
        (&KINDS[5], "<encrypted>false</encrypted>"),
    ] {
        let Answer::Reply(_, whole) = kind.page(&["x-1"], None) else { panic!("{cut}") };
        assert!(whole.contains(cut), "{cut}");
        let wire = but(kind.list, ok(&whole.replace(cut, "")));
        let collected = wire.collect(kind.plan(), &[HERE]).await;
        let Value::Record(fields) = &collected.resource(kind.name(), "x-1").document else {
            panic!("{cut}")
        };
        let own = |field: &&Value| match field {
            Value::Unknown(gaps) => {
                **field != Fact::<bool>::not_collected().into_value() && !gaps.is_empty()
            }
            _ => false,
        };
        assert_eq!(fields.iter().filter(own).count(), 1, "{cut}: {fields:?}");
        let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
        assert_eq!(classes, [ErrorClass::Malformed], "{cut}");
        assert!(collected.missing(kind.name(), HERE).is_empty(), "{cut}");
    }
    let nameless = regex::Regex::new("<[A-Za-z]+></[A-Za-z]+>").unwrap();
    for kind in &KINDS {
        let Answer::Reply(_, whole) = kind.page(&["x-1"], None) else { panic!() };
        let without = whole.replace(">x-1<", "><").replace(">\n<", "><");
        let answer = ok(&nameless.replace_all(&without, ""));
        let collected = but(kind.list, answer).collect(kind.plan(), &[HERE]).await;
        assert!(collected.resources.is_empty(), "{}", kind.list);
        let missing = collected.missing(kind.name(), HERE);
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{}", kind.list);
    }
}

fn in_use(images: &'static [&'static str]) -> impl Fn(&Request) -> Option<Answer> {
    move |request| {
        (request.operation() == "DescribeInstances").then(|| {
            let items: String = images
                .iter()
                .enumerate()
                .map(|(n, image)| instance_in(&format!("i-{n}"), "running", image))
                .collect();
            reply("DescribeInstances", &format!("<reservationSet>{items}</reservationSet>"))
        })
    }
}

fn images_plan() -> Plan {
    Plan::new([Instance::resource_type()], [&DESCRIBE_INSTANCES, &DESCRIBE_IMAGES])
}

#[tokio::test]
async fn images_that_are_gone_are_absent_and_hide_no_other() {
    let instances = in_use(&["ami-1", "ami-2", "ami-3", "ami-1"]);
    let wire = Wire::start(move |request| {
        let asked: Vec<&str> =
            (1..=3).filter_map(|n| request.parameter(&format!("ImageId.{n}"))).collect();
        match (request.operation().as_str(), asked.as_slice()) {
            ("DescribeImages", ["ami-1", "ami-2", "ami-3"]) => Some(ec2_error(
                400,
                "InvalidAMIID.NotFound",
                "The image id '[ami-2]' does not exist",
            )),
            ("DescribeImages", ["ami-1", "ami-3"]) => {
                Some(reply("DescribeImages", &format!("<imagesSet>{}</imagesSet>", image("ami-1"))))
            }
            _ => instances(request),
        }
    });
    let collected = wire.collect(images_plan(), &[HERE]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let image = |id| collected.document::<Instance>("ec2.instance", id).image;
    assert_eq!(image("i-0"), image("i-3"));
    assert_eq!(known(image("i-0")).name.as_deref(), Some("golden"));
    assert_eq!(image("i-1"), Fact::Absent);
    assert_eq!(image("i-2"), Fact::Absent, "left out of the answer");
    assert_eq!(wire.count("DescribeImages"), 2);
    for request in wire.requests().iter().filter(|r| r.operation() == "DescribeImages") {
        assert_eq!(request.parameter("IncludeDeprecated"), Some("true"));
        assert_eq!(request.parameter("IncludeDisabled"), Some("true"));
    }
}

#[tokio::test]
async fn an_image_that_is_refused_is_not_gone() {
    for (answer, expected) in [
        (ec2_error(400, "InvalidAMIID.NotFound", "no such image"), None),
        (ec2_error(400, "InvalidAMIID.Unavailable", "The image ami-1 is unavailable"), None),
        (denied(), Some(ErrorClass::AccessDenied)),
        (ec2_error(400, "InvalidAMIID.Malformed", "ami-1"), Some(ErrorClass::Other)),
        (reply("DescribeImages", ""), Some(ErrorClass::Malformed)),
    ] {
        let collected = but("DescribeImages", answer).collect(images_plan(), &[HERE]).await;
        let image = collected.document::<Instance>("ec2.instance", "i-1").image;
        match expected {
            None => assert_eq!(image, Fact::Absent),
            Some(class) => assert_eq!(collected.why(&image).class, class),
        }
        assert!(collected.missing("ec2.instance", HERE).is_empty());
    }
    // Two were asked for, and the refusal names neither.
    let instances = in_use(&["ami-1", "ami-2"]);
    let wire = Wire::start(move |request| match request.operation().as_str() {
        "DescribeImages" => Some(ec2_error(400, "InvalidAMIID.NotFound", "an image is gone")),
        _ => instances(request),
    });
    let collected = wire.collect(images_plan(), &[HERE]).await;
    let image = collected.document::<Instance>("ec2.instance", "i-1").image;
    assert_eq!(collected.why(&image).class, ErrorClass::Other);
}

#[tokio::test]
async fn user_data_is_searched_or_says_why_not() {
    let ask = |answer: Answer| async {
        let wire = but("DescribeInstanceAttribute", answer);
        everything(&wire, Instance::resource_type()).await
    };
    for nothing in ["", "IyEvYmluL3NoCg=="] {
        let collected = ask(user_data(nothing)).await;
        let found = collected.document::<Instance>("ec2.instance", "i-1").user_data;
        match nothing {
            "" => assert_eq!(found, Fact::Absent),
            _ => assert!(known(found).secrets.is_empty()),
        }
    }
    for (answer, class, words) in [
        (user_data("H4sIAAAA"), ErrorClass::Other, "gzip"),
        (user_data("UEsDBA=="), ErrorClass::Other, "not text"),
        (user_data("not base64!"), ErrorClass::Malformed, "base64"),
        (reply("DescribeInstanceAttribute", ""), ErrorClass::Malformed, "UserData"),
        (denied(), ErrorClass::AccessDenied, "not authorized"),
    ] {
        let collected = ask(answer).await;
        let found = collected.document::<Instance>("ec2.instance", "i-1").user_data;
        let gap = collected.why(&found);
        assert_eq!((gap.class, gap.operation.as_str()), (class, "ec2:DescribeInstanceAttribute"));
        assert!(gap.message.contains(words), "{}", gap.message);
        assert!(gap.resource.as_deref().unwrap().ends_with("instance/i-1"));
    }
    let gone = ask(ec2_error(400, "InvalidInstanceID.NotFound", "gone")).await;
    assert!(gone.resources.is_empty() && gone.gaps.is_empty());
    assert!(gone.missing("ec2.instance", HERE).is_empty());
}

#[tokio::test]
async fn nothing_more_is_asked_about_instances_that_ended() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "DescribeInstances" => Some(reply(
            "DescribeInstances",
            &format!(
                "<reservationSet>{}</reservationSet>",
                instance_in("i-1", "terminated", "ami-1")
            ),
        )),
        _ => None,
    });
    let collected = everything(&wire, Instance::resource_type()).await;
    assert_eq!(collected.ids("ec2.instance"), ["i-1"]);
    assert!(collected.gaps.is_empty());
    assert_eq!(wire.requests().len(), 2);
}

/// Answers both lists of snapshots; the second one, of what everyone may
/// restore, by `restorable`.
fn snapshots(restorable: Answer, attribute: Answer) -> Wire {
    Wire::start(move |request| match request.operation().as_str() {
        "DescribeSnapshots" if request.parameter("RestorableBy.1").is_some() => {
            assert_eq!(request.parameter("RestorableBy.1"), Some("all"));
            assert_eq!(request.parameter("Owner.1"), Some("self"));
            Some(restorable.clone())
        }
        "DescribeSnapshots" => {
            assert_eq!(request.parameter("Owner.1"), Some("self"));
            Some(KINDS[5].page(&["snap-1", "snap-2"], None))
        }
        "DescribeSnapshotAttribute" => Some(attribute.clone()),
        _ => None,
    })
}

#[tokio::test]
async fn each_snapshot_is_asked_with_whom_it_is_shared() {
    let wire = snapshots(KINDS[5].page(&["snap-2"], None), permissions(EVERYONE));
    let collected = everything(&wire, Snapshot::resource_type()).await;
    let private: Snapshot = collected.document("ec2.snapshot", "snap-1");
    assert_eq!(private.restorable_by, Fact::Known(Vec::new()));
    assert_eq!(known(private.create_volume_permissions).len(), 1);
    let public: Snapshot = collected.document("ec2.snapshot", "snap-2");
    assert_eq!(known(public.restorable_by), ["all"]);
    let allowed = known(public.create_volume_permissions);
    assert_eq!(allowed.first().unwrap().group.as_deref(), Some("all"));
    assert_eq!(wire.count("DescribeSnapshotAttribute"), 2);
    assert_eq!(wire.count("DescribeSnapshots"), 2);

    // An endpoint that ignores what was asked: the attribute has the last word.
    let wire = snapshots(KINDS[5].page(&["snap-1", "snap-2"], None), permissions(""));
    let collected = everything(&wire, Snapshot::resource_type()).await;
    let private: Snapshot = collected.document("ec2.snapshot", "snap-1");
    assert_eq!(known(private.create_volume_permissions), []);

    // No rule asks for sharing.
    let wire = snapshots(denied(), denied());
    let plan = Plan::new([Snapshot::resource_type()], [&DESCRIBE_SNAPSHOTS]);
    let collected = wire.collect(plan, &[HERE]).await;
    assert_eq!(wire.count("DescribeSnapshots"), 1);
    let snapshot: Snapshot = collected.document("ec2.snapshot", "snap-1");
    assert_eq!(snapshot.restorable_by, Fact::not_collected());
}

#[tokio::test]
async fn sharing_that_was_not_read_is_not_private() {
    let wire = snapshots(denied(), permissions(EVERYONE));
    let collected = everything(&wire, Snapshot::resource_type()).await;
    let snapshot: Snapshot = collected.document("ec2.snapshot", "snap-1");
    assert_eq!(collected.why(&snapshot.restorable_by).operation, "ec2:DescribeSnapshots");
    assert!(collected.missing("ec2.snapshot", HERE).is_empty(), "the list itself was read");

    // Half a list says which are open, and not which are not.
    let wire = snapshots(KINDS[5].page(&["snap-2"], Some("2")), permissions(EVERYONE));
    let collected = everything(&wire, Snapshot::resource_type()).await;
    let open: Snapshot = collected.document("ec2.snapshot", "snap-2");
    assert_eq!(known(open.restorable_by), ["all"]);
    let other: Snapshot = collected.document("ec2.snapshot", "snap-1");
    assert_eq!(collected.why(&other.restorable_by).class, ErrorClass::Malformed);

    for (answer, class) in [
        (denied(), ErrorClass::AccessDenied),
        (reply("DescribeSnapshotAttribute", ""), ErrorClass::Malformed),
    ] {
        let wire = snapshots(KINDS[5].page(&["snap-2"], None), answer);
        let collected = everything(&wire, Snapshot::resource_type()).await;
        let snapshot: Snapshot = collected.document("ec2.snapshot", "snap-2");
        let gap = collected.why(&snapshot.create_volume_permissions);
        assert_eq!((gap.class, gap.operation.as_str()), (class, "ec2:DescribeSnapshotAttribute"));
    }
    let gone = ec2_error(400, "InvalidSnapshot.NotFound", "gone");
    let wire = snapshots(KINDS[5].page(&["snap-2"], None), gone);
    let collected = everything(&wire, Snapshot::resource_type()).await;
    assert!(collected.ids("ec2.snapshot").is_empty());
    assert!(collected.gaps.is_empty());
}

#[tokio::test]
async fn each_image_that_can_be_started_is_asked_with_whom_it_is_shared() {
    let shares = "<item><userId>999988887777</userId></item><item><organizationArn>\
        arn:aws:organizations::999988887777:organization/o-1</organizationArn></item>";
    let wire = but("DescribeImageAttribute", launch_permissions(shares));
    let collected = everything(&wire, Image::resource_type()).await;
    let shared: Image = collected.document("ec2.image", "ami-1");
    let permissions = known(shared.launch_permissions);
    assert_eq!(permissions.first().unwrap().user.as_deref(), Some("999988887777"));
    let organization = permissions.last().unwrap().organization.as_deref();
    assert_eq!(organization, Some("arn:aws:organizations::999988887777:organization/o-1"));

    for (answer, class) in [
        (denied(), ErrorClass::AccessDenied),
        (reply("DescribeImageAttribute", ""), ErrorClass::Malformed),
    ] {
        let wire = but("DescribeImageAttribute", answer);
        let collected = everything(&wire, Image::resource_type()).await;
        let image: Image = collected.document("ec2.image", "ami-1");
        let gap = collected.why(&image.launch_permissions);
        assert_eq!((gap.class, gap.iam_action.as_str()), (class, "ec2:DescribeImageAttribute"));
        assert_eq!(gap.resource.as_deref(), Some("arn:aws:ec2:eu-west-1::image/ami-1"));
    }
    let gone = but("DescribeImageAttribute", ec2_error(400, "InvalidAMIID.NotFound", "gone"));
    let collected = everything(&gone, Image::resource_type()).await;
    assert!(collected.ids("ec2.image").is_empty() && collected.gaps.is_empty());

    let disabled = image("ami-1").replace("<imageState>available", "<imageState>disabled");
    let list = reply("DescribeImages", &format!("<imagesSet>{disabled}</imagesSet>"));
    let wire = but("DescribeImages", list);
    let collected = everything(&wire, Image::resource_type()).await;
    let image: Image = collected.document("ec2.image", "ami-1");
    assert_eq!(image.launch_permissions, Fact::Absent);
    assert_eq!(wire.count("DescribeImageAttribute"), 0);

    // No rule asks for sharing.
    let wire = Wire::start(full);
    let plan = Plan::new([Image::resource_type()], [&DESCRIBE_IMAGES]);
    let collected = wire.collect(plan, &[HERE]).await;
    let image: Image = collected.document("ec2.image", "ami-1");
    assert_eq!(image.launch_permissions, Fact::not_collected());
}

fn versions(items: &str) -> Answer {
    let body = format!("<launchTemplateVersionSet>{items}</launchTemplateVersionSet>");
    reply("DescribeLaunchTemplateVersions", &body)
}

#[tokio::test]
async fn launch_templates_have_what_their_default_version_says() {
    let wire = Wire::start(full);
    let collected = everything(&wire, LaunchTemplate::resource_type()).await;
    let template: LaunchTemplate = collected.document("ec2.launch-template", "lt-1");
    let data = known(template.data);
    assert_eq!(data.metadata_options.unwrap().http_tokens.as_deref(), Some("required"));
    let interfaces = data.network_interfaces.unwrap();
    assert_eq!(interfaces.first().unwrap().associate_public_ip_address, Some(true));
    let devices = data.block_device_mappings.unwrap();
    assert_eq!(devices.first().unwrap().ebs.clone().unwrap().encrypted, Some(true));
    let asked = wire.requests().into_iter().find(|r| r.operation().ends_with("Versions")).unwrap();
    assert_eq!(asked.parameter("LaunchTemplateVersion.1"), Some("$Default"));
    assert_eq!(asked.parameter("MaxResults"), Some("200"));
    assert_eq!(asked.parameter("LaunchTemplateId"), None, "all templates at once");

    for (answer, class) in [
        (denied(), ErrorClass::AccessDenied),
        (versions(&version("lt-2")), ErrorClass::Malformed),
        (versions("<item><launchTemplateId>lt-1</launchTemplateId></item>"), ErrorClass::Malformed),
        (reply("DescribeLaunchTemplateVersions", ""), ErrorClass::Malformed),
    ] {
        let wire = but("DescribeLaunchTemplateVersions", answer);
        let collected = everything(&wire, LaunchTemplate::resource_type()).await;
        let template: LaunchTemplate = collected.document("ec2.launch-template", "lt-1");
        let gap = collected.why(&template.data);
        let operation = "ec2:DescribeLaunchTemplateVersions";
        assert_eq!((gap.class, gap.operation.as_str()), (class, operation));
        assert!(collected.missing("ec2.launch-template", HERE).is_empty());
    }
    let none =
        but("DescribeLaunchTemplates", reply("DescribeLaunchTemplates", "<launchTemplates/>"));
    let _nothing = everything(&none, LaunchTemplate::resource_type()).await;
    assert_eq!(none.count("DescribeLaunchTemplateVersions"), 0);
    let wire = Wire::start(full);
    let names: [&'static Operation; 1] = [&DESCRIBE_LAUNCH_TEMPLATES];
    let plan = Plan::new([LaunchTemplate::resource_type()], names);
    let collected = wire.collect(plan, &[HERE]).await;
    let template: LaunchTemplate = collected.document("ec2.launch-template", "lt-1");
    assert_eq!(template.data, Fact::not_collected());
    assert_eq!(wire.count("DescribeLaunchTemplateVersions"), 0);
}

#[tokio::test]
async fn spot_fleets_and_volumes_have_their_facts() {
    let wire = Wire::start(full);
    let collected = everything(&wire, SpotFleetRequest::resource_type()).await;
    let fleet: SpotFleetRequest = collected.document("ec2.spot-fleet-request", "sfr-1");
    let specifications = known(fleet.config).launch_specifications.unwrap();
    let devices = specifications.first().unwrap().block_device_mappings.clone().unwrap();
    assert_eq!(devices.first().unwrap().ebs.clone().unwrap().encrypted, Some(false));
    let collected = everything(&wire, Volume::resource_type()).await;
    let volume: Volume = collected.document("ec2.volume", "vol-1");
    assert_eq!(volume.snapshot, Fact::Absent, "an empty id is none");
    assert_eq!(known(volume.attachments).first().unwrap().instance.as_deref(), Some("i-1"));
    let collected = everything(&wire, Image::resource_type()).await;
    let image: Image = collected.document("ec2.image", "ami-1");
    assert!(known(image.public));
    let asked = wire.requests().into_iter().find(|r| r.operation() == "DescribeImages").unwrap();
    assert_eq!(asked.parameter("Owner.1"), Some("self"));
}
