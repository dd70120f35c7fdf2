//! AWS Account Management: the contacts of the account.
//!
//! Names, presence and error codes:
//! <https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html>,
//! <https://docs.aws.amazon.com/accounts/latest/reference/API_GetContactInformation.html>.

#[cfg(feature = "aws")]
pub mod collect;

use crate::inventory::{ErrorEntry, Meaning, Operation};
use crate::record;

/// The primary contact.
pub static GET_CONTACT_INFORMATION: Operation =
    Operation::new("account", "GetContactInformation", &["account:GetContactInformation"])
        .with_errors(&[ErrorEntry {
            code: "ResourceNotFoundException",
            message: None,
            means: Meaning::Absent,
        }]);
/// One alternate contact. AWS answers with an error where none is set.
pub static GET_ALTERNATE_CONTACT: Operation =
    Operation::new("account", "GetAlternateContact", &["account:GetAlternateContact"]).with_errors(
        &[ErrorEntry { code: "ResourceNotFoundException", message: None, means: Meaning::Absent }],
    );

record! {
    /// The primary contact. Name, address and telephone number are personal data
    /// and are not kept.
    pub struct ContactInformation {
        /// The country of its address, by ISO 3166.
        "CountryCode" => country_code: String,
    }
}

record! {
    /// An alternate contact. Name, address and telephone number are personal
    /// data and are not kept.
    pub struct AlternateContact {
        /// BILLING, OPERATIONS or SECURITY.
        "AlternateContactType" => kind: String,
    }
}
