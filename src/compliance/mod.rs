//! Frameworks, and what the verdicts of a scan say about their controls. Pure:
//! texts and counts in, statuses out.

mod assess;
mod control_id;
mod found;
mod framework;
mod frameworks;
mod join;
mod load;
mod mapped;
mod status;

pub use assess::{
    Assessment, ControlResult, Counts, LeftOut, RuleFacts, RuleResult, SectionResult, Summary,
    assess,
};
pub use control_id::natural_order;
pub use found::{Found, Several, Tally};
pub use framework::{AssessedBy, Control, Framework, Kind, Section};
pub use frameworks::{ControlProblem, Frameworks, UnknownFramework, control_faults};
pub use join::{Joined, JoinedControl, join};
pub use load::{LoadError, LoadErrorKind};
pub use mapped::mapped_control;
pub use status::Status;

/// The controls that a rule names: framework id to control ids, as in its YAML.
pub type NamedControls = std::collections::BTreeMap<String, Vec<String>>;
