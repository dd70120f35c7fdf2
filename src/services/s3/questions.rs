//! What rules may ask about buckets. Everything that a policy decides is asked
//! of [`crate::policy`]; here facts become its parts, and its answers name the
//! gaps again.

use super::Bucket;
use super::exposure::{access_point_public, latent, objects, open_policy, public};
use super::parts::Parts;
use crate::inventory::{Gaps, Resource, Shape, Value};
use crate::policy::{self, Part, PartName};
use crate::record;
use crate::services::{Asking, Decided, Question, Witness};

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
    /// Whether strangers get through a bucket's policy.
    pub struct OpenPolicy {
        /// They do, or AWS calls it public.
        "open" => open: Decided<bool>,
        /// AWS calls it public.
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
        /// A request of one of them.
        "witness" => witness: Option<Witness>,
        /// By which statement, with which actions and conditions.
        "reasons" => reasons: Vec<String>,
    }
}

/// What decides about everyone, of a bucket.
pub(in crate::services) const PUBLIC_READS: [(&str, &[&str]); 1] = [(
    "s3.bucket",
    &[
        "Policy",
        "PolicyStatus",
        "AccessControlPolicy",
        "OwnershipControls",
        "PublicAccessBlockConfiguration",
    ],
)];
/// What decides about everyone, beside a bucket.
pub(in crate::services) const PUBLIC_LOOKS_UP: [(&str, &[&str]); 2] = [
    ACCOUNT_BLOCK,
    (
        "s3.access-point",
        &["Bucket", "NetworkOrigin", "PublicAccessBlockConfiguration", "Policy", "PolicyStatus"],
    ),
];
const POLICY_READS: &[(&str, &[&str])] = &[("s3.bucket", &["Policy"])];
const BLOCKED_POLICY_READS: &[(&str, &[&str])] =
    &[("s3.bucket", &["Policy", "PublicAccessBlockConfiguration"])];
const ACCOUNT_BLOCK: (&str, &[&str]) = ("aws.account", &["PublicAccessBlockConfiguration"]);

/// The questions about buckets.
pub(super) static QUESTIONS: &[Question] = &[
    Question {
        name: "s3.public_read",
        doc: "Whether everyone may read the bucket: by its policy, an access point's or its ACL, \
              with block public access and object ownership taken into account.",
        subjects: &["s3.bucket"],
        reads: &PUBLIC_READS,
        looks_up: &PUBLIC_LOOKS_UP,
        returns: PublicAccess::shape,
        answer: public_read,
    },
    Question {
        name: "s3.public_write",
        doc: "Whether everyone may write to the bucket, or change its policy or ACL.",
        subjects: &["s3.bucket"],
        reads: &PUBLIC_READS,
        looks_up: &PUBLIC_LOOKS_UP,
        returns: PublicAccess::shape,
        answer: public_write,
    },
    Question {
        name: "s3.open_policy",
        doc: "Whether strangers get through the bucket's policy or an access point's, with block \
              public access taken into account; ACLs aside.",
        subjects: &["s3.bucket"],
        reads: BLOCKED_POLICY_READS,
        looks_up: &PUBLIC_LOOKS_UP,
        returns: OpenPolicy::shape,
        answer: open_policy,
    },
    Question {
        name: "s3.latent_exposure",
        doc: "Whether the bucket policy is public and only block public access holds it back.",
        subjects: &["s3.bucket"],
        reads: BLOCKED_POLICY_READS,
        looks_up: &[ACCOUNT_BLOCK],
        returns: PublicAccess::shape,
        answer: latent,
    },
    Question {
        name: "s3.public_objects",
        doc: "Whether an object can be made public by its own ACL.",
        subjects: &["s3.bucket"],
        reads: &[("s3.bucket", &["OwnershipControls", "PublicAccessBlockConfiguration"])],
        looks_up: &[ACCOUNT_BLOCK],
        returns: PublicAccess::shape,
        answer: objects,
    },
    Question {
        name: "s3.access_point_public",
        doc: "Whether an access point's policy is public and neither its network origin nor block \
              public access (its own, the bucket's, the account's) holds it back.",
        subjects: &["s3.access-point"],
        reads: &[(
            "s3.access-point",
            &[
                "Bucket",
                "BucketAccountId",
                "NetworkOrigin",
                "PublicAccessBlockConfiguration",
                "Policy",
                "PolicyStatus",
            ],
        )],
        looks_up: &[ACCOUNT_BLOCK, ("s3.bucket", &["PublicAccessBlockConfiguration"])],
        returns: PublicAccess::shape,
        answer: access_point_public,
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

/// Answers `s3.public_read`, also for those who ask on behalf of what uses a bucket.
pub(in crate::services) fn public_read(bucket: &Resource, asking: &dyn Asking) -> Value {
    public(bucket, asking, |bucket| bucket.public_read())
}

/// Answers `s3.public_write`, in the same way.
pub(in crate::services) fn public_write(bucket: &Resource, asking: &dyn Asking) -> Value {
    public(bucket, asking, |bucket| bucket.public_write())
}

fn denies_http(subject: &Resource, asking: &dyn Asking) -> Value {
    let mut parts = Parts::default();
    let Some(bucket) = Bucket::from_value(&subject.document) else {
        return Value::Unknown(Gaps::NONE);
    };
    let answer = match parts.bucket_policy(&bucket, subject, asking) {
        Part::Known(policy) => {
            let policy = policy.as_ref().map(|attached| attached.policy());
            let finding = policy::tls_only(policy, &subject.arn);
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
    let policy = match parts.bucket_policy(&bucket, subject, asking) {
        Part::Known(policy) => policy,
        Part::Unknown => {
            return SensitiveAccess {
                granted: Decided::Unknown(parts.gaps_of(&PartName::BucketPolicy)),
                principals: Vec::new(),
                witness: None,
                reasons: parts.unreadable,
            }
            .into_value();
        }
    };
    let outside = policy.map_or_else(Vec::new, |policy| {
        let known = asking.known_accounts();
        policy::sensitive_cross_account(&policy, known)
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
        witness: outside.iter().find_map(|entry| entry.witness.as_ref()).map(Witness::from),
    }
    .into_value()
}
