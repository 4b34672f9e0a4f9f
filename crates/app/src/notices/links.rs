//! Links in mails that prove themselves: what they stand for, signed for one purpose.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

fn mac(secret: &[u8; 32], purpose: &str, payload: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(b"link:");
    mac.update(purpose.as_bytes());
    mac.update(b":");
    mac.update(payload.as_bytes());
    Some(mac)
}

/// `text` with a signature that holds for `purpose` alone, as a part of an address.
pub fn seal(secret: &[u8; 32], purpose: &str, text: &str) -> String {
    let payload = URL_SAFE_NO_PAD.encode(text);
    let signature = mac(secret, purpose, &payload).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    format!("{payload}.{}", signature.unwrap_or_default())
}

/// The text of a token that [`seal`] made for this purpose; none for any other. Compared in constant time.
pub fn unseal(secret: &[u8; 32], purpose: &str, token: &str) -> Option<String> {
    let (payload, signature) = token.split_once('.')?;
    mac(secret, purpose, payload)?.verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?).ok()?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_link_stands_for_one_thing_and_one_purpose() {
        let (secret, other) = ([7; 32], [8; 32]);
        let token = seal(&secret, "unsubscribe", "sub_1");
        assert_eq!(unseal(&secret, "unsubscribe", &token).as_deref(), Some("sub_1"));
        let (payload, signature) = token.split_once('.').unwrap();
        let forged = format!("{}.{signature}", URL_SAFE_NO_PAD.encode("sub_2"));
        for (key, purpose, token) in [
            (&other, "unsubscribe", token.as_str()),
            (&secret, "mail-check", &token),
            (&secret, "unsubscribe", &forged),
            (&secret, "unsubscribe", payload),
            (&secret, "unsubscribe", &format!("{payload}.")),
            (&secret, "unsubscribe", ""),
            (&secret, "unsubscribe", "."),
        ] {
            assert_eq!(unseal(key, purpose, token), None, "{token}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_link_by_chance(token in "\\PC{0,200}") {
            prop_assert_eq!(unseal(&[7; 32], "unsubscribe", &token), None);
        }

        #[test]
        fn every_text_comes_back(text in "\\PC{0,100}") {
            prop_assert_eq!(unseal(&[7; 32], "a", &seal(&[7; 32], "a", &text)), Some(text));
        }
    }
}
