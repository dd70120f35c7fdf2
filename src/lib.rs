//! Tells how secure AWS accounts are: what is wrong, what is right, what could
//! not be determined and why.

#[cfg(feature = "aws")]
pub mod aws;
pub mod inventory;
pub mod rules;
pub mod services;
