//! The least policy that chosen rules need.

use serde::Serialize;
use std::collections::BTreeSet;

/// The policy document. Actions that only list or describe take no resource
/// in most services, hence `*`; no action has a wildcard.
#[derive(Debug, Serialize)]
pub struct PolicyDocument<'a> {
    #[serde(rename = "Version")]
    version: &'static str,
    #[serde(rename = "Statement")]
    statement: Vec<Statement<'a>>,
}

#[derive(Debug, Serialize)]
struct Statement<'a> {
    #[serde(rename = "Sid")]
    sid: &'static str,
    #[serde(rename = "Effect")]
    effect: &'static str,
    #[serde(rename = "Action")]
    action: &'a BTreeSet<&'static str>,
    #[serde(rename = "Resource")]
    resource: &'static str,
}

impl<'a> PolicyDocument<'a> {
    /// Allows these actions and nothing else.
    pub fn new(action: &'a BTreeSet<&'static str>) -> Self {
        let statement = Statement { sid: "CspmScan", effect: "Allow", action, resource: "*" };
        Self { version: "2012-10-17", statement: vec![statement] }
    }
}

/// As Terraform.
pub fn terraform(actions: &BTreeSet<&'static str>) -> String {
    let mut text = String::from(
        "data \"aws_iam_policy_document\" \"cspm_scan\" {\n  statement {\n    \
         sid       = \"CspmScan\"\n    effect    = \"Allow\"\n    resources = [\"*\"]\n    \
         actions = [\n",
    );
    for action in actions {
        text.push_str(&format!("      \"{action}\",\n"));
    }
    text.push_str(
        "    ]\n  }\n}\n\nresource \"aws_iam_policy\" \"cspm_scan\" {\n  \
         name   = \"CspmScan\"\n  policy = data.aws_iam_policy_document.cspm_scan.json\n}\n",
    );
    text
}

/// As CloudFormation.
pub fn cloudformation(actions: &BTreeSet<&'static str>) -> String {
    let mut text = String::from(
        "AWSTemplateFormatVersion: \"2010-09-09\"\nResources:\n  CspmScan:\n    \
         Type: AWS::IAM::ManagedPolicy\n    Properties:\n      \
         ManagedPolicyName: CspmScan\n      PolicyDocument:\n        \
         Version: \"2012-10-17\"\n        Statement:\n          - Sid: CspmScan\n            \
         Effect: Allow\n            Resource: \"*\"\n            Action:\n",
    );
    for action in actions {
        text.push_str(&format!("              - {action}\n"));
    }
    text
}
