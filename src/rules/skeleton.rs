//! The beginning of a rule: a file that passes the check, to be changed.

use super::model::{Category, Severity};
use crate::inventory::{Operation, Presence, ResourceType, Scope};

/// What a new rule is about.
#[derive(Clone, Copy, Debug)]
pub struct NewRule<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it judges.
    pub kind: &'static ResourceType,
    /// The version that will first have it.
    pub since: &'a str,
}

/// The text of a rule file that passes the check.
pub fn skeleton(new: NewRule<'_>) -> String {
    let NewRule { id, kind, since } = new;
    let (name, category, severity) = (kind.name, category_of(kind), Severity::Medium);
    let category = category.as_str();
    let fields = fields(kind);
    let examples: String = refusals(kind)
        .iter()
        .map(|gaps| {
            let quoted: Vec<String> = gaps.iter().map(|id| format!("\"{id}\"")).collect();
            let (names, list) = (gaps.join(" and "), quoted.join(", "));
            format!("- {{ name: \"{names} refused\", verdict: unknown, gaps: [{list}] }}\n")
        })
        .collect();
    let region = if kind.scope == Scope::Global { "" } else { " --region {self.region}" };
    format!(
        r#"id: {id}
title: The state that is wanted, in one line
finding: "The problem, as a person would say it: {{self.id}}"
resource: {name}
severity: {severity}
category: {category}
since: "{since}"
# Change this condition. The facts of {name} (? may be absent: read it behind has(...)):
{fields}pass: "self.id != 'change-me'"
# What a finding shows: a list of fields, or of `name: expression`.
evidence: []
why: >-
  Say what happens to whom if nobody fixes it.
fix:
  text: Say in a sentence or two what to do.
  console: Say where in the AWS console.
  cli: "aws help{region} # {{self.id}}"
  risk: Say what the fix may break.
  verify: "aws help{region} # {{self.id}}"
references:
  - https://docs.aws.amazon.com/
--- # examples
- {{ name: as it should be, verdict: pass, self: {{ id: fine }}, resource: {{}} }}
- name: not as it should be
  verdict: fail
  self: {{ id: change-me }}
  resource: {{}}
  finding: "The problem, as a person would say it: change-me"
{examples}"#
    )
}

fn category_of(kind: &ResourceType) -> Category {
    match kind.name.split('.').next().unwrap_or_default() {
        "iam" | "accessanalyzer" => Category::Iam,
        "s3" => Category::S3,
        "ec2" => Category::Compute,
        "cloudtrail" | "config" | "guardduty" => Category::Logging,
        _ => Category::Governance,
    }
}

/// The facts of a type, as comments.
fn fields(kind: &ResourceType) -> String {
    let lines = kind.record.fields.iter().map(|field| {
        let absent = if field.presence == Presence::Optional { "?" } else { "" };
        format!("#   resource.{}{absent}: {}\n", field.name, field.ty.name())
    });
    lines.collect()
}

/// What to refuse so that the type is not listed: each operation that can do
/// so, together with one of each other way of listing.
fn refusals(kind: &ResourceType) -> Vec<Vec<String>> {
    let can_refuse = |it: &&&'static Operation| !it.actions.is_empty();
    let Some((first, others)) = kind.listings.split_first() else { return Vec::new() };
    let of_others: Option<Vec<String>> = others
        .iter()
        .map(|listing| listing.iter().find(can_refuse).map(|operation| operation.id()))
        .collect();
    let Some(of_others) = of_others else { return Vec::new() };
    let each = first.iter().filter(can_refuse).map(|operation| {
        let mut all = vec![operation.id()];
        all.extend(of_others.iter().filter(|other| **other != operation.id()).cloned());
        all
    });
    each.collect()
}
