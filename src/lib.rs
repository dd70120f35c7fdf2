//! cspm

pub mod tenant;
