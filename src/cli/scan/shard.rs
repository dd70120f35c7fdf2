//! A part of the tenants, for one of several machines.

use super::ScanArgs;
use crate::cli::console::Environment;
use crate::cli::error::CliError;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// The variables in which array jobs find their number, from 0:
/// <https://docs.aws.amazon.com/batch/latest/userguide/job_env_vars.html> and
/// <https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode>.
const INDEXES: [&str; 2] = ["AWS_BATCH_JOB_ARRAY_INDEX", "JOB_COMPLETION_INDEX"];

/// Part I of N.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 0.
    index: u32,
    of: u32,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "a part of a whole, such as 1/4 to 4/4".to_owned();
        let (part, of) = text.split_once('/').ok_or_else(wrong)?;
        let (part, of): (u32, u32) =
            (part.parse().map_err(|_| wrong())?, of.parse().map_err(|_| wrong())?);
        let index = part.checked_sub(1).filter(|index| *index < of).ok_or_else(wrong)?;
        Ok(Self { index, of })
    }
}

impl Shard {
    /// The part that the options and the environment name.
    pub(super) fn of(args: &ScanArgs, environment: &Environment) -> Result<Option<Self>, CliError> {
        let Some(of) = args.fleet.shards else { return Ok(args.fleet.shard) };
        let found = INDEXES.iter().find_map(|name| Some((name, environment.text(name)?)));
        let Some((name, text)) = found else {
            return Err(CliError::usage(format!(
                "--shards: neither ${} is set",
                INDEXES.join(" nor $")
            ))
            .hint("--shard I/N names the part itself"));
        };
        match text.parse() {
            Ok(index) if index < of => Ok(Some(Self { index, of })),
            _ => Err(CliError::usage(format!(
                "--shards {of}: ${name} is {text}, which is not a number from 0 to {}",
                of - 1
            ))),
        }
    }

    /// Whether an account belongs to this part: the first 8 bytes of the
    /// SHA-256 of its id, as a number, modulo N.
    pub(super) fn takes(self, account_id: &str) -> bool {
        let digest = Sha256::digest(account_id.as_bytes());
        let number = u64::from_be_bytes(digest.first_chunk::<8>().copied().unwrap_or_default());
        number % u64::from(self.of) == u64::from(self.index)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_from_one() {
        assert_eq!("1/4".parse(), Ok(Shard { index: 0, of: 4 }));
        assert_eq!("4/4".parse(), Ok(Shard { index: 3, of: 4 }));
        for wrong in ["0/4", "5/4", "1", "1/0", "a/4", "1/", "-1/4"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }

    /// Other machines, other versions: an account never changes its part.
    #[test]
    fn every_account_is_in_one_part_and_stays_there() {
        let parts = |account: &str| -> Vec<u32> {
            (1..=5)
                .filter(|part| format!("{part}/5").parse::<Shard>().unwrap().takes(account))
                .collect()
        };
        for account in 0..200 {
            assert_eq!(parts(&format!("{account:012}")).len(), 1);
        }
        assert_eq!(parts("111122223333"), [5]);
        assert_eq!(parts("333344445555"), [2]);
    }
}
