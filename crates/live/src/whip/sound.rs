//! Opus in, AAC out, through a child; and which moment each frame belongs to.

use super::opus::{self, Packet, SILENCE, SILENT_SAMPLES};
use super::{adts, ogg};
use crate::serve::Input;
use crate::{AudioConfig, Event, Sample, Track};
use bytes::{Bytes, BytesMut};
use std::any::Any;
use std::collections::VecDeque;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// Samples of an AAC frame.
const FRAME: u64 = 1_024;
/// An encoder's first frame tells what was before the first sample.
const PRIMING: u64 = FRAME;
/// A gap longer than this is not filled: the packager counts the missing time itself.
const LONGEST_GAP: u64 = 10 * 48_000;

/// A child that reads Opus in Ogg and writes AAC-LC at 48 kHz in two channels as ADTS, as it comes.
pub struct Transcoder {
    /// Its standard input.
    pub input: Box<dyn AsyncWrite + Send + Unpin>,
    /// Its standard output.
    pub output: Box<dyn AsyncRead + Send + Unpin>,
    /// Dropped when it is to end.
    pub running: Box<dyn Any + Send>,
}

impl std::fmt::Debug for Transcoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transcoder").finish_non_exhaustive()
    }
}

/// How its sound is coded: AAC-LC, 48 kHz, two channels (ISO/IEC 14496-3 §1.6.2.1).
pub(super) fn config() -> AudioConfig {
    AudioConfig { asc: Bytes::from_static(&[0x11, 0x90]), rate: 48_000, channels: 2 }
}

/// Moves sound until the session is over or the child is.
pub(super) async fn run(child: Transcoder, mut packets: mpsc::Receiver<Packet>, sink: mpsc::Sender<Input>) {
    let Transcoder { mut input, mut output, running } = child;
    let (mut writer, mut placer) = (Writer::default(), Placer::default());
    let mut bytes = vec![0; 8 << 10];
    let head = writer.muxer.head(2);
    let mut alive = input.write_all(&head).await.is_ok();
    while alive {
        alive = tokio::select! {
            packet = packets.recv() => match packet {
                Some(packet) => {
                    let pages = writer.write(&packet, &mut placer);
                    input.write_all(&pages).await.is_ok() && input.flush().await.is_ok()
                }
                None => false,
            },
            read = output.read(&mut bytes) => match read.ok().and_then(|length| bytes.get(..length)) {
                None | Some([]) => false,
                Some(aac) => pass_on(&mut placer, aac, &sink).await,
            },
        };
    }
    drop(running);
}

async fn pass_on(placer: &mut Placer, aac: &[u8], sink: &mpsc::Sender<Input>) -> bool {
    let Ok(samples) = placer.frames(aac) else { return false };
    for sample in samples {
        if sink.send(Input::Event(Event::Sample(sample))).await.is_err() {
            return false;
        }
    }
    true
}

/// Opus to Ogg without holes, so that samples can be counted on the other side.
#[derive(Debug, Default)]
struct Writer {
    muxer: ogg::Muxer,
    /// The RTP time at which the next packet is due.
    due: Option<u64>,
}

impl Writer {
    fn write(&mut self, packet: &Packet, placer: &mut Placer) -> Bytes {
        let Some(samples) = opus::samples(&packet.data) else { return Bytes::new() };
        let mut pages = BytesMut::new();
        let missing = self.due.map_or(0, |due| packet.ticks.saturating_sub(due));
        if missing <= LONGEST_GAP {
            // A browser in silence sends nothing, and packets are lost.
            for _ in 0..missing / SILENT_SAMPLES {
                pages.extend_from_slice(&self.muxer.packet(&SILENCE, SILENT_SAMPLES));
            }
        }
        placer.mark(self.muxer.samples(), packet.at_ms);
        pages.extend_from_slice(&self.muxer.packet(&packet.data, samples));
        let rest = if missing <= LONGEST_GAP { missing % SILENT_SAMPLES } else { 0 };
        self.due = Some(packet.ticks + samples - rest);
        pages.freeze()
    }
}

/// Tells AAC frames their moments: samples in, samples out.
#[derive(Debug, Default)]
struct Placer {
    reader: adts::Reader,
    frames: u64,
    /// Sample and millisecond of packets whose sound has not come back.
    marks: VecDeque<(u64, i64)>,
}

impl Placer {
    fn mark(&mut self, sample: u64, at_ms: i64) {
        self.marks.push_back((sample, at_ms));
    }

    fn frames(&mut self, aac: &[u8]) -> Result<Vec<Sample>, adts::OutOfStep> {
        self.reader.feed(aac);
        let mut samples = Vec::new();
        while let Some(data) = self.reader.next()? {
            let at = self.frames * FRAME;
            self.frames += 1;
            if let Some(sample) = at.checked_sub(PRIMING) {
                samples.push(Sample { track: Track::Audio, dts_ms: self.place(sample), cts_ms: 0, key: true, data });
            }
        }
        Ok(samples)
    }

    fn place(&mut self, sample: u64) -> i64 {
        while self.marks.get(1).is_some_and(|(next, _)| *next <= sample) {
            self.marks.pop_front();
        }
        self.marks.front().map_or(0, |(marked, ms)| ms + (sample as i64 - *marked as i64) * 1000 / 48_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(at_ms: i64, ticks: u64) -> Packet {
        Packet { at_ms, ticks, data: Bytes::from_static(&SILENCE) }
    }

    /// ADTS of an empty frame of one byte.
    const AAC: [u8; 8] = [0xFF, 0xF1, 0x4C, 0x80, 0x01, 0x1F, 0xFC, 0];

    #[test]
    fn frames_stand_where_their_sound_came_in() {
        let (mut writer, mut placer) = (Writer::default(), Placer::default());
        for n in 0..10 {
            writer.write(&packet(500 + n * 20, 7_000 + n as u64 * 960), &mut placer);
        }
        let got: Vec<i64> = placer.frames(&AAC.repeat(5)).unwrap().iter().map(|sample| sample.dts_ms).collect();
        assert_eq!(got, [500, 521, 542, 564], "the first frame is the encoder's own");
    }

    #[test]
    fn gaps_are_filled_so_that_counting_holds() {
        let (mut writer, mut placer) = (Writer::default(), Placer::default());
        writer.write(&packet(0, 0), &mut placer);
        writer.write(&packet(120, 5_760), &mut placer);
        assert_eq!(writer.muxer.samples(), 5_760 + 960, "five packets of silence and two of sound");
        writer.write(&packet(160, 5_760 + 960 + 480), &mut placer);
        assert_eq!(writer.muxer.samples(), 5_760 + 2 * 960, "too little is missing to be filled");
        writer.write(&packet(180, 5_760 + 960 + 480 + 960 + 480), &mut placer);
        assert_eq!(writer.muxer.samples(), 5_760 + 4 * 960, "what is missing adds up");
        assert!(writer.write(&Packet { at_ms: 0, ticks: 0, data: Bytes::new() }, &mut placer).is_empty());
    }
}
