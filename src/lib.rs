//! cspm
