//! The program from outside: the real binary, by what its users do.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

mod support;

mod ci;
mod completions;
#[cfg(feature = "aws")]
mod counts;
mod demo;
mod exit_codes;
mod fleet;
#[cfg(feature = "aws")]
mod interruption;
#[cfg(feature = "aws")]
mod organization;
#[cfg(feature = "aws")]
mod pace;
mod permissions;
mod readme;
#[cfg(feature = "aws")]
mod secrets;
#[cfg(feature = "aws")]
mod sessions;
#[cfg(feature = "aws")]
mod snapshots;
mod tenants;
#[cfg(feature = "aws")]
mod truth;
#[cfg(feature = "aws")]
mod truth_compute;
#[cfg(feature = "aws")]
mod truth_containers;
#[cfg(feature = "aws")]
mod truth_databases;
#[cfg(feature = "aws")]
mod truth_governed;
#[cfg(feature = "aws")]
mod truth_keys;
#[cfg(feature = "aws")]
mod truth_network;
#[cfg(feature = "aws")]
mod truth_trails;
mod wrong_input;
