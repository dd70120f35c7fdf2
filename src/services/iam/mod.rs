//! AWS Identity and Access Management.
//!
//! Names and presence of members:
//! <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html>
//! and <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>.

pub(in crate::services) mod allowed;
#[cfg(feature = "aws")]
pub mod collect;
mod escalation;
pub mod federation;
mod holder;
pub mod initial_keys;
mod inline;
mod provider;
pub mod questions;
#[cfg(test)]
mod tests;
mod trust;

use crate::inventory::{Document, ErrorEntry, Fact, Meaning, Operation};
use crate::services::Service;
use crate::{document, record};
use jiff::Timestamp;

/// Users, groups, roles and policies with everything attached, in pages.
pub static GET_ACCOUNT_AUTHORIZATION_DETAILS: Operation = Operation::new(
    "iam",
    "GetAccountAuthorizationDetails",
    &["iam:GetAccountAuthorizationDetails"],
);
/// What was asked about does not exist.
const NO_SUCH_ENTITY: &[ErrorEntry] =
    &[ErrorEntry { code: "NoSuchEntity", message: None, means: Meaning::Absent }];

/// Asks for a credential report.
pub static GENERATE_CREDENTIAL_REPORT: Operation =
    Operation::new("iam", "GenerateCredentialReport", &["iam:GenerateCredentialReport"]);
/// Fetches it.
pub static GET_CREDENTIAL_REPORT: Operation =
    Operation::new("iam", "GetCredentialReport", &["iam:GetCredentialReport"]);
/// A user's MFA devices.
pub static LIST_MFA_DEVICES: Operation =
    Operation::new("iam", "ListMFADevices", &["iam:ListMFADevices"]).with_errors(NO_SUCH_ENTITY);
/// A user's access keys.
pub static LIST_ACCESS_KEYS: Operation =
    Operation::new("iam", "ListAccessKeys", &["iam:ListAccessKeys"]).with_errors(NO_SUCH_ENTITY);
/// Counts and switches.
pub static GET_ACCOUNT_SUMMARY: Operation =
    Operation::new("iam", "GetAccountSummary", &["iam:GetAccountSummary"]);
/// The password policy.
pub static GET_ACCOUNT_PASSWORD_POLICY: Operation =
    Operation::new("iam", "GetAccountPasswordPolicy", &["iam:GetAccountPasswordPolicy"])
        .with_errors(NO_SUCH_ENTITY);
/// Virtual MFA devices.
pub static LIST_VIRTUAL_MFA_DEVICES: Operation =
    Operation::new("iam", "ListVirtualMFADevices", &["iam:ListVirtualMFADevices"]);
/// Server certificates.
pub static LIST_SERVER_CERTIFICATES: Operation =
    Operation::new("iam", "ListServerCertificates", &["iam:ListServerCertificates"]);

/// The SAML providers of the account.
pub static LIST_SAML_PROVIDERS: Operation =
    Operation::new("iam", "ListSAMLProviders", &["iam:ListSAMLProviders"]);
/// The OIDC providers of the account.
pub static LIST_OPEN_ID_CONNECT_PROVIDERS: Operation =
    Operation::new("iam", "ListOpenIDConnectProviders", &["iam:ListOpenIDConnectProviders"]);
/// One OIDC provider: its address, its audiences, its certificates.
pub static GET_OPEN_ID_CONNECT_PROVIDER: Operation =
    Operation::new("iam", "GetOpenIDConnectProvider", &["iam:GetOpenIDConnectProvider"]);

record! {
    /// What GetAccountSummary counts, as far as rules read it: 1 for yes, 0 for no.
    pub struct AccountSummary {
        /// The root user has an access key.
        "AccountAccessKeysPresent" => access_keys_present: Option<i64>,
        /// The root user has an MFA device.
        "AccountMFAEnabled" => mfa_enabled: Option<i64>,
        /// The root user has a password; 0 where root credentials are managed centrally.
        "AccountPasswordPresent" => password_present: Option<i64>,
    }
}

record! {
    /// The account's password policy.
    pub struct PasswordPolicy {
        /// The shortest password allowed.
        "MinimumPasswordLength" => minimum_length: Option<i64>,
        /// A symbol is required.
        "RequireSymbols" => require_symbols: bool,
        /// A digit is required.
        "RequireNumbers" => require_numbers: bool,
        /// An upper-case letter is required.
        "RequireUppercaseCharacters" => require_uppercase: bool,
        /// A lower-case letter is required.
        "RequireLowercaseCharacters" => require_lowercase: bool,
        /// Passwords expire.
        "ExpirePasswords" => expire_passwords: bool,
        /// After how many days they expire.
        "MaxPasswordAge" => max_age: Option<i64>,
        /// How many former passwords are remembered.
        "PasswordReusePrevention" => reuse_prevention: Option<i64>,
    }
}

record! {
    /// A virtual MFA device.
    pub struct VirtualMfaDevice {
        /// Its ARN.
        "SerialNumber" => serial_number: String,
        /// Whose it is; absent if not assigned.
        "User" => user: Option<DeviceUser>,
    }
}

record! {
    /// The user of an MFA device.
    pub struct DeviceUser {
        /// The user's ARN; ends in `:root` for the root user.
        "Arn" => arn: String,
    }
}

record! {
    /// A policy inside a user, group or role.
    pub struct InlinePolicy {
        /// Its name.
        "PolicyName" => name: String,
        /// Its document, as JSON text.
        "PolicyDocument" => document: String,
    }
}

record! {
    /// A managed policy attached to a user, group or role.
    pub struct AttachedPolicy {
        /// Its name.
        "PolicyName" => name: String,
        /// Its ARN.
        "PolicyArn" => arn: String,
    }
}

record! {
    /// The permissions boundary of a user or role.
    pub struct PermissionsBoundary {
        /// The managed policy that is the boundary.
        "PermissionsBoundaryArn" => arn: String,
    }
}

record! {
    /// A user's row of the credential report, under the report's own names.
    pub struct CredentialReportRow {
        /// When the user was made.
        "user_creation_time" => user_creation_time: Fact<Timestamp>,
        /// Has a console password.
        "password_enabled" => password_enabled: Fact<bool>,
        /// When the password was last used; absent if never, or no password.
        "password_last_used" => password_last_used: Fact<Timestamp>,
        /// When the password was set.
        "password_last_changed" => password_last_changed: Fact<Timestamp>,
        /// Has an MFA device.
        "mfa_active" => mfa_active: Fact<bool>,
        /// The first access key is active.
        "access_key_1_active" => access_key_1_active: Fact<bool>,
        /// When the first access key was made.
        "access_key_1_last_rotated" => access_key_1_last_rotated: Fact<Timestamp>,
        /// When the first access key was last used; absent if never.
        "access_key_1_last_used_date" => access_key_1_last_used_date: Fact<Timestamp>,
        /// The second access key is active.
        "access_key_2_active" => access_key_2_active: Fact<bool>,
        /// When the second access key was made.
        "access_key_2_last_rotated" => access_key_2_last_rotated: Fact<Timestamp>,
        /// When the second access key was last used; absent if never.
        "access_key_2_last_used_date" => access_key_2_last_used_date: Fact<Timestamp>,
        /// When the report was made; it can be four hours old.
        "generated_time" => generated_time: Timestamp,
    }
}

record! {
    /// The root user's row of the credential report: when it was used.
    pub struct RootReportRow {
        /// When the password was last used; absent if never, or no password.
        "password_last_used" => password_last_used: Fact<Timestamp>,
        /// When the first access key was last used; absent if never.
        "access_key_1_last_used_date" => access_key_1_last_used_date: Fact<Timestamp>,
        /// When the second access key was last used; absent if never.
        "access_key_2_last_used_date" => access_key_2_last_used_date: Fact<Timestamp>,
        /// When the report was made; it can be four hours old.
        "generated_time" => generated_time: Timestamp,
    }
}

record! {
    /// An MFA device of a user.
    pub struct MfaDevice {
        /// Its serial number, an ARN for a virtual device.
        "SerialNumber" => serial_number: String,
    }
}

record! {
    /// An access key of a user.
    pub struct AccessKeyMetadata {
        /// Active, Inactive or Expired.
        "Status" => status: String,
        /// When it was made.
        "CreateDate" => create_date: Timestamp,
    }
}

document! {
    /// A user. Two reports name users, and each alone is enough to list them.
    pub struct User: "iam.user" in Global,
    listed by [
        [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        [GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT]
    ], tagged by [GET_ACCOUNT_AUTHORIZATION_DETAILS] {
        /// The path, `/` for most.
        "Path" => always path: String = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// When the user was made.
        "CreateDate" => always create_date: Timestamp = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Inline policies.
        "UserPolicyList" => always inline_policies: Vec<InlinePolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Managed policies.
        "AttachedManagedPolicies" => always attached_policies: Vec<AttachedPolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The names of the user's groups.
        "GroupList" => always groups: Vec<String> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The permissions boundary.
        "PermissionsBoundary" => optional permissions_boundary: PermissionsBoundary = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The user's row of the credential report.
        "CredentialReport" => always credential_report: CredentialReportRow = [GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT],
        /// The MFA devices now: asked for if a report that was made before the scan
        /// knows of none, and absent otherwise.
        "MFADevices" => optional mfa_devices: Vec<MfaDevice> = [LIST_MFA_DEVICES],
        /// The access keys now: asked for if a report that was made before the scan
        /// has an active key that is old or not the only one, and absent otherwise.
        "AccessKeyMetadata" => optional access_keys: Vec<AccessKeyMetadata> = [LIST_ACCESS_KEYS],
    }
}

document! {
    /// The root user, whom only the credential report names.
    pub struct RootUser: "iam.root-user" in Global,
    listed by [[GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT]], tagged by [] {
        /// Its row of the credential report.
        "CredentialReport" => always credential_report: RootReportRow = [GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT],
    }
}

document! {
    /// A group.
    pub struct Group: "iam.group" in Global,
    listed by [[GET_ACCOUNT_AUTHORIZATION_DETAILS]], tagged by [] {
        /// Inline policies.
        "GroupPolicyList" => always inline_policies: Vec<InlinePolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Managed policies.
        "AttachedManagedPolicies" => always attached_policies: Vec<AttachedPolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
    }
}

record! {
    /// When a role was last used.
    pub struct RoleLastUsed {
        /// The date; absent if not within the tracking period.
        "LastUsedDate" => date: Option<Timestamp>,
        /// Where.
        "Region" => region: Option<String>,
    }
}

record! {
    /// An instance profile, by which EC2 gives a role to instances.
    pub struct InstanceProfile {
        /// Its ARN.
        "Arn" => arn: String,
    }
}

document! {
    /// A role.
    pub struct Role: "iam.role" in Global,
    listed by [[GET_ACCOUNT_AUTHORIZATION_DETAILS]], tagged by [GET_ACCOUNT_AUTHORIZATION_DETAILS] {
        /// The path; `/aws-service-role/...` for service-linked roles.
        "Path" => always path: String = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// When the role was made.
        "CreateDate" => always create_date: Timestamp = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The trust policy, as JSON text.
        "AssumeRolePolicyDocument" => always trust_policy: String = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Inline policies.
        "RolePolicyList" => always inline_policies: Vec<InlinePolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Managed policies.
        "AttachedManagedPolicies" => always attached_policies: Vec<AttachedPolicy> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The permissions boundary.
        "PermissionsBoundary" => optional permissions_boundary: PermissionsBoundary = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The instance profiles that hold the role.
        "InstanceProfileList" => always instance_profiles: Vec<InstanceProfile> = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// When the role was last used.
        "RoleLastUsed" => optional last_used: RoleLastUsed = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
    }
}

record! {
    /// A version of a managed policy.
    pub struct PolicyVersion {
        /// Its id.
        "VersionId" => version_id: String,
        /// Its document, as JSON text.
        "Document" => document: String,
    }
}

document! {
    /// A managed policy: the account's own, and those of AWS that are attached.
    pub struct ManagedPolicy: "iam.policy" in Global,
    listed by [[GET_ACCOUNT_AUTHORIZATION_DETAILS]], tagged by [] {
        /// The path.
        "Path" => always path: String = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// To how many users, groups and roles it is attached.
        "AttachmentCount" => always attachment_count: i64 = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// Of how many users and roles it is the permissions boundary.
        "PermissionsBoundaryUsageCount" => optional boundary_count: i64 = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
        /// The default version, the one in force.
        "PolicyVersion" => always default_version: PolicyVersion = [GET_ACCOUNT_AUTHORIZATION_DETAILS],
    }
}

document! {
    /// A server certificate stored in IAM.
    pub struct ServerCertificate: "iam.server-certificate" in Global,
    listed by [[LIST_SERVER_CERTIFICATES]], tagged by [] {
        /// The path.
        "Path" => always path: String = [LIST_SERVER_CERTIFICATES],
        /// When it was uploaded.
        "UploadDate" => optional upload_date: Timestamp = [LIST_SERVER_CERTIFICATES],
        /// When it expires.
        "Expiration" => optional expiration: Timestamp = [LIST_SERVER_CERTIFICATES],
    }
}

document! {
    /// A SAML provider: a company's own directory, or IAM Identity Center's.
    pub struct SamlProvider: "iam.saml-provider" in Global,
    listed by [[LIST_SAML_PROVIDERS]], tagged by [] {
        /// Until when its metadata is valid.
        "ValidUntil" => optional valid_until: Timestamp = [LIST_SAML_PROVIDERS],
    }
}

document! {
    /// An OIDC provider: whose tokens STS exchanges for credentials of roles that trust it.
    pub struct OidcProvider: "iam.oidc-provider" in Global,
    listed by [[LIST_OPEN_ID_CONNECT_PROVIDERS]], tagged by [GET_OPEN_ID_CONNECT_PROVIDER] {
        /// The issuer's address, without https://.
        "Url" => always url: String = [GET_OPEN_ID_CONNECT_PROVIDER],
        /// The audiences that a token may be for.
        "ClientIDList" => always audiences: Vec<String> = [GET_OPEN_ID_CONNECT_PROVIDER],
        /// The SHA-1 thumbprints of the certificates that the issuer's server may have.
        "ThumbprintList" => always thumbprints: Vec<String> = [GET_OPEN_ID_CONNECT_PROVIDER],
        /// When it was made.
        "CreateDate" => optional create_date: Timestamp = [GET_OPEN_ID_CONNECT_PROVIDER],
    }
}

/// The service's entry in the register.
pub fn service() -> Service {
    Service {
        name: "iam",
        types: vec![
            User::resource_type(),
            RootUser::resource_type(),
            Group::resource_type(),
            Role::resource_type(),
            ManagedPolicy::resource_type(),
            ServerCertificate::resource_type(),
            SamlProvider::resource_type(),
            OidcProvider::resource_type(),
        ],
        questions: questions::QUESTIONS,
    }
}
