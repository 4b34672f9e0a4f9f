//! The one door to the system's random source.

/// Fills an array with bytes that nobody can predict.
///
/// # Panics
///
/// When the operating system has no random source: nothing that needs secrets can then go on safely.
#[allow(clippy::disallowed_methods, reason = "this is the door the lint points to")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0u8; N];
    getrandom::fill(&mut out).expect("the operating system has a random source");
    out
}
