//! Samples of a timeline that runs.

use super::{
    AudioConfig, BACKWARDS_MS, Cut, Held, JUMP_MS, MOST_SLOW, Output, Packager, PackagingError, Placed, Sample, Track, fmp4,
    sound::{self, Place},
};

impl Packager {
    pub(super) fn run(&mut self, sample: Sample, out: &mut Output) -> Result<(), PackagingError> {
        let Some(timeline) = self.timeline else { return Ok(()) };
        let at_ms = timeline.place(sample.dts_ms);
        let now_ms = self.video.end_ms().max(self.audio.end_ms()).max(timeline.start_ms);
        if at_ms.saturating_sub(now_ms).saturating_abs() > JUMP_MS {
            return self.restart(sample, out);
        }
        match sample.track {
            Track::Video if !self.pictures && sample.key => self.restart(sample, out),
            Track::Video if !self.pictures => Ok(()),
            Track::Video => self.picture(sample, at_ms, out),
            // Sound from before the keyframe has no picture.
            Track::Audio if at_ms < timeline.start_ms => Ok(()),
            Track::Audio => self.sound(sample, at_ms, out),
        }
    }

    fn picture(&mut self, sample: Sample, at_ms: i64, out: &mut Output) -> Result<(), PackagingError> {
        let stamp = self.video.ticks(at_ms);
        let mut start = stamp;
        if let Some(held) = self.video.held_start() {
            let gap = stamp - held as i64;
            if gap > self.video.part_limit() as i64 {
                return self.hole(sample, out);
            }
            if gap < -self.video.ticks(BACKWARDS_MS) {
                return self.restart(sample, out);
            }
            self.slow = 0;
            // Never before its predecessor: one millisecond later at least. It is still shown when it was to be shown.
            start = stamp.max(held as i64 + self.video.ticks(1));
        }
        let cts = self.video.ticks(i64::from(sample.cts_ms)) + stamp - start;
        let start = start.max(0) as u64;
        self.video.release(start, out);
        self.cut_picture(start, sample.key, out)?;
        self.show(start, cts as i32, &sample, out);
        self.video.hold(Held { start, cts: cts as i32, key: sample.key, data: sample.data });
        Ok(())
    }

    /// Tells lower renditions of a picture that is about to be held.
    fn show(&self, start: u64, cts: i32, sample: &Sample, out: &mut Output) {
        let Some(timeline) = self.timeline else { return };
        let dts_ms = self.video.ms(start);
        let cts_ms = self.video.ms(cts.unsigned_abs().into()) as i32 * cts.signum();
        let (msn, _) = self.video.window.next();
        let begins = self.video.segment_start().is_none();
        let begins = begins.then(|| Cut { msn, timeline, start, shown_ms: dts_ms + i64::from(cts_ms), end: None });
        out.pictures.push(Placed { begins, sample: Sample { dts_ms, cts_ms, ..sample.clone() } });
    }

    /// Ends the segment before a keyframe if it is long enough.
    fn cut_picture(&mut self, start: u64, key: bool, out: &mut Output) -> Result<(), PackagingError> {
        let at_ms = self.video.ms(start);
        let segment_ms = self.video.segment_start().map_or(at_ms, |start| self.video.ms(start));
        if !key {
            return self.cadence.picture(at_ms, segment_ms);
        }
        if self.cadence.keyframe(at_ms, segment_ms)? {
            if let Some(ms) = self.video.close(out) {
                self.cadence.closed(ms);
            }
            self.audio_cut = Some(at_ms);
        }
        Ok(())
    }

    /// Pictures further apart than a part may be long.
    fn hole(&mut self, sample: Sample, out: &mut Output) -> Result<(), PackagingError> {
        self.slow = self.slow.saturating_add(1);
        if self.slow >= MOST_SLOW {
            return Err(PackagingError::FrameRateTooLow { least: 1000_u32.div_ceil(self.settings.part_ms.max(1)) });
        }
        self.restart(sample, out)
    }

    fn sound(&mut self, sample: Sample, at_ms: i64, out: &mut Output) -> Result<(), PackagingError> {
        let Some(config) = self.coding.audio.clone() else { return Ok(()) };
        let stamp = self.audio.ticks(at_ms);
        let Some(held) = self.audio.held_start() else {
            self.frame(stamp.max(0) as u64, sample.data, out);
            return Ok(());
        };
        let counted = held + u64::from(fmp4::AAC_FRAME);
        match sound::place(stamp, counted as i64, config.rate) {
            Place::Surplus => Ok(()),
            Place::After { missing: 0 } => {
                self.frame(counted, sample.data, out);
                Ok(())
            }
            Place::After { missing } => self.silence_then(&config, missing, sample, out),
        }
    }

    /// Fills what is missing, unless that is too much or cannot be written.
    fn silence_then(&mut self, config: &AudioConfig, missing: u64, sample: Sample, out: &mut Output) -> Result<(), PackagingError> {
        let most = self.audio.ticks(JUMP_MS) as u64 / u64::from(fmp4::AAC_FRAME);
        let (Some(silence), true) = (sound::silence(config), missing <= most) else { return self.restart(sample, out) };
        let fill = std::iter::repeat_n(silence, missing as usize);
        for data in fill.chain([sample.data]) {
            let counted = self.audio.held_start().map_or(0, |held| held + u64::from(fmp4::AAC_FRAME));
            self.frame(counted, data, out);
        }
        Ok(())
    }

    /// One frame of sound, after the segment was ended if it is time.
    fn frame(&mut self, start: u64, data: bytes::Bytes, out: &mut Output) {
        self.audio.release(start, out);
        let at_ms = self.audio.ms(start);
        if let Some(segment) = self.audio.segment_start() {
            let length_ms = at_ms - self.audio.ms(segment);
            let with_picture = self.audio_cut.is_some_and(|cut| at_ms >= cut);
            let alone = !self.pictures && length_ms >= self.cadence.segment_ms();
            let full = self.audio.ms(start + 2 * u64::from(fmp4::AAC_FRAME) - segment) > self.cadence.limit_ms();
            if (with_picture || alone || full)
                && let Some(ms) = self.audio.close(out)
            {
                self.cadence.closed(ms);
            }
        }
        if self.audio_cut.is_some_and(|cut| at_ms >= cut) {
            self.audio_cut = None;
        }
        self.audio.hold(Held { start, cts: 0, key: true, data });
    }
}
