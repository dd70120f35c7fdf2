//! The collector of RDS, at the wire.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use crate::aws::Plan;
use crate::aws::wire::{Answer, Collected, Request, Wire, known, ok, query_error};
use crate::inventory::{Document, ErrorClass, Fact, ResourceType, Value};
use crate::services::rds::cluster::DbCluster;
use crate::services::rds::events::EventSubscription;
use crate::services::rds::global::GlobalCluster;
use crate::services::rds::instance::DbInstance;
use crate::services::rds::parameters::{DbClusterParameterGroup, DbParameterGroup};
use crate::services::rds::proxy::DbProxy;
use crate::services::rds::snapshot::{DbClusterSnapshot, DbSnapshot};

const HERE: &str = "eu-west-1";

/// A reply as RDS sends it.
fn reply(operation: &str, body: &str) -> Answer {
    ok(&format!(
        "<{operation}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
         <{operation}Result>{body}</{operation}Result>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{operation}Response>"
    ))
}

fn denied() -> Answer {
    query_error(403, "AccessDenied", "User: x is not authorized to perform: rds:Something")
}

/// One of each type that has a list: where its entries stand, and an entry.
struct Kind {
    ty: fn() -> &'static ResourceType,
    list: &'static str,
    set: &'static str,
    item: fn(&str) -> String,
    place: &'static str,
}

const KINDS: [Kind; 7] = [
    Kind {
        ty: DbInstance::resource_type,
        list: "DescribeDBInstances",
        set: "DBInstances",
        item: |id| instance(id, "postgres", "own"),
        place: HERE,
    },
    Kind {
        ty: DbCluster::resource_type,
        list: "DescribeDBClusters",
        set: "DBClusters",
        item: |id| cluster(id, "aurora-mysql"),
        place: HERE,
    },
    Kind {
        ty: DbSnapshot::resource_type,
        list: "DescribeDBSnapshots",
        set: "DBSnapshots",
        item: |id| snapshot(id, "manual"),
        place: HERE,
    },
    Kind {
        ty: DbClusterSnapshot::resource_type,
        list: "DescribeDBClusterSnapshots",
        set: "DBClusterSnapshots",
        item: |id| cluster_snapshot(id, "manual"),
        place: HERE,
    },
    Kind {
        ty: EventSubscription::resource_type,
        list: "DescribeEventSubscriptions",
        set: "EventSubscriptionsList",
        item: subscription,
        place: HERE,
    },
    Kind {
        ty: DbProxy::resource_type,
        list: "DescribeDBProxies",
        set: "DBProxies",
        item: proxy,
        place: HERE,
    },
    Kind {
        ty: GlobalCluster::resource_type,
        list: "DescribeGlobalClusters",
        set: "GlobalClusters",
        item: |id| global(id, "aurora-mysql"),
        place: "global",
    },
];

impl Kind {
    fn page(&self, ids: &[&str], next: Option<&str>) -> Answer {
        let items: String = ids.iter().map(|id| (self.item)(id)).collect();
        let next = next.map_or_else(String::new, |marker| format!("<Marker>{marker}</Marker>"));
        reply(self.list, &format!("<{0}>{items}</{0}>{next}", self.set))
    }

    fn name(&self) -> &'static str {
        (self.ty)().name
    }

    /// Only the list.
    fn plan(&self) -> Plan {
        let kind = (self.ty)();
        Plan::new([kind], kind.listings.iter().copied().flatten().copied())
    }
}

const TAGS: &str = "<TagList><Tag><Key>team</Key><Value>shop</Value></Tag></TagList>";

fn arn(noun: &str, id: &str) -> String {
    format!("arn:aws:rds:eu-west-1:123456789012:{noun}:{id}")
}

fn instance(id: &str, engine: &str, group: &str) -> String {
    let arn = arn("db", id);
    format!(
        "<DBInstance><DBInstanceIdentifier>{id}</DBInstanceIdentifier>\
         <DBInstanceArn>{arn}</DBInstanceArn><Engine>{engine}</Engine>\
         <EngineVersion>16.3</EngineVersion><DBInstanceStatus>new-status</DBInstanceStatus>\
         <InstanceCreateTime>2025-06-01T00:00:00.000Z</InstanceCreateTime>\
         <PubliclyAccessible>true</PubliclyAccessible><StorageEncrypted>true</StorageEncrypted>\
         <MultiAZ>false</MultiAZ><MonitoringInterval>60</MonitoringInterval>\
         <DeletionProtection>true</DeletionProtection>\
         <EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>\
         <IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>\
         <BackupRetentionPeriod>7</BackupRetentionPeriod>\
         <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>\
         <CopyTagsToSnapshot>false</CopyTagsToSnapshot>\
         <Endpoint><Address>x</Address><Port>5432</Port></Endpoint>\
         <MasterUsername>owner</MasterUsername>\
         <DBSubnetGroup><VpcId>vpc-1</VpcId><Subnets><Subnet>\
         <SubnetIdentifier>subnet-1</SubnetIdentifier></Subnet></Subnets></DBSubnetGroup>\
         <DBParameterGroups><DBParameterGroup>\
         <DBParameterGroupName>{group}</DBParameterGroupName>\
         <ParameterApplyStatus>in-sync</ParameterApplyStatus></DBParameterGroup>\
         </DBParameterGroups>{TAGS}</DBInstance>"
    )
}

fn cluster(id: &str, engine: &str) -> String {
    let arn = arn("cluster", id);
    format!(
        "<DBCluster><DBClusterIdentifier>{id}</DBClusterIdentifier>\
         <DBClusterArn>{arn}</DBClusterArn><Engine>{engine}</Engine>\
         <EngineMode>provisioned</EngineMode>\
         <EngineVersion>8.0.mysql_aurora.3.08.0</EngineVersion><Status>available</Status>\
         <StorageEncrypted>true</StorageEncrypted><MultiAZ>true</MultiAZ>\
         <DeletionProtection>false</DeletionProtection>\
         <IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>\
         <BackupRetentionPeriod>1</BackupRetentionPeriod><BacktrackWindow>3600</BacktrackWindow>\
         <AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>\
         <CopyTagsToSnapshot>true</CopyTagsToSnapshot><Port>3306</Port>\
         <MasterUsername>owner</MasterUsername>\
         <GlobalClusterIdentifier>world</GlobalClusterIdentifier>\
         <DBClusterMembers><DBClusterMember><DBInstanceIdentifier>one</DBInstanceIdentifier>\
         <DBClusterParameterGroupStatus>in-sync</DBClusterParameterGroupStatus></DBClusterMember>\
         </DBClusterMembers><DBClusterParameterGroup>own</DBClusterParameterGroup>{TAGS}\
         </DBCluster>"
    )
}

fn snapshot(id: &str, kind: &str) -> String {
    let arn = arn("snapshot", id);
    format!(
        "<DBSnapshot><DBSnapshotIdentifier>{id}</DBSnapshotIdentifier>\
         <DBSnapshotArn>{arn}</DBSnapshotArn><Engine>postgres</Engine>\
         <SnapshotType>{kind}</SnapshotType><Encrypted>false</Encrypted>\
         <DBInstanceIdentifier>shop</DBInstanceIdentifier>{TAGS}</DBSnapshot>"
    )
}

fn cluster_snapshot(id: &str, kind: &str) -> String {
    let arn = arn("cluster-snapshot", id);
    format!(
        "<DBClusterSnapshot><DBClusterSnapshotIdentifier>{id}</DBClusterSnapshotIdentifier>\
         <DBClusterSnapshotArn>{arn}</DBClusterSnapshotArn><Engine>docdb</Engine>\
         <SnapshotType>{kind}</SnapshotType><StorageEncrypted>true</StorageEncrypted>\
         <DBClusterIdentifier>orders</DBClusterIdentifier>{TAGS}</DBClusterSnapshot>"
    )
}

fn subscription(id: &str) -> String {
    let arn = arn("es", id);
    format!(
        "<EventSubscription><CustSubscriptionId>{id}</CustSubscriptionId>\
         <EventSubscriptionArn>{arn}</EventSubscriptionArn><Enabled>true</Enabled>\
         <Status>active</Status><SourceType>db-instance</SourceType>\
         <SourceIdsList><SourceId>shop</SourceId></SourceIdsList>\
         <EventCategoriesList><EventCategory>failure</EventCategory></EventCategoriesList>\
         </EventSubscription>"
    )
}

fn proxy(id: &str) -> String {
    let arn = arn("db-proxy", id);
    format!(
        "<member><DBProxyName>{id}</DBProxyName><DBProxyArn>{arn}</DBProxyArn>\
         <EngineFamily>POSTGRESQL</EngineFamily><RequireTLS>true</RequireTLS></member>"
    )
}

fn global(id: &str, engine: &str) -> String {
    format!(
        "<GlobalClusterMember><GlobalClusterIdentifier>{id}</GlobalClusterIdentifier>\
         <GlobalClusterArn>arn:aws:rds::123456789012:global-cluster:{id}</GlobalClusterArn>\
         <Engine>{engine}</Engine><EngineVersion>8.0.mysql_aurora.3.08.0</EngineVersion>{TAGS}\
         </GlobalClusterMember>"
    )
}

const FORCED: &str = "<Parameters><Parameter><ParameterName>rds.force_ssl</ParameterName>\
                      <ParameterValue>1</ParameterValue></Parameter><Parameter>\
                      <ParameterName>work_mem</ParameterName></Parameter></Parameters>";
const AUDITED: &str = "<Parameters><Parameter><ParameterName>server_audit_logging</ParameterName>\
                       <ParameterValue>0</ParameterValue></Parameter></Parameters>";
const RESTORE: &str = "<AttributeName>restore</AttributeName><AttributeValues>\
                       <AttributeValue>all</AttributeValue></AttributeValues>";

/// One resource of each type, and what is asked about it.
fn full(request: &Request) -> Option<Answer> {
    let operation = request.operation();
    if let Some(kind) = KINDS.iter().find(|kind| kind.list == operation) {
        return Some(kind.page(&["one"], None));
    }
    Some(match operation.as_str() {
        "DescribeDBParameters" => reply(&operation, FORCED),
        "DescribeDBClusterParameters" => reply(&operation, AUDITED),
        "DescribeDBSnapshotAttributes" => reply(
            &operation,
            &format!(
                "<DBSnapshotAttributesResult><DBSnapshotAttributes><DBSnapshotAttribute>{RESTORE}\
                 </DBSnapshotAttribute></DBSnapshotAttributes></DBSnapshotAttributesResult>"
            ),
        ),
        "DescribeDBClusterSnapshotAttributes" => reply(
            &operation,
            &format!(
                "<DBClusterSnapshotAttributesResult><DBClusterSnapshotAttributes>\
                 <DBClusterSnapshotAttribute>{RESTORE}</DBClusterSnapshotAttribute>\
                 </DBClusterSnapshotAttributes></DBClusterSnapshotAttributesResult>"
            ),
        ),
        "DescribeDBEngineVersions" => reply(
            &operation,
            "<DBEngineVersions><DBEngineVersion><Status>available</Status></DBEngineVersion>\
             </DBEngineVersions>",
        ),
        _ => return None,
    })
}

fn but(operation: &'static str, answer: Answer) -> Wire {
    Wire::start(
        move |request| {
            if request.operation() == operation { Some(answer.clone()) } else { full(request) }
        },
    )
}

async fn everything(wire: &Wire, kinds: &[fn() -> &'static ResourceType]) -> Collected {
    wire.collect(Plan::everything(kinds.iter().map(|kind| kind())), &[HERE]).await
}

#[tokio::test]
async fn one_of_each_is_read_as_rds_says() {
    for kind in &KINDS {
        let wire = Wire::start(full);
        let collected = everything(&wire, &[kind.ty]).await;
        let name = kind.name();
        assert!(collected.gaps.is_empty(), "{name}: {:?}", collected.gaps);
        assert!(collected.missing(name, kind.place).is_empty(), "{name}");
        let resource = collected.resource(name, "one");
        assert_eq!(resource.region.as_ref(), kind.place);
        assert!(resource.arn.ends_with(":one"), "{}", resource.arn);
        if !(kind.ty)().tags.is_empty() {
            let Value::Map(tags) = &resource.tags else { panic!("{:?}", resource.tags) };
            assert_eq!(tags.get("team"), Some(&Value::text("shop")));
        }
        let Value::Record(fields) = &resource.document else { panic!("{name}") };
        assert!(!fields.iter().any(|field| matches!(field, Value::Unknown(_))), "{name}");
        for request in wire.requests().iter().filter(|it| it.operation() == kind.list) {
            assert_eq!(request.parameter("MaxRecords"), Some("100"), "{name}");
        }
    }
}

#[tokio::test]
async fn instances_and_clusters_have_their_facts() {
    let wire = Wire::start(full);
    let collected = everything(&wire, &[DbInstance::resource_type, DbCluster::resource_type]).await;
    let it: DbInstance = collected.document("rds.db-instance", "one");
    assert_eq!((known(it.publicly_accessible), known(it.multi_az)), (true, false));
    assert_eq!((known(it.monitoring_interval), known(it.backup_retention_period)), (60, 7));
    assert_eq!(known(it.log_exports), ["postgresql"]);
    assert_eq!(known(it.endpoint).port, Some(5432));
    assert_eq!(known(it.create_time).to_string(), "2025-06-01T00:00:00Z");
    assert_eq!(known(it.subnet_group).subnets[0].id, "subnet-1");
    assert_eq!(it.cluster, Fact::Absent);
    assert_eq!(it.replica_of, Fact::Absent);
    let group = known(it.parameter_groups).remove(0);
    assert_eq!((group.name.as_str(), group.apply_status.as_str()), ("own", "in-sync"));
    let it: DbCluster = collected.document("rds.db-cluster", "one");
    assert_eq!((known(it.backtrack_window), known(it.port)), (3600, 3306));
    assert_eq!(known(it.global_cluster), "world");
    assert_eq!(it.log_exports, Fact::Absent);
    assert_eq!(known(it.members)[0].parameter_group_status.as_deref(), Some("in-sync"));
    // The session and one list each: no rule reads parameters.
    assert_eq!(wire.requests().len(), 3);
}

#[tokio::test]
async fn neptune_and_documentdb_are_left_out() {
    for engine in ["neptune", "docdb"] {
        let wire = Wire::start(move |request| {
            Some(match request.operation().as_str() {
                "DescribeDBInstances" => {
                    let items =
                        instance("graph", engine, "own") + &instance("shop", "mysql", "own");
                    reply("DescribeDBInstances", &format!("<DBInstances>{items}</DBInstances>"))
                }
                "DescribeDBClusters" => {
                    let items = cluster("graph", engine) + &cluster("orders", "postgres");
                    reply("DescribeDBClusters", &format!("<DBClusters>{items}</DBClusters>"))
                }
                _ => return full(request),
            })
        });
        let kinds = [DbInstance::resource_type, DbCluster::resource_type];
        let collected = everything(&wire, &kinds).await;
        assert_eq!(collected.ids("rds.db-instance"), ["shop"]);
        assert_eq!(collected.ids("rds.db-cluster"), ["orders"]);
        assert!(collected.gaps.is_empty());
    }
    // A copy of their data is one.
    let collected = everything(&Wire::start(full), &[DbClusterSnapshot::resource_type]).await;
    let it: DbClusterSnapshot = collected.document("rds.db-cluster-snapshot", "one");
    assert_eq!(known(it.engine), "docdb");
}

#[tokio::test]
async fn parameter_groups_in_use_are_asked_once_each() {
    let wire = Wire::start(|request| {
        Some(match request.operation().as_str() {
            "DescribeDBInstances" => {
                let member = instance("d", "mysql", "of-a-member").replace(
                    "<MultiAZ>",
                    "<DBClusterIdentifier>orders</DBClusterIdentifier><MultiAZ>",
                );
                let items = instance("a", "postgres", "shared")
                    + &instance("b", "sqlserver-se", "shared")
                    + &instance("c", "oracle-ee", "of-oracle")
                    + &member;
                reply("DescribeDBInstances", &format!("<DBInstances>{items}</DBInstances>"))
            }
            "DescribeDBClusters" => {
                let other = cluster("b", "aurora-postgresql").replace(">own<", ">other<");
                let items = cluster("a", "aurora-mysql") + &other;
                reply("DescribeDBClusters", &format!("<DBClusters>{items}</DBClusters>"))
            }
            _ => return full(request),
        })
    });
    let kinds = [
        DbInstance::resource_type,
        DbParameterGroup::resource_type,
        DbCluster::resource_type,
        DbClusterParameterGroup::resource_type,
    ];
    let collected = everything(&wire, &kinds).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    assert_eq!(collected.ids("rds.db-instance"), ["a", "b", "c", "d"]);
    assert_eq!(collected.ids("rds.db-parameter-group"), ["shared"]);
    assert_eq!(collected.ids("rds.db-cluster-parameter-group"), ["own"]);
    for kind in kinds {
        assert!(collected.missing(kind().name, HERE).is_empty());
    }
    let group = collected.resource("rds.db-parameter-group", "shared");
    assert_eq!(group.arn.as_ref(), arn("pg", "shared"));
    let group: DbParameterGroup = collected.document("rds.db-parameter-group", "shared");
    let parameters = known(group.parameters);
    let named: Vec<_> =
        parameters.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
    assert_eq!(named, [("rds.force_ssl", Some("1"))], "only what matters is kept");
    assert_eq!(wire.count("DescribeDBInstances"), 1, "one list for both types");
    let asked: Vec<_> = wire
        .requests()
        .into_iter()
        .filter(|request| request.operation() == "DescribeDBParameters")
        .collect();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].parameter("Filters.Filter.1.Name"), Some("parameter-name"));
    let value = asked[0].parameter("Filters.Filter.1.Values.Value.1");
    assert_eq!(value, Some("rds.force_ssl"));
}

#[tokio::test]
async fn parameters_are_read_to_the_end_or_not_at_all() {
    let second = [
        (reply("DescribeDBParameters", FORCED), None),
        (denied(), Some(ErrorClass::AccessDenied)),
        (reply("DescribeDBParameters", ""), Some(ErrorClass::Malformed)),
        (
            reply(
                "DescribeDBParameters",
                "<Parameters><Parameter><ParameterValue>1</ParameterValue></Parameter></Parameters>",
            ),
            Some(ErrorClass::Malformed),
        ),
        (
            reply("DescribeDBParameters", "<Parameters/><Marker>2</Marker>"),
            Some(ErrorClass::Malformed),
        ),
    ];
    for (answer, class) in second {
        let wire = Wire::start(move |request| match request.operation().as_str() {
            "DescribeDBParameters" if request.parameter("Marker").is_none() => {
                Some(reply("DescribeDBParameters", "<Parameters/><Marker>2</Marker>"))
            }
            "DescribeDBParameters" => Some(answer.clone()),
            _ => full(request),
        });
        let collected = everything(&wire, &[DbParameterGroup::resource_type]).await;
        assert!(collected.ids("rds.db-instance").is_empty(), "instances are not asked for");
        let group: DbParameterGroup = collected.document("rds.db-parameter-group", "own");
        match class {
            None => assert_eq!(known(group.parameters).len(), 1),
            Some(class) => assert_eq!(collected.why(&group.parameters).class, class),
        }
    }
    let wire = but("DescribeDBClusterParameters", denied());
    let collected = everything(&wire, &[DbClusterParameterGroup::resource_type]).await;
    let group: DbClusterParameterGroup =
        collected.document("rds.db-cluster-parameter-group", "own");
    assert_eq!(collected.why(&group.parameters).class, ErrorClass::AccessDenied);
}

#[tokio::test]
async fn a_refused_list_hides_the_groups_as_well() {
    for (list, kind, group) in [
        ("DescribeDBInstances", DbInstance::resource_type(), DbParameterGroup::resource_type()),
        (
            "DescribeDBClusters",
            DbCluster::resource_type(),
            DbClusterParameterGroup::resource_type(),
        ),
    ] {
        let wire = but(list, denied());
        let collected = wire.collect(Plan::everything([kind, group]), &[HERE]).await;
        for name in [kind.name, group.name] {
            let missing = collected.missing(name, HERE);
            assert_eq!(missing[0].class, ErrorClass::AccessDenied, "{name}");
        }
    }
}

#[tokio::test]
async fn automated_snapshots_are_not_asked_about() {
    let wire = Wire::start(|request| {
        Some(match request.operation().as_str() {
            "DescribeDBSnapshots" => {
                let items = snapshot("own", "manual")
                    + &snapshot("rds:shop", "automated")
                    + &snapshot("new", "something-new");
                reply("DescribeDBSnapshots", &format!("<DBSnapshots>{items}</DBSnapshots>"))
            }
            "DescribeDBClusterSnapshots" => {
                let items =
                    cluster_snapshot("own", "manual") + &cluster_snapshot("rds:o", "automated");
                let set = "DBClusterSnapshots";
                reply("DescribeDBClusterSnapshots", &format!("<{set}>{items}</{set}>"))
            }
            _ => return full(request),
        })
    });
    let kinds = [DbSnapshot::resource_type, DbClusterSnapshot::resource_type];
    let collected = everything(&wire, &kinds).await;
    assert!(collected.gaps.is_empty(), "{:?}", collected.gaps);
    let automated: DbSnapshot = collected.document("rds.db-snapshot", "rds:shop");
    assert_eq!(automated.attributes, Fact::Absent);
    let manual: DbSnapshot = collected.document("rds.db-snapshot", "own");
    assert_eq!(known(manual.attributes)[0].values, ["all"]);
    assert!(!known(manual.encrypted));
    let automated: DbClusterSnapshot = collected.document("rds.db-cluster-snapshot", "rds:o");
    assert_eq!(automated.attributes, Fact::Absent);
    assert_eq!(wire.count("DescribeDBSnapshotAttributes"), 2);
    assert_eq!(wire.count("DescribeDBClusterSnapshotAttributes"), 1);
}

#[tokio::test]
async fn sharing_is_refused_or_the_snapshot_is_gone() {
    for (kind, operation, gone) in [
        (&KINDS[2], "DescribeDBSnapshotAttributes", "DBSnapshotNotFound"),
        (&KINDS[3], "DescribeDBClusterSnapshotAttributes", "DBClusterSnapshotNotFoundFault"),
    ] {
        for (answer, class) in
            [(denied(), ErrorClass::AccessDenied), (reply(operation, ""), ErrorClass::Malformed)]
        {
            let collected = everything(&but(operation, answer), &[kind.ty]).await;
            let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
            assert_eq!(classes, [class]);
            assert_eq!(collected.ids(kind.name()), ["one"]);
            assert!(collected.missing(kind.name(), HERE).is_empty());
        }
        let wire = but(operation, query_error(404, gone, "not found"));
        let collected = everything(&wire, &[kind.ty]).await;
        assert!(collected.ids(kind.name()).is_empty() && collected.gaps.is_empty());
        // Nobody asked: the list alone says nothing of sharing.
        let wire = Wire::start(full);
        let collected = wire.collect(kind.plan(), &[HERE]).await;
        assert_eq!(wire.count(operation), 0);
        assert_eq!(collected.ids(kind.name()), ["one"]);
    }
}

#[tokio::test]
async fn a_global_database_is_read_once() {
    let wire = Wire::start(full);
    let plan = Plan::everything([GlobalCluster::resource_type()]);
    let collected = wire.collect(plan, &[HERE, "us-east-1"]).await;
    assert_eq!(collected.ids("rds.global-cluster"), ["one"]);
    let it: GlobalCluster = collected.document("rds.global-cluster", "one");
    assert_eq!(known(it.engine_versions)[0].status, "available");
    assert_eq!(wire.count("DescribeGlobalClusters"), 2);
    assert_eq!(wire.count("DescribeDBEngineVersions"), 1);
    let asked = wire.requests().into_iter().find(|it| it.operation() == "DescribeDBEngineVersions");
    assert_eq!(asked.unwrap().parameter("IncludeAll"), Some("true"));

    // One region is refused: what the other lists is there, and more may be hidden.
    let wire = Wire::start(|request| {
        if request.operation() == "DescribeGlobalClusters" && request.region() == "us-east-1" {
            return Some(denied());
        }
        full(request)
    });
    let plan = Plan::everything([GlobalCluster::resource_type()]);
    let collected = wire.collect(plan, &[HERE, "us-east-1"]).await;
    assert_eq!(collected.ids("rds.global-cluster"), ["one"]);
    let missing = collected.missing("rds.global-cluster", "global");
    let told: Vec<_> = missing.iter().map(|gap| (gap.class, gap.region.as_str())).collect();
    assert_eq!(told, [(ErrorClass::AccessDenied, "us-east-1")]);

    // The version is refused, or of an engine that is not asked about.
    let wire = but("DescribeDBEngineVersions", denied());
    let collected = everything(&wire, &[GlobalCluster::resource_type]).await;
    let it: GlobalCluster = collected.document("rds.global-cluster", "one");
    assert_eq!(collected.why(&it.engine_versions).class, ErrorClass::AccessDenied);
    let items = format!("<GlobalClusters>{}</GlobalClusters>", global("p", "aurora-postgresql"));
    let wire = but("DescribeGlobalClusters", reply("DescribeGlobalClusters", &items));
    let collected = everything(&wire, &[GlobalCluster::resource_type]).await;
    let it: GlobalCluster = collected.document("rds.global-cluster", "p");
    assert_eq!(it.engine_versions, Fact::Absent);
    assert_eq!(wire.count("DescribeDBEngineVersions"), 0);
}

#[tokio::test]
async fn all_pages_are_read_and_a_list_that_breaks_says_so() {
    static PAGED: [Kind; 7] = KINDS;
    for kind in &PAGED {
        for (answer, class) in [
            (kind.page(&["b"], None), None),
            (denied(), Some(ErrorClass::AccessDenied)),
            (query_error(400, "Throttling", "Rate exceeded"), Some(ErrorClass::Throttled)),
            (kind.page(&["b"], Some("2")), Some(ErrorClass::Malformed)),
            (Answer::Half("<a>".to_owned()), Some(ErrorClass::Network)),
        ] {
            let wire = Wire::start(move |request| match request.parameter("Marker") {
                None if request.operation() == kind.list => Some(kind.page(&["a"], Some("2"))),
                Some("2") => Some(answer.clone()),
                _ => None,
            });
            let collected = wire.collect(kind.plan(), &[HERE]).await;
            assert!(collected.ids(kind.name()).contains(&"a"), "{}: {class:?}", kind.list);
            let missing = collected.missing(kind.name(), kind.place);
            let classes: Vec<_> = missing.iter().map(|gap| gap.class).collect();
            assert_eq!(classes, class.into_iter().collect::<Vec<_>>(), "{}", kind.list);
            if class.is_none() {
                assert_eq!(collected.ids(kind.name()), ["a", "b"]);
            }
        }
    }
}

#[tokio::test]
async fn a_list_that_is_refused_or_malformed_is_no_empty_list() {
    for kind in &KINDS {
        for (answer, class) in
            [(denied(), ErrorClass::AccessDenied), (reply(kind.list, ""), ErrorClass::Malformed)]
        {
            let collected = but(kind.list, answer).collect(kind.plan(), &[HERE]).await;
            let missing = collected.missing(kind.name(), kind.place);
            assert_eq!(missing[0].class, class, "{}", kind.list);
            assert_eq!(missing[0].iam_action, format!("rds:{}", kind.list));
        }
        let nothing = reply(kind.list, &format!("<{}/>", kind.set));
        let collected = but(kind.list, nothing).collect(kind.plan(), &[HERE]).await;
        assert!(collected.missing(kind.name(), kind.place).is_empty(), "{}", kind.list);
        assert!(collected.resources.is_empty() && collected.gaps.is_empty(), "{}", kind.list);
    }
}

/// What one entry lacks hides that fact, and no more; without an id or an ARN it
/// is not there at all.
#[tokio::test]
async fn an_entry_without_what_is_always_there_is_malformed() {
    for (kind, cuts) in [
        (
            &KINDS[0],
            &[
                "<Engine>postgres</Engine>",
                "<PubliclyAccessible>true</PubliclyAccessible>",
                "<StorageEncrypted>true</StorageEncrypted>",
                "<MultiAZ>false</MultiAZ>",
                "<DeletionProtection>true</DeletionProtection>",
                "<BackupRetentionPeriod>7</BackupRetentionPeriod>",
                "<AutoMinorVersionUpgrade>true</AutoMinorVersionUpgrade>",
                "<CopyTagsToSnapshot>false</CopyTagsToSnapshot>",
                "<ParameterApplyStatus>in-sync</ParameterApplyStatus>",
                "<SubnetIdentifier>subnet-1</SubnetIdentifier>",
            ][..],
        ),
        (
            &KINDS[1],
            &[
                "<StorageEncrypted>true</StorageEncrypted>",
                "<MultiAZ>true</MultiAZ>",
                "<DBClusterParameterGroup>own</DBClusterParameterGroup>",
                "<DBInstanceIdentifier>one</DBInstanceIdentifier>",
            ],
        ),
        (&KINDS[2], &["<Encrypted>false</Encrypted>", "<SnapshotType>manual</SnapshotType>"]),
        (&KINDS[3], &["<StorageEncrypted>true</StorageEncrypted>"]),
        (&KINDS[4], &["<Enabled>true</Enabled>", "<Status>active</Status>"]),
        (&KINDS[5], &["<RequireTLS>true</RequireTLS>"]),
    ] {
        for cut in cuts {
            let Answer::Reply(_, whole) = kind.page(&["x"], None) else { panic!("{cut}") };
            assert!(whole.contains(cut), "{cut}");
            let wire = but(kind.list, ok(&whole.replace(cut, "")));
            let collected = wire.collect(kind.plan(), &[HERE]).await;
            assert_eq!(collected.ids(kind.name()), ["x"], "{cut}");
            let classes: Vec<_> = collected.gaps.iter().map(|(_, gap)| gap.class).collect();
            assert_eq!(classes, [ErrorClass::Malformed], "{cut}");
            assert!(collected.missing(kind.name(), HERE).is_empty(), "{cut}");
        }
    }
    let nameless = regex::Regex::new("<[A-Za-z]+Arn>[^<]*</[A-Za-z]+Arn>").unwrap();
    for kind in &KINDS {
        let Answer::Reply(_, whole) = kind.page(&["x"], None) else { panic!() };
        for answer in [ok(&whole.replace(">x<", "><")), ok(&nameless.replace_all(&whole, ""))] {
            let collected = but(kind.list, answer).collect(kind.plan(), &[HERE]).await;
            assert!(collected.resources.is_empty(), "{}", kind.list);
            let missing = collected.missing(kind.name(), kind.place);
            assert_eq!(missing[0].class, ErrorClass::Malformed, "{}", kind.list);
        }
    }
}
