//! Pure rules of files: slots, names, signatures of addresses.

mod documents;
mod tus;

pub use documents::{HEAD, Kind, TAIL, ending, kind};
pub use tus::{Algorithm, Checksum, Concat, checksum, concat, metadata, metadata_header};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use sha2::Sha256;
use std::borrow::Cow;

/// A place that a lesson has for files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Its name.
    pub name: &'static str,
    /// A new file stands beside the older ones instead of replacing them.
    pub several: bool,
    /// What it takes.
    pub takes: Takes,
}

/// What a slot takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Pictures that move, or sound.
    Media,
    /// Files of these kinds, told from their bytes.
    Documents(&'static [&'static str]),
}

/// Every slot there is. Campaigns choose among them.
pub const SLOTS: [Slot; 5] = [
    Slot { name: "video", several: false, takes: Takes::Media },
    Slot { name: "script", several: false, takes: Takes::Documents(&["pdf", "docx"]) },
    Slot { name: "slides", several: false, takes: Takes::Documents(&["pdf", "pptx"]) },
    Slot { name: "photos", several: true, takes: Takes::Documents(&["jpg", "png"]) },
    Slot { name: "supplement", several: true, takes: Takes::Documents(&["pdf", "docx", "pptx", "jpg", "png"]) },
];

/// The slot with this name.
pub fn slot(name: &str) -> Option<Slot> {
    SLOTS.into_iter().find(|slot| slot.name == name)
}

/// When an address signed now expires, in seconds since 1970: at least `good_s` from now, on a full eighth of it.
pub fn media_expiry(now: Timestamp, good_s: u32) -> i64 {
    let step = i64::from(good_s / 8).max(1);
    let earliest = now.0.div_euclid(1000) + i64::from(good_s);
    (earliest.div_euclid(step) + 1) * step
}

fn media_mac(secret: &[u8; 32], expiry: i64, material: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(format!("media {expiry} {material}").as_bytes());
    Some(mac)
}

/// HMAC-SHA256 over expiry and material, as URL-safe text.
pub fn media_signature(secret: &[u8; 32], expiry: i64, material: &str) -> String {
    media_mac(secret, expiry, material).map(|mac| URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())).unwrap_or_default()
}

/// Why an address of media is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadAddress {
    /// The signature is not ours, or stands for another material or time.
    Forged,
    /// It was good once.
    Expired,
}

/// The expiry of `EXPIRY.SIGNATURE` when it opens `material` at `now`. The signature is compared in constant time.
///
/// # Errors
///
/// [`BadAddress`]
pub fn media_grant(secret: &[u8; 32], grant: &str, material: &str, now: Timestamp) -> Result<i64, BadAddress> {
    let (expiry, signature) = grant.split_once('.').ok_or(BadAddress::Forged)?;
    let expiry: i64 = expiry.parse().map_err(|_| BadAddress::Forged)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| BadAddress::Forged)?;
    let mac = media_mac(secret, expiry, material).ok_or(BadAddress::Forged)?;
    mac.verify_slice(&signature).map_err(|_| BadAddress::Forged)?;
    if now.0 < expiry.saturating_mul(1000) { Ok(expiry) } else { Err(BadAddress::Expired) }
}

/// Where a file that players ask for lies: pictures have a short address beside the master playlist.
pub fn rendition_file(asked: &str) -> Cow<'_, str> {
    match asked {
        "poster.jpg" => Cow::Borrowed("poster/poster.jpg"),
        "storyboard.vtt" => Cow::Borrowed("storyboard/index.vtt"),
        // The track names its sheets beside itself.
        sheet if sheet.starts_with("sheet") && !sheet.contains('/') => Cow::Owned(format!("storyboard/{sheet}")),
        other => Cow::Borrowed(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn grant(material: &str) -> String {
        let expiry = media_expiry(NOW, 800);
        format!("{expiry}.{}", media_signature(&KEY, expiry, material))
    }

    #[test]
    fn s5_an_address_opens_one_material_until_it_expires() {
        let good = grant("mat_1");
        assert!(media_grant(&KEY, &good, "mat_1", NOW).is_ok());
        assert_eq!(media_grant(&KEY, &good, "mat_2", NOW), Err(BadAddress::Forged));
        assert_eq!(media_grant(&[8; 32], &good, "mat_1", NOW), Err(BadAddress::Forged));
        assert_eq!(media_grant(&KEY, &good, "mat_1", NOW.plus_ms(901_000)), Err(BadAddress::Expired));
        let (expiry, signature) = good.split_once('.').unwrap();
        let later = format!("{}.{signature}", expiry.parse::<i64>().unwrap() + 1000);
        for forged in [&later, "", ".", "1.", "x.y", &format!("{expiry}.")] {
            assert_eq!(media_grant(&KEY, forged, "mat_1", NOW), Err(BadAddress::Forged), "{forged}");
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
