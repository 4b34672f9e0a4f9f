//! Tells one device from another by a random number in a cookie; no more is known of it.

use super::identify::cookie;
use axum::http::{HeaderMap, HeaderValue};

/// Name of the cookie.
const DEVICE: &str = "kj_device";

/// The number of the device that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceNumber {
    /// 32 hexadecimal digits.
    pub number: String,
    fresh: bool,
}

impl DeviceNumber {
    /// From the cookie, or a new one.
    pub fn of(headers: &HeaderMap) -> Self {
        match cookie(headers, DEVICE).filter(|value| value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit())) {
            Some(number) => Self { number: number.to_owned(), fresh: false },
            None => Self { number: format!("{:032x}", u128::from_be_bytes(kernel::random::bytes())), fresh: true },
        }
    }

    /// What keeps a new number on the device.
    pub fn to_keep(&self) -> Option<HeaderValue> {
        let cookie = format!("{DEVICE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000", self.number);
        self.fresh.then(|| HeaderValue::from_str(&cookie).ok()).flatten()
    }
}
