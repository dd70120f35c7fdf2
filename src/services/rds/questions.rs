//! What rules may ask about databases and their snapshots.

use super::cluster::DbCluster;
use super::engine::{aurora_version, family};
use super::global::GlobalCluster;
use super::instance::DbInstance;
use super::snapshot::{DbClusterSnapshot, DbSnapshot, SnapshotAttribute};
use crate::inventory::{Fact, Gaps, Resource, Shape, Type, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};

record! {
    /// Where an instance or a cluster listens.
    pub struct Listener {
        /// The port; absent where it has none yet.
        "port" => port: Fact<i64>,
        /// mysql, postgres, oracle, sqlserver, db2 or other: engines that speak alike.
        "family" => family: Decided<String>,
        /// It is a member of a cluster, which has the port.
        "member" => member: Decided<bool>,
    }
}

record! {
    /// With whom a snapshot is shared.
    pub struct Sharing {
        /// With every AWS account.
        "public" => public: Decided<bool>,
        /// Accounts that are neither this one nor known.
        "outside" => outside: Decided<Vec<String>>,
    }
}

record! {
    /// The version of an Aurora MySQL global database.
    pub struct GlobalVersion {
        /// As one number: 30800 for 3.08.0; absent if the text is of another form.
        "number" => number: Fact<i64>,
    }
}

/// Both types of snapshots, with the members that the questions read.
const SNAPSHOTS: &[&str] = &["rds.db-snapshot", "rds.db-cluster-snapshot"];

/// The questions.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "rds.listener",
        doc: "Where the instance or the cluster listens.",
        subjects: &["rds.db-instance", "rds.db-cluster"],
        reads: &[
            ("rds.db-instance", &["Engine", "Endpoint", "DBClusterIdentifier"]),
            ("rds.db-cluster", &["Engine", "Port"]),
        ],
        looks_up: &[],
        returns: Listener::shape,
        answer: listener,
    },
    Question {
        name: "rds.snapshot_encrypted",
        doc: "Whether the snapshot is encrypted.",
        subjects: SNAPSHOTS,
        reads: &[
            ("rds.db-snapshot", &["Encrypted"]),
            ("rds.db-cluster-snapshot", &["StorageEncrypted"]),
        ],
        looks_up: &[],
        returns: || Type::Bool,
        answer: |subject, _| match subject.field("Encrypted") {
            Some(encrypted) => present(encrypted),
            None => subject.field("StorageEncrypted").map_or(Value::Unknown(Gaps::NONE), present),
        },
    },
    Question {
        name: "rds.snapshot_sharing",
        doc: "Whether every AWS account may restore the snapshot, and which accounts may that \
              are neither this one nor known.",
        subjects: SNAPSHOTS,
        reads: &[
            ("rds.db-snapshot", &["DBSnapshotAttributes"]),
            ("rds.db-cluster-snapshot", &["DBClusterSnapshotAttributes"]),
        ],
        looks_up: &[],
        returns: Sharing::shape,
        answer: sharing,
    },
    Question {
        name: "rds.global_version",
        doc: "The version of an Aurora MySQL global database as a number that can be compared.",
        subjects: &["rds.global-cluster"],
        reads: &[("rds.global-cluster", &["EngineVersion"])],
        looks_up: &[],
        returns: GlobalVersion::shape,
        answer: global_version,
    },
];

/// A value that is never absent.
fn present(value: &Value) -> Value {
    match value {
        Value::Absent => Value::Unknown(Gaps::NONE),
        other => other.clone(),
    }
}

fn listener(subject: &Resource, _: &dyn Asking) -> Value {
    let (engine, port, member) = if let Some(cluster) =
        DbCluster::from_value(&subject.document).filter(|_| subject.kind.name == "rds.db-cluster")
    {
        (cluster.engine, cluster.port, Decided::Known(false))
    } else if let Some(instance) = DbInstance::from_value(&subject.document) {
        let port = match instance.endpoint {
            Fact::Known(endpoint) => Fact::from_option(endpoint.port),
            Fact::Absent => Fact::Absent,
            Fact::Unknown(gaps) => Fact::Unknown(gaps),
        };
        (instance.engine, port, instance.cluster.map(|_| true).decided_or(false))
    } else {
        return Value::Unknown(Gaps::NONE);
    };
    let family = engine.map(|engine| family(&engine).to_owned()).decided();
    Listener { port, family, member }.into_value()
}

fn attributes(subject: &Resource) -> Fact<Vec<SnapshotAttribute>> {
    let found = match subject.kind.name {
        "rds.db-snapshot" => DbSnapshot::from_value(&subject.document).map(|it| it.attributes),
        _ => DbClusterSnapshot::from_value(&subject.document).map(|it| it.attributes),
    };
    found.unwrap_or(Fact::Unknown(Gaps::NONE))
}

fn sharing(subject: &Resource, asking: &dyn Asking) -> Value {
    let attributes = match attributes(subject) {
        Fact::Known(attributes) => attributes,
        // An automated snapshot, which cannot be shared.
        Fact::Absent => Vec::new(),
        Fact::Unknown(gaps) => {
            let public = Decided::Unknown(gaps.clone());
            return Sharing { public, outside: Decided::Unknown(gaps) }.into_value();
        }
    };
    let restore = attributes.iter().filter(|attribute| attribute.name == "restore");
    let who: Vec<&String> = restore.flat_map(|attribute| &attribute.values).collect();
    let known = |account: &str| {
        account == asking.account() || asking.known_accounts().iter().any(|known| known == account)
    };
    let outside = who.iter().filter(|who| **who != "all" && !known(who));
    Sharing {
        public: Decided::Known(who.iter().any(|who| *who == "all")),
        outside: Decided::Known(outside.map(|who| (*who).clone()).collect()),
    }
    .into_value()
}

fn global_version(subject: &Resource, _: &dyn Asking) -> Value {
    let cluster = GlobalCluster::from_value(&subject.document);
    let number = match cluster.map(|cluster| cluster.engine_version) {
        Some(Fact::Known(text)) => Fact::from_option(aurora_version(&text)),
        Some(Fact::Absent) => Fact::Absent,
        Some(Fact::Unknown(gaps)) => Fact::Unknown(gaps),
        None => Fact::Unknown(Gaps::NONE),
    };
    GlobalVersion { number }.into_value()
}
