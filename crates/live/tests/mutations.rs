//! Real streams, damaged: whatever a line or a spiteful publisher makes of them, nothing panics and nothing is hoarded.
//!
//! Here always the same damage is done, so that a failure is one for everybody; `fuzz/` looks for new kinds.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use live::flv::Demuxer;
use live::rtmp::{Action, Limits, Session};
use live::{Packager, Packaging};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What ffmpeg sends after the handshake, behind one byte that is the fuzzer's.
const PUBLISH: &[u8] = include_bytes!("../../../fuzz/seeds/chunk_reader/publish");
/// Short headers, an extended time and an abort.
const HEADERS: &[u8] = include_bytes!("../../../fuzz/seeds/chunk_reader/short_headers");

/// Damage to a stream.
#[derive(Debug, Clone)]
enum Damage {
    Flip { at: prop::sample::Index, bits: u8 },
    Truncate { at: prop::sample::Index },
    Drop { from: prop::sample::Index, bytes: usize },
    Repeat { from: prop::sample::Index, bytes: usize },
    Splice { at: prop::sample::Index, from: prop::sample::Index },
}

impl Damage {
    fn to(&self, stream: &mut Vec<u8>) {
        if stream.is_empty() {
            return;
        }
        let piece = |from: &prop::sample::Index, bytes: usize| {
            let from = from.index(stream.len());
            from..(from + bytes).min(stream.len())
        };
        match self {
            Self::Flip { at, bits } => *at.get_mut(stream) ^= bits,
            Self::Truncate { at } => stream.truncate(at.index(stream.len())),
            Self::Drop { from, bytes } => drop(stream.drain(piece(from, *bytes))),
            Self::Repeat { from, bytes } => {
                let range = piece(from, *bytes);
                let again = stream[range.clone()].to_vec();
                stream.splice(range.end..range.end, again);
            }
            Self::Splice { at, from } => {
                stream.truncate(at.index(stream.len()));
                stream.extend_from_slice(&HEADERS[from.index(HEADERS.len())..]);
            }
        }
    }
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<prop::sample::Index>;
    let one = prop_oneof![
        6 => (at(), 1..=255_u8).prop_map(|(at, bits)| Damage::Flip { at, bits }),
        1 => at().prop_map(|at| Damage::Truncate { at }),
        1 => (at(), 1..200_usize).prop_map(|(from, bytes)| Damage::Drop { from, bytes }),
        1 => (at(), 1..200_usize).prop_map(|(from, bytes)| Damage::Repeat { from, bytes }),
        1 => (at(), at()).prop_map(|(at, from)| Damage::Splice { at, from }),
    ];
    prop::collection::vec(one, 0..6)
}

/// What became of a stream: was its publisher asked about, and how many samples and segments came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    asked: bool,
    media: usize,
    segments: usize,
}

/// Reads a stream as the server does; every publisher is let in.
fn serve(stream: &[u8], piece: usize) -> Outcome {
    let (mut session, mut demuxer) = (Session::new(), Demuxer::new());
    let (mut packager, mut outcome) = (Packager::new(Packaging::default(), 0), Outcome::default());
    session.feed(&[3; 1 + 2 * 1536]);
    'stream: for bytes in stream.chunks(piece) {
        session.feed(bytes);
        loop {
            let read = match session.poll() {
                Ok(Some(Action::Ask(_))) => {
                    assert_eq!(outcome.media, 0, "nothing is read of a stranger");
                    outcome.asked = true;
                    session.accept();
                    continue;
                }
                Ok(Some(Action::Video { timestamp, body })) => demuxer.video(timestamp, &body),
                Ok(Some(Action::Audio { timestamp, body })) => demuxer.audio(timestamp, &body),
                Ok(Some(Action::Metadata(_))) => continue,
                Ok(None) => break,
                Ok(Some(Action::Ended)) | Err(_) => break 'stream,
            };
            assert!(outcome.asked, "no media before the key was seen");
            outcome.media += 1;
            let Ok(event) = read else { break 'stream };
            let Some(Ok(out)) = event.map(|event| packager.push(event)) else { continue };
            outcome.segments += out.closed_segments.len();
        }
        let limits = if outcome.asked { Limits::PUBLISHER } else { Limits::STRANGER };
        assert!(session.held() <= limits.pending + 18, "{} bytes are held", session.held());
    }
    outcome.segments += packager.end().closed_segments.len();
    outcome
}

#[test]
fn the_undamaged_stream_is_a_broadcast() {
    for piece in [1, 7, 128, 5000] {
        assert_eq!(serve(&PUBLISH[1..], piece), Outcome { asked: true, media: 8, segments: 2 }, "in pieces of {piece}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: RngSeed::Fixed(1935),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_streams_never_panic_and_are_never_hoarded(damage in damage(), piece in 1..600_usize) {
        let mut stream = PUBLISH[1..].to_vec();
        for damage in damage {
            damage.to(&mut stream);
        }
        let outcome = serve(&stream, piece);
        prop_assert!(outcome.media <= 64);
    }
}
