//! IAM Access Analyzer: which analyzers a region has.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::Operation;
use crate::record;

/// The analyzers of a region.
pub static LIST_ANALYZERS: Operation =
    Operation::new("accessanalyzer", "ListAnalyzers", &["access-analyzer:ListAnalyzers"]);

record! {
    /// One analyzer.
    pub struct AnalyzerSummary {
        /// Its ARN.
        "arn" => arn: String,
        /// Its name.
        "name" => name: String,
        /// ACCOUNT and ORGANIZATION look for access from outside; the others
        /// (ACCOUNT_UNUSED_ACCESS, ACCOUNT_INTERNAL_ACCESS, ...) for something else.
        "type" => kind: String,
        /// ACTIVE, CREATING, DISABLED or FAILED.
        "status" => status: String,
    }
}
