//! The token of a batch: which versions were seen, for which verdict, by whom; nothing of it can be changed afterwards.

use super::Ruling;
use crate::submissions::SubmissionId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::AccountId;
use serde_json::json;
use sha2::Sha256;

fn mac(secret: &[u8; 32], account: AccountId, ruling: &Ruling, payload: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(json!(["batch", account, ruling, payload]).to_string().as_bytes());
    Some(mac)
}

/// The token for `seen`, submissions with their versions.
pub fn batch_token(secret: &[u8; 32], account: AccountId, ruling: &Ruling, seen: &[(SubmissionId, i64)]) -> String {
    let payload = URL_SAFE_NO_PAD.encode(json!(seen).to_string());
    let signature = mac(secret, account, ruling, &payload).map(|m| URL_SAFE_NO_PAD.encode(m.finalize().into_bytes()));
    format!("{payload}.{}", signature.unwrap_or_default())
}

/// What a token of this account and this verdict stands for; none when it is not one. Compared in constant time.
pub fn batch_seen(secret: &[u8; 32], account: AccountId, ruling: &Ruling, token: &str) -> Option<Vec<(SubmissionId, i64)>> {
    let (payload, signature) = token.split_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    mac(secret, account, ruling, payload)?.verify_slice(&signature).ok()?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submissions::rules::Decision;
    use kernel::Id;

    #[test]
    fn a_token_stands_for_one_verdict_of_one_account() {
        let (secret, me, other) = ([7; 32], Id::from_u128(1), Id::from_u128(2));
        let keep = Ruling::plain(Decision::Keep);
        let seen = vec![(Id::from_u128(10), 3), (Id::from_u128(11), 4)];
        let token = batch_token(&secret, me, &keep, &seen);
        assert_eq!(batch_seen(&secret, me, &keep, &token), Some(seen));
        assert_eq!(batch_seen(&secret, other, &keep, &token), None);
        assert_eq!(batch_seen(&[8; 32], me, &keep, &token), None);
        assert_eq!(batch_seen(&secret, me, &Ruling::plain(Decision::Recommend), &token), None);
        let noted = Ruling { note: "well done".into(), ..keep.clone() };
        assert_eq!(batch_seen(&secret, me, &noted, &token), None);
        for forged in ["", ".", "x.y", &format!("x{token}"), &token[..token.len() - 1]] {
            assert_eq!(batch_seen(&secret, me, &keep, forged), None, "{forged}");
        }
    }
}
