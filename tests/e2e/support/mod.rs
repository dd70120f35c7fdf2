//! What the stories stand on: the real binary in a bare environment, a moto
//! server, and a proxy that lets calls fail.

#[cfg(feature = "aws")]
pub(crate) mod moto;
pub(crate) mod program;
#[cfg(feature = "aws")]
pub(crate) mod proxy;
pub(crate) mod report;
pub(crate) mod schema;
pub(crate) mod venv;
