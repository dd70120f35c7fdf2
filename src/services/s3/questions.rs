//! What rules may ask about buckets. Everything that a policy decides is asked
//! of [`crate::policy`]; here facts become its parts, and its answers name the
//! gaps again.

use super::{AccessPoint, Bucket, PublicAccessBlock};
use crate::inventory::{Fact, Gaps, Resource, Shape, Value};
use crate::policy::{self, Answer, Kind, Part, PartName, Policy, Service, Setting};
use crate::record;
use crate::services::aws::Account;
use crate::services::{Asking, Decided, Question, Witness};
use std::collections::BTreeMap;

record! {
    /// Whether a bucket is public.
    pub struct PublicAccess {
        /// It is, in AWS's sense of public.
        "public" => public: Decided<bool>,
        /// A request of a stranger that gets through.
        "witness" => witness: Option<Witness>,
        /// What decided, what limits, or what was not known.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// Whether plain HTTP is kept out.
    pub struct DeniesHttp {
        /// The policy denies it to everyone, for every action.
        "denied" => denied: Decided<bool>,
        /// What decided.
        "reasons" => reasons: Vec<String>,
    }
}

record! {
    /// What other accounts may do that gives control of a bucket.
    pub struct SensitiveAccess {
        /// An account that is not known may do such an action.
        "granted" => granted: Decided<bool>,
        /// Who may.
        "principals" => principals: Vec<String>,
        /// By which statement, with which actions and conditions.
        "reasons" => reasons: Vec<String>,
    }
}

const PUBLIC_READS: &[(&str, &[&str])] = &[(
    "s3.bucket",
    &[
        "Policy",
        "PolicyStatus",
        "AccessControlPolicy",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
    ],
)];
const PUBLIC_LOOKS_UP: &[(&str, &[&str])] = &[
    ("aws.account", &["PublicAccessBlockConfiguration"]),
    ("s3.access-point", &["Bucket", "NetworkOrigin", "PublicAccessBlockConfiguration", "Policy"]),
];
const POLICY_READS: &[(&str, &[&str])] = &[("s3.bucket", &["Policy"])];

/// The questions about buckets.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "s3.public_read",
        doc: "Whether everyone may read the bucket: by its policy, an access point's or its ACL, \
              with block public access and object ownership taken into account.",
        subjects: &["s3.bucket"],
        reads: PUBLIC_READS,
        looks_up: PUBLIC_LOOKS_UP,
        returns: PublicAccess::shape,
        answer: |subject, asking| public(subject, asking, |exposure| &exposure.public_read),
    },
    Question {
        name: "s3.public_write",
        doc: "Whether everyone may write to the bucket, or change its policy or ACL.",
        subjects: &["s3.bucket"],
        reads: PUBLIC_READS,
        looks_up: PUBLIC_LOOKS_UP,
        returns: PublicAccess::shape,
        answer: |subject, asking| public(subject, asking, |exposure| &exposure.public_write),
    },
    Question {
        name: "s3.denies_http",
        doc: "Whether the bucket policy denies plain HTTP to everyone, for every action, on the \
              bucket and its objects.",
        subjects: &["s3.bucket"],
        reads: POLICY_READS,
        looks_up: &[],
        returns: DeniesHttp::shape,
        answer: denies_http,
    },
    Question {
        name: "s3.sensitive_cross_account",
        doc: "Whether the bucket policy lets an account that is not known change the bucket's \
              policy, ACL or encryption, or an object's ACL.",
        subjects: &["s3.bucket"],
        reads: POLICY_READS,
        looks_up: &[],
        returns: SensitiveAccess::shape,
        answer: sensitive_cross_account,
    },
];

type Choice = fn(&policy::BucketExposure) -> &policy::Finding;

fn public(subject: &Resource, asking: &dyn Asking, choose: Choice) -> Value {
    let mut parts = Parts::default();
    let Some(mut bucket) = parts.bucket(subject, asking) else {
        return Value::Unknown(Gaps::NONE);
    };
    let mut exposure = policy::bucket_exposure(&bucket);
    if !parts.hidden_points.is_empty() && choose(&exposure).answer != Answer::Yes {
        // Nothing that was seen is public. What was not seen may be.
        parts.gaps.insert(PartName::AccessPoints, parts.hidden_points.clone());
        if choose(&exposure).answer == Answer::Unknown {
            parts.also(choose(&exposure));
        }
        bucket.access_points = Part::Unknown;
        exposure = policy::bucket_exposure(&bucket);
    }
    let finding = choose(&exposure);
    let mut reasons = finding.reasons.clone();
    reasons.extend(exposure.disagreement.clone());
    reasons.append(&mut parts.unreadable);
    PublicAccess {
        public: parts.decided(finding),
        witness: finding.witness.as_ref().map(Witness::from),
        reasons,
    }
    .into_value()
}

fn denies_http(subject: &Resource, _: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(bucket) = Bucket::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let text = parts.policy(&bucket.policy, Service::S3, PartName::BucketPolicy, "bucket policy");
    let answer = match text {
        Part::Known(policy) => {
            let finding = policy::tls_only(policy.as_ref(), &subject.arn);
            DeniesHttp { denied: parts.decided(&finding), reasons: finding.reasons }
        }
        Part::Unknown => DeniesHttp {
            denied: Decided::Unknown(parts.gaps_of(&PartName::BucketPolicy)),
            reasons: parts.unreadable,
        },
    };
    answer.into_value()
}

fn sensitive_cross_account(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(bucket) = Bucket::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let text = parts.policy(&bucket.policy, Service::S3, PartName::BucketPolicy, "bucket policy");
    let policy = match text {
        Part::Known(policy) => policy,
        Part::Unknown => {
            return SensitiveAccess {
                granted: Decided::Unknown(parts.gaps_of(&PartName::BucketPolicy)),
                principals: Vec::new(),
                reasons: parts.unreadable,
            }
            .into_value();
        }
    };
    let setting = Setting {
        account: Some(asking.account().to_owned()),
        resource: Some(subject.arn.to_string()),
        now: Some(asking.now().as_second()),
    };
    let outside = policy.map_or_else(Vec::new, |policy| {
        policy::sensitive_cross_account(&policy, &setting, asking.known_accounts())
    });
    let reasons = outside.iter().map(|entry| {
        let when = match entry.conditions.as_slice() {
            [] => String::new(),
            conditions => format!(" if {}", conditions.join(" and ")),
        };
        let actions = entry.actions.join(", ");
        format!("statement {} allows {actions} to {}{when}", entry.statement, entry.principal)
    });
    SensitiveAccess {
        granted: Decided::Known(!outside.is_empty()),
        reasons: reasons.collect(),
        principals: outside.iter().map(|entry| entry.principal.clone()).collect(),
    }
    .into_value()
}

/// Facts on their way to [`policy`], and what hides them.
#[derive(Default)]
struct Parts {
    gaps: BTreeMap<PartName, Gaps>,
    /// The gaps that may hide more access points than were listed.
    hidden_points: Gaps,
    /// Policies whose text could not be read, and why.
    unreadable: Vec<String>,
    /// What matters beside the finding: something else that is not decided.
    beside: Option<Gaps>,
}

impl Parts {
    fn bucket(&mut self, subject: &Resource, asking: &dyn Asking) -> Option<policy::Bucket> {
        let bucket = Bucket::from_value(&subject.document)?;
        let policy =
            self.policy(&bucket.policy, Service::S3, PartName::BucketPolicy, "bucket policy");
        let acl = match &bucket.acl {
            Fact::Known(acl) => Part::Known(acl.grants.iter().map(grant).collect()),
            Fact::Absent => Part::Known(Vec::new()),
            Fact::Unknown(gaps) => self.unknown(PartName::BucketAcl, gaps),
        };
        Some(policy::Bucket {
            name: subject.id.to_string(),
            partition: asking.partition().to_owned(),
            account: Some(asking.account().to_owned()),
            policy,
            policy_status: self.optional(&bucket.policy_status, PartName::PolicyStatus, |status| {
                Some(status.is_public)
            }),
            acl,
            ownership: self.optional(
                &bucket.ownership_controls,
                PartName::OwnershipControls,
                |controls| controls.rules.first().map(|rule| rule.object_ownership.clone()),
            ),
            bucket_block: self.optional(&bucket.public_access_block, PartName::BucketBlock, block),
            account_block: self.account_block(asking),
            access_points: self.access_points(&subject.id, asking),
            now: Some(asking.now().as_second()),
        })
    }

    fn account_block(&mut self, asking: &dyn Asking) -> Part<Option<policy::PublicAccessBlock>> {
        let (accounts, hidden) = asking.all("aws.account");
        let account = accounts.first().and_then(|account| Account::from_value(&account.document));
        match account {
            Some(account) => {
                self.optional(&account.public_access_block, PartName::AccountBlock, block)
            }
            None => self.unknown(PartName::AccountBlock, &hidden),
        }
    }

    /// The bucket's access points, as far as they were listed.
    fn access_points(
        &mut self,
        bucket: &str,
        asking: &dyn Asking,
    ) -> Part<Vec<policy::AccessPoint>> {
        let mut points = Vec::new();
        let (listed, hidden) = asking.all("s3.access-point");
        self.hidden_points = hidden;
        for resource in listed {
            let Some(point) = AccessPoint::from_value(&resource.document) else { continue };
            if !matches!(&point.bucket, Fact::Known(name) if name == bucket) {
                continue;
            }
            // Names are unique in a region only.
            let name = resource.arn.to_string();
            let label = format!("policy of access point {}", resource.id);
            let part = PartName::AccessPointPolicy(name.clone());
            points.push(policy::AccessPoint {
                policy: self.policy(&point.policy, Service::S3AccessPoint, part, &label),
                block: self.optional(
                    &point.public_access_block,
                    PartName::AccessPointBlock(name.clone()),
                    block,
                ),
                vpc_only: match &point.network_origin {
                    Fact::Known(origin) => Part::Known(origin == "VPC"),
                    Fact::Absent => Part::Known(false),
                    Fact::Unknown(gaps) => {
                        self.unknown(PartName::AccessPointOrigin(name.clone()), gaps)
                    }
                },
                arn: name.clone(),
                name,
            });
        }
        Part::Known(points)
    }

    fn policy(
        &mut self,
        fact: &Fact<String>,
        service: Service,
        name: PartName,
        label: &str,
    ) -> Part<Option<Policy>> {
        match fact {
            Fact::Absent => Part::Known(None),
            Fact::Unknown(gaps) => self.unknown(name, gaps),
            Fact::Known(text) => match Policy::parse(text, Kind::Resource(service)) {
                Ok(policy) => Part::Known(Some(policy)),
                Err(error) => {
                    self.unreadable.push(format!("the {label} cannot be read: {error}"));
                    Part::Unknown
                }
            },
        }
    }

    fn optional<T, U>(
        &mut self,
        fact: &Fact<T>,
        name: PartName,
        read: impl FnOnce(&T) -> Option<U>,
    ) -> Part<Option<U>> {
        match fact {
            Fact::Known(value) => Part::Known(read(value)),
            Fact::Absent => Part::Known(None),
            Fact::Unknown(gaps) => self.unknown(name, gaps),
        }
    }

    fn unknown<T>(&mut self, name: PartName, gaps: &Gaps) -> Part<T> {
        self.gaps.insert(name, gaps.clone());
        Part::Unknown
    }

    fn gaps_of(&self, name: &PartName) -> Gaps {
        self.gaps.get(name).cloned().unwrap_or_default()
    }

    fn gaps_behind(&self, finding: &policy::Finding) -> Gaps {
        finding.unknown.iter().fold(Gaps::NONE, |all, name| all.union(&self.gaps_of(name)))
    }

    /// What a finding lacks matters as well, whatever else decides.
    fn also(&mut self, finding: &policy::Finding) {
        self.beside = Some(self.gaps_behind(finding));
    }

    fn decided(&self, finding: &policy::Finding) -> Decided<bool> {
        match finding.answer {
            Answer::Yes => Decided::Known(true),
            Answer::No if self.beside.is_none() => Decided::Known(false),
            Answer::No => Decided::Unknown(self.beside.clone().unwrap_or_default()),
            Answer::Unknown => {
                let beside = self.beside.clone().unwrap_or_default();
                Decided::Unknown(self.gaps_behind(finding).union(&beside))
            }
        }
    }
}

fn grant(grant: &super::Grant) -> policy::AclGrant {
    let grantee = grant.grantee.uri.as_ref().or(grant.grantee.id.as_ref());
    policy::AclGrant {
        grantee: grantee.cloned().unwrap_or_default(),
        permission: grant.permission.clone(),
    }
}

fn block(block: &PublicAccessBlock) -> Option<policy::PublicAccessBlock> {
    Some(policy::PublicAccessBlock {
        block_public_acls: block.block_public_acls,
        ignore_public_acls: block.ignore_public_acls,
        block_public_policy: block.block_public_policy,
        restrict_public_buckets: block.restrict_public_buckets,
    })
}
