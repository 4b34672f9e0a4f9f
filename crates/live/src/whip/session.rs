//! One browser from its offer to its end, without a socket: datagrams and time in, datagrams and media out.

use super::clock::{Clock, Report};
use super::offer::{self, OfferError};
use super::{h264, opus};
use crate::{Event, Sample, Track};
use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant, UNIX_EPOCH};
use str0m::change::SdpOffer;
use str0m::config::CryptoProvider;
use str0m::media::{KeyframeRequestKind, MediaData, MediaKind, Mid};
use str0m::net::{Protocol, Receive};
use str0m::rtp::Extension;
use str0m::{Candidate, Event as RtcEvent, IceConnectionState, Input, Output, Rtc, RtcConfig};
use tokio::sync::OwnedSemaphorePermit;

/// A browser is asked for a keyframe so often: segments are cut at them.
const KEYFRAME_EVERY: Duration = Duration::from_secs(2);
/// After so much silence the phone is gone: ICE alone notices much later.
const SILENCE: Duration = Duration::from_secs(15);
/// A keyframe of a large picture takes so many packets, which must all be there before it is put together.
const REORDERED: usize = 256;
/// A farewell takes a handful of steps.
const FAREWELL: usize = 64;
/// Header extensions. Not among them: the orientation of the picture, since a phone that may tell it no longer turns its pictures,
/// and nobody behind us would.
const EXTENSIONS: [(u8, Extension); 4] =
    [(1, Extension::AudioLevel), (2, Extension::AbsoluteSendTime), (3, Extension::TransportSequenceNumber), (4, Extension::RtpMid)];
/// H.264 that every browser plays, the first preferred: payload type, its retransmissions, profile and level.
const PROFILES: [(u8, u8, u32); 4] = [(108, 109, 0x42_E0_1F), (127, 121, 0x42_00_1F), (123, 119, 0x4D_00_1F), (114, 115, 0x64_00_1F)];

static CRYPTO: LazyLock<std::sync::Arc<CryptoProvider>> = LazyLock::new(|| std::sync::Arc::new(str0m::crypto::from_feature_flags()));

/// What a session has to say.
#[derive(Debug)]
pub(super) enum Heard {
    /// For the package.
    Event(Event),
    /// For the transcoder.
    Sound(opus::Packet),
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gone {
    /// The link broke, or nothing came for long.
    Lost,
    /// What comes cannot be used.
    Unusable,
}

/// A browser that was answered.
pub struct Session {
    rtc: Rtc,
    /// Where datagrams arrive, as the browser knows it.
    candidate: SocketAddr,
    started: Instant,
    clock: Clock,
    pictures: h264::Reader,
    video: Option<Mid>,
    /// The offer sends sound.
    has_sound: bool,
    /// Pictures are of no use before the next keyframe.
    wants_key: bool,
    next_key: Instant,
    last_media: Instant,
    /// Its place among the sessions of the door, given back at its end.
    _place: Option<OwnedSemaphorePermit>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("video", &self.video).field("has_sound", &self.has_sound).finish_non_exhaustive()
    }
}

impl Session {
    /// Answers an offer; `candidate` is where the browser is to send to.
    ///
    /// # Errors
    ///
    /// [`OfferError`], but never [`OfferError::Full`].
    pub fn answer(offer: &str, candidate: SocketAddr, now: Instant) -> Result<(Self, String), OfferError> {
        let malformed = |cause: &dyn std::fmt::Display| OfferError::Malformed(cause.to_string());
        offer::check(offer)?;
        let parsed = SdpOffer::from_sdp_string(offer).map_err(|cause| malformed(&cause))?;
        let mut rtc = settings().build(now);
        rtc.add_local_candidate(Candidate::host(candidate, "udp").map_err(|cause| malformed(&cause))?);
        let answer = rtc.sdp_api().accept_offer(parsed).map_err(|cause| malformed(&cause))?.to_sdp_string();
        let (has_sound, has_pictures) = (takes(&answer, "audio"), takes(&answer, "video"));
        if !has_sound && !has_pictures {
            return Err(OfferError::Nothing);
        }
        let session = Self {
            rtc,
            candidate,
            started: now,
            clock: Clock::new(has_sound && has_pictures),
            pictures: h264::Reader::default(),
            video: None,
            has_sound,
            wants_key: true,
            next_key: now,
            last_media: now,
            _place: None,
        };
        Ok((session, answer))
    }

    /// The same, holding a place at a door that has only so many.
    pub(super) fn at(self, place: OwnedSemaphorePermit) -> Self {
        Self { _place: Some(place), ..self }
    }

    /// Whether sound will come, and a transcoder is needed.
    pub fn has_sound(&self) -> bool {
        self.has_sound
    }

    /// Whether a datagram is of this session.
    pub(super) fn accepts(&self, now: Instant, from: SocketAddr, datagram: &[u8]) -> bool {
        let received = Receive::new(Protocol::Udp, from, self.candidate, datagram);
        received.is_ok_and(|received| self.rtc.accepts(&Input::Receive(now, received)))
    }

    /// Takes a datagram.
    pub(super) fn receive(&mut self, now: Instant, from: SocketAddr, datagram: &[u8]) {
        let Ok(received) = Receive::new(Protocol::Udp, from, self.candidate, datagram) else { return };
        // A datagram that makes no sense is dropped, as the network might have dropped it.
        let _ = self.rtc.handle_input(Input::Receive(now, received));
    }

    /// Ends the session so that the browser is told; what `send` is given is the farewell.
    pub(super) fn close(&mut self, now: Instant, mut send: impl FnMut(SocketAddr, &[u8])) {
        let _ = self.rtc.close();
        let _ = self.rtc.handle_input(Input::Timeout(now));
        for _ in 0..FAREWELL {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(datagram)) => send(datagram.destination, &datagram.contents),
                Ok(Output::Event(_)) => {}
                Ok(Output::Timeout(at)) if self.rtc.is_alive() => {
                    let _ = self.rtc.handle_input(Input::Timeout(at));
                }
                Ok(Output::Timeout(_)) | Err(_) => break,
            }
        }
    }

    /// Does what is due at `now`: datagrams to `send`, media to `hear`. When to be asked again.
    pub(super) fn work(
        &mut self,
        now: Instant,
        mut send: impl FnMut(SocketAddr, &[u8]),
        mut hear: impl FnMut(Heard),
    ) -> Result<Instant, Gone> {
        self.rtc.handle_input(Input::Timeout(now)).map_err(|_| Gone::Lost)?;
        self.ask_for_keyframe(now);
        loop {
            match self.rtc.poll_output().map_err(|_| Gone::Lost)? {
                Output::Transmit(datagram) => send(datagram.destination, &datagram.contents),
                Output::Event(event) => self.event(event, now, &mut hear)?,
                Output::Timeout(at) if now.duration_since(self.last_media) < SILENCE && self.rtc.is_alive() => return Ok(at),
                Output::Timeout(_) => return Err(Gone::Lost),
            }
        }
    }

    /// Pictures were lost on the way to the package: they are of use again from the next keyframe on.
    pub(super) fn skip_to_keyframe(&mut self) {
        self.wants_key = true;
    }

    fn ask_for_keyframe(&mut self, now: Instant) {
        let Some(mid) = self.video.filter(|_| now >= self.next_key) else { return };
        // Before the first packet there is nobody to ask.
        let asked = self.rtc.writer(mid).is_some_and(|mut writer| writer.request_keyframe(None, KeyframeRequestKind::Pli).is_ok());
        self.next_key = now + if asked { KEYFRAME_EVERY } else { KEYFRAME_EVERY / 10 };
    }

    fn event(&mut self, event: RtcEvent, now: Instant, hear: &mut impl FnMut(Heard)) -> Result<(), Gone> {
        match event {
            RtcEvent::IceConnectionStateChange(IceConnectionState::Disconnected) => Err(Gone::Lost),
            RtcEvent::MediaAdded(added) if added.kind == MediaKind::Video => {
                self.video = Some(added.mid);
                Ok(())
            }
            RtcEvent::MediaData(media) => {
                self.last_media = now;
                if Some(media.mid) == self.video { self.picture(&media, now, hear) } else { self.sound(&media, now, hear) }
            }
            _ => Ok(()),
        }
    }

    fn picture(&mut self, media: &MediaData, now: Instant, hear: &mut impl FnMut(Heard)) -> Result<(), Gone> {
        let at_ms = self.clock.video(media.time.numer(), self.ms(media.network_time), report(media));
        let picture = self.pictures.read(&media.data).map_err(|_| Gone::Unusable)?;
        if let Some(config) = picture.config {
            hear(Heard::Event(Event::Video(config)));
        }
        if !media.contiguous && !picture.key {
            // What follows builds on something that never came.
            self.wants_key = true;
            self.next_key = self.next_key.min(now);
        }
        if !self.clock.is_settled(self.ms(now)) || (self.wants_key && !picture.key) || picture.data.is_empty() {
            self.wants_key = true;
            return Ok(());
        }
        self.wants_key = false;
        hear(Heard::Event(Event::Sample(Sample { track: Track::Video, dts_ms: at_ms, cts_ms: 0, key: picture.key, data: picture.data })));
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "beside `picture`")]
    fn sound(&mut self, media: &MediaData, now: Instant, hear: &mut impl FnMut(Heard)) -> Result<(), Gone> {
        let ticks = media.time.numer();
        let at_ms = self.clock.audio(ticks, self.ms(media.network_time), report(media));
        if self.clock.is_settled(self.ms(now)) {
            hear(Heard::Sound(opus::Packet { at_ms, ticks, data: Bytes::copy_from_slice(&media.data) }));
        }
        Ok(())
    }

    fn ms(&self, at: Instant) -> i64 {
        at.saturating_duration_since(self.started).as_millis() as i64
    }
}

fn settings() -> RtcConfig {
    let mut settings = RtcConfig::new()
        .set_crypto_provider(CRYPTO.clone())
        .set_ice_lite(true)
        .set_reordering_size_video(REORDERED)
        .clear_extension_map()
        .clear_codecs()
        .enable_opus(true, false);
    for (id, extension) in EXTENSIONS {
        settings = settings.set_extension(id, extension);
    }
    for (payload, resend, profile) in PROFILES {
        settings.codec_config().add_h264(payload.into(), Some(resend.into()), true, profile);
    }
    settings
}

/// Whether the answer takes media of a kind.
fn takes(answer: &str, kind: &str) -> bool {
    answer
        .lines()
        .any(|line| line.strip_prefix("m=").and_then(|media| media.strip_prefix(kind)).is_some_and(|rest| !rest.starts_with(" 0 ")))
}

fn report(media: &MediaData) -> Option<Report> {
    let info = media.last_sender_info.as_ref()?;
    let unix_us = info.ntp_time.duration_since(UNIX_EPOCH).ok()?.as_micros() as i64;
    Some(Report { ticks: info.rtp_time.numer(), unix_us })
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
