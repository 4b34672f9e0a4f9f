//! Chunks (Adobe RTMP 1.0 §5.3): every header form, every limit, and bytes that mean harm.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use bytes::{BufMut, Bytes, BytesMut};
use live::rtmp::{ChunkReader, ChunkWriter, Limits, Message, RtmpError, kind};
use proptest::prelude::*;

const SMALL: Limits = Limits { streams: 4, message: 1000, pending: 1500 };

fn read(bytes: &[u8]) -> Result<Vec<Message>, RtmpError> {
    read_with(&mut ChunkReader::new(SMALL), bytes)
}

fn read_with(reader: &mut ChunkReader, bytes: &[u8]) -> Result<Vec<Message>, RtmpError> {
    let mut input = BytesMut::from(bytes);
    let mut messages = Vec::new();
    while let Some(message) = reader.next(&mut input)? {
        messages.push(message);
    }
    Ok(messages)
}

/// A chunk of format 0.
fn full(csid: u8, timestamp: u32, kind: u8, length: usize, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![csid];
    out.put_uint(u64::from(timestamp.min(0xFF_FFFF)), 3);
    out.put_uint(length as u64, 3);
    out.put_u8(kind);
    out.put_u32_le(1);
    if timestamp >= 0xFF_FFFF {
        out.put_u32(timestamp);
    }
    out.extend_from_slice(bytes);
    out
}

fn summary(messages: &[Message]) -> Vec<(u32, u8, &[u8])> {
    messages.iter().map(|m| (m.timestamp, m.kind, &m.payload[..])).collect()
}

#[test]
fn short_headers_take_what_they_leave_out_from_before() {
    let bytes = [
        full(4, 1000, 8, 2, b"ab"),
        [&[0x44, 0, 0, 20, 0, 0, 3, 9][..], b"cde"].concat(), // format 1: +20, 3 bytes, video
        [&[0x84, 0, 0, 30][..], b"fgh"].concat(),             // format 2: +30
        [&[0xC4][..], b"ijk"].concat(),                       // format 3: +30 again
    ]
    .concat();
    let want: [(u32, u8, &[u8]); 4] = [(1000, 8, b"ab"), (1020, 9, b"cde"), (1050, 9, b"fgh"), (1080, 9, b"ijk")];
    let messages = read(&bytes).unwrap();
    assert_eq!(summary(&messages), want);
    assert!(messages.iter().all(|message| message.stream_id == 1));
}

#[test]
fn chunk_stream_ids_have_one_two_or_three_bytes() {
    let body = &full(0, 7, 8, 1, b"x")[1..];
    for id in [&[3][..], &[63], &[0, 0], &[0, 255], &[1, 0, 1], &[1, 255, 255]] {
        let bytes = [id, body].concat();
        assert_eq!(summary(&read(&bytes).unwrap()), [(7, 8, &b"x"[..])], "{id:?}");
        for cut in 0..bytes.len() {
            assert_eq!(read(&bytes[..cut]), Ok(vec![]), "{id:?} cut at {cut}");
        }
    }
}

#[test]
fn the_extended_time_may_be_left_out_of_continuations() {
    let (time, body) = (0x0123_4567, vec![b'x'; 200]);
    let first = full(4, time, 9, 200, &body[..128]);
    for (name, repeated) in [("repeated", &time.to_be_bytes()[..]), ("left out", &[])] {
        let bytes = [&first, &[0xC4][..], repeated, &body[128..]].concat();
        assert_eq!(summary(&read(&bytes).unwrap()), [(time, 9, &body[..])], "{name}");
    }
}

#[test]
fn audio_interleaved_inside_video_messages() {
    let (video, audio) = (vec![b'v'; 300], vec![b'a'; 150]);
    let bytes = [
        full(6, 40, 9, 300, &video[..128]),
        full(4, 41, 8, 150, &audio[..128]),
        [&[0xC6][..], &video[128..256]].concat(),
        [&[0xC4][..], &audio[128..]].concat(),
        [&[0xC6][..], &video[256..]].concat(),
    ]
    .concat();
    assert_eq!(summary(&read(&bytes).unwrap()), [(41, 8, &audio[..]), (40, 9, &video[..])]);
}

#[test]
fn librtmp_opens_chunk_stream_2_with_format_1() {
    let bytes = [&[0x42, 0, 0, 5, 0, 0, 4, kind::ACKNOWLEDGEMENT][..], &[0, 0, 1, 0]].concat();
    assert_eq!(summary(&read(&bytes).unwrap()), [(5, kind::ACKNOWLEDGEMENT, &[0, 0, 1, 0][..])]);
}

#[test]
fn chunk_size_and_abort_are_obeyed() {
    let body = vec![b'x'; 300];
    let bytes = [
        full(2, 0, kind::SET_CHUNK_SIZE, 4, &300u32.to_be_bytes()),
        full(4, 1, 8, 600, &body), // never finished
        full(2, 0, kind::ABORT, 4, &4u32.to_be_bytes()),
        full(4, 2, 9, 300, &body),
    ]
    .concat();
    let mut reader = ChunkReader::new(SMALL);
    assert_eq!(summary(&read_with(&mut reader, &bytes).unwrap()), [(2, 9, &body[..])]);
    assert_eq!(reader.pending(), 0);
}

#[test]
fn a_message_begun_anew_gives_its_bytes_back() {
    let mut reader = ChunkReader::new(SMALL);
    for _ in 0..100 {
        assert_eq!(read_with(&mut reader, &full(4, 0, 8, 900, &[0; 128])), Ok(vec![]));
    }
    assert_eq!(reader.pending(), 128);
}

#[test]
fn hostile_headers_are_refused() {
    let too_many: Vec<u8> = (3..8).flat_map(|csid| full(csid, 0, 8, 1, b"x")).collect();
    let hoard: Vec<u8> =
        [full(2, 0, kind::SET_CHUNK_SIZE, 4, &900u32.to_be_bytes()), full(4, 0, 8, 1000, &[0; 900]), full(5, 0, 8, 1000, &[0; 900])]
            .concat();
    let table = [
        ("8 MB announced before login", full(4, 0, 9, 8 << 20, b""), RtmpError::MessageTooLong { length: 8 << 20, most: 1000 }),
        ("format 3 out of nowhere", vec![0xC2], RtmpError::NoPreviousHeader(2)),
        ("format 2 out of nowhere", vec![0x85], RtmpError::NoPreviousHeader(5)),
        ("chunk streams without end", too_many, RtmpError::TooManyChunkStreams(4)),
        ("unfinished messages hoarded", hoard, RtmpError::TooMuchPending(1500)),
        ("chunk size 0", full(2, 0, kind::SET_CHUNK_SIZE, 4, &[0; 4]), RtmpError::BadControl(kind::SET_CHUNK_SIZE)),
        ("chunk size too short", full(2, 0, kind::SET_CHUNK_SIZE, 3, &[1; 3]), RtmpError::BadControl(kind::SET_CHUNK_SIZE)),
        ("abort too short", full(2, 0, kind::ABORT, 0, &[]), RtmpError::BadControl(kind::ABORT)),
    ];
    for (name, bytes, want) in table {
        assert_eq!(read(&bytes), Err(want), "{name}");
    }
}

#[test]
fn debug_does_not_show_the_payload() {
    let message = Message { timestamp: 0, stream_id: 0, kind: 20, payload: Bytes::from_static(b"secret") };
    assert_eq!(format!("{message:?}"), "Message { kind: 20, stream: 0, timestamp: 0, bytes: 6 }");
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    let time = prop_oneof![any::<u32>(), Just(0xFF_FFFE), Just(0xFF_FFFF), Just(0x100_0000)];
    let message = (time, any::<u32>(), 7..30u8, proptest::collection::vec(any::<u8>(), 0..700));
    let message = message.prop_map(|(timestamp, stream_id, kind, payload)| Message { timestamp, stream_id, kind, payload: payload.into() });
    proptest::collection::vec(message, 0..8)
}

/// The chunks of one message, cut apart by writing ever longer beginnings of it.
fn chunks(csid: u8, message: &Message, size: usize) -> Vec<Vec<u8>> {
    let mut writer = ChunkWriter::new();
    writer.set_chunk_size(size);
    let mut out = BytesMut::new();
    writer.write(csid, message, &mut out);
    let extra = if message.timestamp >= 0xFF_FFFF { 4 } else { 0 };
    let mut parts = Vec::new();
    let mut left = message.payload.len();
    while !out.is_empty() {
        let header = if parts.is_empty() { 12 } else { 1 } + extra;
        parts.push(out.split_to(header + left.min(size)).to_vec());
        left = left.saturating_sub(size);
    }
    parts
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        lanes in proptest::collection::vec(messages(), 1..4),
        size in 1..900usize,
        order in proptest::collection::vec(any::<prop::sample::Index>(), 200),
        cut in 1..50usize,
    ) {
        let mut queues: Vec<std::collections::VecDeque<Vec<u8>>> = lanes.iter().enumerate()
            .map(|(lane, messages)| messages.iter().flat_map(|message| chunks(lane as u8 + 3, message, size)).collect()).collect();
        let mut wire = full(2, 0, kind::SET_CHUNK_SIZE, 4, &(size as u32).to_be_bytes());
        let mut turns = order.iter().cycle();
        while queues.iter().any(|queue| !queue.is_empty()) {
            let lane = turns.next().unwrap().index(queues.len());
            let lane = (lane..lane + queues.len()).map(|lane| lane % queues.len()).find(|lane| !queues[*lane].is_empty()).unwrap();
            wire.extend(queues[lane].pop_front().unwrap());
        }
        let mut reader = ChunkReader::new(Limits::STRANGER);
        let (mut input, mut got) = (BytesMut::new(), Vec::new());
        for bytes in wire.chunks(cut) {
            input.extend_from_slice(bytes);
            while let Some(message) = reader.next(&mut input).unwrap() {
                got.push(message);
            }
        }
        prop_assert_eq!(reader.pending(), 0);
        prop_assert_eq!(got.len(), lanes.iter().map(Vec::len).sum::<usize>());
        // Lanes may overtake one another; within a lane the order holds.
        for lane in &lanes {
            let mut rest = got.iter();
            prop_assert!(lane.iter().all(|want| rest.any(|message| message == want)));
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_never_hold_more_than_the_limit(
        wire in proptest::collection::vec(prop_oneof![any::<u8>(), 0..8u8], 0..4000),
        cut in 1..600usize,
    ) {
        let (mut reader, mut input) = (ChunkReader::new(SMALL), BytesMut::new());
        'wire: for bytes in wire.chunks(cut) {
            input.extend_from_slice(bytes);
            loop {
                match reader.next(&mut input) {
                    Ok(Some(message)) => prop_assert!(message.payload.len() <= SMALL.message),
                    Ok(None) => break,
                    Err(_) => break 'wire,
                }
            }
            prop_assert!(reader.pending() <= SMALL.pending);
            prop_assert!(input.len() < 18, "a header at most waits in the input: {}", input.len());
        }
    }
}
