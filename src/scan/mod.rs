//! One run: from tenants to verdicts. Prints nothing.

mod judge;

pub use judge::{Account, Judge, Listed, Verdicts};
