//! The condition keys as data: whether a request has the key, by kind of caller, and
//! who controls its value.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
//! and the pages of the services' own keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::oidc;
use super::request::Caller;

/// The kinds of caller that differ in the keys their requests have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallerKind {
    /// Unsigned.
    Anonymous,
    /// A user or root of another account.
    ForeignUser,
    /// A role session of another account.
    ForeignRole,
    /// A user or root of the account itself.
    OwnUser,
    /// A role session of the account itself.
    OwnRole,
    /// A web or SAML identity, before STS.
    Federated,
    /// An AWS service on behalf of somebody.
    Service,
}

/// Whether a request of some kind of caller has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Every request has it.
    Always,
    /// Some requests have it.
    Sometimes,
    /// No request has it.
    Never,
}

/// Who controls the value under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// The caller: it can send any value, so the key limits nothing.
    Caller,
    /// It follows from the caller's identity.
    Identity,
    /// AWS or an identity provider assigns it: a stranger has a value of this form, but
    /// never one that belongs to somebody else.
    Assigned(&'static str),
    /// The caller's address on the internet.
    Network,
    /// The owner of the resource or the caller's own administrator.
    Owner,
    /// The time of the request.
    Clock,
    /// The key is not in the table.
    NotKnown,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key's name; a trailing `/` or `-` or `:` stands for all keys that begin so.
    pub name: &'static str,
    /// `A`lways, `s`ometimes, `-` never; anonymous, foreign user, foreign role, own
    /// user, own role, federated, service.
    presence: &'static str,
    /// Who controls it when the caller is a stranger.
    stranger: Control,
    /// Who controls it when the caller belongs to the account.
    own: Control,
}

const fn key(name: &'static str, presence: &'static str, stranger: Control, own: Control) -> Key {
    Key { name, presence, stranger, own }
}

use Control::{Assigned, Caller as Sent, Clock, Identity, Network, Owner};

const ACCOUNT: Control = Assigned("{account}");
const ORG: Control = Assigned("o-*");
const ORG_PATH: Control = Assigned("o-*/r-*/*");
const CHATBOT: &str = "arn:aws:chatbot::{account}:chat-configuration/*";

/// The table. A name of its own counts before the family it belongs to.
const KEYS: &[Key] = &[
    key("aws:PrincipalAccount", "AAAAAAA", Identity, Identity),
    key("aws:PrincipalArn", "-AAAA--", Identity, Identity),
    key("aws:PrincipalOrgID", "-ssss--", ORG, Owner),
    key("aws:PrincipalOrgPaths", "-ssss--", ORG_PATH, Owner),
    key("aws:PrincipalTag/", "-ssss--", Sent, Owner),
    key("aws:PrincipalType", "AAAAA--", Identity, Identity),
    key("aws:PrincipalIsAWSService", "-AAAA-A", Identity, Identity),
    key("aws:PrincipalServiceName", "------A", Identity, Identity),
    key("aws:PrincipalServiceNamesList", "------A", Assigned("*.amazonaws.com"), Owner),
    key("aws:username", "-A-A---", Identity, Identity),
    key("aws:userid", "AAAAA--", Assigned("{userid}"), Owner),
    key("aws:SourceIp", "ssssss-", Network, Network),
    key("aws:VpcSourceIp", "ssssss-", Sent, Owner),
    key("aws:SourceVpc", "ssssss-", Assigned("vpc-*"), Owner),
    key("aws:SourceVpcArn", "ssssss-", Assigned("arn:aws:ec2:*:{account}:vpc/vpc-*"), Owner),
    key("aws:SourceVpce", "ssssss-", Assigned("vpce-*"), Owner),
    key("aws:VpceAccount", "ssssss-", ACCOUNT, Owner),
    key("aws:VpceOrgID", "ssssss-", ORG, Owner),
    key("aws:VpceOrgPaths", "ssssss-", ORG_PATH, Owner),
    key("aws:SourceArn", "------s", Assigned("{source}"), Owner),
    key("aws:SourceAccount", "------s", ACCOUNT, Owner),
    key("aws:SourceOwner", "-ssss-s", ACCOUNT, Owner),
    key("aws:SourceOrgID", "------s", ORG, Owner),
    key("aws:SourceOrgPaths", "------s", ORG_PATH, Owner),
    key("aws:SourceIdentity", "-ssss--", Sent, Owner),
    key("aws:SecureTransport", "AAAAAAA", Sent, Sent),
    key("aws:CurrentTime", "AAAAAAA", Clock, Clock),
    key("aws:EpochTime", "AAAAAAA", Clock, Clock),
    key("aws:TokenIssueTime", "-sAsA--", Clock, Clock),
    key("aws:MultiFactorAuthPresent", "-ssss--", Sent, Owner),
    key("aws:MultiFactorAuthAge", "-ssss--", Sent, Owner),
    key("aws:Referer", "ssssss-", Sent, Sent),
    key("aws:UserAgent", "ssssss-", Sent, Sent),
    key("aws:RequestedRegion", "AAAAAAA", Sent, Sent),
    key("aws:RequestTag/", "ssssss-", Sent, Sent),
    key("aws:TagKeys", "ssssss-", Sent, Sent),
    key("aws:ResourceTag/", "sssssss", Owner, Owner),
    key("aws:ResourceAccount", "AAAAAAA", Owner, Owner),
    key("aws:ResourceOrgID", "sssssss", Owner, Owner),
    key("aws:ResourceOrgPaths", "sssssss", Owner, Owner),
    key("aws:ViaAWSService", "AAAAAA-", Sent, Owner),
    key("aws:CalledVia", "-ssss--", Sent, Owner),
    key("aws:CalledViaFirst", "-ssss--", Sent, Owner),
    key("aws:CalledViaLast", "-ssss--", Sent, Owner),
    key("aws:FederatedProvider", "--s-sA-", Assigned("stranger-provider*"), Owner),
    key("aws:Ec2InstanceSourceVpc", "--s-s--", Assigned("vpc-*"), Owner),
    key("aws:Ec2InstanceSourcePrivateIPv4", "--s-s--", Sent, Owner),
    key("aws:AssumedRoot", "--s-s--", Sent, Owner),
    key("aws:SignInSessionArn", "-ssss--", Assigned("arn:aws:signin:*:{account}:session/*"), Owner),
    key("aws:ChatbotSourceArn", "--s-s--", Assigned(CHATBOT), Owner),
    key("aws:ViaAWSMCPService", "-ssss--", Sent, Sent),
    key("aws:CalledViaAWSMCP", "-ssss--", Sent, Sent),
    key("aws:IsMcpServiceAction", "-ssss--", Sent, Sent),
    key("ec2:RoleDelivery", "--s-s--", Sent, Owner),
    key("ec2:SourceInstanceARN", "--s-s--", Assigned("arn:aws:ec2:*:{account}:instance/*"), Owner),
    key("ssm:SourceInstanceArn", "--s-s--", Assigned("arn:aws:*:*:{account}:*"), Owner),
    key(
        "lambda:SourceFunctionArn",
        "--s-s--",
        Assigned("arn:aws:lambda:*:{account}:function:*"),
        Owner,
    ),
    key("codebuild:BuildArn", "--s-s--", Assigned("arn:aws:codebuild:*:{account}:build/*"), Owner),
    key(
        "codebuild:ProjectArn",
        "--s-s--",
        Assigned("arn:aws:codebuild:*:{account}:project/*"),
        Owner,
    ),
    key("glue:RoleAssumedBy", "--s-s--", Sent, Owner),
    key("glue:CredentialIssuingService", "--s-s--", Sent, Owner),
    key("identitystore:UserId", "--s-s--", Assigned("*"), Owner),
    key("s3:prefix", "ssssss-", Sent, Sent),
    key("s3:delimiter", "ssssss-", Sent, Sent),
    key("s3:max-keys", "ssssss-", Sent, Sent),
    key("s3:VersionId", "ssssss-", Sent, Sent),
    key("s3:LocationConstraint", "ssssss-", Sent, Sent),
    key("s3:RequestObjectTag/", "ssssss-", Sent, Sent),
    key("s3:RequestObjectTagKeys", "ssssss-", Sent, Sent),
    key("s3:object-lock-", "ssssss-", Sent, Sent),
    key("s3:if-", "ssssss-", Sent, Sent),
    key("s3:TlsVersion", "sssssss", Sent, Sent),
    key("s3:authType", "-AAAA-A", Sent, Sent),
    key("s3:signatureversion", "-AAAA-A", Sent, Sent),
    key("s3:signatureAge", "-ssss-s", Sent, Sent),
    key(
        "s3:x-amz-server-side-encryption-aws-kms-key-id",
        "sssssss",
        Assigned("arn:aws:kms:*:{account}:key/*"),
        Owner,
    ),
    key("s3:x-amz-", "sssssss", Sent, Sent),
    key("s3:ObjectCreationOperation", "ssssss-", Sent, Sent),
    key("s3:InventoryAccessibleOptionalFields", "ssssss-", Sent, Sent),
    key("s3:ExistingObjectTag/", "sssssss", Owner, Owner),
    key("s3:BucketTag/", "sssssss", Owner, Owner),
    key("s3:ResourceAccount", "AAAAAAA", Owner, Owner),
    key(
        "s3:DataAccessPointArn",
        "ssssss-",
        Assigned("arn:aws:s3:*:{account}:accesspoint/*"),
        Owner,
    ),
    key("s3:DataAccessPointAccount", "ssssss-", ACCOUNT, Owner),
    key("s3:AccessPointNetworkOrigin", "ssssss-", Sent, Owner),
    key("s3:AccessPointTag/", "ssssss-", Sent, Owner),
    key(
        "s3:AccessGrantsInstanceArn",
        "-ssss--",
        Assigned("arn:aws:s3:*:{account}:access-grants/*"),
        Owner,
    ),
    key("s3express:SessionMode", "-ssss--", Sent, Sent),
    key("s3express:TlsVersion", "-ssss--", Sent, Sent),
    key("s3express:authType", "-AAAA--", Sent, Sent),
    key("s3express:signatureversion", "-AAAA--", Sent, Sent),
    key("s3express:signatureAge", "-ssss--", Sent, Sent),
    key(
        "s3express:x-amz-server-side-encryption-aws-kms-key-id",
        "-ssss--",
        Assigned("arn:aws:kms:*:{account}:key/*"),
        Owner,
    ),
    key("s3express:x-amz-", "-ssss--", Sent, Sent),
    key("s3express:LocationName", "sssssss", Owner, Owner),
    key("s3express:BucketTag/", "sssssss", Owner, Owner),
    key("s3express:ResourceAccount", "AAAAAAA", Owner, Owner),
    key(
        "s3express:DataAccessPointArn",
        "-ssss--",
        Assigned("arn:aws:s3express:*:{account}:accesspoint/*"),
        Owner,
    ),
    key("s3express:DataAccessPointAccount", "-ssss--", ACCOUNT, Owner),
    key("s3express:AccessPointNetworkOrigin", "-ssss--", Sent, Owner),
    key("s3express:AccessPointTag/", "-ssss--", Sent, Owner),
    key("kms:CallerAccount", "-AAAA--", Identity, Identity),
    key("kms:ViaService", "-ssss--", Sent, Owner),
    key("kms:EncryptionContext:", "-ssss-s", Sent, Sent),
    key("kms:EncryptionContextKeys", "-ssss-s", Sent, Sent),
    key("kms:EncryptionAlgorithm", "-ssss-s", Sent, Sent),
    key("kms:SigningAlgorithm", "-ssss--", Sent, Sent),
    key("kms:MacAlgorithm", "-ssss--", Sent, Sent),
    key("kms:KeyAgreementAlgorithm", "-ssss--", Sent, Sent),
    key("kms:WrappingAlgorithm", "-ssss--", Sent, Sent),
    key("kms:WrappingKeySpec", "-ssss--", Sent, Sent),
    key("kms:DataKeyPairSpec", "-ssss--", Sent, Sent),
    key("kms:ReEncryptOnSameKey", "-ssss--", Sent, Sent),
    key("kms:BypassPolicyLockoutSafetyCheck", "-ssss--", Sent, Sent),
    key("kms:ExpirationModel", "-ssss--", Sent, Sent),
    key("kms:ValidTo", "-ssss--", Sent, Sent),
    key("kms:PrimaryRegion", "-ssss--", Sent, Sent),
    key("kms:ReplicaRegion", "-ssss--", Sent, Sent),
    key("kms:RotationPeriodInDays", "-ssss--", Sent, Sent),
    key("kms:ScheduleKeyDeletionPendingWindowInDays", "-ssss--", Sent, Sent),
    key("kms:MessageType", "-ssss--", Sent, Sent),
    key("kms:GrantIsForAWSResource", "-ssss--", Sent, Owner),
    key("kms:GrantOperations", "-ssss--", Sent, Sent),
    key("kms:GrantConstraintType", "-ssss--", Sent, Sent),
    key("kms:GranteePrincipal", "-ssss--", Sent, Sent),
    key("kms:RetiringPrincipal", "-ssss--", Sent, Sent),
    key("kms:RecipientAttestation:", "-ssss--", Sent, Owner),
    key("kms:KeyOrigin", "sssssss", Owner, Owner),
    key("kms:KeySpec", "sssssss", Owner, Owner),
    key("kms:KeyUsage", "sssssss", Owner, Owner),
    key("kms:CustomerMasterKeySpec", "sssssss", Owner, Owner),
    key("kms:CustomerMasterKeyUsage", "sssssss", Owner, Owner),
    key("kms:MultiRegion", "sssssss", Owner, Owner),
    key("kms:MultiRegionKeyType", "sssssss", Owner, Owner),
    key("kms:ResourceAliases", "sssssss", Owner, Owner),
    key("kms:RequestAlias", "-ssss--", Sent, Sent),
    key("sns:Protocol", "ssssss-", Sent, Sent),
    key("sns:Endpoint", "ssssss-", Assigned("*"), Owner),
    key("lambda:FunctionUrlAuthType", "sssss-s", Owner, Owner),
    key("lambda:InvokedViaFunctionUrl", "ssssss-", Sent, Sent),
    key("lambda:Principal", "-ssss--", Sent, Sent),
    key("lambda:Layer", "-ssss--", Sent, Sent),
    key("lambda:VpcIds", "-ssss--", Sent, Sent),
    key("lambda:SubnetIds", "-ssss--", Sent, Sent),
    key("lambda:SecurityGroupIds", "-ssss--", Sent, Sent),
    key("lambda:EventSourceToken", "------s", Assigned("stranger-token*"), Owner),
    key("elasticfilesystem:AccessedViaMountTarget", "ssssss-", Assigned("false"), Owner),
    key("elasticfilesystem:AccessPointArn", "ssssss-", Owner, Owner),
    key("secretsmanager:VersionStage", "ssssss-", Sent, Sent),
    key("secretsmanager:VersionId", "ssssss-", Sent, Sent),
    key("secretsmanager:AddReplicaRegions", "-ssss--", Sent, Sent),
    key("secretsmanager:BlockPublicPolicy", "-ssss--", Sent, Sent),
    key("secretsmanager:Description", "-ssss--", Sent, Sent),
    key("secretsmanager:ForceDeleteWithoutRecovery", "-ssss--", Sent, Sent),
    key("secretsmanager:ForceOverwriteReplicaSecret", "-ssss--", Sent, Sent),
    key("secretsmanager:KmsKeyArn", "-ssss--", Sent, Sent),
    key("secretsmanager:KmsKeyId", "-ssss--", Sent, Sent),
    key("secretsmanager:ModifyRotationRules", "-ssss--", Sent, Sent),
    key("secretsmanager:Name", "-ssss--", Sent, Sent),
    key("secretsmanager:RecoveryWindowInDays", "-ssss--", Sent, Sent),
    key("secretsmanager:RotateImmediately", "-ssss--", Sent, Sent),
    key("secretsmanager:RotationLambdaARN", "-ssss--", Sent, Sent),
    key("secretsmanager:Type", "-ssss--", Sent, Sent),
    key("secretsmanager:SecretPrimaryRegion", "sssssss", Owner, Owner),
    key("secretsmanager:resource/Type", "sssssss", Owner, Owner),
    key("secretsmanager:ResourceTag/", "sssssss", Owner, Owner),
    key("secretsmanager:resource/AllowRotationLambdaArn", "sssssss", Owner, Owner),
    key("secretsmanager:SecretId", "sssssss", Owner, Owner),
    key("dynamodb:LeadingKeys", "-ssss--", Sent, Sent),
    key("dynamodb:Attributes", "-ssss--", Sent, Sent),
    key("dynamodb:Select", "-ssss--", Sent, Sent),
    key("dynamodb:EnclosingOperation", "-ssss--", Sent, Sent),
    key("dynamodb:FullTableScan", "-ssss--", Sent, Sent),
    key("dynamodb:ReturnConsumedCapacity", "-ssss--", Sent, Sent),
    key("dynamodb:ReturnValues", "-ssss--", Sent, Sent),
    key("dynamodb:FirstPartitionKeyValues", "-ssss--", Sent, Sent),
    key("dynamodb:SecondPartitionKeyValues", "-ssss--", Sent, Sent),
    key("dynamodb:ThirdPartitionKeyValues", "-ssss--", Sent, Sent),
    key("dynamodb:FourthPartitionKeyValues", "-ssss--", Sent, Sent),
    key("events:source", "-ssss-s", Sent, Sent),
    key("events:detail-type", "-ssss-s", Sent, Sent),
    key("events:eventBusInvocation", "-ssss-s", Sent, Sent),
    key("events:creatorAccount", "-ssss-s", ACCOUNT, Owner),
    key("events:TargetArn", "-ssss-s", Sent, Sent),
    key("events:ManagedBy", "-ssss-s", Sent, Sent),
    key("events:detail.eventTypeCode", "-ssss-s", Sent, Sent),
    key("events:detail.service", "-ssss-s", Sent, Sent),
    key("events:detail.userIdentity.principalId", "-ssss-s", Sent, Sent),
    key("glacier:ArchiveAgeInDays", "sssssss", Owner, Owner),
    key("acm-pca:TemplateArn", "-ssss-s", Sent, Sent),
    key("ses:FromAddress", "-ssss-s", Sent, Sent),
    key("ses:FromDisplayName", "-ssss-s", Sent, Sent),
    key("ses:FeedbackAddress", "-ssss-s", Sent, Sent),
    key("ses:Recipients", "-ssss-s", Sent, Sent),
    key("sts:ExternalId", "-ssss--", Sent, Sent),
    key("sts:RoleSessionName", "-ssssss", Sent, Sent),
    key("sts:SourceIdentity", "-sssss-", Sent, Sent),
    key("sts:TransitiveTagKeys", "-sssss-", Sent, Sent),
    key("sts:AWSServiceName", "-ssss--", Sent, Owner),
    key("saml:aud", "-----A-", Sent, Sent),
    key("saml:", "-----s-", Assigned("stranger-claim*"), Owner),
    key("iam:PassedToService", "---ss--", Owner, Sent),
    key("iam:AssociatedResourceArn", "---ss--", Owner, Owner),
    key("iam:PolicyARN", "---ss--", Owner, Owner),
    key("iam:PermissionsBoundary", "---ss--", Owner, Owner),
    key("iam:AWSServiceName", "---ss--", Owner, Owner),
    key("iam:ResourceTag/", "---ss--", Owner, Owner),
    key("iam:OrganizationsPolicyId", "---ss--", Owner, Owner),
];

/// A key as AWS spells it, if it is in the table.
#[must_use]
pub(super) fn spelled(key: &str) -> String {
    let Some(row) = find(key) else { return key.to_owned() };
    let rest = key.get(row.name.len()..).unwrap_or_default();
    format!("{}{rest}", row.name)
}

/// The rows by folded name, and those that stand for a family.
type Index = (BTreeMap<String, &'static Key>, Vec<(String, &'static Key)>);

/// The row of a key, if the table has one. Keys have no case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Key> {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        let rows = || KEYS.iter().map(|row| (row.name.to_ascii_lowercase(), row));
        let families = rows().filter(|(name, _)| name.ends_with(['/', '-', ':']));
        (rows().collect(), families.collect())
    });
    let (exact, families) = &*INDEX;
    let name = name.to_ascii_lowercase();
    let family = || families.iter().find(|(start, _)| name.starts_with(start.as_str()));
    exact.get(&name).copied().or_else(|| family().map(|(_, row)| *row))
}

impl Key {
    /// Whether requests of this kind of caller have the key.
    #[must_use]
    pub fn presence(&self, caller: CallerKind) -> Presence {
        let column = match caller {
            CallerKind::Anonymous => 0,
            CallerKind::ForeignUser => 1,
            CallerKind::ForeignRole => 2,
            CallerKind::OwnUser => 3,
            CallerKind::OwnRole => 4,
            CallerKind::Federated => 5,
            CallerKind::Service => 6,
        };
        match self.presence.as_bytes().get(column) {
            Some(b'A') => Presence::Always,
            Some(b's') => Presence::Sometimes,
            _ => Presence::Never,
        }
    }

    /// Who controls the value in the hands of this kind of caller.
    #[must_use]
    pub fn control(&self, caller: CallerKind) -> Control {
        if matches!(caller, CallerKind::OwnUser | CallerKind::OwnRole) {
            self.own
        } else {
            self.stranger
        }
    }
}

/// Presence and control of any key, claims of identity providers included. A key that
/// is not in the table may be there and may not.
#[must_use]
pub fn lookup(name: &str, caller: CallerKind) -> (Presence, Control) {
    // Many services repeat the tags of the resource under their own prefix.
    let of_resource = name.to_ascii_lowercase().contains(":resourcetag/");
    let row = find(name).or_else(|| of_resource.then(|| find("aws:ResourceTag/x")).flatten());
    if let Some(key) = row {
        return (key.presence(caller), key.control(caller));
    }
    if let Some((presence, control)) = oidc::claim(name) {
        let of_token = caller == CallerKind::Federated;
        return (if of_token { presence } else { Presence::Never }, control);
    }
    (Presence::Sometimes, Control::NotKnown)
}

/// The region that requests for an action name, where there is no choice: the services of
/// a whole partition have one endpoint each. iam:PassRole is no request of its own: it is
/// checked where the role is used.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion>
pub(super) fn only_region(action: &str, partition: &str) -> Option<&'static str> {
    const GLOBAL: [&str; 7] =
        ["account", "cloudfront", "iam", "organizations", "route53", "support", "waf"];
    let (service, name) = action.split_once(':')?;
    let is_global = GLOBAL.iter().any(|global| global.eq_ignore_ascii_case(service));
    if !is_global || name.eq_ignore_ascii_case("PassRole") {
        return None;
    }
    Some(match partition {
        "aws-cn" => "cn-north-1",
        "aws-us-gov" => "us-gov-west-1",
        _ => "us-east-1",
    })
}

/// Whether a caller can leave the key out by itself, whoever controls its value: a user
/// that signs with long-term keys has no session, and sends nothing of multi-factor
/// authentication.
pub(super) fn can_be_left_out(name: &str, caller: CallerKind) -> bool {
    let of_session = ["aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge"];
    caller == CallerKind::OwnUser && of_session.iter().any(|k| k.eq_ignore_ascii_case(name))
}

/// Whether every request of every caller has the key.
#[must_use]
pub fn is_always_present(name: &str) -> bool {
    find(name).is_some_and(|k| k.presence == "AAAAAAA")
}

/// Keys that only a request through a VPC endpoint has; such a request has no
/// `aws:SourceIp`.
#[must_use]
pub(super) fn is_of_vpc(name: &str) -> bool {
    const OF_VPC: [&str; 7] = [
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
    ];
    OF_VPC.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a value of the policy belongs to one holder, so that a stranger's value never
/// matches it, although it may have wildcards: the organisation of a path, the account
/// of an ARN, the owner of a repository. With `literal` set, wildcards are plain text.
#[must_use]
pub(super) fn belongs_to_one(key: &str, text: &str, literal: bool) -> bool {
    let fixed = |part: &str| literal || !part.contains(['*', '?', '$']);
    if let Some(of_claim) = oidc::belongs_to_one(key, text, literal) {
        return of_claim;
    }
    let lower = key.to_ascii_lowercase();
    if fixed(text) {
        return true;
    }
    if lower.ends_with("orgpaths") {
        return text.split_once('/').is_some_and(|(org, _)| fixed(org));
    }
    if lower == "aws:userid" {
        return text.split_once(':').is_some_and(|(id, _)| fixed(id));
    }
    if let Some(arn) = super::ast::arn_parts(text) {
        let of_no_account = |part: &str| part.is_empty() || part == "*";
        if arn.service == "s3" && of_no_account(arn.account) && of_no_account(arn.region) {
            // A bucket's name is its own in all accounts; access points have other ARNs.
            let bucket = arn.resource.split('/').next().unwrap_or_default();
            return fixed(bucket) && bucket != "accesspoint";
        }
        return !arn.account.is_empty() && fixed(arn.account);
    }
    false
}

/// The kind of a caller, given the account that the policy's resource is in.
#[must_use]
pub fn kind_of(caller: &Caller, own_account: Option<&str>) -> CallerKind {
    let own = own_account.is_some() && caller.account() == own_account;
    match caller {
        Caller::Anonymous => CallerKind::Anonymous,
        Caller::Service(_) => CallerKind::Service,
        Caller::Federated(_) => CallerKind::Federated,
        Caller::RoleSession { .. } if own => CallerKind::OwnRole,
        Caller::RoleSession { .. } => CallerKind::ForeignRole,
        _ if own => CallerKind::OwnUser,
        _ => CallerKind::ForeignUser,
    }
}
