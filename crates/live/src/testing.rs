//! For tests: clips that ffmpeg made, as a publisher would send them, and fragments read back by an independent parser.

use std::{path::Path, process::Command};

use bytes::Bytes;
use mp4_atom::{Any, Decode, Moof};

use crate::{AudioConfig, Event, Sample, Track, VideoConfig};

/// Picture size of every clip.
pub const SIZE: (u16, u16) = (320, 180);

/// Runs a tool, which must succeed and say nothing on its error output; what it printed.
pub fn silent(tool: &str, args: &[&str]) -> String {
    let run = Command::new(tool).args(args).output().expect("the tool is installed");
    let complaints = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && complaints.trim().is_empty(), "{tool} {args:?}: {complaints}");
    String::from_utf8(run.stdout).expect("it prints UTF-8")
}

/// Encodes `seconds` of a moving picture and a tone, a keyframe each `gop` frames at 30 a second, with B-frames.
pub fn clip(seconds: u32, gop: u32, size: (u16, u16)) -> Vec<Event> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("clip.flv");
    let picture = format!("testsrc=size={}x{}:rate=30:duration={seconds}", size.0, size.1);
    let sound = format!("sine=frequency=440:sample_rate=48000:duration={seconds}");
    let (path, gop) = (file.to_str().expect("UTF-8"), gop.to_string());
    let inputs = ["-v", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    let codecs = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "2", "-g", &gop, "-sc_threshold", "0", "-pix_fmt", "yuv420p"];
    let rest = ["-c:a", "aac", "-ac", "2", "-threads", "1", "-f", "flv", path];
    silent("ffmpeg", &[&inputs[..], &codecs, &rest].concat());
    read_flv(&file, size)
}

/// A reader for our own clips only: it trusts them.
fn read_flv(file: &Path, size: (u16, u16)) -> Vec<Event> {
    let flv = Bytes::from(std::fs::read(file).expect("ffmpeg wrote it"));
    let number = |at: usize| u32::from_be_bytes([0, flv[at], flv[at + 1], flv[at + 2]]);
    let (mut at, mut events) = (13, Vec::new());
    while at + 11 <= flv.len() {
        let (kind, length, stamp) = (flv[at], number(at + 1) as usize, number(at + 4));
        let body = flv.slice(at + 11..at + 11 + length);
        match kind {
            9 => events.extend(picture(&body, stamp, size)),
            8 => events.push(sound(&body, stamp)),
            _ => {}
        }
        at += 11 + length + 4;
    }
    events
}

fn picture(body: &Bytes, stamp: u32, (width, height): (u16, u16)) -> Option<Event> {
    let cts = i32::from_be_bytes([body[2], body[3], body[4], 0]) >> 8;
    match body[1] {
        0 => Some(Event::Video(VideoConfig { avcc: body.slice(5..), width, height })),
        1 => Some(Event::Sample(Sample {
            track: Track::Video,
            dts_ms: i64::from(stamp),
            cts_ms: cts,
            key: body[0] >> 4 == 1,
            data: body.slice(5..),
        })),
        _ => None,
    }
}

fn sound(body: &Bytes, stamp: u32) -> Event {
    if body[1] == 0 {
        return Event::Audio(AudioConfig { asc: body.slice(2..), rate: 48_000, channels: 2 });
    }
    let dts_ms = i64::from(stamp);
    Event::Sample(Sample { track: Track::Audio, dts_ms, cts_ms: 0, key: true, data: body.slice(2..) })
}

/// A fragment as mp4-atom reads it.
pub struct Fragment {
    /// `tfdt`
    pub start: u64,
    /// Duration and bytes of each sample.
    pub samples: Vec<(u64, Vec<u8>)>,
}

impl Fragment {
    /// Reads one or more fragments.
    pub fn read_all(mut bytes: &[u8]) -> Vec<Self> {
        let mut fragments = Vec::new();
        while !bytes.is_empty() {
            let before = bytes;
            let Any::Moof(moof) = Any::decode(&mut bytes).expect("a box") else { panic!("not a moof") };
            let moof_size = before.len() - bytes.len();
            let Any::Mdat(mdat) = Any::decode(&mut bytes).expect("a box") else { panic!("not an mdat") };
            fragments.push(Self::read(&moof, moof_size, &mdat.data));
        }
        fragments
    }

    fn read(moof: &Moof, moof_size: usize, data: &[u8]) -> Self {
        let [traf] = &moof.traf[..] else { panic!("one track a file") };
        let [run] = &traf.trun[..] else { panic!("one run a fragment") };
        assert_eq!(run.data_offset, Some(moof_size as i32 + 8), "the run begins at the payload");
        let mut left = data;
        let samples = entries(run).map(|(duration, size)| {
            let (sample, rest) = left.split_at(size);
            left = rest;
            (duration, sample.to_vec())
        });
        let samples = samples.collect();
        assert!(left.is_empty(), "the sizes add up");
        Self { start: traf.tfdt.as_ref().expect("tfdt").base_media_decode_time, samples }
    }

    /// Ticks.
    pub fn ticks(&self) -> u64 {
        self.samples.iter().map(|(duration, _)| duration).sum()
    }
}

fn entries(run: &mp4_atom::Trun) -> impl Iterator<Item = (u64, usize)> {
    run.samples.iter().map(|entry| (u64::from(entry.duration.expect("a duration")), entry.size.expect("a size") as usize))
}

/// A sequence of samples without content but their number: what a steady encoder sends.
pub struct Encoder {
    /// Pictures a second.
    pub fps: i64,
    /// Pictures from keyframe to keyframe.
    pub gop: i64,
    /// The publisher's clock, milliseconds.
    pub now_ms: i64,
    /// Samples so far: what each carries, as eight bytes.
    pub sent: u64,
}

impl Encoder {
    /// How both tracks are coded; `variant` makes a difference.
    pub fn coding(variant: u8) -> [Event; 2] {
        let avcc = Bytes::from(vec![1, 0x64, 0, variant, 0xff, 0xe0, 0]);
        [
            Event::Video(VideoConfig { avcc, width: 320, height: 180 }),
            Event::Audio(AudioConfig { asc: Bytes::from_static(&[0x11, 0x90]), rate: 48_000, channels: 2 }),
        ]
    }

    /// The next `ms` milliseconds, beginning with a keyframe, both tracks in the order of their time.
    pub fn run(&mut self, ms: i64) -> Vec<Event> {
        let pictures = (0..ms * self.fps / 1000).map(|n| (n * 1000 / self.fps, Track::Video, n % self.gop == 0));
        let sound = (0..ms * 48 / 1024).map(|n| (n * 1024 / 48, Track::Audio, true));
        let mut all: Vec<_> = pictures.chain(sound).collect();
        all.sort_by_key(|(at, track, _)| (*at, *track));
        let base = self.now_ms;
        self.now_ms += ms;
        all.into_iter().map(|(at, track, key)| self.sample(track, base + at, key)).collect()
    }

    fn sample(&mut self, track: Track, dts_ms: i64, key: bool) -> Event {
        self.sent += 1;
        Event::Sample(Sample { track, dts_ms, cts_ms: 0, key, data: Bytes::copy_from_slice(&self.sent.to_be_bytes()) })
    }
}
