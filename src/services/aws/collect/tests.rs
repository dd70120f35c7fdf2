//! The account's collector, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::wire::{
    ACCOUNT, Answer, Collected, Request, Wire, json_error, known, ok, query, query_error, s3_error,
};
use crate::aws::{Plan, Regions};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL};
use crate::services::accessanalyzer::LIST_ANALYZERS;
use crate::services::account::ContactInformation;
use crate::services::aws::{Account, Region};
use crate::services::config::{
    DESCRIBE_CONFIGURATION_RECORDER_STATUS, DESCRIBE_CONFIGURATION_RECORDERS,
    DESCRIBE_DELIVERY_CHANNEL_STATUS, DESCRIBE_DELIVERY_CHANNELS,
};
use crate::services::ssm::GET_SERVICE_SETTING;

const POLICY: &str = "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength>\
    <RequireSymbols>true</RequireSymbols><RequireNumbers>false</RequireNumbers>\
    <RequireUppercaseCharacters>true</RequireUppercaseCharacters>\
    <RequireLowercaseCharacters>true</RequireLowercaseCharacters>\
    <ExpirePasswords>true</ExpirePasswords><MaxPasswordAge>90</MaxPasswordAge></PasswordPolicy>";

fn devices(serials: &[&str], marker: Option<&str>) -> Answer {
    let items: String = serials
        .iter()
        .map(|serial| {
            format!(
                "<member><SerialNumber>{serial}</SerialNumber><User>\
                 <Arn>arn:aws:iam::123456789012:root</Arn></User></member>"
            )
        })
        .collect();
    let more = marker.map_or_else(
        || "<IsTruncated>false</IsTruncated>".to_owned(),
        |marker| format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
    );
    let devices = format!("<VirtualMFADevices>{items}</VirtualMFADevices>{more}");
    query("ListVirtualMFADevices", &devices)
}

const RECORDERS: &str = "{\"ConfigurationRecorders\":[{\"name\":\"default\",\
    \"roleARN\":\"arn:aws:iam::123456789012:role/config\",\"recordingGroup\":{\
    \"allSupported\":false,\"includeGlobalResourceTypes\":false,\"resourceTypes\":[],\
    \"exclusionByResourceTypes\":{\"resourceTypes\":[\"AWS::IAM::User\",\"AWS::New::Thing\"]},\
    \"recordingStrategy\":{\"useOnly\":\"EXCLUSION_BY_RESOURCE_TYPES\"}},\
    \"recordingMode\":{\"recordingFrequency\":\"CONTINUOUS\"},\"recordingScope\":\"PAID\"}]}";

const STATUSES: &str = "{\"ConfigurationRecordersStatus\":[{\"name\":\"default\",\
    \"recording\":true,\"lastStatus\":\"FAILURE\",\"lastErrorCode\":\"AccessDenied\",\
    \"lastStartTime\":1700000000.5}]}";

const CHANNELS: &str = "{\"DeliveryChannels\":[{\"name\":\"default\",\
    \"s3BucketName\":\"config\",\"snsTopicARN\":\"arn:aws:sns:eu-west-1:123456789012:config\"}]}";

const CHANNEL_STATUSES: &str = "{\"DeliveryChannelsStatus\":[{\"name\":\"default\",\
    \"configHistoryDeliveryInfo\":{\"lastStatus\":\"FAILURE\",\"lastErrorCode\":\"AccessDenied\"},\
    \"configSnapshotDeliveryInfo\":{},\
    \"configStreamDeliveryInfo\":{\"lastStatus\":\"Not_Applicable\"}}]}";

fn analyzers(names: &[&str], next: &str) -> Answer {
    let items: Vec<String> = names
        .iter()
        .map(|name| {
            format!(
                "{{\"arn\":\"arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/{name}\",\
                 \"name\":\"{name}\",\"type\":\"NEW_KIND\",\"status\":\"ACTIVE\",\
                 \"createdAt\":\"2026-01-01T00:00:00Z\"}}"
            )
        })
        .collect();
    ok(&format!("{{\"analyzers\":[{}],\"nextToken\":{next}}}", items.join(",")))
}

fn full(request: &Request) -> Option<Answer> {
    Some(match request.operation().as_str() {
        "GetAccountSummary" => query(
            "GetAccountSummary",
            "<SummaryMap><entry><key>AccountMFAEnabled</key><value>1</value></entry>\
             <entry><key>AccountAccessKeysPresent</key><value>0</value></entry>\
             <entry><key>AccountPasswordPresent</key><value>1</value></entry></SummaryMap>",
        ),
        "GetAccountPasswordPolicy" => query("GetAccountPasswordPolicy", POLICY),
        "ListVirtualMFADevices" => match request.parameter("Marker") {
            None => devices(&["one"], Some("m")),
            Some(_) => devices(&["two"], None),
        },
        "GetAccountPublicAccessBlock" => ok("<PublicAccessBlockConfiguration>\
            <BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
            <BlockPublicPolicy>true</BlockPublicPolicy>\
            <RestrictPublicBuckets>true</RestrictPublicBuckets>\
            </PublicAccessBlockConfiguration>"),
        "GetAlternateContact" => {
            ok("{\"AlternateContact\":{\"AlternateContactType\":\"SECURITY\",\
            \"EmailAddress\":\"security@example.com\",\"Name\":\"Security\",\
            \"PhoneNumber\":\"1\",\"Title\":\"Team\"}}")
        }
        "GetContactInformation" => ok("{\"ContactInformation\":{\"FullName\":\"Jane Doe\",\
            \"AddressLine1\":\"1 Street\",\"City\":\"Dublin\",\"PostalCode\":\"D01\",\
            \"CountryCode\":\"IE\",\"PhoneNumber\":\"1\"}}"),
        "DescribeOrganization" => ok("{\"Organization\":{\"Id\":\"o-abcdef1234\",\
            \"Arn\":\"arn:aws:organizations::111122223333:organization/o-abcdef1234\",\
            \"FeatureSet\":\"ALL\",\"MasterAccountId\":\"111122223333\",\
            \"MasterAccountEmail\":\"root@example.com\"}}"),
        "DescribeDeliveryChannels" => ok(CHANNELS),
        "DescribeDeliveryChannelStatus" => ok(CHANNEL_STATUSES),
        "GetServiceSetting" if request.body.contains("public-sharing-permission") => {
            ok("{\"ServiceSetting\":{\"SettingId\":\"x\",\"SettingValue\":\"Enable\",\
                \"Status\":\"Default\"}}")
        }
        "GetServiceSetting" => json_error(400, "ServiceSettingNotFound", "none"),
        "ListAnalyzers" => match request.parameter("nextToken") {
            None => analyzers(&["one"], "\"n\""),
            Some(_) => analyzers(&["two"], "null"),
        },
        "DescribeConfigurationRecorders" => ok(RECORDERS),
        "DescribeConfigurationRecorderStatus" => ok(STATUSES),
        _ => return None,
    })
}

async fn but(operation: &'static str, answer: Answer) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    wire.collect(Plan::everything([Account::resource_type()]), &["us-east-1"]).await
}

#[tokio::test]
async fn the_account_is_read() {
    let wire = Wire::start(full);
    let plan = Plan::everything([Account::resource_type()]);
    let collected = wire.collect(plan, &["us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let resource = collected.resource("aws.account", ACCOUNT);
    assert_eq!(resource.arn.as_ref(), "arn:aws:account::123456789012:account");
    assert!(collected.missing("aws.account", GLOBAL).is_empty());
    let account: Account = collected.document("aws.account", ACCOUNT);
    let devices = known(account.virtual_mfa_devices);
    let serials: Vec<_> = devices.iter().map(|device| device.serial_number.as_str()).collect();
    assert_eq!(serials, ["one", "two"]);
    let policy = known(account.password_policy);
    assert!(policy.require_symbols && !policy.require_numbers);
    assert_eq!((policy.minimum_length, policy.reuse_prevention), (Some(14), None));
    assert_eq!(known(account.security_contact).kind, "SECURITY");
    let contact = known(account.contact_information);
    assert_eq!(contact, ContactInformation { country_code: "IE".to_owned() }, "no personal data");
    let organization = known(account.organization);
    assert_eq!(
        (organization.id.as_str(), organization.feature_set.as_deref()),
        ("o-abcdef1234", Some("ALL"))
    );
    assert_eq!(organization.management_account, "111122223333");
    // GetCallerIdentity, six single calls, and two pages.
    assert_eq!(wire.requests().len(), 9);
    let contact = wire.requests().into_iter().find(|r| r.operation() == "GetAlternateContact");
    let contact = contact.unwrap();
    assert_eq!(contact.body, "{\"AlternateContactType\":\"SECURITY\"}", "the own account");
    assert_eq!(contact.region(), "us-east-1");
}

#[tokio::test]
async fn what_was_never_set_is_absent() {
    let policy = query_error(404, "NoSuchEntity", "The Password Policy cannot be found.");
    let account: Account =
        but("GetAccountPasswordPolicy", policy).await.document("aws.account", ACCOUNT);
    assert_eq!(account.password_policy, Fact::Absent);
    let contact = json_error(404, "ResourceNotFoundException", "No contact of the inquired type.");
    let account: Account =
        but("GetAlternateContact", contact).await.document("aws.account", ACCOUNT);
    assert_eq!(account.security_contact, Fact::Absent);
    let contact = json_error(404, "ResourceNotFoundException", "No contact information found.");
    let account: Account =
        but("GetContactInformation", contact).await.document("aws.account", ACCOUNT);
    assert_eq!(account.contact_information, Fact::Absent);
    let none =
        json_error(400, "AWSOrganizationsNotInUseException", "Your account is not a member.");
    let account: Account = but("DescribeOrganization", none).await.document("aws.account", ACCOUNT);
    assert_eq!(account.organization, Fact::Absent);
    // S3 Control wraps its errors, or does not.
    for wrap in [s3_error, query_error] {
        let block = wrap(404, "NoSuchPublicAccessBlockConfiguration", "not found");
        let account: Account =
            but("GetAccountPublicAccessBlock", block).await.document("aws.account", ACCOUNT);
        assert_eq!(account.public_access_block, Fact::Absent);
    }
}

#[tokio::test]
async fn each_refusal_hides_one_fact() {
    for (operation, action) in [
        ("GetAccountSummary", "iam:GetAccountSummary"),
        ("GetAccountPasswordPolicy", "iam:GetAccountPasswordPolicy"),
        ("ListVirtualMFADevices", "iam:ListVirtualMFADevices"),
        ("GetAccountPublicAccessBlock", "s3:GetAccountPublicAccessBlock"),
        ("GetAlternateContact", "account:GetAlternateContact"),
        ("GetContactInformation", "account:GetContactInformation"),
        ("DescribeOrganization", "organizations:DescribeOrganization"),
    ] {
        let answer = if operation == "GetAccountPublicAccessBlock" {
            s3_error(403, "AccessDenied", "no")
        } else if action.starts_with("account:") || action.starts_with("organizations:") {
            json_error(403, "AccessDeniedException", "You are not authorized to perform this.")
        } else {
            query_error(403, "AccessDenied", "no")
        };
        let collected = but(operation, answer).await;
        let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.iam_action.as_str()).collect();
        assert_eq!(gaps, [action]);
        assert!(collected.missing("aws.account", GLOBAL).is_empty());
    }
}

#[tokio::test]
async fn switches_and_lists_that_are_missing_are_not_off_and_empty() {
    for (operation, result) in [
        ("GetAccountPasswordPolicy", POLICY.replace("RequireNumbers", "Require")),
        ("GetAccountPasswordPolicy", String::new()),
        ("ListVirtualMFADevices", "<IsTruncated>false</IsTruncated>".to_owned()),
        ("GetAccountSummary", String::new()),
    ] {
        let collected = but(operation, query(operation, &result)).await;
        let gaps: Vec<_> =
            collected.gaps.iter().map(|(_, gap)| (gap.class, gap.operation.as_str())).collect();
        let expected = format!("iam:{operation}");
        assert_eq!(gaps, [(ErrorClass::Malformed, expected.as_str())], "{result}");
    }
}

#[tokio::test]
async fn a_contact_without_its_kind_is_malformed() {
    for body in ["{}", "{\"AlternateContact\":{\"Name\":\"x\"}}", "{\"AlternateContact\":"] {
        let account: Collected = but("GetAlternateContact", ok(body)).await;
        let document: Account = account.document("aws.account", ACCOUNT);
        assert_eq!(account.why(&document.security_contact).class, ErrorClass::Malformed, "{body}");
    }
    for body in ["{}", "{\"ContactInformation\":{\"FullName\":\"x\"}}"] {
        let account: Collected = but("GetContactInformation", ok(body)).await;
        let document: Account = account.document("aws.account", ACCOUNT);
        let class = account.why(&document.contact_information).class;
        assert_eq!(class, ErrorClass::Malformed, "{body}");
    }
    for body in ["{}", "{\"Organization\":{\"Id\":\"o-1\",\"Arn\":\"arn\"}}"] {
        let account: Collected = but("DescribeOrganization", ok(body)).await;
        let document: Account = account.document("aws.account", ACCOUNT);
        assert_eq!(account.why(&document.organization).class, ErrorClass::Malformed, "{body}");
    }
}

#[tokio::test]
async fn half_a_list_of_devices_is_unknown() {
    let wire = Wire::start(|request| match request.parameter("Marker") {
        Some(_) => Some(query_error(403, "AccessDenied", "no")),
        None => full(request),
    });
    let plan = Plan::everything([Account::resource_type()]);
    let collected = wire.collect(plan, &["us-east-1"]).await;
    let account: Account = collected.document("aws.account", ACCOUNT);
    assert_eq!(collected.why(&account.virtual_mfa_devices).class, ErrorClass::AccessDenied);
}

#[tokio::test]
async fn regions_are_fed_as_they_were_listed() {
    let wire = Wire::start(full);
    let plan = || Plan::everything([Region::resource_type()]);
    let listed = |chosen| Regions {
        read: vec!["af-south-1".to_owned(), "us-east-1".to_owned()],
        opt_in: [("af-south-1".to_owned(), "opted-in".to_owned())].into(),
        chosen,
        ..Regions::default()
    };
    let collected = wire.collect_in(plan(), listed(false)).await;
    assert_eq!(collected.ids("aws.region"), ["af-south-1", "us-east-1"]);
    let resource = collected.resource("aws.region", "af-south-1");
    assert_eq!(resource.arn.as_ref(), "arn:aws:account::123456789012:region/af-south-1");
    let region: Region = collected.document("aws.region", "af-south-1");
    assert_eq!(region.opt_in_status, Fact::Known("opted-in".to_owned()));
    assert!(collected.missing("aws.region", "us-east-1").is_empty());

    let collected = wire.collect_in(plan(), listed(true)).await;
    let region: Region = collected.document("aws.region", "us-east-1");
    assert_eq!(region.opt_in_status, Fact::not_collected());
}

async fn regions_but(operation: &'static str, answer: Answer) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    wire.collect(watch(), &["eu-west-1"]).await
}

/// What watches over a region.
fn watch() -> Plan {
    let operations = [
        &LIST_ANALYZERS,
        &DESCRIBE_CONFIGURATION_RECORDERS,
        &DESCRIBE_CONFIGURATION_RECORDER_STATUS,
        &DESCRIBE_DELIVERY_CHANNELS,
        &DESCRIBE_DELIVERY_CHANNEL_STATUS,
        &GET_SERVICE_SETTING,
    ];
    Plan::new([Region::resource_type()], operations)
}

#[tokio::test]
async fn a_region_is_read_with_its_analyzers_and_its_recorder() {
    let wire = Wire::start(full);
    let collected = wire.collect(watch(), &["eu-west-1", "us-east-1"]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let region: Region = collected.document("aws.region", "eu-west-1");
    let analyzers = known(region.analyzers);
    let found: Vec<_> = analyzers.iter().map(|a| (a.name.as_str(), a.kind.as_str())).collect();
    assert_eq!(found, [("one", "NEW_KIND"), ("two", "NEW_KIND")], "kept as they are");
    let recorders = known(region.recorders);
    let recorder = recorders.first().unwrap();
    assert_eq!(recorder.role_arn.as_deref(), Some("arn:aws:iam::123456789012:role/config"));
    let group = recorder.recording_group.as_ref().unwrap();
    assert!(!group.all_supported && !group.include_global_resource_types);
    let excluded = group.exclusion.as_ref().unwrap().resource_types.as_ref().unwrap();
    assert_eq!(*excluded, ["AWS::IAM::User", "AWS::New::Thing"]);
    let strategy = group.strategy.as_ref().unwrap().use_only.as_deref();
    assert_eq!(strategy, Some("EXCLUSION_BY_RESOURCE_TYPES"));
    let statuses = known(region.recorder_statuses);
    let status = statuses.first().unwrap();
    assert!(status.recording);
    assert_eq!(status.last_status.as_deref(), Some("FAILURE"), "kept as it is");
    assert_eq!(status.last_error_code.as_deref(), Some("AccessDenied"));
    let channels = known(region.channels);
    assert_eq!(channels.first().unwrap().bucket.as_deref(), Some("config"));
    let statuses = known(region.channel_statuses);
    let status = statuses.first().unwrap();
    let history = status.history.as_ref().unwrap();
    assert_eq!(history.last_status.as_deref(), Some("FAILURE"), "kept as it is");
    assert_eq!(history.last_error_code.as_deref(), Some("AccessDenied"));
    assert_eq!(status.snapshot.as_ref().unwrap().last_status, None);
    // The region has one of the two settings.
    let settings = known(region.service_settings);
    let told: Vec<_> = settings.iter().map(|s| (s.id.as_str(), s.value.as_deref())).collect();
    assert_eq!(told, [("/ssm/documents/console/public-sharing-permission", Some("Enable"))]);
    // GetCallerIdentity; in each region two pages, four single calls and two settings.
    assert_eq!(wire.requests().len(), 1 + 2 * 8);
    let pages = wire.requests().into_iter().filter(|r| r.operation() == "ListAnalyzers");
    assert!(pages.into_iter().all(|request| request.parameter("maxResults") == Some("100")));
}

#[tokio::test]
async fn a_region_without_any_of_it_has_empty_lists() {
    let gone = json_error(400, "NoSuchConfigurationRecorderException", "none");
    for answer in [ok("{\"ConfigurationRecorders\":[]}"), gone.clone()] {
        let collected = regions_but("DescribeConfigurationRecorders", answer).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        assert_eq!(region.recorders, Fact::Known(Vec::new()));
    }
    for answer in [ok("{\"ConfigurationRecordersStatus\":[]}"), gone.clone()] {
        let collected = regions_but("DescribeConfigurationRecorderStatus", answer).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        assert_eq!(region.recorder_statuses, Fact::Known(Vec::new()));
    }
    let no_channel = json_error(400, "NoSuchDeliveryChannelException", "none");
    for answer in [ok("{\"DeliveryChannels\":[]}"), no_channel.clone()] {
        let collected = regions_but("DescribeDeliveryChannels", answer).await;
        let region: Region = collected.document("aws.region", "eu-west-1");
        assert_eq!(region.channels, Fact::Known(Vec::new()));
    }
    let collected = regions_but("DescribeDeliveryChannelStatus", no_channel).await;
    let region: Region = collected.document("aws.region", "eu-west-1");
    assert_eq!(region.channel_statuses, Fact::Known(Vec::new()));
    let collected = regions_but("ListAnalyzers", analyzers(&[], "null")).await;
    let region: Region = collected.document("aws.region", "eu-west-1");
    assert_eq!(region.analyzers, Fact::Known(Vec::new()));
    // Another operation's word for none is no answer.
    let collected = regions_but("ListAnalyzers", gone).await;
    let region: Region = collected.document("aws.region", "eu-west-1");
    assert_eq!(collected.why(&region.analyzers).class, ErrorClass::Other);
}

#[tokio::test]
async fn each_refusal_hides_one_fact_of_a_region() {
    for (operation, id, action) in [
        ("ListAnalyzers", "accessanalyzer:ListAnalyzers", "access-analyzer:ListAnalyzers"),
        (
            "DescribeConfigurationRecorders",
            "config:DescribeConfigurationRecorders",
            "config:DescribeConfigurationRecorders",
        ),
        (
            "DescribeConfigurationRecorderStatus",
            "config:DescribeConfigurationRecorderStatus",
            "config:DescribeConfigurationRecorderStatus",
        ),
        (
            "DescribeDeliveryChannels",
            "config:DescribeDeliveryChannels",
            "config:DescribeDeliveryChannels",
        ),
        (
            "DescribeDeliveryChannelStatus",
            "config:DescribeDeliveryChannelStatus",
            "config:DescribeDeliveryChannelStatus",
        ),
        ("GetServiceSetting", "ssm:GetServiceSetting", "ssm:GetServiceSetting"),
    ] {
        for (code, status, class) in [
            ("AccessDeniedException", 400, ErrorClass::AccessDenied),
            ("UnrecognizedClientException", 400, ErrorClass::InvalidToken),
            ("ThrottlingException", 429, ErrorClass::Throttled),
        ] {
            let collected = regions_but(operation, json_error(status, code, "no")).await;
            let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.clone()).collect();
            let told: Vec<_> = gaps
                .iter()
                .map(|gap| (gap.operation.as_str(), gap.iam_action.as_str(), gap.class))
                .collect();
            assert_eq!(told, [(id, action, class)]);
            assert!(gaps.iter().all(|gap| gap.region == "eu-west-1"));
            assert!(collected.missing("aws.region", "eu-west-1").is_empty());
        }
    }
}

#[tokio::test]
async fn switches_and_lists_of_a_region_that_are_missing_are_not_off_and_empty() {
    for (operation, body) in [
        ("ListAnalyzers", "{}".to_owned()),
        ("DescribeDeliveryChannels", "{}".to_owned()),
        ("DescribeDeliveryChannels", "{\"DeliveryChannels\":[{}]}".to_owned()),
        ("DescribeDeliveryChannelStatus", "{\"DeliveryChannelsStatus\":[{}]}".to_owned()),
        ("GetServiceSetting", "{}".to_owned()),
        (
            "ListAnalyzers",
            "{\"analyzers\":[{\"name\":\"x\",\"type\":\"ACCOUNT\",\"status\":\"ACTIVE\"}]}"
                .to_owned(),
        ),
        (
            "ListAnalyzers",
            "{\"analyzers\":[{\"arn\":\"a\",\"name\":\"x\",\"status\":\"ACTIVE\"}]}".to_owned(),
        ),
        (
            "ListAnalyzers",
            "{\"analyzers\":[{\"arn\":\"a\",\"name\":\"x\",\"type\":\"ACCOUNT\"}]}".to_owned(),
        ),
        ("DescribeConfigurationRecorders", "{}".to_owned()),
        ("DescribeConfigurationRecorders", RECORDERS.replace("allSupported", "all")),
        ("DescribeConfigurationRecorders", RECORDERS.replace("\"name\"", "\"called\"")),
        ("DescribeConfigurationRecorderStatus", "{}".to_owned()),
        ("DescribeConfigurationRecorderStatus", STATUSES.replace("recording", "recorded")),
        ("DescribeConfigurationRecorderStatus", STATUSES.replace("\"name\"", "\"called\"")),
        ("DescribeConfigurationRecorderStatus", "{\"ConfigurationRecordersStatus\":[".to_owned()),
    ] {
        let collected = regions_but(operation, ok(&body)).await;
        let gaps: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap).collect();
        let told: Vec<_> =
            gaps.iter().map(|gap| (gap.class, gap.operation.ends_with(operation))).collect();
        assert_eq!(told, [(ErrorClass::Malformed, true)], "{operation} {body}");
    }
}

#[tokio::test]
async fn half_a_list_of_analyzers_is_unknown() {
    let wire = Wire::start(|request| match request.parameter("nextToken") {
        Some(_) => Some(json_error(403, "AccessDeniedException", "no")),
        None => full(request),
    });
    let collected = wire.collect(watch(), &["eu-west-1"]).await;
    let region: Region = collected.document("aws.region", "eu-west-1");
    assert_eq!(collected.why(&region.analyzers).class, ErrorClass::AccessDenied);
}
