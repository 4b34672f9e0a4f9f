//! Signed addresses of media: `/media/EXPIRY.AUDIENCE.SIGNATURE/MATERIAL/FILE`.
//!
//! The signature says that we gave the address and for whom; whether its audience still may have the material is asked
//! of [`Standing`](crate::recordings::Standing).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{AccountId, Timestamp};
use sha2::Sha256;
use std::fmt;
use std::str::FromStr;

/// For whom an address was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Everybody, while the material is that of a published lesson.
    Public,
    /// One account, while it may see what is not public of the lesson.
    Account(AccountId),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => f.write_str("public"),
            Self::Account(account) => write!(f, "{account}"),
        }
    }
}

impl FromStr for Audience {
    type Err = BadAddress;
    fn from_str(text: &str) -> Result<Self, BadAddress> {
        if text == "public" { Ok(Self::Public) } else { text.parse().map(Self::Account).map_err(|_| BadAddress::Forged) }
    }
}

/// What a good address grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaGrant {
    /// Seconds since 1970.
    pub expiry: i64,
    /// For whom.
    pub audience: Audience,
}

/// Why an address of media is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadAddress {
    /// The signature is not ours, or stands for another material, audience or time.
    Forged,
    /// It was good once.
    Expired,
}

/// When an address signed now expires, in seconds since 1970: at least `good_s` from now, on a full eighth of it.
pub fn media_expiry(now: Timestamp, good_s: u32) -> i64 {
    let step = i64::from(good_s / 8).max(1);
    let earliest = now.0.div_euclid(1000) + i64::from(good_s);
    (earliest.div_euclid(step) + 1) * step
}

fn mac(secret: &[u8; 32], said: &str, material: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    for part in ["media ", said, " ", material] {
        mac.update(part.as_bytes());
    }
    Some(mac)
}

/// `EXPIRY.AUDIENCE.SIGNATURE`: the signature is HMAC-SHA256 over expiry, audience and material.
pub fn sign_media(secret: &[u8; 32], grant: MediaGrant, material: &str) -> String {
    let said = format!("{}.{}", grant.expiry, grant.audience);
    let signature = mac(secret, &said, material).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    format!("{said}.{}", signature.unwrap_or_default())
}

/// What `EXPIRY.AUDIENCE.SIGNATURE` grants on `material` at `now`. The signature is compared in constant time.
///
/// # Errors
///
/// [`BadAddress`]
pub fn read_media(secret: &[u8; 32], text: &str, material: &str, now: Timestamp) -> Result<MediaGrant, BadAddress> {
    let (said, signature) = text.rsplit_once('.').ok_or(BadAddress::Forged)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| BadAddress::Forged)?;
    mac(secret, said, material).and_then(|mac| mac.verify_slice(&signature).ok()).ok_or(BadAddress::Forged)?;
    let (expiry, audience) = said.split_once('.').ok_or(BadAddress::Forged)?;
    let expiry: i64 = expiry.parse().map_err(|_| BadAddress::Forged)?;
    let audience = audience.parse()?;
    if now.0 < expiry.saturating_mul(1000) { Ok(MediaGrant { expiry, audience }) } else { Err(BadAddress::Expired) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    const KEY: [u8; 32] = [7; 32];
    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn signed(audience: Audience) -> String {
        sign_media(&KEY, MediaGrant { expiry: media_expiry(NOW, 800), audience }, "mat_1")
    }

    #[test]
    fn s5_an_address_opens_one_material_to_one_audience_until_it_expires() {
        for audience in [Audience::Public, Audience::Account(Id::from_u128(7))] {
            let good = signed(audience);
            assert_eq!(read_media(&KEY, &good, "mat_1", NOW).map(|g| g.audience), Ok(audience));
            assert_eq!(read_media(&KEY, &good, "mat_2", NOW), Err(BadAddress::Forged));
            assert_eq!(read_media(&[8; 32], &good, "mat_1", NOW), Err(BadAddress::Forged));
            assert_eq!(read_media(&KEY, &good, "mat_1", NOW.plus_ms(901_000)), Err(BadAddress::Expired));
        }
    }

    #[test]
    fn s5_no_part_of_an_address_can_be_exchanged() {
        let (public, own) = (signed(Audience::Public), signed(Audience::Account(Id::from_u128(7))));
        let (expiry, rest) = own.split_once('.').unwrap();
        let signature = own.rsplit_once('.').unwrap().1;
        let later = format!("{}.{rest}", expiry.parse::<i64>().unwrap() + 1000);
        let wider = format!("{expiry}.public.{signature}");
        let other = own.replace(&Audience::Account(Id::from_u128(7)).to_string(), &Audience::Account(Id::from_u128(8)).to_string());
        let cut = public.rsplit_once('.').unwrap().0;
        for forged in [&later, &wider, &other, cut, "", ".", "1.", "1..", "x.y.z", &format!("{expiry}.public.")] {
            assert_eq!(read_media(&KEY, forged, "mat_1", NOW), Err(BadAddress::Forged), "{forged}");
        }
    }

    #[test]
    fn an_address_stays_the_same_for_a_while_and_is_good_for_the_time_promised() {
        let expiry = media_expiry(NOW, 800);
        assert!((800..=900).contains(&(expiry - NOW.0 / 1000)), "{expiry}");
        let next = NOW.plus_ms((expiry * 1000 - NOW.0) - 800_000 - 1);
        assert_eq!(media_expiry(next, 800), expiry);
    }
}
