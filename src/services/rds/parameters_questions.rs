//! What rules may ask about parameters. A parameter counts where the group that
//! has it is in sync; until then the database may run without it.

use super::cluster::DbCluster;
use super::engine::{family, version};
use super::instance::{DbInstance, DbParameterGroupStatus};
use super::parameters::{
    DbClusterParameterGroup, DbParameterGroup, FORCE_SSL, Parameter, REQUIRE_SECURE_TRANSPORT,
    SERVER_AUDIT_EVENTS, SERVER_AUDIT_LOGGING,
};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::record;
use crate::services::{Asking, Decided, Question};

record! {
    /// Whether an instance refuses connections without TLS.
    pub struct ForcedTls {
        /// It can be told to.
        "supported" => supported: Decided<bool>,
        /// It does.
        "forced" => forced: Decided<bool>,
        /// What decided.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether an Aurora MySQL cluster writes its audit log.
    pub struct AuditLogging {
        /// It does.
        "on" => on: Decided<bool>,
        /// What decided.
        "reasons" => reasons: Vec<String>,
    }
}

/// The questions.
pub(super) const QUESTIONS: &[Question] = &[
    Question {
        name: "rds.forces_tls",
        doc: "Whether the instance refuses connections without TLS, by rds.force_ssl (PostgreSQL, \
              SQL Server) or require_secure_transport (MySQL, MariaDB from 10.5 on).",
        subjects: &["rds.db-instance"],
        reads: &[("rds.db-instance", &["Engine", "EngineVersion", "DBParameterGroups"])],
        looks_up: &[("rds.db-parameter-group", &["Parameters"])],
        returns: ForcedTls::shape,
        answer: forces_tls,
    },
    Question {
        name: "rds.audit_logging",
        doc: "Whether the Aurora MySQL cluster writes its audit log: server_audit_logging is on, \
              server_audit_events names events, and every instance has the parameters.",
        subjects: &["rds.db-cluster"],
        reads: &[("rds.db-cluster", &["DBClusterParameterGroup", "DBClusterMembers"])],
        looks_up: &[("rds.db-cluster-parameter-group", &["Parameters"])],
        returns: AuditLogging::shape,
        answer: audit_logging,
    },
];

/// The value of a parameter of a group.
type Looked = Decided<Option<String>>;

fn looked(parameters: Fact<Vec<Parameter>>, name: &str) -> Looked {
    let value = parameters.map(|all| {
        let found = all.into_iter().find(|parameter| parameter.name == name);
        found.and_then(|parameter| parameter.value)
    });
    value.decided()
}

fn is_on(value: Option<&String>) -> bool {
    value.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("on"))
}

/// The ARN of a parameter group
/// (<https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html>).
fn arn_of(asking: &dyn Asking, region: &str, noun: &str, name: &str) -> String {
    format!("arn:{}:rds:{region}:{}:{noun}:{name}", asking.partition(), asking.account())
}

fn forces_tls(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(instance) = DbInstance::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let switch = switch_of(&instance);
    let (groups, parameter) = match (&switch, instance.parameter_groups) {
        (Decided::Known(Some(parameter)), Fact::Known(groups)) => (groups, *parameter),
        (Decided::Known(None), _) => {
            return ForcedTls {
                supported: Decided::Known(false),
                forced: Decided::Known(false),
                reasons: vec!["this engine or version has no such parameter".to_owned()],
            }
            .into_value();
        }
        (Decided::Unknown(gaps), _) => {
            let supported = Decided::Unknown(gaps.clone());
            let forced = Decided::Unknown(gaps.clone());
            return ForcedTls { supported, forced, reasons: Vec::new() }.into_value();
        }
        (_, hidden) => {
            let gaps = if let Fact::Unknown(gaps) = hidden { gaps } else { Gaps::NONE };
            let forced = Decided::Unknown(gaps);
            return ForcedTls { supported: Decided::Known(true), forced, reasons: Vec::new() }
                .into_value();
        }
    };
    let mut reasons = Vec::new();
    let forced: Vec<Decided<bool>> = groups
        .iter()
        .map(|group| by_group(group, parameter, &subject.region, asking, &mut reasons))
        .collect();
    let forced = match forced.is_empty() {
        true => Decided::Known(false),
        false => Decided::all(&forced),
    };
    ForcedTls { supported: Decided::Known(true), forced, reasons }.into_value()
}

/// The parameter of the instance's engine, if it has one.
fn switch_of(instance: &DbInstance) -> Decided<Option<&'static str>> {
    let engine = match &instance.engine {
        Fact::Known(engine) => engine.as_str(),
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        Fact::Absent => return Decided::Unknown(Gaps::NONE),
    };
    let switch = match (engine, family(engine)) {
        ("mariadb", _) => {
            return match &instance.engine_version {
                Fact::Known(text) => match version(text) {
                    Some(number) if number < (10, 5) => Decided::Known(None),
                    Some(_) => Decided::Known(Some(REQUIRE_SECURE_TRANSPORT)),
                    None => Decided::Unknown(Gaps::NONE),
                },
                Fact::Unknown(gaps) => Decided::Unknown(gaps.clone()),
                Fact::Absent => Decided::Unknown(Gaps::NONE),
            };
        }
        ("mysql", _) => Some(REQUIRE_SECURE_TRANSPORT),
        ("postgres", _) | (_, "sqlserver") => Some(FORCE_SSL),
        _ => None,
    };
    Decided::Known(switch)
}

fn by_group(
    group: &DbParameterGroupStatus,
    parameter: &str,
    region: &str,
    asking: &dyn Asking,
    reasons: &mut Vec<String>,
) -> Decided<bool> {
    let name = &group.name;
    let arn = arn_of(asking, region, "pg", name);
    let (found, missing) = asking.find("rds.db-parameter-group", &arn);
    let known = found.and_then(|found| DbParameterGroup::from_value(&found.document));
    let value = match known {
        Some(known) => looked(known.parameters, parameter),
        None => Decided::Unknown(missing),
    };
    match value {
        Decided::Unknown(gaps) => {
            reasons.push(format!("{parameter} of parameter group {name} is not known"));
            Decided::Unknown(gaps)
        }
        Decided::Known(value) if !is_on(value.as_ref()) => {
            let value = value.unwrap_or_else(|| "not set".to_owned());
            reasons.push(format!("{parameter} of parameter group {name} is {value}"));
            Decided::Known(false)
        }
        Decided::Known(_) if group.apply_status != "in-sync" => {
            let status = &group.apply_status;
            reasons.push(format!(
                "{parameter} of parameter group {name} is on, but the group is {status}, not in-sync"
            ));
            Decided::Known(false)
        }
        Decided::Known(_) => {
            reasons.push(format!("{parameter} of parameter group {name} is on"));
            Decided::Known(true)
        }
    }
}

fn audit_logging(subject: &Resource, asking: &dyn Asking) -> Value {
    let Some(cluster) = DbCluster::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let mut reasons = Vec::new();
    let written = written(&cluster, subject, asking, &mut reasons);
    let in_sync = cluster.members.map(|members| {
        let behind = members.iter().find_map(|member| {
            let status = member.parameter_group_status.as_deref()?;
            (status != "in-sync").then(|| format!("{} is {status}", member.instance))
        });
        let in_sync = behind.is_none();
        reasons.extend(behind.map(|who| format!("{who}, not in-sync with its parameters")));
        in_sync
    });
    AuditLogging { on: Decided::all([&written, &in_sync.decided()]), reasons }.into_value()
}

fn written(
    cluster: &DbCluster,
    subject: &Resource,
    asking: &dyn Asking,
    reasons: &mut Vec<String>,
) -> Decided<bool> {
    let name = match &cluster.parameter_group {
        Fact::Known(name) => name,
        Fact::Unknown(gaps) => return Decided::Unknown(gaps.clone()),
        Fact::Absent => return Decided::Unknown(Gaps::NONE),
    };
    let arn = arn_of(asking, &subject.region, "cluster-pg", name);
    let (found, missing) = asking.find("rds.db-cluster-parameter-group", &arn);
    let known = found.and_then(|found| DbClusterParameterGroup::from_value(&found.document));
    let Some(known) = known else { return Decided::Unknown(missing) };
    let logging = looked(known.parameters.clone(), SERVER_AUDIT_LOGGING);
    let events = looked(known.parameters, SERVER_AUDIT_EVENTS);
    match (logging, events) {
        (Decided::Known(logging), Decided::Known(events)) => {
            if !is_on(logging.as_ref()) {
                reasons.push(format!("{SERVER_AUDIT_LOGGING} of {name} is not on"));
                return Decided::Known(false);
            }
            let events = events.filter(|events| !events.trim().is_empty());
            match events {
                Some(events) => {
                    reasons.push(format!("{SERVER_AUDIT_EVENTS} of {name}: {events}"));
                    Decided::Known(true)
                }
                None => {
                    reasons.push(format!("{SERVER_AUDIT_EVENTS} of {name} is empty"));
                    Decided::Known(false)
                }
            }
        }
        (Decided::Unknown(gaps), _) | (_, Decided::Unknown(gaps)) => Decided::Unknown(gaps),
    }
}
