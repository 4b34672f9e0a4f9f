//! FLV tag bodies in, [`Event`]s out (FLV 10.1 Annex E). RTMP carries these bodies without the tag header.
//!
//! * One clock for both tracks, made continuous; sequence headers do not move it.
//! * A picture is a key picture only when the encoder's flag and a NAL unit of type 5 agree.
//! * Samples before their track's configuration are dropped: nobody could decode them.

mod aac;
mod avc;
mod clock;
pub mod file;
pub(crate) mod sps;

use crate::{AudioConfig, Event, Sample, Track};
use bytes::Bytes;
use clock::Clock;

/// Why a broadcast cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FlvError {
    /// A codec, or a form of one, that browsers do not play from our parts. The text is for the person at the encoder.
    #[error("{0} is not taken here: set the encoder to H.264 and AAC")]
    Unsupported(String),
    /// A body that breaks its own format.
    #[error("broken {0}")]
    Broken(&'static str),
}

/// Turns the tags of one broadcast into events.
#[derive(Debug, Default)]
pub struct Demuxer {
    clock: Clock,
    video: Option<avc::Stream>,
    audio: Option<AudioConfig>,
}

impl Demuxer {
    /// A demuxer at the start of a connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a video tag body (§E.4.3). `None`: nothing new, such as a repeated sequence header or the end of the sequence.
    ///
    /// # Errors
    ///
    /// [`FlvError`]; the broadcast should end with its text, since encoders do not change codec by themselves.
    pub fn video(&mut self, timestamp: u32, body: &Bytes) -> Result<Option<Event>, FlvError> {
        match avc::tag(body)? {
            avc::Tag::Config(record) => {
                let (stream, config) = avc::configure(&record)?;
                if self.video.as_ref() == Some(&stream) {
                    return Ok(None);
                }
                self.video = Some(stream);
                Ok(Some(Event::Video(config)))
            }
            avc::Tag::Picture { flagged_key, cts_ms, units } => {
                let Some(stream) = &self.video else { return Ok(None) };
                let Some(picture) = stream.picture(units)? else { return Ok(None) };
                let (dts_ms, late_ms) = self.clock.stamp(Track::Video, timestamp);
                // A time that had to be moved on moves only the decoding; the picture still shows when it should.
                let cts_ms = cts_ms.saturating_sub(late_ms);
                let key = flagged_key && picture.idr;
                Ok(Some(Event::Sample(Sample { track: Track::Video, dts_ms, cts_ms, key, data: picture.data })))
            }
            avc::Tag::Nothing => Ok(None),
        }
    }

    /// Reads an audio tag body (§E.4.2). `None` as in [`Demuxer::video`].
    ///
    /// # Errors
    ///
    /// [`FlvError`], as in [`Demuxer::video`].
    pub fn audio(&mut self, timestamp: u32, body: &Bytes) -> Result<Option<Event>, FlvError> {
        match aac::tag(body)? {
            aac::Tag::Config(asc) => {
                let config = aac::configure(&asc)?;
                if self.audio.as_ref() == Some(&config) {
                    return Ok(None);
                }
                self.audio = Some(config.clone());
                Ok(Some(Event::Audio(config)))
            }
            aac::Tag::Frame(data) => {
                if self.audio.is_none() {
                    return Ok(None);
                }
                let (dts_ms, _) = self.clock.stamp(Track::Audio, timestamp);
                Ok(Some(Event::Sample(Sample { track: Track::Audio, dts_ms, cts_ms: 0, key: true, data })))
            }
            aac::Tag::Nothing => Ok(None),
        }
    }
}

fn unsupported<T>(what: impl Into<String>) -> Result<T, FlvError> {
    Err(FlvError::Unsupported(what.into()))
}
