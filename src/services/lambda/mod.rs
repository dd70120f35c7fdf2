//! AWS Lambda: functions.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html>,
//! <https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html>,
//! <https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionUrlConfigs.html>.

#[cfg(feature = "aws")]
pub mod collect;
pub mod questions;
mod runtimes;

use crate::inventory::{Document, ErrorEntry, Fact, Meaning, Operation};
use crate::services::Service;
use crate::services::aws::DESCRIBE_REGIONS;
use crate::services::secrets::FoundSecret;
use crate::{document, record};

/// All functions with their settings.
pub static LIST_FUNCTIONS: Operation =
    Operation::new("lambda", "ListFunctions", &["lambda:ListFunctions"]);
/// The resource policy of a function, a version or an alias.
pub static GET_POLICY: Operation = Operation::new("lambda", "GetPolicy", &["lambda:GetPolicy"])
    .with_errors(&[ErrorEntry {
        code: "ResourceNotFoundException",
        message: None,
        means: Meaning::Absent,
    }]);
/// The URLs of a function and of its aliases.
pub static LIST_FUNCTION_URL_CONFIGS: Operation =
    Operation::new("lambda", "ListFunctionUrlConfigs", &["lambda:ListFunctionUrlConfigs"]);

record! {
    /// The VPC that a function works in.
    pub struct VpcConfig {
        /// Where its network interfaces are; empty if it is in no VPC.
        "SubnetIds" => subnet_ids: Vec<String>,
    }
}

record! {
    /// What was found in the environment of a function. The variables themselves are not kept.
    pub struct SearchedEnvironment {
        /// Secrets, by variable.
        "Secrets" => secrets: Vec<FoundSecret>,
    }
}

record! {
    /// A URL of a function or of an alias.
    pub struct FunctionUrlConfig {
        /// The URL.
        "FunctionUrl" => url: String,
        /// The function; with the alias behind it, if the URL is the alias's.
        "FunctionArn" => function_arn: String,
        /// AWS_IAM, or NONE for everybody whom the policy lets in.
        "AuthType" => auth_type: String,
        /// The policy of the alias, as JSON text; absent for a URL of the function itself, and
        /// for one that asks for IAM authentication.
        "Policy" => policy: Fact<String>,
    }
}

document! {
    /// A function.
    pub struct Function: "lambda.function" in Regional,
    listed by [[DESCRIBE_REGIONS, LIST_FUNCTIONS]], tagged by [] {
        /// Its runtime; absent for functions from an image.
        "Runtime" => optional runtime: String = [LIST_FUNCTIONS],
        /// The VPC it works in; absent or without subnets if it is in none.
        "VpcConfig" => optional vpc_config: VpcConfig = [LIST_FUNCTIONS],
        /// What was found in its environment; absent if it has no variables.
        "Environment" => optional environment: SearchedEnvironment = [LIST_FUNCTIONS],
        /// Its resource policy, as JSON text; absent if it has none.
        "Policy" => optional policy: String = [GET_POLICY],
        /// Its URLs.
        "FunctionUrlConfigs" => always urls: Vec<FunctionUrlConfig> = [LIST_FUNCTION_URL_CONFIGS, GET_POLICY],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "lambda",
        types: vec![Function::resource_type()],
        questions: questions::QUESTIONS,
    }
}
