//! The IAM collector, at the wire.
#![expect(clippy::unwrap_used, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, known, query, query_error};
use crate::inventory::{Document, ErrorClass, Fact, GLOBAL, Operation, Value};
use crate::services::iam::{
    CredentialReportRow, GENERATE_CREDENTIAL_REPORT, GET_ACCOUNT_AUTHORIZATION_DETAILS,
    GET_CREDENTIAL_REPORT, Group, ManagedPolicy, OidcProvider, Role, RootUser, SamlProvider,
    ServerCertificate, User,
};

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
    password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
    access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
    access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
    cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const ROOT: &str = "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00+00:00,\
    not_supported,2024-01-01T00:00:00+00:00,not_supported,not_supported,true,false,N/A,N/A,N/A,\
    N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";

/// A row of an ordinary user, with the cells of password and first key.
fn row(name: &str, password: &str, key: &str) -> String {
    format!(
        "{name},arn:aws:iam::123456789012:user/{name},2024-01-02T03:04:05+00:00,{password},N/A,\
         true,{key},us-east-1,s3,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"
    )
}

const PASSWORD: &str = "true,no_information,2024-02-02T00:00:00+00:00";
const KEY: &str = "true,2024-05-03T00:00:00+00:00,N/A";

/// Standard base64, which the report travels in.
fn base64(text: &str) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * at) & 63).unwrap();
            let used = at <= chunk.len();
            out.push(if used { char::from(*DIGITS.get(digit).unwrap()) } else { '=' });
        }
    }
    out
}

fn report(rows: &[String]) -> Answer {
    let table = format!("{HEADER}\n{ROOT}\n{}\n", rows.join("\n"));
    report_of(&table)
}

fn report_of(table: &str) -> Answer {
    query(
        "GetCredentialReport",
        &format!(
            "<Content>{}</Content><ReportFormat>text/csv</ReportFormat>\
             <GeneratedTime>2024-05-05T05:05:05Z</GeneratedTime>",
            base64(table)
        ),
    )
}

fn state(state: &str) -> Answer {
    query("GenerateCredentialReport", &format!("<State>{state}</State>"))
}

fn user(name: &str) -> String {
    format!(
        "<member><Path>/</Path><UserName>{name}</UserName><UserId>U</UserId>\
         <Arn>arn:aws:iam::123456789012:user/{name}</Arn>\
         <CreateDate>2024-01-02T03:04:05Z</CreateDate><GroupList><member>staff</member>\
         </GroupList><AttachedManagedPolicies/></member>"
    )
}

const TRUST: &str = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22\
    sts%3AAssumeRole%22%2C%22Condition%22%3A%7B%22StringEquals%22%3A%7B%22sts%3AExternalId%22%3A\
    %22geheim%22%7D%7D%7D%7D";

const ROLE: &str = "<member><Path>/</Path><RoleName>audit</RoleName><RoleId>R</RoleId>\
    <Arn>arn:aws:iam::123456789012:role/audit</Arn><CreateDate>2024-01-02T03:04:05Z</CreateDate>\
    <AssumeRolePolicyDocument>TRUST</AssumeRolePolicyDocument><InstanceProfileList/>\
    <RolePolicyList><member><PolicyName>own</PolicyName><PolicyDocument>%7B%7D</PolicyDocument>\
    </member></RolePolicyList><AttachedManagedPolicies><member><PolicyName>ReadOnlyAccess\
    </PolicyName><PolicyArn>arn:aws:iam::aws:policy/ReadOnlyAccess</PolicyArn></member>\
    </AttachedManagedPolicies><Tags><member><Key>team</Key><Value>sec</Value></member></Tags>\
    <RoleLastUsed/></member>";

const GROUP: &str = "<member><Path>/</Path><GroupName>staff</GroupName><GroupId>G</GroupId>\
    <Arn>arn:aws:iam::123456789012:group/staff</Arn><CreateDate>2024-01-02T03:04:05Z</CreateDate>\
    <GroupPolicyList/><AttachedManagedPolicies/></member>";

fn policy(arn: &str, attached: u32, bounds: u32) -> String {
    format!(
        "<member><Arn>{arn}</Arn><Path>/</Path><DefaultVersionId>v2</DefaultVersionId>\
         <AttachmentCount>{attached}</AttachmentCount>\
         <PermissionsBoundaryUsageCount>{bounds}</PermissionsBoundaryUsageCount>\
         <PolicyVersionList><member><Document>%7B%22v%22%3A1%7D</Document><VersionId>v1\
         </VersionId><IsDefaultVersion>false</IsDefaultVersion></member><member>\
         <Document>%7B%22v%22%3A2%7D</Document><VersionId>v2</VersionId>\
         <IsDefaultVersion>true</IsDefaultVersion></member></PolicyVersionList></member>"
    )
}

fn details(users: &[&str], rest: bool, marker: Option<&str>) -> Answer {
    let users: String = users.iter().map(|name| user(name)).collect();
    let (groups, roles, policies) = if rest {
        let policies = [
            policy("arn:aws:iam::123456789012:policy/team/own", 0, 0),
            policy("arn:aws:iam::aws:policy/ReadOnlyAccess", 1, 0),
            policy("arn:aws:iam::aws:policy/PowerUserAccess", 0, 1),
            policy("arn:aws:iam::aws:policy/Unused", 0, 0),
        ];
        (GROUP, ROLE.replace("TRUST", TRUST), policies.concat())
    } else {
        ("", String::new(), String::new())
    };
    let more = marker.map_or_else(
        || "<IsTruncated>false</IsTruncated>".to_owned(),
        |marker| format!("<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>"),
    );
    query(
        "GetAccountAuthorizationDetails",
        &format!(
            "<UserDetailList>{users}</UserDetailList><GroupDetailList>{groups}</GroupDetailList>\
             <RoleDetailList>{roles}</RoleDetailList><Policies>{policies}</Policies>{more}"
        ),
    )
}

fn full(request: &Request) -> Option<Answer> {
    Some(match (request.operation().as_str(), request.parameter("Marker")) {
        ("GetAccountAuthorizationDetails", None) => details(&["anna", "bert"], true, Some("m+1")),
        ("GetAccountAuthorizationDetails", Some("m+1")) => details(&["cleo"], false, None),
        ("GenerateCredentialReport", _) => state("COMPLETE"),
        ("GetCredentialReport", _) => report(&[
            row("anna", PASSWORD, KEY),
            row("bert", "false,N/A,N/A", "false,N/A,N/A"),
            row("cleo", "TRUE,2024-04-04T00:00:00+00:00,2024-02-02T00:00:00+00:00", KEY),
        ]),
        _ => return None,
    })
}

fn identities() -> Plan {
    Plan::everything([
        User::resource_type(),
        Group::resource_type(),
        Role::resource_type(),
        ManagedPolicy::resource_type(),
    ])
}

fn users() -> Plan {
    Plan::everything([User::resource_type()])
}

async fn but(operation: &'static str, answer: Answer, plan: Plan) -> Collected {
    let wire = Wire::start(move |request| {
        if request.operation() == operation { Some(answer.clone()) } else { full(request) }
    });
    wire.collect(plan, &[]).await
}

fn refused() -> Answer {
    query_error(403, "AccessDenied", "User: x is not authorized")
}

fn report_row(collected: &Collected, name: &str) -> CredentialReportRow {
    known(collected.document::<User>("iam.user", name).credential_report)
}

#[tokio::test]
async fn all_of_iam_is_read_in_four_calls() {
    let wire = Wire::start(full);
    let collected = wire.collect(identities(), &[]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids("iam.user"), ["anna", "bert", "cleo"]);
    assert_eq!(collected.ids("iam.group"), ["staff"]);
    assert_eq!(collected.ids("iam.role"), ["audit"]);
    // AWS's own are read where they are attached or bound something.
    assert_eq!(collected.ids("iam.policy"), ["PowerUserAccess", "ReadOnlyAccess", "own"]);
    for kind in ["iam.user", "iam.group", "iam.role", "iam.policy"] {
        assert!(collected.missing(kind, GLOBAL).is_empty());
    }
    // GetCallerIdentity, two pages, and the report.
    assert_eq!(wire.requests().len(), 5);
    assert!(wire.requests().iter().all(|r| !r.parameters.contains_key("Filter.member.1")));

    let role: Role = collected.document("iam.role", "audit");
    let trust = known(role.trust_policy);
    assert!(
        trust.contains(r#""sts:ExternalId":"$hidden""#) && !trust.contains("geheim"),
        "{trust}"
    );
    let last_used = known(role.last_used);
    assert_eq!(last_used.date, None);
    let tags = &collected.resource("iam.role", "audit").tags;
    assert!(matches!(tags, Value::Map(tags) if tags.get("team") == Some(&Value::text("sec"))));
    let own: ManagedPolicy = collected.document("iam.policy", "own");
    let version = known(own.default_version);
    assert_eq!((version.version_id.as_str(), version.document.as_str()), ("v2", "{\"v\":2}"));
    let anna: User = collected.document("iam.user", "anna");
    assert_eq!(anna.inline_policies, Fact::Known(Vec::new()));
    assert_eq!(anna.groups, Fact::Known(vec!["staff".to_owned()]));
}

#[tokio::test]
async fn only_what_the_plan_reads_is_asked_for() {
    let wire = Wire::start(full);
    let plan = Plan::everything([Role::resource_type()]);
    let collected = wire.collect(plan, &[]).await;
    assert_eq!(collected.ids("iam.role"), ["audit"]);
    assert_eq!(collected.ids("iam.user").len() + collected.ids("iam.policy").len(), 0);
    assert_eq!(wire.count("GetCredentialReport"), 0);
    let asked = wire.requests().into_iter().find(|r| r.parameters.contains_key("MaxItems"));
    let asked = asked.unwrap();
    assert_eq!(asked.parameter("Filter.member.1"), Some("Role"));
    assert_eq!(asked.parameter("MaxItems"), Some("1000"));
}

#[tokio::test]
async fn the_reports_words_are_read_as_aws_documents_them() {
    let collected = Wire::start(full).collect(users(), &[]).await;
    let anna = report_row(&collected, "anna");
    assert_eq!(anna.password_enabled, Fact::Known(true));
    assert_eq!(anna.password_last_used, Fact::Absent);
    assert_eq!(anna.mfa_active, Fact::Known(true));
    assert_eq!(
        anna.access_key_1_last_rotated,
        Fact::Known("2024-05-03T00:00:00Z".parse().unwrap())
    );
    assert_eq!(anna.access_key_1_last_used_date, Fact::Absent);
    assert_eq!(anna.generated_time, "2024-05-05T05:05:05Z".parse().unwrap());
    let bert = report_row(&collected, "bert");
    assert_eq!(bert.password_enabled, Fact::Known(false));
    assert_eq!(bert.password_last_changed, Fact::Absent);
    let cleo = report_row(&collected, "cleo");
    assert_eq!(cleo.password_enabled, Fact::Known(true));
    assert_eq!(cleo.password_last_used, Fact::Known("2024-04-04T00:00:00Z".parse().unwrap()));
}

#[tokio::test]
async fn other_words_are_unknown() {
    let rows = [
        row("anna", "not_supported,no_information,N/A", "maybe,not_supported,N/A"),
        row("bert", "false,not_supported,not_supported", "false,yesterday,N/A"),
        row("cleo", PASSWORD, KEY),
    ];
    let collected = but("GetCredentialReport", report(&rows), users()).await;
    let anna = report_row(&collected, "anna");
    for why in [
        collected.why(&anna.password_enabled),
        collected.why(&anna.access_key_1_active),
        collected.why(&anna.access_key_1_last_rotated),
    ] {
        assert_eq!(why.class, ErrorClass::Malformed);
        assert_eq!(why.resource.as_deref(), Some("arn:aws:iam::123456789012:user/anna"));
    }
    assert_eq!(anna.mfa_active, Fact::Known(true));
    let bert = report_row(&collected, "bert");
    // No password, no date: whatever the word.
    assert_eq!(bert.password_last_used, Fact::Absent);
    assert!(collected.why(&bert.access_key_1_last_rotated).message.contains("yesterday"));
    assert_eq!(collected.gaps.len(), 4);
}

#[tokio::test]
async fn without_the_report_users_come_from_the_details() {
    for operation in ["GenerateCredentialReport", "GetCredentialReport"] {
        let collected = but(operation, refused(), users()).await;
        assert_eq!(collected.ids("iam.user"), ["anna", "bert", "cleo"]);
        assert!(collected.missing("iam.user", GLOBAL).is_empty());
        let anna: User = collected.document("iam.user", "anna");
        assert_eq!(collected.why(&anna.credential_report).operation, format!("iam:{operation}"));
        assert!(matches!(anna.groups, Fact::Known(_)));
    }
}

#[tokio::test]
async fn without_the_details_users_come_from_the_report() {
    let collected = but("GetAccountAuthorizationDetails", refused(), identities()).await;
    assert_eq!(collected.ids("iam.user"), ["anna", "bert", "cleo"]);
    assert!(collected.missing("iam.user", GLOBAL).is_empty());
    for kind in ["iam.group", "iam.role", "iam.policy"] {
        let missing = collected.missing(kind, GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::AccessDenied);
    }
    let anna: User = collected.document("iam.user", "anna");
    assert_eq!(collected.why(&anna.inline_policies).class, ErrorClass::AccessDenied);
    assert!(matches!(anna.credential_report, Fact::Known(_)));
    let resource = collected.resource("iam.user", "anna");
    assert_eq!(resource.arn.as_ref(), "arn:aws:iam::123456789012:user/anna");
    assert!(matches!(resource.tags, Value::Unknown(_)));
}

#[tokio::test]
async fn without_both_all_users_are_hidden() {
    let wire = Wire::start(|request| (request.operation() != "GetCallerIdentity").then(refused));
    let collected = wire.collect(users(), &[]).await;
    assert!(collected.resources.is_empty());
    let missing = collected.missing("iam.user", GLOBAL);
    let operations: Vec<_> = missing.iter().map(|gap| gap.operation.as_str()).collect();
    assert_eq!(operations.len(), 2, "{operations:?}");
}

#[tokio::test]
async fn a_page_that_fails_hides_what_it_had() {
    let wire = Wire::start(|request| match request.parameter("Marker") {
        Some(_) => Some(Answer::Reset),
        None => full(request),
    });
    let collected = wire.collect(identities(), &[]).await;
    // The report names all users, so none is hidden; only cleo's details are.
    assert_eq!(collected.ids("iam.user"), ["anna", "bert", "cleo"]);
    assert!(collected.missing("iam.user", GLOBAL).is_empty());
    let cleo: User = collected.document("iam.user", "cleo");
    assert_eq!(collected.why(&cleo.groups).class, ErrorClass::Network);
    let anna: User = collected.document("iam.user", "anna");
    assert!(matches!(anna.groups, Fact::Known(_)));
    assert_eq!(collected.ids("iam.role"), ["audit"]);
    assert_eq!(collected.missing("iam.role", GLOBAL).len(), 1);
}

#[tokio::test]
async fn users_are_matched_with_their_own_row() {
    let again = row("bert", PASSWORD, KEY).replace("2024-01-02T03", "2023-01-02T03");
    let rows = [row("anna", PASSWORD, KEY), again, row("deleted", PASSWORD, KEY)];
    let collected = but("GetCredentialReport", report(&rows), users()).await;
    // Who only the older report knows is gone; who it does not know is new, and
    // bert was made again under the same name.
    assert_eq!(collected.ids("iam.user"), ["anna", "bert", "cleo"]);
    for name in ["bert", "cleo"] {
        let new: User = collected.document("iam.user", name);
        let why = collected.why(&new.credential_report);
        assert!(why.message.contains("does not have this user yet"), "{why:?}");
    }
    report_row(&collected, "anna");
}

#[tokio::test]
async fn a_report_without_its_columns_is_malformed() {
    let table = |text: String| report_of(&text);
    let cases = [
        table("arn,password_enabled\na,true\n".to_owned()),
        table("no table".to_owned()),
        query("GetCredentialReport", "<ReportFormat>text/csv</ReportFormat>"),
        query("GetCredentialReport", "<Content>dXNlcg==</Content>"),
    ];
    for answer in cases {
        let collected = but("GetCredentialReport", answer.clone(), users()).await;
        let anna: User = collected.document("iam.user", "anna");
        let why = collected.why(&anna.credential_report);
        assert_eq!(why.class, ErrorClass::Malformed, "{answer:?}");
    }
    let column = format!("{HEADER}\n{}\n", row("anna", PASSWORD, KEY)).replace("mfa_active", "mfa");
    let collected = but("GetCredentialReport", report_of(&column), users()).await;
    let anna = report_row(&collected, "anna");
    assert_eq!(collected.why(&anna.mfa_active).class, ErrorClass::Malformed);
    assert_eq!(anna.password_enabled, Fact::Known(true));
}

#[tokio::test]
async fn a_row_that_cannot_be_read_hides_its_user() {
    let rows = ["short,row".to_owned(), row("anna", PASSWORD, KEY)];
    let plan =
        Plan::new([User::resource_type()], [&GENERATE_CREDENTIAL_REPORT, &GET_CREDENTIAL_REPORT]);
    let collected = but("GetCredentialReport", report(&rows), plan).await;
    assert_eq!(collected.ids("iam.user"), ["anna"]);
    assert_eq!(collected.missing("iam.user", GLOBAL).len(), 1);
    let anna: User = collected.document("iam.user", "anna");
    assert_eq!(anna.groups, Fact::not_collected());
}

/// Answers an operation with one reply after the other, then as usual.
fn first(operation: &'static str, replies: Vec<Answer>) -> Wire {
    let left = std::sync::Mutex::new(replies.into_iter());
    Wire::start(move |request| {
        let next = (request.operation() == operation).then(|| left.lock().unwrap().next());
        next.flatten().or_else(|| full(request))
    })
}

#[tokio::test]
async fn the_report_is_waited_for() {
    let wire = first("GenerateCredentialReport", vec![state("STARTED")]);
    let collected = wire.collect(users(), &[]).await;
    report_row(&collected, "anna");
    assert_eq!(wire.count("GenerateCredentialReport"), 2);

    for code in ["ReportInProgress", "ReportNotPresent", "ReportExpired"] {
        let wire = first("GetCredentialReport", vec![query_error(410, code, "not yet")]);
        let collected = wire.collect(users(), &[]).await;
        report_row(&collected, "anna");
        assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    }
}

const OLD_KEY: &str = "true,2024-02-03T00:00:00+00:00,N/A";

/// Two users that fail by a report: one without MFA, one with an old key.
fn doubtful(request: &Request) -> Option<Answer> {
    let keys = "<AccessKeyMetadata><member><UserName>bert</UserName><AccessKeyId>AKIA\
        </AccessKeyId><Status>Inactive</Status><CreateDate>2024-02-03T00:00:00Z</CreateDate>\
        </member></AccessKeyMetadata><IsTruncated>false</IsTruncated>";
    let devices = "<MFADevices><member><UserName>anna</UserName><SerialNumber>GAHT12345678\
        </SerialNumber><EnableDate>2024-05-05T06:00:00Z</EnableDate></member></MFADevices>\
        <IsTruncated>false</IsTruncated>";
    match request.operation().as_str() {
        "GetCredentialReport" => Some(report(&[
            row("anna", PASSWORD, "false,N/A,N/A").replace(",true,false,", ",false,false,"),
            row("bert", "false,N/A,N/A", OLD_KEY),
            row("cleo", PASSWORD, KEY),
        ])),
        "ListMFADevices" => Some(query("ListMFADevices", devices)),
        "ListAccessKeys" => Some(query("ListAccessKeys", keys)),
        _ => full(request),
    }
}

#[tokio::test]
async fn who_fails_by_an_earlier_report_is_asked_about_again() {
    let wire = Wire::start(doubtful);
    let collected = wire.collect(users(), &[]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let [anna, bert, cleo] =
        ["anna", "bert", "cleo"].map(|name| collected.document::<User>("iam.user", name));
    let serials: Vec<_> = known(anna.mfa_devices).into_iter().map(|d| d.serial_number).collect();
    assert_eq!(serials, ["GAHT12345678"]);
    assert_eq!(anna.access_keys, Fact::Absent);
    let states: Vec<_> = known(bert.access_keys).into_iter().map(|key| key.status).collect();
    assert_eq!(states, ["Inactive"]);
    assert_eq!(cleo.mfa_devices, Fact::Absent);
    assert_eq!((wire.count("ListMFADevices"), wire.count("ListAccessKeys")), (1, 1));
}

#[tokio::test]
async fn a_report_that_was_made_for_the_scan_is_not_doubted() {
    let asked = std::sync::atomic::AtomicBool::new(false);
    let wire = Wire::start(move |request| match request.operation().as_str() {
        "GenerateCredentialReport" if !asked.swap(true, std::sync::atomic::Ordering::SeqCst) => {
            Some(state("STARTED"))
        }
        _ => doubtful(request),
    });
    let collected = wire.collect(users(), &[]).await;
    assert_eq!(collected.document::<User>("iam.user", "anna").mfa_devices, Fact::Absent);
    assert_eq!((wire.count("ListMFADevices"), wire.count("ListAccessKeys")), (0, 0));
}

#[tokio::test]
async fn a_refused_confirmation_is_unknown() {
    for (operation, name) in [("ListMFADevices", "anna"), ("ListAccessKeys", "bert")] {
        let wire = Wire::start(move |request| {
            if request.operation() == operation { Some(refused()) } else { doubtful(request) }
        });
        let collected = wire.collect(users(), &[]).await;
        let user: User = collected.document("iam.user", name);
        let gap = if name == "anna" {
            collected.why(&user.mfa_devices)
        } else {
            collected.why(&user.access_keys)
        };
        assert_eq!(
            (gap.class, gap.operation.as_str()),
            (ErrorClass::AccessDenied, format!("iam:{operation}").as_str())
        );
    }
}

#[tokio::test]
async fn a_report_that_is_never_finished_is_a_gap() {
    let wire = Wire::start(|request| match request.operation().as_str() {
        "GenerateCredentialReport" => Some(state("INPROGRESS")),
        _ => full(request),
    });
    let collected = wire.collect_impatiently(users()).await;
    let anna: User = collected.document("iam.user", "anna");
    assert_eq!(collected.why(&anna.credential_report).class, ErrorClass::Timeout);
}

#[tokio::test]
async fn details_without_what_is_always_there_are_malformed() {
    for (member, field) in [
        ("GroupList", "groups"),
        ("AttachedManagedPolicies", "attached"),
        ("CreateDate", "created"),
    ] {
        let page = user("anna").replace(member, "Other");
        let answer = query(
            "GetAccountAuthorizationDetails",
            &format!("<UserDetailList>{page}</UserDetailList><IsTruncated>false</IsTruncated>"),
        );
        let plan =
            Plan::new([User::resource_type()], [&GET_ACCOUNT_AUTHORIZATION_DETAILS as &Operation]);
        let collected = but("GetAccountAuthorizationDetails", answer, plan).await;
        let anna: User = collected.document("iam.user", "anna");
        let why = match field {
            "groups" => collected.why(&anna.groups).clone(),
            "attached" => collected.why(&anna.attached_policies).clone(),
            _ => collected.why(&anna.create_date).clone(),
        };
        assert_eq!(why.class, ErrorClass::Malformed, "{member}");
        assert!(why.message.contains(member) || why.message.contains(field), "{why:?}");
    }
    let empty = query("GetAccountAuthorizationDetails", "<IsTruncated>false</IsTruncated>");
    let collected = but("GetAccountAuthorizationDetails", empty, identities()).await;
    for kind in ["iam.group", "iam.role", "iam.policy"] {
        let missing = collected.missing(kind, GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "{kind}");
    }
}

#[tokio::test]
async fn a_policy_that_is_no_json_is_unknown() {
    let role = ROLE.replace("TRUST", "%7Bgeheim");
    let answer = query(
        "GetAccountAuthorizationDetails",
        &format!("<RoleDetailList>{role}</RoleDetailList><IsTruncated>false</IsTruncated>"),
    );
    let plan = Plan::everything([Role::resource_type()]);
    let collected = but("GetAccountAuthorizationDetails", answer, plan).await;
    let role: Role = collected.document("iam.role", "audit");
    let why = collected.why(&role.trust_policy);
    assert_eq!(why.class, ErrorClass::Malformed);
    assert!(!why.message.contains("geheim"));
}

fn certificates(names: &[&str], more: &str) -> Answer {
    let items: String = names
        .iter()
        .map(|name| {
            format!(
                "<member><Path>/</Path><ServerCertificateName>{name}</ServerCertificateName>\
                 <ServerCertificateId>C</ServerCertificateId>\
                 <Arn>arn:aws:iam::123456789012:server-certificate/{name}</Arn>\
                 <Expiration>2025-01-01T00:00:00Z</Expiration></member>"
            )
        })
        .collect();
    let list = format!("<ServerCertificateMetadataList>{items}</ServerCertificateMetadataList>");
    query("ListServerCertificates", &format!("{list}{more}"))
}

#[tokio::test]
async fn server_certificates_are_read_in_pages() {
    let plan = || Plan::everything([ServerCertificate::resource_type()]);
    let wire = Wire::start(|request| match request.parameter("Marker") {
        None if request.operation() == "ListServerCertificates" => {
            Some(certificates(&["a", "b"], "<IsTruncated>true</IsTruncated><Marker>m</Marker>"))
        }
        Some("m") => Some(certificates(&["c"], "<IsTruncated>false</IsTruncated>")),
        _ => None,
    });
    let collected = wire.collect(plan(), &[]).await;
    assert_eq!(collected.ids("iam.server-certificate"), ["a", "b", "c"]);
    assert!(collected.missing("iam.server-certificate", GLOBAL).is_empty());
    let a: ServerCertificate = collected.document("iam.server-certificate", "a");
    assert_eq!(a.upload_date, Fact::Absent);

    for (answer, class) in [
        (refused(), ErrorClass::AccessDenied),
        (query("ListServerCertificates", ""), ErrorClass::Malformed),
        (certificates(&["a"], "<IsTruncated>true</IsTruncated>"), ErrorClass::Malformed),
    ] {
        let collected = but("ListServerCertificates", answer, plan()).await;
        let missing = collected.missing("iam.server-certificate", GLOBAL);
        assert_eq!(missing.first().unwrap().class, class);
    }
}

const PROVIDERS: [&str; 2] = ["token.actions.githubusercontent.com", "login.example.com/acme"];

fn provider_arn(address: &str) -> String {
    format!("arn:aws:iam::123456789012:oidc-provider/{address}")
}

fn providers(request: &Request) -> Option<Answer> {
    let item = |address: &str| format!("<member><Arn>{}</Arn></member>", provider_arn(address));
    Some(match request.operation().as_str() {
        "ListOpenIDConnectProviders" => {
            let items: String = PROVIDERS.iter().map(|address| item(address)).collect();
            let list = format!("<OpenIDConnectProviderList>{items}</OpenIDConnectProviderList>");
            query("ListOpenIDConnectProviders", &list)
        }
        "GetOpenIDConnectProvider" => {
            let arn = request.parameter("OpenIDConnectProviderArn")?;
            let url = arn.split_once("oidc-provider/")?.1;
            query(
                "GetOpenIDConnectProvider",
                &format!(
                    "<Url>{url}</Url><ClientIDList><member>sts.amazonaws.com</member>\
                     </ClientIDList><ThumbprintList/><CreateDate>2024-01-02T03:04:05Z</CreateDate>\
                     <Tags><member><Key>team</Key><Value>ci</Value></member></Tags>"
                ),
            )
        }
        _ => return None,
    })
}

#[tokio::test]
async fn oidc_providers_are_read_one_by_one() {
    let plan = || Plan::everything([OidcProvider::resource_type()]);
    let wire = Wire::start(providers);
    let collected = wire.collect(plan(), &[]).await;
    assert_eq!(collected.ids("iam.oidc-provider"), [PROVIDERS[1], PROVIDERS[0]]);
    assert!(collected.missing("iam.oidc-provider", GLOBAL).is_empty());
    let github: OidcProvider = collected.document("iam.oidc-provider", PROVIDERS[0]);
    assert_eq!(known(github.url), PROVIDERS[0]);
    assert_eq!(known(github.audiences), ["sts.amazonaws.com"]);
    assert!(known(github.thumbprints).is_empty());
    assert_eq!(wire.count("GetOpenIDConnectProvider"), 2);

    for (answer, class) in [
        (refused(), ErrorClass::AccessDenied),
        (query("ListOpenIDConnectProviders", ""), ErrorClass::Malformed),
    ] {
        let wire = Wire::start(move |request| match request.operation().as_str() {
            "ListOpenIDConnectProviders" => Some(answer.clone()),
            _ => providers(request),
        });
        let collected = wire.collect(plan(), &[]).await;
        let missing = collected.missing("iam.oidc-provider", GLOBAL);
        assert_eq!(missing.first().unwrap().class, class);
    }
}

#[tokio::test]
async fn an_oidc_provider_that_may_not_be_read_is_there_all_the_same() {
    let plan = || Plan::everything([OidcProvider::resource_type()]);
    let with = |answer: Answer| {
        Wire::start(move |request| match request.operation().as_str() {
            "GetOpenIDConnectProvider" => Some(answer.clone()),
            _ => providers(request),
        })
    };
    let collected = with(refused()).collect(plan(), &[]).await;
    let hidden: OidcProvider = collected.document("iam.oidc-provider", PROVIDERS[0]);
    assert_eq!(collected.why(&hidden.audiences).class, ErrorClass::AccessDenied);
    let gone = query_error(404, "NoSuchEntity", "gone");
    let collected = with(gone).collect(plan(), &[]).await;
    assert!(collected.resources.is_empty() && collected.gaps.is_empty());
}

#[tokio::test]
async fn what_is_planned_without_its_list_is_not_collected() {
    let nothing: [&'static Operation; 0] = [];
    let plan = Plan::new([User::resource_type(), Role::resource_type()], nothing);
    let collected = Wire::start(full).collect(plan, &[]).await;
    for kind in ["iam.user", "iam.role"] {
        let missing = collected.missing(kind, GLOBAL);
        assert_eq!(missing.first().unwrap().class, ErrorClass::NotCollected);
    }
}

fn root() -> Plan {
    Plan::everything([RootUser::resource_type()])
}

#[tokio::test]
async fn the_root_user_has_its_row_of_the_report() {
    let wire = Wire::start(full);
    let collected = wire.collect(root(), &[]).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids("iam.root-user"), ["root"]);
    let resource = collected.resource("iam.root-user", "root");
    assert_eq!(resource.arn.as_ref(), "arn:aws:iam::123456789012:root");
    let root: RootUser = collected.document("iam.root-user", "root");
    let row = known(root.credential_report);
    assert_eq!(known(row.password_last_used).to_string(), "2024-01-01T00:00:00Z");
    assert_eq!(row.access_key_1_last_used_date, Fact::Absent);
    assert_eq!(row.access_key_2_last_used_date, Fact::Absent);
    assert!(collected.missing("iam.root-user", GLOBAL).is_empty());
    // The session, and the report.
    assert_eq!(wire.requests().len(), 1 + 2);
}

#[tokio::test]
async fn a_report_without_the_root_user_says_nothing_of_it() {
    let table = format!("{HEADER}\n{}\n", row("anna", PASSWORD, KEY));
    let collected = but("GetCredentialReport", report_of(&table), root()).await;
    assert!(collected.resources.is_empty());
    let missing = collected.missing("iam.root-user", GLOBAL);
    let gap = missing.first().unwrap();
    assert_eq!(
        (gap.class, gap.operation.as_str()),
        (ErrorClass::Malformed, "iam:GetCredentialReport")
    );
    assert!(gap.message.contains("root user"), "{}", gap.message);

    for operation in ["GenerateCredentialReport", "GetCredentialReport"] {
        let collected = but(operation, refused(), root()).await;
        let missing = collected.missing("iam.root-user", GLOBAL);
        let told: Vec<_> = missing.iter().map(|gap| (gap.class, gap.iam_action.clone())).collect();
        assert_eq!(told, [(ErrorClass::AccessDenied, format!("iam:{operation}"))]);
    }

    // A date that cannot be read is not never.
    let table = format!("{HEADER}\n{}\n", ROOT.replace("2024-01-01T00:00:00+00:00", "recently"));
    let collected = but("GetCredentialReport", report_of(&table), root()).await;
    let root: RootUser = collected.document("iam.root-user", "root");
    let row = known(root.credential_report);
    assert_eq!(collected.why(&row.password_last_used).class, ErrorClass::Malformed);
}

#[tokio::test]
async fn saml_providers_are_listed() {
    let list = |result: &str| query("ListSAMLProviders", result);
    let answer = list(
        "<SAMLProviderList><member><Arn>arn:aws:iam::123456789012:saml-provider/company</Arn>\
         <ValidUntil>2030-01-01T00:00:00Z</ValidUntil></member><member/></SAMLProviderList>",
    );
    let plan = || Plan::everything([SamlProvider::resource_type()]);
    let collected = but("ListSAMLProviders", answer, plan()).await;
    assert_eq!(collected.ids("iam.saml-provider"), ["company"]);
    let provider: SamlProvider = collected.document("iam.saml-provider", "company");
    assert_eq!(known(provider.valid_until).to_string(), "2030-01-01T00:00:00Z");
    let missing = collected.missing("iam.saml-provider", GLOBAL);
    assert_eq!(missing.first().unwrap().class, ErrorClass::Malformed, "one has no ARN");

    for (answer, class) in
        [(refused(), ErrorClass::AccessDenied), (list(""), ErrorClass::Malformed)]
    {
        let collected = but("ListSAMLProviders", answer, plan()).await;
        let missing = collected.missing("iam.saml-provider", GLOBAL);
        assert_eq!(missing.first().unwrap().class, class);
    }
}
