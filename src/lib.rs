//! cspm

pub mod policy;
