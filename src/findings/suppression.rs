//! Suppressions: findings that someone decided to live with until a date.

use super::Finding;
use globset::{GlobBuilder, GlobMatcher};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What a suppression hides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// One finding, by its whole fingerprint.
    Finding(String),
    /// What a rule finds.
    Rule {
        /// The rule, by the id under which it first shipped; whoever writes a
        /// suppression resolves ids and aliases.
        uid: String,
        /// Only on resources whose ARN or id matches this glob. `*` stands for
        /// anything, also for `/` and `:`.
        resource: Option<String>,
    },
}

/// One decision to live with findings until a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Its id.
    pub id: String,
    /// What it hides.
    pub target: Target,
    /// Only in this tenant.
    pub tenant: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it hides anything, in UTC.
    pub until: Date,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it was written: a file under version control, or `None` for the
    /// command.
    pub file: Option<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Who wrote it.
    pub created_by: String,
    /// When it was taken back, if it was.
    pub removed_at: Option<Timestamp>,
    /// Who took it back.
    pub removed_by: Option<String>,
}

impl Suppression {
    /// When its last day is over; `None` if that is beyond the calendar.
    pub fn over(&self) -> Option<Timestamp> {
        let day = self.until.tomorrow().ok()?;
        Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp())
    }

    /// Whether its last day is over at `at`.
    pub fn expired(&self, at: Timestamp) -> bool {
        self.over().is_some_and(|over| over <= at)
    }

    /// Whether it holds at `at`: written, not taken back, not expired.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.created_at <= at
            && self.removed_at.is_none_or(|removed| at < removed)
            && !self.expired(at)
    }
}

/// What a suppression looks at in a finding.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its fingerprint.
    pub fingerprint: &'a str,
    /// The id under which its rule first shipped.
    pub rule_uid: &'a str,
    /// The tenant.
    pub tenant: &'a str,
    /// The ARN of the resource.
    pub resource_arn: &'a str,
    /// What people call the resource.
    pub resource_id: &'a str,
}

impl<'a> From<&'a Finding> for Named<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            fingerprint: &finding.fingerprint,
            rule_uid: &finding.rule_uid,
            tenant: &finding.tenant,
            resource_arn: &finding.resource_arn,
            resource_id: &finding.resource_id,
        }
    }
}

/// Why a suppression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuppressionError {
    /// The glob is malformed.
    #[error("suppression {id}: `{glob}` is not a glob: {message}")]
    Glob {
        /// The suppression.
        id: String,
        /// Its glob.
        glob: String,
        /// What is wrong with it.
        message: String,
    },
}

/// Suppressions, ready to be matched.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    list: Vec<(Suppression, Option<GlobMatcher>)>,
}

/// What became of one suppression at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The suppression.
    pub suppression: Suppression,
    /// Whether its last day is over.
    pub expired: bool,
    /// The fingerprints it hides, or would hide if it had not expired; none
    /// means that it is not used.
    pub findings: Vec<String>,
}

/// Takes findings one by one and notes which suppressions are meant for them.
/// Made by [`Suppressions::uses`].
#[derive(Debug)]
pub struct Uses<'a> {
    all: &'a Suppressions,
    /// In the order of their ids.
    uses: Vec<Use>,
}

impl Uses<'_> {
    /// Whether there is no suppression.
    pub fn is_empty(&self) -> bool {
        self.uses.is_empty()
    }

    /// Adds the next finding.
    pub fn add(&mut self, finding: &Finding) {
        for meant in self.all.meant_for(Named::from(finding)) {
            let known = self.uses.binary_search_by(|it| it.suppression.id.cmp(&meant.id));
            if let Some(used) = known.ok().and_then(|place| self.uses.get_mut(place)) {
                used.findings.push(finding.fingerprint.clone());
            }
        }
    }

    /// What became of each suppression, in the order of their ids.
    pub fn finish(self) -> Vec<Use> {
        self.uses
    }
}

impl Suppressions {
    /// Prepares suppressions. They apply in the order of their ids.
    pub fn new(list: Vec<Suppression>) -> Result<Self, SuppressionError> {
        let mut list = list
            .into_iter()
            .map(|suppression| {
                let matcher = match &suppression.target {
                    Target::Rule { resource: Some(glob), .. } => {
                        Some(matcher(&suppression.id, glob)?)
                    }
                    _ => None,
                };
                Ok((suppression, matcher))
            })
            .collect::<Result<Vec<_>, _>>()?;
        list.sort_by(|(a, _), (b, _)| a.id.cmp(&b.id));
        Ok(Self { list })
    }

    /// All of them, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Suppression> {
        self.list.iter().map(|(suppression, _)| suppression)
    }

    /// The suppression that hides a finding at `at`. To be asked for open
    /// findings only.
    pub fn hiding(&self, finding: Named<'_>, at: Timestamp) -> Option<&Suppression> {
        self.list
            .iter()
            .find(|(suppression, glob)| {
                suppression.holds(at) && meant(suppression, glob.as_ref(), finding)
            })
            .map(|(suppression, _)| suppression)
    }

    /// Those that are or were meant for a finding, whatever the date.
    pub fn meant_for<'s, 'f>(
        &'s self,
        finding: Named<'f>,
    ) -> impl Iterator<Item = &'s Suppression> + use<'s, 'f> {
        let list = self.list.iter().filter(move |(it, glob)| meant(it, glob.as_ref(), finding));
        list.map(|(suppression, _)| suppression)
    }

    /// What each suppression that is not taken back at `at` does to findings,
    /// which are to be added.
    pub fn uses(&self, at: Timestamp) -> Uses<'_> {
        let uses = self
            .iter()
            .filter(|it| it.removed_at.is_none_or(|removed| at < removed))
            .map(|it| Use {
                suppression: it.clone(),
                expired: it.expired(at),
                findings: Vec::new(),
            })
            .collect();
        Uses { all: self, uses }
    }
}

/// A glob over names: case counts, `*` crosses every separator, and a backslash
/// takes the next character as it is.
fn matcher(id: &str, glob: &str) -> Result<GlobMatcher, SuppressionError> {
    GlobBuilder::new(glob)
        .literal_separator(false)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| SuppressionError::Glob {
            id: id.to_owned(),
            glob: glob.to_owned(),
            message: error.kind().to_string(),
        })
}

/// Whether a suppression is about a finding, whatever the date.
fn meant(suppression: &Suppression, glob: Option<&GlobMatcher>, finding: Named<'_>) -> bool {
    let tenant = suppression.tenant.as_ref().is_none_or(|tenant| tenant == finding.tenant);
    tenant
        && match &suppression.target {
            Target::Finding(fingerprint) => fingerprint == finding.fingerprint,
            Target::Rule { uid, .. } => {
                uid == finding.rule_uid
                    && glob.is_none_or(|glob| {
                        glob.is_match(finding.resource_arn) || glob.is_match(finding.resource_id)
                    })
            }
        }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const AT: &str = "2026-03-01T12:00:00Z";

    fn suppression(id: &str, target: Target, until: &str) -> Suppression {
        Suppression {
            id: id.to_owned(),
            target,
            tenant: None,
            reason: "known".to_owned(),
            until: until.parse().unwrap(),
            owner: None,
            file: None,
            created_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            created_by: "me".to_owned(),
            removed_at: None,
            removed_by: None,
        }
    }

    fn of_rule(resource: Option<&str>) -> Target {
        Target::Rule { uid: "s3-public".to_owned(), resource: resource.map(str::to_owned) }
    }

    fn named() -> Named<'static> {
        Named {
            fingerprint: "00ff",
            rule_uid: "s3-public",
            tenant: "acme",
            resource_arn: "arn:aws:s3:::logs/eu-1",
            resource_id: "logs/eu-1",
        }
    }

    fn hides(suppression: Suppression) -> bool {
        let list = Suppressions::new(vec![suppression]).unwrap();
        list.hiding(named(), AT.parse().unwrap()).is_some()
    }

    #[test]
    fn by_fingerprint_rule_resource_and_tenant() {
        let hides_of = |target| hides(suppression("a", target, "2026-12-31"));
        assert!(hides_of(Target::Finding("00ff".to_owned())));
        assert!(!hides_of(Target::Finding("00".to_owned())), "a prefix is not enough");
        assert!(hides_of(of_rule(None)));
        assert!(!hides_of(Target::Rule { uid: "other".to_owned(), resource: None }));
        assert!(hides_of(of_rule(Some("logs*"))));
        assert!(hides_of(of_rule(Some("arn:aws:s3:::*"))));
        assert!(!hides_of(of_rule(Some("LOGS*"))));
        assert!(!hides_of(of_rule(Some("logs"))));
        let in_tenant = |tenant: &str| Suppression {
            tenant: Some(tenant.to_owned()),
            ..suppression("a", of_rule(None), "2026-12-31")
        };
        assert!(hides(in_tenant("acme")));
        assert!(!hides(in_tenant("other")));
    }

    #[test]
    fn it_holds_from_its_making_through_its_last_day() {
        assert!(hides(suppression("a", of_rule(None), "2026-03-01")));
        assert!(!hides(suppression("a", of_rule(None), "2026-02-28")));
        let later = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(!hides(Suppression {
            created_at: later("2026-03-01T12:00:01Z"),
            ..suppression("a", of_rule(None), "2026-12-31")
        }));
        assert!(!hides(Suppression {
            removed_at: Some(later("2026-02-01T00:00:00Z")),
            ..suppression("a", of_rule(None), "2026-12-31")
        }));
    }

    #[test]
    fn the_first_by_id_hides() {
        let list = Suppressions::new(vec![
            suppression("b", of_rule(None), "2026-12-31"),
            suppression("a", Target::Finding("00ff".to_owned()), "2026-12-31"),
        ])
        .unwrap();
        let hiding = list.hiding(named(), AT.parse().unwrap()).unwrap();
        assert_eq!(hiding.id, "a");
    }

    #[test]
    fn expired_and_unused_ones_are_told() {
        let list = Suppressions::new(vec![
            suppression("expired", of_rule(None), "2026-02-01"),
            suppression("unused", Target::Finding("77".to_owned()), "2026-12-31"),
            suppression("used", of_rule(Some("logs*")), "2026-12-31"),
        ])
        .unwrap();
        let mut uses = list.uses(AT.parse().unwrap());
        uses.add(&super::super::finding::tests::finding());
        let uses: Vec<_> = uses
            .finish()
            .into_iter()
            .map(|it| (it.suppression.id, it.expired, it.findings.len()))
            .collect();
        let expected = [("expired", true, 1), ("unused", false, 0), ("used", false, 1)];
        assert_eq!(uses, expected.map(|(id, expired, number)| (id.to_owned(), expired, number)));
    }
}
