//! What history knows about a finding.

use crate::inventory::Gap;
use crate::rules::{Outcome, Severity};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStatus {
    /// The last scan that looked saw it.
    Open,
    /// The rule judged the same thing again, and it is no longer a finding.
    Fixed,
    /// Everything of its type was listed, and the resource is not there.
    Deleted,
    /// Nobody looked: a gap, a region or a rule that was left out.
    NoLongerVisible,
    /// Open, and someone decided to live with it for a while.
    Suppressed,
}

impl FindingStatus {
    /// All, in the order of the life of a finding.
    pub const ALL: [FindingStatus; 5] =
        [Self::Open, Self::Suppressed, Self::NoLongerVisible, Self::Fixed, Self::Deleted];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fixed => "fixed",
            Self::Deleted => "deleted",
            Self::NoLongerVisible => "no_longer_visible",
            Self::Suppressed => "suppressed",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

impl fmt::Display for FindingStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a finding is gone: what stands behind *fixed*, *deleted* and *no longer
/// visible*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoneReason {
    /// Fixed: judged, and passing.
    Passes,
    /// Fixed: judged, and the rule does not apply any more.
    NotApplicable,
    /// Fixed: the resource is there, the part that failed is not.
    PartGone,
    /// Fixed: what could not be listed was listed.
    ListedAgain,
    /// Deleted: everything of its type was listed, and it is not there.
    NotListed,
    /// Not visible: the rule was not part of the scan.
    RuleLeftOut,
    /// Not visible: its region was not part of the scan.
    RegionLeftOut,
    /// Not visible: a call got no answer.
    Gap,
}

impl GoneReason {
    /// All.
    pub const ALL: [GoneReason; 8] = [
        Self::Passes,
        Self::NotApplicable,
        Self::PartGone,
        Self::ListedAgain,
        Self::NotListed,
        Self::RuleLeftOut,
        Self::RegionLeftOut,
        Self::Gap,
    ];

    /// The word of the machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passes => "passes",
            Self::NotApplicable => "not_applicable",
            Self::PartGone => "part_gone",
            Self::ListedAgain => "listed_again",
            Self::NotListed => "not_listed",
            Self::RuleLeftOut => "rule_left_out",
            Self::RegionLeftOut => "region_left_out",
            Self::Gap => "gap",
        }
    }

    /// From that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }

    /// The status that it explains.
    pub fn status(self) -> FindingStatus {
        match self {
            Self::Passes | Self::NotApplicable | Self::PartGone | Self::ListedAgain => {
                FindingStatus::Fixed
            }
            Self::NotListed => FindingStatus::Deleted,
            Self::RuleLeftOut | Self::RegionLeftOut | Self::Gap => FindingStatus::NoLongerVisible,
        }
    }
}

impl fmt::Display for GoneReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A finding, or a pass shown beside findings: the facts that history stores.
/// What the rule says about it (why, how to fix, controls) is in the catalogue;
/// [`FindingView`](super::FindingView) joins the two.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Its identity over time; see [`fingerprint`](super::fingerprint()).
    pub fingerprint: String,
    /// The rule's id when this was written.
    pub rule_id: String,
    /// The id under which the rule first shipped.
    pub rule_uid: String,
    /// Fail, unknown or error; pass for a pass that is shown.
    pub verdict: Outcome,
    /// The finding in words; empty for a pass: its title is the rule's.
    pub title: String,
    /// How bad this case is; for unknown, error and pass the rule's severity.
    pub severity: Severity,
    /// The tenant of the scan that saw it last.
    pub tenant: String,
    /// The account: twelve digits.
    pub account_id: String,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    pub partition: String,
    /// The region, or `global`.
    pub region: String,
    /// The type of the resource (`iam.user`).
    pub resource_type: String,
    /// What people call the resource.
    pub resource_id: String,
    /// Its ARN.
    pub resource_arn: String,
    /// The part of the resource that was judged.
    pub key: Option<String>,
    /// What was seen, by name.
    pub evidence: serde_json::Map<String, serde_json::Value>,
    /// For an unknown: the calls that got no answer.
    pub gaps: Vec<Gap>,
    /// For an error: what is wrong with the rule.
    pub error: Option<String>,
    /// The moment of the inventory that showed it last.
    pub observed_at: Timestamp,
    /// Where it stands; `None` for a pass.
    pub status: Option<FindingStatus>,
    /// Why it is gone, if it is.
    pub reason: Option<GoneReason>,
    /// The suppression that hides it, if it is suppressed.
    pub suppression: Option<String>,
    /// When a scan first saw it; `None` for a pass.
    pub first_seen: Option<Timestamp>,
    /// When a scan last saw it; `None` for a pass.
    pub last_seen: Option<Timestamp>,
}

impl Finding {
    /// The order of findings: severity (worst first), rule id, region, ARN,
    /// sub-key.
    pub fn order(a: &Self, b: &Self) -> std::cmp::Ordering {
        fn rest(it: &Finding) -> (&str, &str, &str, Option<&str>, &str) {
            let Finding { rule_id, region, resource_arn, key, fingerprint, .. } = it;
            (rule_id, region, resource_arn, key.as_deref(), fingerprint)
        }
        b.severity.cmp(&a.severity).then_with(|| rest(a).cmp(&rest(b)))
    }

    /// Whether the exit code of a scan has to heed it: a suppressed fail does
    /// not count, a suppressed unknown or error does.
    pub fn counts(&self) -> bool {
        match self.verdict {
            Outcome::Fail => self.status == Some(FindingStatus::Open),
            Outcome::Unknown | Outcome::Error => {
                matches!(self.status, Some(FindingStatus::Open | FindingStatus::Suppressed))
            }
            Outcome::Pass | Outcome::NotApplicable => false,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use super::*;

    /// A public bucket.
    pub(crate) fn finding() -> Finding {
        let at = "2026-03-01T00:00:00Z".parse::<Timestamp>().unwrap();
        Finding {
            fingerprint: "00ff".to_owned(),
            rule_id: "s3-public".to_owned(),
            rule_uid: "s3-public".to_owned(),
            verdict: Outcome::Fail,
            title: "Public S3 bucket: logs".to_owned(),
            severity: Severity::High,
            tenant: "acme".to_owned(),
            account_id: "123456789012".to_owned(),
            partition: "aws".to_owned(),
            region: "eu-west-1".to_owned(),
            resource_type: "s3.bucket".to_owned(),
            resource_id: "logs".to_owned(),
            resource_arn: "arn:aws:s3:::logs".to_owned(),
            key: None,
            evidence: serde_json::Map::new(),
            gaps: Vec::new(),
            error: None,
            observed_at: at,
            status: Some(FindingStatus::Open),
            reason: None,
            suppression: None,
            first_seen: Some(at),
            last_seen: Some(at),
        }
    }

    #[test]
    fn words_come_back() {
        for status in FindingStatus::ALL {
            assert_eq!(FindingStatus::parse(status.as_str()), Some(status));
            let json = serde_json::to_value(status).unwrap();
            assert_eq!(json.as_str(), Some(status.as_str()));
        }
        for reason in GoneReason::ALL {
            assert_eq!(GoneReason::parse(reason.as_str()), Some(reason));
            let json = serde_json::to_value(reason).unwrap();
            assert_eq!(json.as_str(), Some(reason.as_str()));
        }
    }

    #[test]
    fn suppressed_fails_do_not_count_and_suppressed_unknowns_do() {
        let counts = |verdict, status| Finding { verdict, status, ..finding() }.counts();
        let (open, suppressed) = (Some(FindingStatus::Open), Some(FindingStatus::Suppressed));
        assert!(counts(Outcome::Fail, open));
        assert!(!counts(Outcome::Fail, suppressed));
        assert!(counts(Outcome::Unknown, open));
        assert!(counts(Outcome::Unknown, suppressed));
        assert!(counts(Outcome::Error, suppressed));
        assert!(!counts(Outcome::Fail, Some(FindingStatus::Fixed)));
        assert!(!counts(Outcome::Unknown, Some(FindingStatus::NoLongerVisible)));
        assert!(!counts(Outcome::Pass, None));
    }
}
