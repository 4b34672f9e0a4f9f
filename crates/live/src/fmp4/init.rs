//! Initialization segments: `ftyp` and a `moov` without samples.

use bytes::{BufMut, Bytes};

use super::{
    VIDEO_TIMESCALE,
    boxes::{boxed, descriptor, full},
};
use crate::{AudioConfig, VideoConfig};

/// The only track of its file.
const TRACK_ID: u32 = 1;
/// Unity, as 16.16 and 2.30 fixed point (ISO/IEC 14496-12 §6.2.2).
const MATRIX: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];
/// `und`: the language is not ours to know (ISO 639-2, packed in three times five bits).
const UNDETERMINED: u16 = 0x55c4;

/// What differs between a track of pictures and one of sound.
struct Kind<'a> {
    timescale: u32,
    handler: [u8; 4],
    name: &'static [u8],
    /// Pixels; zero for sound.
    size: (u16, u16),
    /// 8.8 fixed point; zero for pictures.
    volume: u16,
    media_header: fn(&mut Vec<u8>),
    entry: &'a dyn Fn(&mut Vec<u8>),
}

/// The init segment of a track of pictures.
pub fn video_init(config: &VideoConfig) -> Bytes {
    init(&Kind {
        timescale: VIDEO_TIMESCALE,
        handler: *b"vide",
        name: b"video\0",
        size: (config.width, config.height),
        volume: 0,
        media_header: |out| full(out, *b"vmhd", 0, 1, |out| out.put_bytes(0, 8)),
        entry: &|out| avc1(out, config),
    })
}

/// The init segment of a track of sound.
pub fn audio_init(config: &AudioConfig) -> Bytes {
    init(&Kind {
        timescale: config.rate,
        handler: *b"soun",
        name: b"sound\0",
        size: (0, 0),
        volume: 0x0100,
        media_header: |out| full(out, *b"smhd", 0, 0, |out| out.put_bytes(0, 4)),
        entry: &|out| mp4a(out, config),
    })
}

/// The CODECS entry of H.264, RFC 6381 §3.3: profile, constraints and level from `avcC`.
pub fn video_codec(config: &VideoConfig) -> String {
    let byte = |at: usize| config.avcc.get(at).copied().unwrap_or_default();
    format!("avc1.{:02x}{:02x}{:02x}", byte(1), byte(2), byte(3))
}

/// The CODECS entry of AAC, RFC 6381 §3.3: the object type, from the first five bits of the configuration.
pub fn audio_codec(config: &AudioConfig) -> String {
    format!("mp4a.40.{}", config.asc.first().copied().unwrap_or_default() >> 3)
}

fn init(kind: &Kind) -> Bytes {
    let mut out = Vec::with_capacity(1024);
    boxed(&mut out, *b"ftyp", |out| {
        out.put_slice(b"iso6");
        out.put_u32(0);
        out.put_slice(b"iso6cmfcmp41");
    });
    boxed(&mut out, *b"moov", |out| {
        movie_header(out);
        boxed(out, *b"trak", |out| {
            track_header(out, kind);
            boxed(out, *b"mdia", |out| media(out, kind));
        });
        boxed(out, *b"mvex", |out| {
            full(out, *b"trex", 0, 0, |out| words(out, &[TRACK_ID, 1, 0, 0, 0]));
        });
    });
    out.into()
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    for word in words {
        out.put_u32(*word);
    }
}

/// `mvhd`, ISO/IEC 14496-12 §8.2.2: a duration of zero, since fragments carry it.
fn movie_header(out: &mut Vec<u8>) {
    full(out, *b"mvhd", 0, 0, |out| {
        out.put_bytes(0, 8);
        out.put_u32(1000);
        out.put_u32(0);
        out.put_u32(0x1_0000);
        out.put_u16(0x0100);
        out.put_bytes(0, 10);
        words(out, &MATRIX);
        out.put_bytes(0, 24);
        out.put_u32(TRACK_ID + 1);
    });
}

/// `tkhd`, ISO/IEC 14496-12 §8.3.2: 92 bytes in version 0, enabled and in the movie.
fn track_header(out: &mut Vec<u8>, kind: &Kind) {
    full(out, *b"tkhd", 0, 3, |out| {
        out.put_bytes(0, 8);
        out.put_u32(TRACK_ID);
        out.put_u32(0);
        out.put_u32(0);
        out.put_bytes(0, 8);
        out.put_u16(0);
        out.put_u16(0);
        out.put_u16(kind.volume);
        out.put_u16(0);
        words(out, &MATRIX);
        out.put_u32(u32::from(kind.size.0) << 16);
        out.put_u32(u32::from(kind.size.1) << 16);
    });
}

fn media(out: &mut Vec<u8>, kind: &Kind) {
    full(out, *b"mdhd", 0, 0, |out| {
        out.put_bytes(0, 8);
        out.put_u32(kind.timescale);
        out.put_u32(0);
        out.put_u16(UNDETERMINED);
        out.put_u16(0);
    });
    full(out, *b"hdlr", 0, 0, |out| {
        out.put_u32(0);
        out.put_slice(&kind.handler);
        out.put_bytes(0, 12);
        out.put_slice(kind.name);
    });
    boxed(out, *b"minf", |out| {
        (kind.media_header)(out);
        boxed(out, *b"dinf", |out| {
            full(out, *b"dref", 0, 0, |out| {
                out.put_u32(1);
                full(out, *b"url ", 0, 1, |_| ());
            });
        });
        boxed(out, *b"stbl", |out| sample_table(out, kind));
    });
}

/// `stbl` with one description and no samples: they all live in fragments.
fn sample_table(out: &mut Vec<u8>, kind: &Kind) {
    full(out, *b"stsd", 0, 0, |out| {
        out.put_u32(1);
        (kind.entry)(out);
    });
    full(out, *b"stts", 0, 0, |out| out.put_u32(0));
    full(out, *b"stsc", 0, 0, |out| out.put_u32(0));
    full(out, *b"stsz", 0, 0, |out| out.put_u64(0));
    full(out, *b"stco", 0, 0, |out| out.put_u32(0));
}

/// `avc1`, ISO/IEC 14496-12 §12.1.3 and 14496-15 §5.4.2.
fn avc1(out: &mut Vec<u8>, config: &VideoConfig) {
    boxed(out, *b"avc1", |out| {
        out.put_bytes(0, 6);
        out.put_u16(1);
        out.put_bytes(0, 16);
        out.put_u16(config.width);
        out.put_u16(config.height);
        out.put_u32(0x0048_0000);
        out.put_u32(0x0048_0000);
        out.put_u32(0);
        out.put_u16(1);
        out.put_bytes(0, 32);
        out.put_u16(0x0018);
        out.put_u16(0xffff);
        boxed(out, *b"avcC", |out| out.put_slice(&config.avcc));
    });
}

/// `mp4a`, ISO/IEC 14496-12 §12.2.3; a rate beyond 16 bits is written as zero and read from the decoder configuration.
fn mp4a(out: &mut Vec<u8>, config: &AudioConfig) {
    boxed(out, *b"mp4a", |out| {
        out.put_bytes(0, 6);
        out.put_u16(1);
        out.put_bytes(0, 8);
        out.put_u16(u16::from(config.channels));
        out.put_u16(16);
        out.put_u32(0);
        out.put_u32(u32::from(u16::try_from(config.rate).unwrap_or(0)) << 16);
        full(out, *b"esds", 0, 0, |out| elementary_stream(out, &config.asc));
    });
}

/// ISO/IEC 14496-1 §7.2.6.5–6: object type 0x40 (MPEG-4 audio), stream type 5 (audio), no rates promised.
fn elementary_stream(out: &mut Vec<u8>, asc: &[u8]) {
    let mut decoder = vec![0x40, 5 << 2 | 1];
    decoder.put_bytes(0, 11);
    descriptor(&mut decoder, 5, asc);
    let mut stream = vec![0, 0, 0];
    descriptor(&mut stream, 4, &decoder);
    descriptor(&mut stream, 6, &[2]);
    descriptor(out, 3, &stream);
}
