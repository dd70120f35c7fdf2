//! Everything that talks to AWS: credentials, sessions, regions, the gate that
//! every call goes through, and what errors mean. It decides nothing.

mod classify;
mod clients;
mod context;
mod credentials;
mod documented;
mod emulator;
mod endpoint;
mod failure;
mod fan_out;
mod gate;
mod limits;
mod object;
mod organization;
mod pace;
mod patience;
mod policy_text;
mod probe;
mod regions;
mod reply;
mod session;
mod stats;
#[cfg(test)]
mod tests;
mod time;
mod turns;
#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
pub(crate) mod wire;

pub use classify::{classify, meaning};
pub(crate) use context::{Asked, Paging};
pub use context::{Context, Plan, Reply};
pub use credentials::{Aws, ExternalId, Login};
pub use failure::{Failure, FailureKind};
pub use fan_out::{Broken, FanOut};
pub use gate::Gate;
pub use limits::Limits;
pub use object::{ObjectError, ObjectErrorKind, ObjectReader};
pub use organization::{Member, Organization, OrganizationError, OrganizationFilter};
pub(crate) use policy_text::{decoded, without_external_ids};
pub use probe::{Probe, Refusal};
pub use regions::{NoSuchRegion, Regions, default_regions, home_region};
pub(crate) use reply::{Requires, RequiresEach, RequiresMembers};
pub use session::{SESSION_NAME, Session, SessionError, SessionErrorKind};
pub use stats::{OperationStats, Stats};
pub(crate) use time::timestamp;
