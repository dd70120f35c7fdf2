//! IAM.

use super::{CREATED, list};
use crate::account::Account;
use crate::call::{Call, encoded};
use crate::errors::bad_token;
use crate::http::Reply;
use crate::paging::BadToken;
use std::ops::Range;

const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";
const STAR: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
const PASS_ROLE: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:PassRole","ec2:RunInstances","iam:CreateAccessKey"],"Resource":"*"}]}"#;
const MODEST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::x/*"}]}"#;
const TRUST: [&str; 4] = [
    r#"{"Service":"ec2.amazonaws.com"}"#,
    r#"{"AWS":"*"}"#,
    r#"{"AWS":"arn:aws:iam::999988887777:root"}"#,
    r#"{"Federated":"cognito-identity.amazonaws.com"}"#,
];

/// So many roles trust each of [`TRUST`] in turn; most roles of a large account
/// are for services.
const OF_ALL_KINDS: usize = 40;

/// AWS's clock of the report.
const REPORTED: &str = "2026-11-01T00:00:00+00:00";

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    let result = match call.operation.as_str() {
        "GetAccountAuthorizationDetails" => details(account, call),
        "GetCredentialReport" => Ok(report(account)),
        "GetAccountSummary" => Ok(summary(account)),
        "GetAccountPasswordPolicy" => Ok(PASSWORD_POLICY.to_owned()),
        "ListVirtualMFADevices" => devices(account, call),
        "ListServerCertificates" => certificates(account, call),
        "ListMFADevices" => Ok("<IsTruncated>false</IsTruncated><MFADevices/>".to_owned()),
        "ListAccessKeys" => Ok(access_keys(call)),
        "ListAccountAliases" => Ok("<IsTruncated>false</IsTruncated><AccountAliases/>".to_owned()),
        "ListOpenIDConnectProviders" => Ok(providers(account)),
        "GetOpenIDConnectProvider" => Ok(PROVIDER.to_owned()),
        "ListOrganizationsFeatures" => Ok(FEATURES.to_owned()),
        "ListSAMLProviders" => Ok("<SAMLProviderList/>".to_owned()),
        _ => return None,
    };
    Some(result.map_or_else(|_: BadToken| bad_token(call), |text| whole(&call.operation, &text)))
}

/// Whether AWS is still writing the report.
pub(crate) fn report_state(complete: bool) -> Reply {
    let state = if complete { "COMPLETE" } else { "STARTED" };
    whole("GenerateCredentialReport", &format!("<State>{state}</State>"))
}

fn whole(operation: &str, result: &str) -> Reply {
    Reply::ok(format!(
        "<{operation}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
         <{operation}Result>{result}</{operation}Result><ResponseMetadata><RequestId>r</RequestId>\
         </ResponseMetadata></{operation}Response>"
    ))
}

const FEATURES: &str = "<OrganizationId>o-laboratory</OrganizationId><EnabledFeatures>\
    <member>RootCredentialsManagement</member></EnabledFeatures>";
const PASSWORD_POLICY: &str = "<PasswordPolicy><MinimumPasswordLength>12</MinimumPasswordLength>\
    <RequireSymbols>true</RequireSymbols><RequireNumbers>true</RequireNumbers>\
    <RequireUppercaseCharacters>true</RequireUppercaseCharacters>\
    <RequireLowercaseCharacters>true</RequireLowercaseCharacters>\
    <AllowUsersToChangePassword>true</AllowUsersToChangePassword>\
    <ExpirePasswords>false</ExpirePasswords></PasswordPolicy>";

fn summary(account: &Account) -> String {
    let entries = [
        ("Users", account.shape.users),
        ("AccountAccessKeysPresent", 0),
        ("AccountMFAEnabled", 1),
        ("AccountPasswordPresent", 1),
        ("AccountSigningCertificatesPresent", 0),
    ];
    list("SummaryMap", entries, |(key, value)| {
        format!("<entry><key>{key}</key><value>{value}</value></entry>")
    })
}

fn user_name(number: usize) -> String {
    format!("p0-user{number:05}")
}

fn user_arn(account: &Account, number: usize) -> String {
    format!("arn:aws:iam::{}:user/{}", account.id, user_name(number))
}

/// Virtual devices of every fourth user.
fn devices(account: &Account, call: &Call) -> Result<String, BadToken> {
    let page = account.page(call, account.shape.users.div_ceil(4), "MaxItems", 1000)?;
    let found = list("VirtualMFADevices", page.range, |at| {
        let number = at * 4;
        format!(
            "<member><SerialNumber>arn:aws:iam::{id}:mfa/{name}</SerialNumber><EnableDate>{CREATED}\
             </EnableDate><User><Path>/</Path><UserName>{name}</UserName><UserId>AIDA{number}\
             </UserId><Arn>{arn}</Arn><CreateDate>{CREATED}</CreateDate></User></member>",
            id = account.id,
            name = user_name(number),
            arn = user_arn(account, number)
        )
    });
    Ok(format!("{}{found}", truncated(page.next.as_deref())))
}

fn certificates(account: &Account, call: &Call) -> Result<String, BadToken> {
    let page = account.page(call, account.shape.rare, "MaxItems", 1000)?;
    let found = list("ServerCertificateMetadataList", page.range, |number| {
        format!(
            "<member><Path>/</Path><ServerCertificateName>p0-cert{number:05}</ServerCertificateName>\
             <ServerCertificateId>ASCALAB{number:014}</ServerCertificateId><Arn>arn:aws:iam::{}:\
             server-certificate/p0-cert{number:05}</Arn><UploadDate>{CREATED}</UploadDate>\
             <Expiration>2027-01-01T00:00:00Z</Expiration></member>",
            account.id
        )
    });
    Ok(format!("{}{found}", truncated(page.next.as_deref())))
}

/// The addresses of OIDC providers, as far as the account has any.
const ISSUERS: [&str; 2] = ["token.actions.githubusercontent.com", "gitlab.com"];
const PROVIDER: &str = "<Url>token.actions.githubusercontent.com</Url><ClientIDList>\
    <member>sts.amazonaws.com</member></ClientIDList><ThumbprintList>\
    <member>6938fd4d98bab03faadb97b34396831e3780aea1</member></ThumbprintList>\
    <CreateDate>2026-03-04T05:06:07Z</CreateDate><Tags/>";

fn providers(account: &Account) -> String {
    let issuers = ISSUERS.iter().take(account.shape.rare);
    list("OpenIDConnectProviderList", issuers, |issuer| {
        format!("<member><Arn>arn:aws:iam::{}:oidc-provider/{issuer}</Arn></member>", account.id)
    })
}

fn truncated(next: Option<&str>) -> String {
    match next {
        Some(next) => format!("<IsTruncated>true</IsTruncated><Marker>{next}</Marker>"),
        None => "<IsTruncated>false</IsTruncated>".to_owned(),
    }
}

fn access_keys(call: &Call) -> String {
    let user = call.parameter("UserName").unwrap_or_default();
    format!(
        "<IsTruncated>false</IsTruncated><AccessKeyMetadata><member><UserName>{user}</UserName>\
         <AccessKeyId>AKIA{user}</AccessKeyId><Status>Active</Status>\
         <CreateDate>{CREATED}</CreateDate></member></AccessKeyMetadata>"
    )
}

/// Users, groups, roles, policies, one list after the other, in pages.
fn details(account: &Account, call: &Call) -> Result<String, BadToken> {
    let filter: Vec<&str> = call.list("Filter.member.").collect();
    let wanted = |kinds: &[&str]| filter.is_empty() || kinds.iter().any(|k| filter.contains(k));
    let shape = &account.shape;
    let count = |kinds: &[&str], count: usize| if wanted(kinds) { count } else { 0 };
    let users = count(&["User"], shape.users);
    let groups = count(&["Group"], shape.user_groups);
    let roles = count(&["Role"], shape.roles);
    // One more: the policy of AWS that is attached.
    let policies = count(&["LocalManagedPolicy", "AWSManagedPolicy"], shape.policies + 1);
    let page = account.page(call, users + groups + roles + policies, "MaxItems", 1000)?;
    let mut before = 0;
    let mut part = |count: usize| -> Range<usize> {
        let (start, end) = (before, before + count);
        before = end;
        let cut = |at: usize| at.clamp(start, end) - start;
        cut(page.range.start)..cut(page.range.end)
    };
    let mut out = truncated(page.next.as_deref());
    out.push_str(&list("UserDetailList", part(users), |number| user(account, number)));
    out.push_str(&list("GroupDetailList", part(groups), |number| group(account, number)));
    out.push_str(&list("RoleDetailList", part(roles), |number| role(account, number)));
    out.push_str(&list("Policies", part(policies), |number| policy(account, number)));
    Ok(out)
}

fn attached(arns: &[String]) -> String {
    list("AttachedManagedPolicies", arns, |arn| {
        let name = arn.rsplit('/').next().unwrap_or_default();
        format!("<member><PolicyName>{name}</PolicyName><PolicyArn>{arn}</PolicyArn></member>")
    })
}

fn inline(member: &str, name: &str, document: &str) -> String {
    format!(
        "<{member}><member><PolicyName>{name}</PolicyName><PolicyDocument>{}</PolicyDocument>\
         </member></{member}>",
        encoded(document)
    )
}

fn own_policy(account: &Account, number: usize) -> String {
    format!("arn:aws:iam::{}:policy/p0-policy{number:05}", account.id)
}

fn user(account: &Account, number: usize) -> String {
    let name = user_name(number);
    let mut policies = Vec::new();
    if number.is_multiple_of(5) {
        policies.push(ADMINISTRATOR.to_owned());
    }
    if number.is_multiple_of(11) && account.shape.policies > 0 {
        policies.push(own_policy(account, 0));
    }
    if number.is_multiple_of(13) && account.shape.policies > 1 {
        policies.push(own_policy(account, 1));
    }
    let own = if number.is_multiple_of(7) {
        inline("UserPolicyList", "star", STAR)
    } else {
        String::new()
    };
    let groups = match number % 12 {
        0 if account.shape.user_groups > 0 => {
            "<GroupList><member>p0-group00000</member></GroupList>"
        }
        6 if account.shape.user_groups > 1 => {
            "<GroupList><member>p0-group00001</member></GroupList>"
        }
        _ => "<GroupList/>",
    };
    format!(
        "<member><Path>/</Path><UserName>{name}</UserName><UserId>AIDALAB{number:014}</UserId>\
         <Arn>{arn}</Arn><CreateDate>{CREATED}</CreateDate>{own}{groups}{attached}<Tags><member>\
         <Key>team</Key><Value>t{team}</Value></member></Tags></member>",
        arn = user_arn(account, number),
        attached = attached(&policies),
        team = number % 5
    )
}

fn group(account: &Account, number: usize) -> String {
    let name = format!("p0-group{number:05}");
    let (own, policies) = match number {
        0 => ("<GroupPolicyList/>".to_owned(), vec![ADMINISTRATOR.to_owned()]),
        _ => (inline("GroupPolicyList", "inl", MODEST), Vec::new()),
    };
    format!(
        "<member><Path>/</Path><GroupName>{name}</GroupName><GroupId>AGPALAB{number:014}</GroupId>\
         <Arn>arn:aws:iam::{id}:group/{name}</Arn><CreateDate>{CREATED}</CreateDate>{own}{attached}\
         </member>",
        id = account.id,
        attached = attached(&policies)
    )
}

fn role(account: &Account, number: usize) -> String {
    let name = format!("p0-role{number:05}");
    let trusted = match number {
        0..OF_ALL_KINDS => TRUST.get(number % TRUST.len()).copied().unwrap_or_default(),
        _ => r#"{"Service":"lambda.amazonaws.com"}"#,
    };
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{trusted},"Action":"sts:AssumeRole"}}]}}"#
    );
    let own = match number % 6 {
        0 => inline("RolePolicyList", "star", STAR),
        _ => "<RolePolicyList/>".to_owned(),
    };
    let policies =
        if number.is_multiple_of(5) { vec![ADMINISTRATOR.to_owned()] } else { Vec::new() };
    let id = &account.id;
    let profiles = match number {
        0 => format!(
            "<InstanceProfileList><member><Path>/</Path><InstanceProfileName>p0-ip\
             </InstanceProfileName><InstanceProfileId>AIPALAB</InstanceProfileId>\
             <Arn>arn:aws:iam::{id}:instance-profile/p0-ip</Arn><CreateDate>{CREATED}</CreateDate>\
             <Roles/></member></InstanceProfileList>"
        ),
        _ => "<InstanceProfileList/>".to_owned(),
    };
    format!(
        "<member><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROALAB{number:014}</RoleId>\
         <Arn>arn:aws:iam::{id}:role/{name}</Arn><CreateDate>{CREATED}</CreateDate>\
         <AssumeRolePolicyDocument>{trust}</AssumeRolePolicyDocument>{profiles}{own}{attached}\
         <Tags/><RoleLastUsed><LastUsedDate>2026-10-01T00:00:00Z</LastUsedDate>\
         <Region>us-east-1</Region></RoleLastUsed></member>",
        trust = encoded(&trust),
        attached = attached(&policies)
    )
}

/// The last one is AWS's own.
fn policy(account: &Account, number: usize) -> String {
    let (arn, document) = match number {
        _ if number == account.shape.policies => (ADMINISTRATOR.to_owned(), STAR),
        0 => (own_policy(account, number), STAR),
        1 => (own_policy(account, number), PASS_ROLE),
        _ => (own_policy(account, number), MODEST),
    };
    let name = arn.rsplit('/').next().unwrap_or_default();
    format!(
        "<member><PolicyName>{name}</PolicyName><PolicyId>ANPALAB{number:014}</PolicyId>\
         <Arn>{arn}</Arn><Path>/</Path><DefaultVersionId>v1</DefaultVersionId>\
         <AttachmentCount>1</AttachmentCount>\
         <PermissionsBoundaryUsageCount>0</PermissionsBoundaryUsageCount>\
         <IsAttachable>true</IsAttachable><CreateDate>{CREATED}</CreateDate>\
         <UpdateDate>{CREATED}</UpdateDate><PolicyVersionList><member><Document>{document}\
         </Document><VersionId>v1</VersionId><IsDefaultVersion>true</IsDefaultVersion>\
         <CreateDate>{CREATED}</CreateDate></member></PolicyVersionList></member>",
        document = encoded(document)
    )
}

const COLUMNS: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
    password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
    access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
    access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
    cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

fn report(account: &Account) -> String {
    const CREATED: &str = "2026-03-04T05:06:07+00:00";
    let none = "false,N/A,N/A,N/A,N/A";
    let mut table = format!(
        "{COLUMNS}\n<root_account>,arn:aws:iam::{}:root,{CREATED},not_supported,{REPORTED},\
         not_supported,not_supported,true,{none},{none},false,N/A,false,N/A\n",
        account.id
    );
    for number in 0..account.shape.users {
        let password = match number % 2 {
            0 => format!("true,no_information,{CREATED},N/A"),
            _ => "false,N/A,N/A,N/A".to_owned(),
        };
        let key = |active: bool| format!("{active},{CREATED},{REPORTED},us-east-1,s3");
        let first = if number % 3 == 0 { key(true) } else { none.to_owned() };
        let second = if number % 9 == 0 { key(number % 18 != 0) } else { none.to_owned() };
        table.push_str(&format!(
            "{},{},{CREATED},{password},{},{first},{second},false,N/A,false,N/A\n",
            user_name(number),
            user_arn(account, number),
            number % 4 == 0
        ));
    }
    format!(
        "<Content>{}</Content><ReportFormat>text/csv</ReportFormat>\
         <GeneratedTime>{}</GeneratedTime>",
        base64(table.as_bytes()),
        "2026-11-01T00:00:00Z"
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let missing = 3 - chunk.len();
        let bits = chunk.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte))
            << (8 * missing);
        for at in 0..4_usize {
            let digit = DIGITS.get(bits >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            out.push(if at + missing > 3 { '=' } else { char::from(digit) });
        }
    }
    out
}
