//! Tells how secure AWS accounts are: what is wrong, what is right, what could
//! not be determined and why.

pub mod findings;
pub mod history;
pub mod inventory;
pub mod rules;
pub mod services;
