//! The actions of the services whose resources have policies: the names a witness uses,
//! what they act on, and which of them write.
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// What an S3 action acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Target {
    /// The bucket or access point itself.
    Container,
    /// An object in it.
    Object,
    /// Any resource.
    Any,
}

/// Actions by prefix, those that expose the most first.
const ACTIONS: &[(&str, &str)] = &[
    (
        "s3",
        "GetObject PutObject ListBucket DeleteObject GetObjectAcl PutObjectAcl \
         GetObjectVersion GetBucketPolicy PutBucketPolicy DeleteBucketPolicy \
         AbortMultipartUpload BypassGovernanceRetention DeleteBucket \
         DeleteBucketWebsite DeleteObjectTagging DeleteObjectVersion DeleteObjectVersionTagging \
         GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAcl GetBucketCORS \
         GetBucketLocation GetBucketLogging GetBucketNotification GetBucketObjectLockConfiguration \
         GetBucketOwnershipControls GetBucketPolicyStatus GetBucketPublicAccessBlock \
         GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite \
         GetEncryptionConfiguration GetIntelligentTieringConfiguration GetInventoryConfiguration \
         GetLifecycleConfiguration GetMetricsConfiguration GetObjectAttributes GetObjectLegalHold \
         GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersionAcl \
         GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging \
         GetObjectVersionTorrent GetReplicationConfiguration InitiateReplication \
         ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts \
         ObjectOwnerOverrideToBucketOwner PutAccelerateConfiguration PutAnalyticsConfiguration \
         PutBucketAcl PutBucketCORS PutBucketLogging PutBucketNotification \
         PutBucketObjectLockConfiguration PutBucketOwnershipControls PutBucketPublicAccessBlock \
         PutBucketRequestPayment PutBucketTagging PutBucketVersioning PutBucketWebsite \
         PutEncryptionConfiguration PutIntelligentTieringConfiguration PutInventoryConfiguration \
         PutLifecycleConfiguration PutMetricsConfiguration PutObjectLegalHold PutObjectRetention \
         PutObjectTagging PutObjectVersionAcl PutObjectVersionTagging PutReplicationConfiguration \
         ReplicateDelete ReplicateObject ReplicateTags RestoreObject",
    ),
    (
        "sqs",
        "SendMessage ReceiveMessage DeleteMessage PurgeQueue GetQueueAttributes GetQueueUrl \
         ChangeMessageVisibility AddPermission RemovePermission SetQueueAttributes DeleteQueue \
         ListDeadLetterSourceQueues ListQueueTags TagQueue UntagQueue",
    ),
    (
        "sns",
        "Publish Subscribe GetTopicAttributes SetTopicAttributes AddPermission RemovePermission \
         DeleteTopic ListSubscriptionsByTopic GetDataProtectionPolicy",
    ),
    (
        "kms",
        "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo \
         CreateGrant DescribeKey PutKeyPolicy ScheduleKeyDeletion DisableKey GetKeyPolicy Sign \
         Verify GetPublicKey GenerateMac VerifyMac GenerateDataKeyPair \
         GenerateDataKeyPairWithoutPlaintext ListGrants RevokeGrant RetireGrant EnableKey \
         EnableKeyRotation DisableKeyRotation GetKeyRotationStatus UpdateKeyDescription \
         TagResource UntagResource ListResourceTags ListKeyPolicies CreateAlias DeleteAlias \
         UpdateAlias CancelKeyDeletion ImportKeyMaterial DeleteImportedKeyMaterial \
         GetParametersForImport ReplicateKey UpdatePrimaryRegion",
    ),
    (
        "lambda",
        "InvokeFunction InvokeFunctionUrl UpdateFunctionCode GetFunction UpdateFunctionConfiguration \
         GetFunctionConfiguration AddPermission RemovePermission DeleteFunction GetPolicy \
         GetLayerVersion PublishVersion",
    ),
    (
        "ecr",
        "BatchGetImage GetDownloadUrlForLayer PutImage InitiateLayerUpload UploadLayerPart \
         CompleteLayerUpload BatchCheckLayerAvailability BatchDeleteImage SetRepositoryPolicy \
         GetRepositoryPolicy DeleteRepository DeleteRepositoryPolicy DescribeImages \
         DescribeRepositories ListImages",
    ),
    (
        "secretsmanager",
        "GetSecretValue PutSecretValue DescribeSecret UpdateSecret DeleteSecret PutResourcePolicy \
         GetResourcePolicy DeleteResourcePolicy ListSecretVersionIds RestoreSecret RotateSecret \
         CancelRotateSecret TagResource UntagResource UpdateSecretVersionStage",
    ),
    (
        "elasticfilesystem",
        "ClientMount ClientWrite ClientRootAccess DeleteFileSystem PutFileSystemPolicy \
         DescribeFileSystems DescribeMountTargets Backup Restore",
    ),
    (
        "es",
        "ESHttpGet ESHttpPut ESHttpPost ESHttpDelete ESHttpHead ESHttpPatch DescribeDomain \
         UpdateDomainConfig DeleteDomain",
    ),
    ("execute-api", "Invoke InvalidateCache ManageConnections"),
    (
        "sts",
        "AssumeRole AssumeRoleWithWebIdentity AssumeRoleWithSAML TagSession SetSourceIdentity \
         SetContext",
    ),
    (
        "dynamodb",
        "GetItem PutItem Query Scan UpdateItem DeleteItem BatchGetItem BatchWriteItem DescribeTable \
         DeleteTable UpdateTable PutResourcePolicy",
    ),
    ("kinesis", "PutRecord PutRecords GetRecords GetShardIterator DescribeStream ListShards"),
    ("events", "PutEvents PutRule PutTargets DeleteRule RemoveTargets DescribeRule"),
    (
        "backup",
        "CopyIntoBackupVault StartBackupJob DeleteRecoveryPoint DescribeBackupVault \
         DeleteBackupVaultAccessPolicy PutBackupVaultAccessPolicy StartRestoreJob",
    ),
    (
        "glacier",
        "InitiateJob GetJobOutput UploadArchive DeleteArchive DescribeVault ListJobs DeleteVault \
         GetVaultAccessPolicy SetVaultAccessPolicy DeleteVaultAccessPolicy InitiateMultipartUpload \
         UploadMultipartPart CompleteMultipartUpload AbortMultipartUpload",
    ),
    ("glue", "GetTable GetTables GetDatabase GetDatabases CreateTable UpdateTable DeleteTable"),
];

/// What is known of the actions in the table.
struct Known {
    by_service: HashMap<&'static str, Vec<String>>,
    traits: HashMap<String, (Target, bool)>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let (mut by_service, mut traits) = (HashMap::new(), HashMap::new());
    for (prefix, _) in ACTIONS {
        let of_service: Vec<String> =
            names(prefix).map(|name| format!("{prefix}:{name}")).collect();
        for name in &of_service {
            traits.insert(name.clone(), (target_by_name(name), writes_by_name(name)));
        }
        by_service.insert(*prefix, of_service);
    }
    Known { by_service, traits }
});

/// The known actions of a service with their prefix, the most telling first.
pub(super) fn of_service(prefix: &str) -> &'static [String] {
    KNOWN.by_service.get(prefix).map_or(&[], Vec::as_slice)
}

/// The same without it.
fn names(prefix: &str) -> impl Iterator<Item = &'static str> {
    ACTIONS
        .iter()
        .filter(move |(service, _)| *service == prefix)
        .flat_map(|(_, names)| names.split_whitespace())
}

/// What an action acts on: S3's have different ARNs for buckets and objects.
pub(super) fn target(action: &str) -> Target {
    KNOWN.traits.get(action).map_or_else(|| target_by_name(action), |(target, _)| *target)
}

fn target_by_name(action: &str) -> Target {
    let lower = action.to_ascii_lowercase();
    let Some(name) = lower.strip_prefix("s3:") else { return Target::Any };
    static S3: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| names("s3").map(str::to_ascii_lowercase).collect());
    const OBJECT: [&str; 8] = [
        "abortmultipartupload",
        "listmultipartuploadparts",
        "bypassgovernanceretention",
        "replicatedelete",
        "replicatetags",
        "replicateobject",
        "initiatereplication",
        "restoreobject",
    ];
    let of_object =
        OBJECT.contains(&name) || (name.contains("object") && !name.contains("bucketobjectlock"));
    if of_object {
        Target::Object
    } else if S3.contains(name) {
        Target::Container
    } else {
        Target::Any
    }
}

/// Whether an action writes, by the access level that AWS gives it: neither "Read" nor
/// "List". To use a key (`kms:Decrypt`), to subscribe to a topic, to call a function and to
/// assume a role are "Write" to AWS; to take a message from a queue or a secret's value is
/// "Read". A name that begins with none of the verbs of reading is taken to write.
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
pub(super) fn writes(action: &str) -> bool {
    KNOWN.traits.get(action).map_or_else(|| writes_by_name(action), |(_, writes)| *writes)
}

fn writes_by_name(action: &str) -> bool {
    // Against what their first word says.
    const READ: [&str; 9] = [
        "codeartifact:readfromrepository",
        "dynamodb:conditioncheckitem",
        "dynamodb:partiqlselect",
        "dynamodb:readdataforreplication",
        "ecr:validatepullthroughcacherule",
        "elasticfilesystem:replicationread",
        "es:escrossclusterget",
        "kinesis:subscribetoshard",
        "sns:checkifphonenumberisoptedout",
    ];
    const WRITE: [&str; 2] = ["sts:getdelegatedaccesstoken", "sts:getwebidentitytoken"];
    const READS: [&str; 12] = [
        "get",
        "list",
        "head",
        "describe",
        "batchget",
        "query",
        "scan",
        "receive",
        "batchcheck",
        "eshttpget",
        "eshttphead",
        "clientmount",
    ];
    let lower = action.to_ascii_lowercase();
    if READ.contains(&lower.as_str()) || WRITE.contains(&lower.as_str()) {
        return WRITE.contains(&lower.as_str());
    }
    let name = lower.split_once(':').map_or(lower.as_str(), |(_, name)| name);
    !READS.iter().any(|verb| name.starts_with(verb))
}
