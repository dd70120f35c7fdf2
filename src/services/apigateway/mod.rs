//! Amazon API Gateway: the stages of its APIs. REST APIs have an API of their own;
//! HTTP and WebSocket APIs share the newer one.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/apigateway/latest/api/API_Stage.html>,
//! <https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{Document, Fact, Gaps, Operation, Resource, Shape, Value};
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::{Asking, Decided, Question, Service};
use crate::{document, record};
use std::collections::BTreeMap;

/// The REST APIs of a region.
pub static GET_REST_APIS: Operation =
    Operation::new("apigateway", "GetRestApis", &["apigateway:GET"]);
/// The stages of a REST API.
pub static GET_REST_STAGES: Operation =
    Operation::new("apigateway", "GetStages", &["apigateway:GET"]);
/// The HTTP and WebSocket APIs of a region.
pub static GET_APIS: Operation = Operation::new("apigatewayv2", "GetApis", &["apigateway:GET"]);
/// The stages of an HTTP or WebSocket API.
pub static GET_STAGES: Operation = Operation::new("apigatewayv2", "GetStages", &["apigateway:GET"]);

record! {
    /// How the methods under a path behave.
    pub struct MethodSetting {
        /// OFF, ERROR or INFO.
        "loggingLevel" => logging_level: Option<String>,
    }
}

record! {
    /// Where access is logged.
    pub struct AccessLogSettings {
        /// A log group or a delivery stream.
        "DestinationArn" => destination: Option<String>,
    }
}

document! {
    /// A stage of a REST API.
    pub struct RestStage: "apigateway.rest-stage" in Regional,
    listed by [[DESCRIBE_REGIONS, GET_REST_APIS, GET_REST_STAGES]],
    tagged by [GET_REST_STAGES] {
        /// By path and method; `*/*` is for all that have no setting of their own.
        "methodSettings" => optional method_settings: BTreeMap<String, MethodSetting> = [GET_REST_STAGES],
    }
}

document! {
    /// A stage of an HTTP or WebSocket API.
    pub struct Stage: "apigateway.stage" in Regional,
    listed by [[DESCRIBE_REGIONS, GET_APIS, GET_STAGES]],
    tagged by [GET_STAGES] {
        /// Where access is logged; absent if nowhere.
        "AccessLogSettings" => optional access_log: AccessLogSettings = [GET_STAGES],
    }
}

record! {
    /// Whether a stage logs what its methods do.
    pub struct ExecutionLogging {
        /// All of them do.
        "all" => all: Decided<bool>,
        /// The methods that do not, with their settings.
        "silent" => silent: Vec<String>,
    }
}

/// The questions about stages.
static QUESTIONS: &[Question] = &[Question {
    name: "apigateway.execution_logging",
    doc: "Whether all methods of a REST stage log their execution, errors at least.",
    subjects: &["apigateway.rest-stage"],
    reads: &[("apigateway.rest-stage", &["methodSettings"])],
    looks_up: &[],
    returns: ExecutionLogging::shape,
    answer: execution_logging,
}];

/// The setting of the methods that have none of their own.
const REST: &str = "*/*";

fn execution_logging(stage: &Resource, _: &dyn Asking) -> Value {
    let settings = match RestStage::from_value(&stage.document).map(|stage| stage.method_settings) {
        Some(Fact::Known(settings)) => settings,
        Some(Fact::Absent) => BTreeMap::new(),
        Some(Fact::Unknown(gaps)) => return Value::Unknown(gaps),
        None => return Value::Unknown(Gaps::NONE),
    };
    let mut silent = Vec::new();
    if !settings.contains_key(REST) {
        silent.push(format!("{REST}: no setting"));
    }
    for (method, setting) in &settings {
        let level = setting.logging_level.as_deref().unwrap_or("OFF");
        if !["ERROR", "INFO"].contains(&level) {
            silent.push(format!("{method}: {level}"));
        }
    }
    ExecutionLogging { all: Decided::Known(silent.is_empty()), silent }.into_value()
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "apigateway",
        types: vec![RestStage::resource_type(), Stage::resource_type()],
        questions: QUESTIONS,
    }
}
