//! Account ids, partitions, regions and role ARNs: their shapes.

use std::fmt;

/// A partition of AWS: accounts, ARNs and regions never cross it.
/// <https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// AWS GovCloud (US).
    AwsUsGov,
    /// The regions in China.
    AwsCn,
}

impl Partition {
    const ALL: [Self; 3] = [Self::Aws, Self::AwsUsGov, Self::AwsCn];

    /// The partition as ARNs spell it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsUsGov => "aws-us-gov",
            Self::AwsCn => "aws-cn",
        }
    }

    /// Reads a partition as ARNs spell it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }

    /// The partition of a region by its name, or `None` for the isolated
    /// (`us-iso-east-1`) and European sovereign (`eusc-de-east-1`) regions.
    #[must_use]
    pub fn of_region(region: &str) -> Option<Self> {
        let mut words = region.split('-');
        match (words.next(), words.next()) {
            (Some("cn"), _) => Some(Self::AwsCn),
            (Some("us"), Some("gov")) => Some(Self::AwsUsGov),
            (Some("eusc"), _) => None,
            (_, Some(area)) if area.starts_with("iso") => None,
            _ => Some(Self::Aws),
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The 12 digits of an AWS account. Text, because leading zeros count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Reads an account id; `None` unless it is exactly 12 ASCII digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Self(text.to_owned()))
    }

    /// The 12 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// True if `text` has the shape of a region's name: words of lower-case
/// letters and a number (`eu-west-1`, `us-gov-east-1`). Whether AWS has such a
/// region, only AWS can say.
#[must_use]
pub fn is_region_shaped(text: &str) -> bool {
    let words: Vec<&str> = text.split('-').collect();
    let [first, area @ .., number] = words.as_slice() else {
        return false;
    };
    let letters = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    (1..=2).contains(&area.len())
        && (2..=4).contains(&first.len())
        && letters(first)
        && area.iter().all(|word| letters(word))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}

/// The ARN of an IAM role.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleArn {
    text: String,
    partition: Partition,
    account: AccountId,
}

/// Why a text is not the ARN of a role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoleArnFault {
    /// The six parts of an ARN are not there.
    #[error("is not an ARN")]
    NotAnArn,
    /// An ARN of a role's session, as GetCallerIdentity gives it.
    #[error("is the ARN of a role's session, not of the role")]
    Session,
    /// An ARN of something else.
    #[error("is not the ARN of an IAM role")]
    NotARole,
    /// A partition that is none of ours.
    #[error("names a partition that is none of aws, aws-us-gov, aws-cn")]
    Partition,
    /// IAM is global: between the third and the fourth colon there is nothing.
    #[error("has a region, which an IAM ARN never has")]
    Region,
    /// The account part is not 12 digits.
    #[error("has an account that is not 12 digits")]
    Account,
    /// The name or the path of the role has a character or a length that IAM refuses.
    #[error("has a role name or path that IAM does not allow")]
    Name,
}

impl RoleArn {
    /// Reads the ARN of a role.
    ///
    /// # Errors
    /// The first part that is wrong, see [`RoleArnFault`].
    pub fn parse(text: &str) -> Result<Self, RoleArnFault> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return Err(RoleArnFault::NotAnArn);
        };
        if *service == "sts" && resource.starts_with("assumed-role/") {
            return Err(RoleArnFault::Session);
        }
        let Some(path) = resource.strip_prefix("role/").filter(|_| *service == "iam") else {
            return Err(RoleArnFault::NotARole);
        };
        let partition = Partition::parse(partition).ok_or(RoleArnFault::Partition)?;
        if !region.is_empty() {
            return Err(RoleArnFault::Region);
        }
        let account = AccountId::parse(account).ok_or(RoleArnFault::Account)?;
        if !is_role_path(path) {
            return Err(RoleArnFault::Name);
        }
        Ok(Self { text: text.to_owned(), partition, account })
    }

    /// The whole ARN.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition that the role, and so its account, is in.
    #[must_use]
    pub const fn partition(&self) -> Partition {
        self.partition
    }

    /// The account that the role is in.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Path and name of a role as CreateRole allows them: a name of 1 to 64 of
/// `[\w+=,.@-]`, a path of printable ASCII, 512 characters with its slashes.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
fn is_role_path(text: &str) -> bool {
    let (path, name) = text.rsplit_once('/').unwrap_or(("", text));
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
        && path.len() <= 510
        && path.bytes().all(|b| b.is_ascii_graphic())
        && !text.starts_with('/')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn account_ids_are_twelve_ascii_digits() {
        assert_eq!(AccountId::parse("012345678901").unwrap().as_str(), "012345678901");
        for wrong in
            ["", "12345678901", "1234567890123", "12345678901a", " 12345678901", "１２３４"]
        {
            assert_eq!(AccountId::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn regions_have_words_and_a_number() {
        for right in
            ["eu-west-1", "us-gov-east-1", "ap-southeast-12", "cn-north-1", "eusc-de-east-1"]
        {
            assert!(is_region_shaped(right), "{right}");
        }
        for wrong in [
            "",
            "eu",
            "eu-west",
            "eu-west-1a",
            "EU-WEST-1",
            "eu--1",
            "eu-west-1 ",
            "a-b-c-d-1",
            "eu_west_1",
        ] {
            assert!(!is_region_shaped(wrong), "{wrong}");
        }
    }

    #[test]
    fn partitions_follow_from_the_region() {
        assert_eq!(Partition::of_region("eu-west-1"), Some(Partition::Aws));
        assert_eq!(Partition::of_region("us-gov-west-1"), Some(Partition::AwsUsGov));
        assert_eq!(Partition::of_region("cn-north-1"), Some(Partition::AwsCn));
        assert_eq!(Partition::of_region("us-isob-east-1"), None);
        assert_eq!(Partition::of_region("eusc-de-east-1"), None);
    }

    #[test]
    fn role_arns_keep_partition_account_and_path() {
        let arn =
            RoleArn::parse("arn:aws-us-gov:iam::012345678901:role/audit/eu/Cspm+Scan").unwrap();
        assert_eq!(arn.partition(), Partition::AwsUsGov);
        assert_eq!(arn.account().as_str(), "012345678901");
        assert_eq!(arn.as_str(), "arn:aws-us-gov:iam::012345678901:role/audit/eu/Cspm+Scan");
    }

    #[test]
    fn every_fault_of_a_role_arn_is_told_apart() {
        let long = format!("arn:aws:iam::123456789012:role/{}", "x".repeat(65));
        for (text, fault) in [
            ("CspmScan", RoleArnFault::NotAnArn),
            ("arn:aws:iam:123456789012:role/CspmScan", RoleArnFault::NotAnArn),
            ("arn:aws:sts::123456789012:assumed-role/CspmScan/me", RoleArnFault::Session),
            ("arn:aws:iam::123456789012:user/bob", RoleArnFault::NotARole),
            ("arn:aws:s3::123456789012:role/x", RoleArnFault::NotARole),
            ("arn:amazon:iam::123456789012:role/x", RoleArnFault::Partition),
            ("arn:aws:iam:eu-west-1:123456789012:role/x", RoleArnFault::Region),
            ("arn:aws:iam::12345678901:role/x", RoleArnFault::Account),
            ("arn:aws:iam::123456789012:role/", RoleArnFault::Name),
            ("arn:aws:iam::123456789012:role/a b", RoleArnFault::Name),
            ("arn:aws:iam::123456789012:role//x", RoleArnFault::Name),
            (&long, RoleArnFault::Name),
        ] {
            assert_eq!(RoleArn::parse(text), Err(fault), "{text}");
        }
    }
}
