//! Ids that know what they name.

use crate::{Clock, random};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp, fmt, hash, marker::PhantomData, str::FromStr};

/// What an id names; its prefix shows in URLs and logs (`lsn_0198…`).
pub trait Identified {
    /// Short lower-case letters, without an underscore.
    const PREFIX: &'static str;
}

/// A UUIDv7 (RFC 9562) that names one `T`; sorts by time of creation.
pub struct Id<T>(u128, PhantomData<fn() -> T>);

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the wanted kind")]
pub struct BadId;

impl<T> Id<T> {
    /// A new id that sorts after earlier ones of the same clock.
    pub fn new(clock: &dyn Clock) -> Self {
        let ms = u64::try_from(clock.now().0).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(ms, &random::bytes()).into_uuid().as_u128(), PhantomData)
    }

    /// The id with these 128 bits: for fixed test data and for reading compact records.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits, PhantomData)
    }

    /// The 128 bits, for compact records such as the view ledger.
    pub const fn as_u128(self) -> u128 {
        self.0
    }
}

impl<T: Identified> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{:032x}", T::PREFIX, self.0)
    }
}

impl<T: Identified> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T: Identified> FromStr for Id<T> {
    type Err = BadId;
    fn from_str(s: &str) -> Result<Self, BadId> {
        let hex = s
            .strip_prefix(T::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .filter(|hex| hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
            .ok_or(BadId)?;
        u128::from_str_radix(hex, 16).map(|n| Self(n, PhantomData)).map_err(|_| BadId)
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: Identified> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de, T: Identified> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(|_| de::Error::custom(format!("not an id that begins with {}_", T::PREFIX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ManualClock, Timestamp};

    #[derive(Debug)]
    struct Lesson;
    impl Identified for Lesson {
        const PREFIX: &'static str = "lsn";
    }
    #[derive(Debug)]
    struct Submission;
    impl Identified for Submission {
        const PREFIX: &'static str = "sub";
    }

    #[test]
    fn the_text_form_reads_back_and_refuses_another_kind() {
        let id = Id::<Lesson>::new(&ManualClock::at(Timestamp(1_700_000_000_000)));
        assert_eq!(id.to_string().parse::<Id<Lesson>>(), Ok(id));
        assert_eq!(id.to_string().parse::<Id<Submission>>(), Err(BadId));
        for bad in [
            "",
            "lsn_",
            "lsn_1",
            "lsn_0000000000000000000000000000000G",
            "LSN_00000000000000000000000000000000",
            "lsn_+0000000000000000000000000000000",
        ] {
            assert_eq!(bad.parse::<Id<Lesson>>(), Err(BadId), "{bad}");
        }
    }

    #[test]
    fn later_ids_sort_later() {
        let early = Id::<Lesson>::new(&ManualClock::at(Timestamp(1_000)));
        let late = Id::<Lesson>::new(&ManualClock::at(Timestamp(2_000)));
        assert!(early < late);
    }
}
