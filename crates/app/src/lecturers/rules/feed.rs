//! Addresses of calendars that are read without signing in: nobody guesses them, and a renewed one ends the one before.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Hexadecimal digits of the secret part: 128 bits.
const DIGITS: usize = 32;

/// The secret part of the address of `subject`'s calendar when it was made for the `number`th time.
pub fn secret_part(secret: &[u8; 32], subject: &str, number: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return String::new() };
    mac.update(format!("calendar {subject} {number}").as_bytes());
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    mac.finalize().into_bytes().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).take(DIGITS).collect()
}

/// Whether `given` is that secret part; takes as long for every wrong one.
pub fn fits(secret: &[u8; 32], subject: &str, number: i64, given: &str) -> bool {
    let wanted = secret_part(secret, subject, number);
    let differ = wanted.bytes().zip(given.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b));
    !wanted.is_empty() && wanted.len() == given.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_one_subject_and_one_number() {
        let key = [7; 32];
        let part = secret_part(&key, "ltr_1", 1);
        assert_eq!(part.len(), DIGITS);
        assert!(fits(&key, "ltr_1", 1, &part));
        for (subject, number, given) in [("ltr_2", 1, part.as_str()), ("ltr_1", 2, &part), ("ltr_1", 1, &part[1..]), ("ltr_1", 1, "")] {
            assert!(!fits(&key, subject, number, given), "{subject} {number} {given}");
        }
    }
}
