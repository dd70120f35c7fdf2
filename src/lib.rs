//! Tells how secure AWS accounts are: what is wrong, what is right, what could
//! not be determined and why.

#[cfg(feature = "aws")]
pub mod aws;
pub mod cli;
pub mod compliance;
pub mod findings;
pub mod history;
pub mod inventory;
pub mod output;
pub mod policy;
pub mod rules;
pub mod scan;
pub mod services;
pub mod tenant;
