//! A finding together with what its rule says: one item of the JSON of a scan.

use super::{Finding, FindingStatus};
use crate::rules::{Category, Fix, Outcome, Rule, Severity};
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A finding as the machine formats print it, keys in their order. What comes
/// from the rule is null when the catalogue does not know the rule any more.
#[derive(Clone, Debug, Serialize)]
pub struct FindingView<'a> {
    /// See [`Finding::fingerprint`].
    pub fingerprint: &'a str,
    /// The rule's id today.
    pub rule_id: &'a str,
    /// Fail, unknown, error, or pass.
    pub verdict: Outcome,
    /// The finding in words; for a pass the rule's title.
    pub title: &'a str,
    /// Why it matters: from the rule.
    pub description: Option<&'a str>,
    /// How bad this case is, in capitals.
    #[serde(serialize_with = "capitals")]
    pub severity: Severity,
    /// How bad AWS Security Hub calls it, in capitals: from the rule.
    #[serde(serialize_with = "maybe_capitals")]
    pub aws_severity: Option<Severity>,
    /// The subject: from the rule.
    pub category: Option<Category>,
    /// The service: from the rule.
    pub service: Option<&'a str>,
    /// The account.
    pub account_id: &'a str,
    /// The region, or `global`.
    pub region: &'a str,
    /// The type of the resource.
    pub resource_type: &'a str,
    /// What people call it.
    pub resource_id: &'a str,
    /// Its ARN.
    pub resource_arn: &'a str,
    /// What was seen; of an unknown also the calls that got no answer, as
    /// `not_answered`.
    pub evidence: Cow<'a, serde_json::Map<String, serde_json::Value>>,
    /// The moment of the inventory.
    pub observed_at: Timestamp,
    /// How to fix it: from the rule, placeholders filled by the caller.
    pub remediation: Option<Fix>,
    /// The controls it touches, by framework id: from the rule.
    pub controls: BTreeMap<&'a str, &'a [String]>,
    /// One control in one line for people.
    pub mapped_control: Option<String>,
    /// Where it stands; null for a pass.
    pub status: Option<FindingStatus>,
    /// When a scan first saw it; null for a pass.
    pub first_seen: Option<Timestamp>,
    /// When a scan last saw it; null for a pass.
    pub last_seen: Option<Timestamp>,
}

impl<'a> FindingView<'a> {
    /// Joins a finding with its rule. `remediation` is the rule's fix with its
    /// placeholders filled, `mapped_control` the line for people: their makers
    /// live in other rooms.
    pub fn new(
        finding: &'a Finding,
        rule: Option<&'a Rule>,
        remediation: Option<Fix>,
        mapped_control: Option<String>,
    ) -> Self {
        let title = match rule {
            Some(rule) if finding.title.is_empty() => &rule.title,
            _ => &finding.title,
        };
        Self {
            fingerprint: &finding.fingerprint,
            rule_id: rule.map_or(&finding.rule_id, |rule| &rule.id),
            verdict: finding.verdict,
            title,
            description: rule.map(|rule| rule.why.as_str()),
            severity: finding.severity,
            aws_severity: rule.and_then(|rule| rule.aws_severity),
            category: rule.map(|rule| rule.category),
            service: rule.map(|rule| rule.service.as_str()),
            account_id: &finding.account_id,
            region: &finding.region,
            resource_type: &finding.resource_type,
            resource_id: &finding.resource_id,
            resource_arn: &finding.resource_arn,
            evidence: evidence(finding),
            observed_at: finding.observed_at,
            remediation,
            controls: rule
                .map(|rule| rule.controls.iter().map(|(k, v)| (k.as_str(), v.as_slice())).collect())
                .unwrap_or_default(),
            mapped_control,
            status: finding.status,
            first_seen: finding.first_seen,
            last_seen: finding.last_seen,
        }
    }
}

fn evidence(finding: &Finding) -> Cow<'_, serde_json::Map<String, serde_json::Value>> {
    let calls: BTreeSet<&str> = finding.gaps.iter().map(|gap| gap.operation.as_str()).collect();
    if calls.is_empty() {
        return Cow::Borrowed(&finding.evidence);
    }
    let mut evidence = finding.evidence.clone();
    let calls = calls.into_iter().map(serde_json::Value::from).collect();
    evidence.insert("not_answered".to_owned(), calls);
    Cow::Owned(evidence)
}

fn capitals<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(severity.in_capitals())
}

fn maybe_capitals<S: Serializer>(severity: &Option<Severity>, to: S) -> Result<S::Ok, S::Error> {
    severity.map(Severity::in_capitals).serialize(to)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::findings::finding::tests::finding;

    #[test]
    fn what_the_rule_says_is_joined() {
        let rule = Rule {
            id: "s3-bucket-public".to_owned(),
            uid: "s3-public".to_owned(),
            aliases: Vec::new(),
            title: "S3 buckets are private".to_owned(),
            finding: Vec::new(),
            resources: vec!["s3.bucket".to_owned()],
            service: "s3".to_owned(),
            severity: Severity::High,
            aws_severity: Some(Severity::Critical),
            category: Category::S3,
            when: None,
            each: None,
            key: None,
            pass: "true".to_owned(),
            parameters: Vec::new(),
            evidence: Vec::new(),
            why: "Anyone can read it.".to_owned(),
            fix: Fix::default(),
            references: Vec::new(),
            controls: BTreeMap::from([("aws-fsbp".to_owned(), vec!["S3.2".to_owned()])]),
            decidable: crate::rules::Decidable::Full,
            cause: None,
            since: None,
            status: crate::rules::Status::Stable,
            replaced_by: None,
            digest: String::new(),
        };
        let pass = Finding { verdict: Outcome::Pass, title: String::new(), ..finding() };
        let view = FindingView::new(&pass, Some(&rule), None, None);
        assert_eq!(view.title, rule.title, "a pass is titled by its rule");
        let json = serde_json::to_value(&view).unwrap();
        let part = |key: &str| json.get(key).unwrap().clone();
        assert_eq!(part("rule_id"), "s3-bucket-public");
        assert_eq!(part("description"), "Anyone can read it.");
        assert_eq!(part("aws_severity"), "CRITICAL");
        assert_eq!(part("category"), "S3");
        assert_eq!(part("service"), "s3");
        assert_eq!(part("controls"), serde_json::json!({ "aws-fsbp": ["S3.2"] }));
    }

    #[test]
    fn an_unknown_names_the_calls_that_got_no_answer() {
        let gap = crate::inventory::Gap::not_collected("s3:GetBucketAcl", "s3:GetBucketAcl", "x");
        let unknown =
            Finding { verdict: Outcome::Unknown, gaps: vec![gap.clone(), gap], ..finding() };
        let json = serde_json::to_value(FindingView::new(&unknown, None, None, None)).unwrap();
        let named = json.pointer("/evidence/not_answered");
        assert_eq!(named, Some(&serde_json::json!(["s3:GetBucketAcl"])));
    }

    #[test]
    fn the_keys_are_those_of_the_format() {
        let finding = finding();
        let view = FindingView::new(&finding, None, None, None);
        let json = serde_json::to_value(&view).unwrap();
        let keys: Vec<&str> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "fingerprint rule_id verdict title description severity aws_severity \
                        category service account_id region resource_type resource_id \
                        resource_arn evidence observed_at remediation controls mapped_control \
                        status first_seen last_seen";
        assert_eq!(keys.join(" "), expected);
        let word = |key| json.get(key).and_then(|value| value.as_str()).unwrap();
        assert_eq!((word("severity"), word("verdict"), word("status")), ("HIGH", "fail", "open"));
        assert_eq!(json.get("description"), Some(&serde_json::Value::Null));
    }
}
