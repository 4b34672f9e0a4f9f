//! Kaijiang.
fn main() {}
