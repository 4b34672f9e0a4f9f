//! Counting sound: an AAC frame lasts 1,024 samples, whatever a stamp of whole milliseconds says.

use bytes::Bytes;

use crate::{AudioConfig, fmp4::AAC_FRAME};

/// Stamps may lie this far from the count before they are believed, milliseconds.
const DRIFT_MS: i64 = 80;

/// What to do with a frame of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Follows the one before, after so many frames of silence.
    After {
        /// Frames that never came.
        missing: u64,
    },
    /// Sound that is already there: the publisher repeated itself, or its clock runs slow.
    Surplus,
}

/// Compares a stamp with the count, both in samples.
pub(super) fn place(stamp: i64, counted: i64, rate: u32) -> Place {
    let drift = stamp - counted;
    let most = DRIFT_MS * i64::from(rate) / 1000;
    match drift {
        late if late > most => Place::After { missing: (late / i64::from(AAC_FRAME)) as u64 },
        early if early < -most => Place::Surplus,
        _ => Place::After { missing: 0 },
    }
}

/// A frame of AAC-LC that decodes to silence, ISO/IEC 14496-3 §4.4.2.1; `None` for other object types and more channels.
///
/// One or two channel elements whose `max_sfb` is zero, and the end mark.
pub(super) fn silence(config: &AudioConfig) -> Option<Bytes> {
    const LOW_COMPLEXITY: u8 = 2;
    let object_type = config.asc.first()? >> 3;
    match (object_type, config.channels) {
        (LOW_COMPLEXITY, 1) => Some(Bytes::from_static(&[0x00, 0xc8, 0x00, 0x80, 0x23, 0x80])),
        (LOW_COMPLEXITY, 2) => Some(Bytes::from_static(&[0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_believed_past_80_ms() {
        let at = |ms: i64| place(48_000 + ms * 48, 48_000, 48_000);
        assert_eq!(at(0), Place::After { missing: 0 });
        assert_eq!(at(80), Place::After { missing: 0 });
        assert_eq!(at(-80), Place::After { missing: 0 });
        assert_eq!(at(81), Place::After { missing: 3 });
        assert_eq!(at(-81), Place::Surplus);
    }
}
