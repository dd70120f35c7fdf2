//! The trust policy that a customer puts on the role for the scanner.

use serde_json::json;

use super::aws_id::{AccountId, Partition, RoleArn};
use super::secret::Secret;

/// Who may assume the customer's role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedPrincipal(String);

/// Why a text names nobody whom a trust policy can name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{given:?} is neither an account id nor the ARN of a role, a user or a session; \
     give the scanner's account id, for example 123456789012"
)]
pub struct TrustedPrincipalFault {
    given: String,
}

impl TrustedPrincipal {
    /// Reads who the scanner is: its account id, the ARN of its role or user,
    /// or the ARN of its session as GetCallerIdentity gives it.
    ///
    /// The ARN of a session lacks the path of its role, and AWS refuses a trust
    /// policy that names a role that is not there, so a session stands for its
    /// account. `partition` is that of the customer's role; it holds for a bare
    /// account id.
    ///
    /// # Errors
    /// If the text is none of these.
    pub fn parse(text: &str, partition: Partition) -> Result<Self, TrustedPrincipalFault> {
        Self::read(text, partition).ok_or_else(|| TrustedPrincipalFault { given: text.to_owned() })
    }

    fn read(text: &str, partition: Partition) -> Option<Self> {
        if let Some(account) = AccountId::parse(text) {
            return Some(Self::account(partition, &account));
        }
        if RoleArn::parse(text).is_ok() {
            return Some(Self(text.to_owned()));
        }
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, "", account, resource] = parts.as_slice() else {
            return None;
        };
        let partition = Partition::parse(partition)?;
        let account = AccountId::parse(account)?;
        match (*service, resource.split_once('/')) {
            ("iam", None) if *resource == "root" => Some(Self::account(partition, &account)),
            ("iam", Some(("user", name))) if !name.is_empty() => Some(Self(text.to_owned())),
            ("sts", Some(("assumed-role" | "federated-user", _))) => {
                Some(Self::account(partition, &account))
            }
            _ => None,
        }
    }

    fn account(partition: Partition, account: &AccountId) -> Self {
        Self(format!("arn:{partition}:iam::{account}:root"))
    }
}

/// The trust policy for the customer's role, pretty printed. It holds the
/// external id, for the customer needs it: show it only to who asked for it.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html>
#[must_use]
pub fn trust_policy(scanner: &TrustedPrincipal, external_id: &Secret) -> String {
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Sid": "CspmScan",
            "Effect": "Allow",
            "Principal": { "AWS": scanner.0 },
            "Action": "sts:AssumeRole",
            "Condition": { "StringEquals": { "sts:ExternalId": external_id.expose() } },
        }],
    });
    format!("{policy:#}")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        TrustedPrincipal::parse(text, Partition::AwsCn).unwrap().0
    }

    #[test]
    fn the_policy_demands_the_external_id() {
        let scanner = TrustedPrincipal::parse("111122223333", Partition::Aws).unwrap();
        assert_eq!(
            trust_policy(&scanner, &Secret::new("k7-harbour")),
            r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "CspmScan",
      "Effect": "Allow",
      "Principal": {
        "AWS": "arn:aws:iam::111122223333:root"
      },
      "Action": "sts:AssumeRole",
      "Condition": {
        "StringEquals": {
          "sts:ExternalId": "k7-harbour"
        }
      }
    }
  ]
}"#
        );
    }

    #[test]
    fn roles_and_users_stand_for_themselves_and_sessions_for_their_account() {
        let root = "arn:aws-us-gov:iam::111122223333:root";
        assert_eq!(read("111122223333"), "arn:aws-cn:iam::111122223333:root");
        assert_eq!(read(root), root);
        for itself in
            ["arn:aws:iam::111122223333:role/a/Scan", "arn:aws:iam::111122223333:user/bob"]
        {
            assert_eq!(read(itself), itself);
        }
        assert_eq!(read("arn:aws-us-gov:sts::111122223333:assumed-role/Scan/me"), root);
        assert_eq!(read("arn:aws-us-gov:sts::111122223333:federated-user/bob"), root);
    }

    #[test]
    fn anything_else_is_refused_with_advice() {
        for wrong in [
            "",
            "*",
            "11112222333",
            "arn:aws:iam::111122223333:group/x",
            "arn:aws:s3:::bucket",
            "arn:aws:iam::1:root",
        ] {
            let fault = TrustedPrincipal::parse(wrong, Partition::Aws).unwrap_err();
            assert!(
                fault
                    .to_string()
                    .ends_with("give the scanner's account id, for example 123456789012")
            );
        }
    }
}
