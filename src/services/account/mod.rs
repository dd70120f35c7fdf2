//! AWS Account Management: the contacts of the account.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{ErrorEntry, Meaning, Operation};
use crate::record;

/// One alternate contact. AWS answers with an error where none is set.
pub static GET_ALTERNATE_CONTACT: Operation =
    Operation::new("account", "GetAlternateContact", &["account:GetAlternateContact"]).with_errors(
        &[ErrorEntry { code: "ResourceNotFoundException", message: None, means: Meaning::Absent }],
    );

record! {
    /// An alternate contact. Name, address and telephone number are personal
    /// data and are not kept.
    pub struct AlternateContact {
        /// BILLING, OPERATIONS or SECURITY.
        "AlternateContactType" => kind: String,
    }
}
