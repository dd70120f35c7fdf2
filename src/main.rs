//! cspm
fn main() {}
