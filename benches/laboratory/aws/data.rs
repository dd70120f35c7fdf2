//! Where data lies: databases, tables, files, keys, secrets, backups, images.

use super::CREATED;
use super::answers::{List, One, Place, Total, name, number_of};
use super::json::SECONDS;
use serde_json::{Value, json};

const OTHERS: Total = Total::Share(|account| account.shape.others);
const COMMON: Total = Total::Share(|account| account.shape.common);

/// Lists.
pub(super) static LISTS: &[List] = &[
    List::new(
        "application-autoscaling:DescribeScalableTargets",
        ("ScalableTargets", "NextToken"),
        ("MaxResults", 50),
        OTHERS,
        |_, n| {
            json!({
                "ServiceNamespace": "dynamodb",
                "ResourceId": format!("table/{}", name("table", n)),
                "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
                "MinCapacity": 1,
                "MaxCapacity": 10,
                "RoleARN": "arn:aws:iam::123456789012:role/scale",
                "CreationTime": SECONDS,
                "SuspendedState": { "DynamicScalingOutSuspended": n.is_multiple_of(5) },
            })
        },
    ),
    List::new(
        "application-autoscaling:DescribeScalingPolicies",
        ("ScalingPolicies", "NextToken"),
        ("MaxResults", 50),
        OTHERS,
        |place, n| {
            json!({
                "PolicyARN": place.arn("autoscaling", &format!("scalingPolicy:{n}")),
                "PolicyName": "read",
                "ServiceNamespace": "dynamodb",
                "ResourceId": format!("table/{}", name("table", n)),
                "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
                "PolicyType": "TargetTrackingScaling",
                "CreationTime": SECONDS,
            })
        },
    ),
    List::new(
        "backup:ListProtectedResources",
        ("Results", "NextToken"),
        ("maxResults", 1000),
        OTHERS,
        |place, n| {
            let table = format!("table/{}", name("table", n));
            json!({
                "ResourceArn": place.arn("dynamodb", &table),
                "ResourceType": "DynamoDB",
                "LastBackupTime": SECONDS,
            })
        },
    ),
    List::new(
        "dax:DescribeClusters",
        ("Clusters", "NextToken"),
        ("MaxResults", 100),
        OTHERS,
        |place, n| {
            let id = name("dax", n);
            json!({
                "ClusterName": id,
                "ClusterArn": place.arn("dax", &format!("cache/{id}")),
                "TotalNodes": 1,
                "Status": "available",
                "SSEDescription": { "Status": if n.is_multiple_of(2) { "ENABLED" } else { "DISABLED" } },
                "ClusterEndpointEncryptionType": "NONE",
            })
        },
    ),
    List::new(
        "dynamodb:ListTables",
        ("TableNames", "LastEvaluatedTableName"),
        ("Limit", 100),
        OTHERS,
        |_, n| name("table", n).into(),
    ),
    List::new(
        "ecr:DescribeRepositories",
        ("repositories", "nextToken"),
        ("maxResults", 1000),
        OTHERS,
        |place, n| {
            let id = name("repo", n);
            json!({
                "repositoryArn": place.arn("ecr", &format!("repository/{id}")),
                "registryId": place.account.id,
                "repositoryName": id,
                "createdAt": SECONDS,
                "imageTagMutability": if n.is_multiple_of(2) { "IMMUTABLE" } else { "MUTABLE" },
                "imageScanningConfiguration": { "scanOnPush": n.is_multiple_of(3) },
                "encryptionConfiguration": { "encryptionType": "AES256" },
            })
        },
    ),
    List::new(
        "efs:DescribeFileSystems",
        ("FileSystems", "NextMarker"),
        ("MaxItems", 100),
        OTHERS,
        |place, n| {
            let id = file_system(n);
            json!({
                "OwnerId": place.account.id,
                "CreationToken": id,
                "FileSystemId": id,
                "FileSystemArn": place.arn("elasticfilesystem", &format!("file-system/{id}")),
                "CreationTime": SECONDS,
                "LifeCycleState": "available",
                "NumberOfMountTargets": 3,
                "SizeInBytes": { "Value": 6144 },
                "PerformanceMode": "generalPurpose",
                "Encrypted": n.is_multiple_of(2),
                "Tags": [{ "Key": "team", "Value": "lab" }],
            })
        },
    ),
    List::new(
        "efs:DescribeAccessPoints",
        ("AccessPoints", "NextToken"),
        ("MaxResults", 100),
        OTHERS,
        |place, n| {
            let id = format!("fsap-{n:017x}");
            json!({
                "AccessPointId": id,
                "AccessPointArn": place.arn("elasticfilesystem", &format!("access-point/{id}")),
                "FileSystemId": file_system(n),
                "LifeCycleState": "available",
                "RootDirectory": { "Path": if n.is_multiple_of(2) { "/" } else { "/web" } },
                "PosixUser": { "Uid": 1000, "Gid": 1000 },
                "Tags": [],
            })
        },
    ),
    List::new(
        "efs:DescribeMountTargets",
        ("MountTargets", "NextMarker"),
        ("MaxItems", 100),
        Total::Each(3),
        |place, n| {
            let of = place.text("FileSystemId");
            let region = place.account.place(&place.call.region).unwrap_or(0);
            json!({
                "MountTargetId": format!("fsmt-{}{n}", of.trim_start_matches("fs-")),
                "FileSystemId": of,
                "SubnetId": place.account.id_of("subnet", region),
                "LifeCycleState": "available",
            })
        },
    ),
    List::new("glacier:ListVaults", ("VaultList", "Marker"), ("limit", 10), OTHERS, |place, n| {
        let id = name("vault", n);
        json!({
            "VaultName": id,
            "VaultARN": place.arn("glacier", &format!("vaults/{id}")),
            "CreationDate": CREATED,
            "NumberOfArchives": 0,
            "SizeInBytes": 0,
        })
    }),
    List::new("kms:ListKeys", ("Keys", "NextMarker"), ("Limit", 1000), COMMON, |place, n| {
        let id = key(place, n);
        json!({ "KeyId": id, "KeyArn": place.arn("kms", &format!("key/{id}")) })
    })
    .more("Truncated"),
    List::new(
        "kms:ListGrants",
        ("Grants", "NextMarker"),
        ("Limit", 100),
        Total::Each(3),
        |place, n| {
            json!({
                "KeyId": place.text("KeyId"),
                "GrantId": format!("{n:064x}"),
                "GranteePrincipal": format!("arn:aws:iam::{}:role/p0-role00000", place.account.id),
                "Operations": ["Encrypt", "Decrypt"],
                "CreationDate": SECONDS,
            })
        },
    )
    .more("Truncated"),
    List::new(
        "s3:ListDirectoryBuckets",
        ("Buckets", "ContinuationToken"),
        ("max-directory-buckets", 1000),
        Total::Share(|account| account.shape.rare),
        |place, n| {
            let bucket = format!("{}--{}-az1--x-s3", name("fast", n), place.call.region);
            json!({ "Name": bucket, "CreationDate": CREATED, "BucketRegion": place.call.region })
        },
    )
    .root("ListAllMyDirectoryBucketsResult"),
    List::new(
        "s3control:ListMultiRegionAccessPoints",
        ("AccessPoints", "NextToken"),
        ("maxResults", 100),
        Total::All(|account| account.shape.rare),
        |_, n| {
            json!({
                "Name": name("mrap", n),
                "Alias": format!("{}.mrap", name("mrap", n)),
                "CreatedAt": CREATED,
                "Status": "READY",
                "PublicAccessBlock": {
                    "BlockPublicAcls": true,
                    "IgnorePublicAcls": true,
                    "BlockPublicPolicy": n.is_multiple_of(2),
                    "RestrictPublicBuckets": true,
                },
            })
        },
    )
    .root("ListMultiRegionAccessPointsResult"),
    List::new(
        "secretsmanager:ListSecrets",
        ("SecretList", "NextToken"),
        ("MaxResults", 100),
        OTHERS,
        |place, n| {
            let id = name("secret", n);
            json!({
                "ARN": place.arn("secretsmanager", &format!("secret:{id}-AbCdEf")),
                "Name": id,
                "CreatedDate": SECONDS,
                "LastAccessedDate": SECONDS,
                "RotationEnabled": n.is_multiple_of(2),
                "RotationRules": { "AutomaticallyAfterDays": 30 },
                "LastRotatedDate": SECONDS,
                "Tags": [{ "Key": "team", "Value": "lab" }],
            })
        },
    ),
];

/// Answers without pages.
pub(super) static ONES: &[One] = &[
    ("dynamodb:DescribeContinuousBackups", |place| {
        let on = number_of(place.text("TableName")).is_multiple_of(2);
        Ok(Some(json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {
                "PointInTimeRecoveryStatus": if on { "ENABLED" } else { "DISABLED" },
                "RecoveryPeriodInDays": 35,
            },
        }})))
    }),
    ("dynamodb:DescribeTable", |place| {
        let id = place.text("TableName");
        let number = number_of(id);
        Ok(Some(json!({ "Table": {
            "TableName": id,
            "TableArn": place.arn("dynamodb", &format!("table/{id}")),
            "TableStatus": "ACTIVE",
            "CreationDateTime": SECONDS,
            "ItemCount": 0,
            "DeletionProtectionEnabled": number.is_multiple_of(2),
            "BillingModeSummary": {
                "BillingMode": if number.is_multiple_of(3) { "PAY_PER_REQUEST" } else { "PROVISIONED" },
            },
        }})))
    }),
    ("dynamodb:GetResourcePolicy", |_| {
        Err((400, "PolicyNotFoundException", "Resource-based policy not found"))
    }),
    ("ecr:GetLifecyclePolicy", |_| {
        Err((400, "LifecyclePolicyNotFoundException", "Lifecycle policy does not exist"))
    }),
    ("ecr:GetRegistryScanningConfiguration", |_| {
        Ok(Some(json!({ "scanningConfiguration": { "scanType": "BASIC", "rules": [
            { "scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": [
                { "filter": "p0-repo00000*", "filterType": "WILDCARD" },
            ]},
        ]}})))
    }),
    ("ecr:GetRepositoryPolicy", |_| {
        Err((400, "RepositoryPolicyNotFoundException", "Repository policy does not exist"))
    }),
    ("efs:DescribeBackupPolicy", |place| {
        let on = place.last().ends_with(['0', '2', '4', '6', '8']);
        let status = if on { "ENABLED" } else { "DISABLED" };
        Ok(Some(json!({ "BackupPolicy": { "Status": status } })))
    }),
    ("efs:DescribeFileSystemPolicy", |_| {
        Err((404, "PolicyNotFound", "The file system has no policy"))
    }),
    ("glacier:GetVaultAccessPolicy", |place| match number_of(place.last()) % 2 {
        0 => Err((404, "ResourceNotFoundException", "No vault access policy was set")),
        _ => Ok(Some(json!({ "Policy": policy("glacier:*", "*") }))),
    }),
    ("kms:DescribeKey", |place| {
        let (id, of_aws) = (place.text("KeyId"), key_number(place) % 5 == 4);
        Ok(Some(json!({ "KeyMetadata": {
            "AWSAccountId": place.account.id,
            "KeyId": id,
            "Arn": place.arn("kms", &format!("key/{id}")),
            "CreationDate": SECONDS,
            "Enabled": true,
            "KeyUsage": "ENCRYPT_DECRYPT",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
            "KeyManager": if of_aws { "AWS" } else { "CUSTOMER" },
            "KeySpec": "SYMMETRIC_DEFAULT",
            "MultiRegion": false,
        }})))
    }),
    ("kms:GetKeyPolicy", |place| {
        let everyone = key_number(place).is_multiple_of(10);
        let who = if everyone {
            "*".to_owned()
        } else {
            format!("arn:aws:iam::{}:root", place.account.id)
        };
        Ok(Some(json!({ "Policy": policy("kms:*", &who), "PolicyName": "default" })))
    }),
    ("kms:GetKeyRotationStatus", |place| {
        let on = key_number(place).is_multiple_of(2);
        Ok(Some(match on {
            true => json!({ "KeyRotationEnabled": true, "RotationPeriodInDays": 365 }),
            false => json!({ "KeyRotationEnabled": false }),
        }))
    }),
    ("s3express:GetBucketLifecycleConfiguration", |_| {
        Ok(Some(json!({ "LifecycleConfiguration": { "Rule": {
            "ID": "exp",
            "Status": "Enabled",
            "Filter": { "Prefix": "" },
            "Expiration": { "Days": 30 },
        }}})))
    }),
    ("secretsmanager:GetResourcePolicy", |place| {
        let id = place.text("SecretId");
        Ok(Some(json!({ "ARN": id, "Name": "secret" })))
    }),
];

fn file_system(number: usize) -> String {
    format!("fs-{number:017x}")
}

fn key(place: Place<'_>, number: usize) -> String {
    format!("{number:08x}-0000-4000-8000-{}", place.account.id)
}

fn key_number(place: Place<'_>) -> usize {
    let id = place.text("KeyId").get(..8).unwrap_or_default();
    usize::from_str_radix(id, 16).unwrap_or(0)
}

/// A policy that lets this principal do that with everything.
pub(super) fn policy(action: &str, principal: &str) -> String {
    let statement: Value = json!({
        "Effect": "Allow",
        "Principal": { "AWS": principal },
        "Action": action,
        "Resource": "*",
    });
    json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()
}
