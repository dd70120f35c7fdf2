//! RDS.

use super::CREATED;
use super::answers::{List, One, Place, Total, name, number_of};
use serde_json::{Value, json};

const OTHERS: Total = Total::Share(|account| account.shape.others);
const SIZE: (&str, usize) = ("MaxRecords", 100);
const ENGINES: [(&str, &str, u16); 4] = [
    ("postgres", "16.3", 5432),
    ("mysql", "8.0.39", 3306),
    ("sqlserver-ex", "15.00.4410.1.v1", 1433),
    ("mariadb", "10.11.9", 3306),
];
const AURORA: &str = "8.0.mysql_aurora.3.08.0";

/// Lists.
pub(super) static LISTS: &[List] = &[
    List::new("rds:DescribeDBInstances", ("DBInstances", "Marker"), SIZE, OTHERS, instance),
    List::new("rds:DescribeDBClusters", ("DBClusters", "Marker"), SIZE, OTHERS, cluster),
    List::new("rds:DescribeDBSnapshots", ("DBSnapshots", "Marker"), SIZE, OTHERS, |place, n| {
        let id = name("dbsnap", n);
        json!({
            "DBSnapshotIdentifier": id,
            "DBSnapshotArn": place.arn("rds", &format!("snapshot:{id}")),
            "DBInstanceIdentifier": name("db", n),
            "Engine": "postgres",
            "SnapshotType": kind(n),
            "Encrypted": n.is_multiple_of(2),
            "Status": "available",
            "TagList": tags(),
        })
    }),
    List::new(
        "rds:DescribeDBClusterSnapshots",
        ("DBClusterSnapshots", "Marker"),
        SIZE,
        OTHERS,
        |place, n| {
            let id = name("clsnap", n);
            json!({
                "DBClusterSnapshotIdentifier": id,
                "DBClusterSnapshotArn": place.arn("rds", &format!("cluster-snapshot:{id}")),
                "DBClusterIdentifier": name("cluster", n),
                "Engine": "aurora-mysql",
                "SnapshotType": kind(n),
                "StorageEncrypted": n.is_multiple_of(2),
                "Status": "available",
                "TagList": tags(),
            })
        },
    ),
    List::new("rds:DescribeDBProxies", ("DBProxies", "Marker"), SIZE, OTHERS, |place, n| {
        let id = name("proxy", n);
        json!({
            "DBProxyName": id,
            "DBProxyArn": place.arn("rds", &format!("db-proxy:{id}")),
            "EngineFamily": "POSTGRESQL",
            "RequireTLS": n.is_multiple_of(2),
            "Status": "available",
        })
    }),
    List::new(
        "rds:DescribeEventSubscriptions",
        ("EventSubscriptionsList", "Marker"),
        SIZE,
        OTHERS,
        |place, n| {
            let id = name("events", n);
            let kinds = ["db-instance", "db-cluster", "db-parameter-group", "db-security-group"];
            json!({
                "CustSubscriptionId": id,
                "EventSubscriptionArn": place.arn("rds", &format!("es:{id}")),
                "Enabled": true,
                "Status": "active",
                "SourceType": kinds.get(n % kinds.len()),
                "EventCategoriesList": ["failure", "maintenance"],
            })
        },
    ),
    // Every region tells of all of them.
    List::new(
        "rds:DescribeGlobalClusters",
        ("GlobalClusters", "Marker"),
        SIZE,
        Total::All(|account| account.shape.rare),
        |place, n| {
            let id = name("world", n);
            json!({
                "GlobalClusterIdentifier": id,
                "GlobalClusterArn": format!("arn:aws:rds::{}:global-cluster:{id}", place.account.id),
                "Engine": "aurora-mysql",
                "EngineVersion": AURORA,
                "Status": "available",
                "TagList": tags(),
            })
        },
    ),
    List::new(
        "rds:DescribeDBParameters",
        ("Parameters", "Marker"),
        SIZE,
        Total::Each(2),
        |place, n| {
            let of = number_of(place.text("DBParameterGroupName"));
            let name = ["rds.force_ssl", "require_secure_transport"].get(n).copied();
            json!({ "ParameterName": name, "ParameterValue": if of.is_multiple_of(3) { "1" } else { "0" } })
        },
    ),
    List::new(
        "rds:DescribeDBClusterParameters",
        ("Parameters", "Marker"),
        SIZE,
        Total::Each(2),
        |place, n| {
            let on = number_of(place.text("DBClusterParameterGroupName")).is_multiple_of(2);
            match (n, on) {
                (0, _) => json!({
                    "ParameterName": "server_audit_logging",
                    "ParameterValue": if on { "1" } else { "0" },
                }),
                (_, true) => json!({
                    "ParameterName": "server_audit_events",
                    "ParameterValue": "CONNECT,QUERY",
                }),
                (_, false) => json!({ "ParameterName": "server_audit_events" }),
            }
        },
    ),
    List::new(
        "rds:DescribeDBEngineVersions",
        ("DBEngineVersions", "Marker"),
        SIZE,
        Total::Each(1),
        |place, _| {
            json!({
                "Engine": place.text("Engine"),
                "EngineVersion": place.text("EngineVersion"),
                "Status": "available",
            })
        },
    ),
];

/// Answers without pages.
pub(super) static ONES: &[One] = &[
    ("rds:DescribeDBSnapshotAttributes", |place| {
        let of = place.text("DBSnapshotIdentifier");
        Ok(Some(json!({ "DBSnapshotAttributesResult": {
            "DBSnapshotIdentifier": of,
            "DBSnapshotAttributes": [restore(of)],
        }})))
    }),
    ("rds:DescribeDBClusterSnapshotAttributes", |place| {
        let of = place.text("DBClusterSnapshotIdentifier");
        Ok(Some(json!({ "DBClusterSnapshotAttributesResult": {
            "DBClusterSnapshotIdentifier": of,
            "DBClusterSnapshotAttributes": [restore(of)],
        }})))
    }),
];

fn kind(number: usize) -> &'static str {
    if number.is_multiple_of(3) { "automated" } else { "manual" }
}

fn tags() -> Value {
    json!([{ "Key": "team", "Value": "lab" }])
}

/// Every fifth is public.
fn restore(snapshot: &str) -> Value {
    let public = number_of(snapshot).is_multiple_of(5);
    json!({
        "AttributeName": "restore",
        "AttributeValues": if public { vec!["all"] } else { Vec::new() },
    })
}

fn instance(place: Place<'_>, n: usize) -> Value {
    let id = name("db", n);
    let region = place.account.place(&place.call.region).unwrap_or(0);
    let (engine, version, port) = ENGINES.get(n % ENGINES.len()).copied().unwrap_or_default();
    json!({
        "DBInstanceIdentifier": id,
        "DBInstanceArn": place.arn("rds", &format!("db:{id}")),
        "DBInstanceClass": "db.t4g.medium",
        "Engine": engine,
        "EngineVersion": version,
        "DBInstanceStatus": "available",
        "InstanceCreateTime": CREATED,
        "PubliclyAccessible": n.is_multiple_of(4),
        "StorageEncrypted": n.is_multiple_of(2),
        "MultiAZ": n.is_multiple_of(3),
        "MonitoringInterval": if n.is_multiple_of(2) { 60 } else { 0 },
        "DeletionProtection": n.is_multiple_of(2),
        "IAMDatabaseAuthenticationEnabled": n.is_multiple_of(2),
        "BackupRetentionPeriod": n % 9,
        "AutoMinorVersionUpgrade": true,
        "CopyTagsToSnapshot": n.is_multiple_of(2),
        "Endpoint": { "Address": format!("{id}.example.com"), "Port": port },
        "MasterUsername": if n.is_multiple_of(2) { "admin" } else { "owner" },
        "DBSubnetGroup": {
            "VpcId": place.account.id_of("vpc", region),
            "Subnets": [{ "SubnetIdentifier": place.account.id_of("subnet", region) }],
        },
        "DBParameterGroups": [{
            "DBParameterGroupName": name("params", n),
            "ParameterApplyStatus": "in-sync",
        }],
        "TagList": tags(),
    })
}

fn cluster(place: Place<'_>, n: usize) -> Value {
    let id = name("cluster", n);
    json!({
        "DBClusterIdentifier": id,
        "DBClusterArn": place.arn("rds", &format!("cluster:{id}")),
        "Engine": "aurora-mysql",
        "EngineMode": "provisioned",
        "EngineVersion": AURORA,
        "Status": "available",
        "StorageEncrypted": n.is_multiple_of(2),
        "MultiAZ": n.is_multiple_of(3),
        "DeletionProtection": n.is_multiple_of(2),
        "IAMDatabaseAuthenticationEnabled": n.is_multiple_of(2),
        "BackupRetentionPeriod": 1 + n % 9,
        "BacktrackWindow": 0,
        "AutoMinorVersionUpgrade": true,
        "CopyTagsToSnapshot": n.is_multiple_of(2),
        "Port": 3306,
        "MasterUsername": "admin",
        "DBClusterMembers": [{
            "DBInstanceIdentifier": name("db", n),
            "DBClusterParameterGroupStatus": "in-sync",
        }],
        "DBClusterParameterGroup": name("clparams", n),
        "TagList": tags(),
    })
}
