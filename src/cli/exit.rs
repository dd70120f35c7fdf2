//! Exit codes: what scripts and pipelines depend on.

use crate::rules::Severity;

/// How the program ends. The numbers never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; for a scan: nothing at or above `--fail-on`, and nothing unknown there.
    Ok,
    /// Something could not be done; for a scan: a tenant could not be scanned at all.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// No such failure, but a rule at or above `--fail-on` could not be decided.
    Undecided,
    /// The worst failing severity at or above `--fail-on`.
    Findings(Severity),
    /// Interrupted; what was judged is saved.
    Interrupted,
}

impl Exit {
    /// All, in the order of their numbers.
    pub const ALL: [Exit; 10] = [
        Self::Ok,
        Self::Failed,
        Self::Usage,
        Self::Undecided,
        Self::Findings(Severity::Info),
        Self::Findings(Severity::Low),
        Self::Findings(Severity::Medium),
        Self::Findings(Severity::High),
        Self::Findings(Severity::Critical),
        Self::Interrupted,
    ];

    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Undecided => 3,
            Self::Findings(Severity::Info) => 11,
            Self::Findings(Severity::Low) => 12,
            Self::Findings(Severity::Medium) => 13,
            Self::Findings(Severity::High) => 14,
            Self::Findings(Severity::Critical) => 15,
            Self::Interrupted => 130,
        }
    }

    /// What it means, for `--help`.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Ok => "nothing failed at or above --fail-on, and nothing there is unknown",
            Self::Failed => "a tenant could not be scanned at all",
            Self::Usage => "wrong usage or configuration",
            Self::Undecided => "nothing failed, but a rule at or above --fail-on is unknown",
            Self::Findings(Severity::Info) => "worst failure: info",
            Self::Findings(Severity::Low) => "worst failure: low",
            Self::Findings(Severity::Medium) => "worst failure: medium",
            Self::Findings(Severity::High) => "worst failure: high",
            Self::Findings(Severity::Critical) => "worst failure: critical",
            Self::Interrupted => "interrupted; what was judged is saved",
        }
    }

    /// How much it matters when several tenants are scanned: 11 to 15, 1, 3, 0.
    /// Usage and interruption end the run and stand above all.
    fn rank(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Undecided => 1,
            Self::Failed => 2,
            Self::Findings(_) => self.code(),
            Self::Usage => 100,
            Self::Interrupted => 101,
        }
    }

    /// The one that counts of two.
    #[must_use]
    pub fn worse(self, other: Exit) -> Exit {
        if other.rank() > self.rank() { other } else { self }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table of exit codes at the end of `cspm scan --help`.
pub(super) fn table() -> String {
    let mut text = String::from("Exit codes:\n");
    for exit in Exit::ALL {
        text.push_str(&format!("{:>5}  {}\n", exit.code(), exit.meaning()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_frozen() {
        let codes: Vec<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 11, 12, 13, 14, 15, 130]);
    }

    #[test]
    fn over_several_tenants_findings_win_over_failure_over_unknown() {
        let high = Exit::Findings(Severity::High);
        let info = Exit::Findings(Severity::Info);
        assert_eq!(Exit::Ok.worse(Exit::Undecided), Exit::Undecided);
        assert_eq!(Exit::Undecided.worse(Exit::Failed), Exit::Failed);
        assert_eq!(Exit::Failed.worse(info), info);
        assert_eq!(high.worse(info), high);
        assert_eq!(info.worse(Exit::Ok), info);
    }
}
