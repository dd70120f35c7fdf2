//! Tells how secure AWS accounts are: what is wrong, what is right, what could
//! not be determined and why.

pub mod inventory;
pub mod policy;
pub mod rules;
pub mod services;
pub mod tenant;
