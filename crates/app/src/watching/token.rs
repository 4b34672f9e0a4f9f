//! Playback tokens: what lets a player report, for one viewer and one lesson, without a look into the database.
//!
//! `base64url(lesson 16 | organisation 16 | viewer 16 | issued 8 | duration 8)` `.` `base64url(HMAC-SHA256)`; all big-endian. Those for
//! broadcasts have 16 bytes more: the broadcast, whose viewers may be sampled.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Id, OrganisationId, Timestamp};
use sha2::{Digest, Sha256};

use crate::broadcasts::BroadcastId;
use crate::lessons::LessonId;

/// A token stays good this long; a player asks for another with the page's refreshed addresses.
pub const LIFE_MS: i64 = 12 * 3_600_000;
const LENGTH: usize = 64;
/// With a broadcast.
const LIVE_LENGTH: usize = 80;
const PURPOSE: &[u8] = b"kaijiang playback 1";
const LOT: &[u8] = b"kaijiang lot 1";

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playback {
    /// The lesson.
    pub lesson: LessonId,
    /// Whose figures it counts for.
    pub organisation: OrganisationId,
    /// Who watches: a hash of the account or of the device's random number, never an address.
    pub viewer: u128,
    /// When it was given.
    pub issued: Timestamp,
    /// How long the lesson is.
    pub duration_ms: i64,
    /// The broadcast in which it is watched.
    pub broadcast: Option<BroadcastId>,
}

/// Why a token isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// Not ours, or changed.
    #[error("forged")]
    Forged,
    /// Older than its life.
    #[error("expired")]
    Expired,
}

fn mac(secret: &[u8; 32], purpose: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(purpose);
    mac.update(body);
    mac
}

/// What the lots of a viewer are reckoned from, in every broadcast: 16 hexadecimal digits that a device may keep and cannot choose.
pub fn lot_seed(secret: &[u8; 32], viewer: u128) -> String {
    let seal = mac(secret, LOT, &viewer.to_be_bytes()).finalize().into_bytes();
    format!("{:016x}", u64::from_be_bytes(std::array::from_fn(|i| seal[i])))
}

impl Playback {
    /// The text form, signed.
    pub fn sign(&self, secret: &[u8; 32]) -> String {
        let mut body = Vec::with_capacity(LIVE_LENGTH);
        for part in [self.lesson.as_u128(), self.organisation.as_u128(), self.viewer] {
            body.extend(part.to_be_bytes());
        }
        body.extend(self.issued.0.to_be_bytes());
        body.extend(self.duration_ms.to_be_bytes());
        body.extend(self.broadcast.iter().flat_map(|broadcast| broadcast.as_u128().to_be_bytes()));
        let seal = mac(secret, PURPOSE, &body).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(seal))
    }

    /// Reads a token that this installation signed and that is still good at `now`.
    pub fn read(text: &str, secret: &[u8; 32], now: Timestamp) -> Result<Self, BadToken> {
        let (body, seal) = text.split_once('.').ok_or(BadToken::Forged)?;
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| BadToken::Forged)?;
        let seal = URL_SAFE_NO_PAD.decode(seal).map_err(|_| BadToken::Forged)?;
        mac(secret, PURPOSE, &body).verify_slice(&seal).map_err(|_| BadToken::Forged)?;
        if body.len() != LENGTH && body.len() != LIVE_LENGTH {
            return Err(BadToken::Forged);
        }
        let wide = |at: usize| u128::from_be_bytes(std::array::from_fn(|i| body[at + i]));
        let long = |at: usize| i64::from_be_bytes(std::array::from_fn(|i| body[at + i]));
        let playback = Self {
            lesson: Id::from_u128(wide(0)),
            organisation: Id::from_u128(wide(16)),
            viewer: wide(32),
            issued: Timestamp(long(48)),
            duration_ms: long(56),
            broadcast: (body.len() == LIVE_LENGTH).then(|| Id::from_u128(wide(64))),
        };
        let age = now - playback.issued;
        // A clock that was set back must not make a fresh token look forged.
        if (-LIFE_MS..=LIFE_MS).contains(&age) { Ok(playback) } else { Err(BadToken::Expired) }
    }

    /// The key under which this viewer's view of this lesson is counted once.
    pub fn view_key(&self) -> u128 {
        key(&[&self.viewer.to_be_bytes(), &self.lesson.as_u128().to_be_bytes()])
    }

    /// The key of the press on play that this token stands for.
    pub fn play_key(&self) -> u128 {
        key(&[b"play", &self.viewer.to_be_bytes(), &self.lesson.as_u128().to_be_bytes(), &self.issued.0.to_be_bytes()])
    }

    /// The key of what is played under this token in one period of its broadcast.
    pub fn part_key(&self, period: i64) -> u128 {
        match period {
            0 => self.play_key(),
            _ => key(&[b"part", &self.play_key().to_be_bytes(), &period.to_be_bytes()]),
        }
    }
}

/// The key of one step of watch time in a part of a playing.
pub fn step_key(part: u128, step: i64) -> u128 {
    key(&[b"step", &part.to_be_bytes(), &step.to_be_bytes()])
}

/// The key of what this step adds to the spread of an estimate.
pub fn spread_key(part: u128, step: i64) -> u128 {
    key(&[b"spread", &part.to_be_bytes(), &step.to_be_bytes()])
}

/// The first 128 bits of SHA-256 over the parts.
pub fn key(parts: &[&[u8]]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    u128::from_be_bytes(std::array::from_fn(|i| digest[i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: [u8; 32] = [7; 32];

    fn playback() -> Playback {
        Playback {
            lesson: Id::from_u128(1),
            organisation: Id::from_u128(2),
            viewer: 3,
            issued: Timestamp(1_000),
            duration_ms: 60_000,
            broadcast: None,
        }
    }

    #[test]
    fn a_token_for_a_broadcast_names_it_and_one_for_a_lesson_is_as_it_always_was() {
        let live = Playback { broadcast: Some(Id::from_u128(9)), ..playback() };
        assert_eq!(Playback::read(&live.sign(&SECRET), &SECRET, Timestamp(2_000)), Ok(live));
        let (body, _) = live.sign(&SECRET).split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let (_, seal) = playback().sign(&SECRET).split_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert_eq!(Playback::read(&format!("{body}.{seal}"), &SECRET, Timestamp(2_000)), Err(BadToken::Forged));
        assert_eq!(playback().part_key(0), playback().play_key());
        assert_ne!(playback().part_key(1), playback().part_key(2));
    }

    #[test]
    fn s17_a_seed_follows_from_the_viewer_and_a_secret() {
        let seed = lot_seed(&SECRET, 3);
        assert!(seed.len() == 16 && seed.bytes().all(|b| b.is_ascii_hexdigit()), "{seed}");
        assert_eq!(seed, lot_seed(&SECRET, 3));
        assert_ne!(seed, lot_seed(&SECRET, 4));
        assert_ne!(seed, lot_seed(&[8; 32], 3));
    }

    #[test]
    fn s17_a_token_reads_back_until_it_expires() {
        let text = playback().sign(&SECRET);
        assert_eq!(Playback::read(&text, &SECRET, Timestamp(2_000)), Ok(playback()));
        assert_eq!(Playback::read(&text, &SECRET, Timestamp(1_001 + LIFE_MS)), Err(BadToken::Expired));
        assert_eq!(Playback::read(&text, &[8; 32], Timestamp(2_000)), Err(BadToken::Forged));
    }

    proptest! {
        #[test]
        fn s17_no_changed_byte_is_taken(at in 0usize..130, with in any::<char>()) {
            let text = playback().sign(&SECRET);
            let mut changed: Vec<char> = text.chars().collect();
            if at < changed.len() && changed[at] != with {
                changed[at] = with;
                let changed: String = changed.into_iter().collect();
                // The last character of a base64 group has bits that say nothing; the decoder refuses them too.
                prop_assert_eq!(Playback::read(&changed, &SECRET, Timestamp(2_000)), Err(BadToken::Forged));
            }
        }

        #[test]
        fn s17_garbage_is_forged_not_a_crash(text in "\\PC{0,200}") {
            prop_assert_eq!(Playback::read(&text, &SECRET, Timestamp(2_000)), Err(BadToken::Forged));
        }
    }
}
