//! Waiting for the sample from which a timeline can begin.

use std::collections::VecDeque;

use super::settings::PackagingError;
use crate::{Sample, Track};

/// Sound that came this long without a picture is a broadcast of sound alone, milliseconds.
const SOUND_ALONE_MS: i64 = 3000;
/// Neither waiting sound nor pictures without a keyframe may span more, milliseconds.
const LONGEST_WAIT_MS: i64 = 10_000;
/// However its stamps look, no more sound waits than this many frames.
const MOST_WAITING: usize = 1024;

/// Samples that wait for a keyframe.
#[derive(Debug, Default)]
pub(super) struct Opening {
    sound: VecDeque<Sample>,
    first_picture_ms: Option<i64>,
}

/// From where to begin, and with what.
#[derive(Debug)]
pub(super) struct Begin {
    /// The publisher's stamp that becomes the beginning.
    pub(super) base_ms: i64,
    /// A keyframe among them?
    pub(super) pictures: bool,
    /// In the order in which they are to be packaged.
    pub(super) samples: Vec<Sample>,
}

impl Opening {
    /// Takes a sample; a beginning if it was the one we waited for.
    pub(super) fn offer(&mut self, sample: Sample) -> Result<Option<Begin>, PackagingError> {
        match sample.track {
            Track::Audio => Ok(self.sound(sample)),
            Track::Video if sample.key => Ok(Some(self.at_keyframe(sample))),
            Track::Video => {
                let gap_ms = sample.dts_ms - *self.first_picture_ms.get_or_insert(sample.dts_ms);
                if gap_ms > LONGEST_WAIT_MS {
                    return Err(PackagingError::KeyframesTooFar { gap_ms, limit_ms: LONGEST_WAIT_MS });
                }
                Ok(None)
            }
        }
    }

    /// Sound before the keyframe has no picture and is left out; sound far behind it belongs to another clock.
    fn at_keyframe(&mut self, picture: Sample) -> Begin {
        let base_ms = picture.dts_ms;
        let fits = |sample: &Sample| (base_ms..base_ms + LONGEST_WAIT_MS).contains(&sample.dts_ms);
        let sound = self.sound.drain(..).filter(fits);
        Begin { base_ms, pictures: true, samples: std::iter::once(picture).chain(sound).collect() }
    }

    fn sound(&mut self, sample: Sample) -> Option<Begin> {
        let (at_ms, span) = (sample.dts_ms, 0..=LONGEST_WAIT_MS);
        self.sound.push_back(sample);
        while self.sound.front().is_some_and(|first| !span.contains(&(at_ms - first.dts_ms))) || self.sound.len() > MOST_WAITING {
            self.sound.pop_front();
        }
        let base_ms = self.sound.front()?.dts_ms;
        let alone = self.first_picture_ms.is_none() && at_ms - base_ms >= SOUND_ALONE_MS;
        alone.then(|| Begin { base_ms, pictures: false, samples: self.sound.drain(..).collect() })
    }
}
