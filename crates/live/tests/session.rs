//! The publish-only session: who is asked, who is told what, and strangers who mean harm.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use bytes::{Bytes, BytesMut};
use live::rtmp::amf0::{self, Amf0Error, Value};
use live::rtmp::{Action, ChunkReader, ChunkWriter, Limits, Message, RtmpError, Session, kind};
use proptest::prelude::*;

fn message(kind: u8, payload: impl Into<Bytes>) -> Vec<u8> {
    let mut out = BytesMut::new();
    ChunkWriter::new().write(3, &Message { timestamp: 7, stream_id: 1, kind, payload: payload.into() }, &mut out);
    out.to_vec()
}

fn command(values: &[Value]) -> Vec<u8> {
    let mut payload = BytesMut::new();
    amf0::write_all(values, &mut payload);
    message(kind::COMMAND, payload)
}

fn call(name: &str, argument: &str) -> Vec<u8> {
    command(&[Value::text(name), Value::Number(2.0), Value::Null, Value::text(argument)])
}

fn connect(app: &str) -> Vec<u8> {
    command(&[Value::text("connect"), Value::Number(1.0), Value::Object(vec![("app".to_owned(), Value::text(app))])])
}

/// A session past the handshake, its answer taken.
fn greeted() -> Session {
    let mut session = Session::new();
    session.feed(&[3; 1 + 2 * 1536]);
    assert_eq!(session.poll(), Ok(None));
    assert_eq!(session.take_output().len(), 1 + 2 * 1536);
    session
}

fn asked() -> Session {
    let mut session = greeted();
    session.feed(&[connect("live"), call("createStream", ""), call("publish", "hush?x=1")].concat());
    assert!(matches!(session.poll(), Ok(Some(Action::Ask(request))) if request.app == "live" && request.key.expose() == "hush"));
    session
}

fn told(session: &mut Session) -> Vec<Message> {
    let (mut reader, mut input) = (ChunkReader::new(Limits::STRANGER), BytesMut::from(&session.take_output()[..]));
    std::iter::from_fn(|| reader.next(&mut input).unwrap()).collect()
}

fn codes(session: &mut Session) -> Vec<String> {
    let values = told(session).into_iter().filter(|m| m.kind == kind::COMMAND).map(|m| amf0::read_all(&m.payload).unwrap());
    values.filter_map(|values| Some(values.last()?.get("code")?.as_str()?.to_owned())).collect()
}

#[test]
fn the_key_decides() {
    let mut session = asked();
    session.accept();
    assert_eq!(codes(&mut session), ["NetConnection.Connect.Success", "NetStream.Publish.Start"]);
    session.feed(&[message(kind::AUDIO, &b"a"[..]), call("FCUnpublish", ""), call("deleteStream", "")].concat());
    assert_eq!(session.poll(), Ok(Some(Action::Audio { timestamp: 7, body: Bytes::from_static(b"a") })));
    assert_eq!(session.poll(), Ok(Some(Action::Ended)));
    assert_eq!(session.poll(), Ok(None), "the end comes once");

    let mut session = asked();
    session.refuse("no");
    assert_eq!(codes(&mut session), ["NetConnection.Connect.Success", "NetStream.Publish.BadName"]);
    assert_eq!(session.poll(), Ok(Some(Action::Ended)));
}

#[test]
fn secrets_stay_out_of_debug() {
    let mut session = greeted();
    session.feed(&[connect("live/hush"), call("publish", "hush")].concat());
    let action = session.poll().unwrap();
    let shown = format!("{action:?} {:?}", Value::text("hush"));
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn play_is_refused() {
    let mut session = greeted();
    session.feed(&[connect("live"), call("play", "x")].concat());
    assert_eq!(session.poll(), Ok(Some(Action::Ended)));
    assert_eq!(codes(&mut session), ["NetConnection.Connect.Success", "NetStream.Play.Failed"]);
}

#[test]
fn media_before_publish_is_not_looked_at() {
    let mut session = greeted();
    session.feed(&[connect("live"), message(kind::VIDEO, &b"v"[..])].concat());
    assert_eq!(session.poll(), Ok(None));
}

#[test]
fn window_ack_size_0_is_clamped() {
    let mut session = greeted();
    session.feed(&[message(kind::WINDOW_ACK_SIZE, &[0; 4][..]), message(kind::AUDIO, vec![0; 5000])].concat());
    assert_eq!(session.poll(), Ok(None));
    assert_eq!(told(&mut session).len(), 1, "one acknowledgement, and no division by zero");
}

#[test]
fn an_8_mb_message_before_login_is_refused() {
    let mut session = greeted();
    session.feed(&[3, 0, 0, 0, 0x7F, 0xFF, 0xFF, 9, 0, 0, 0, 0]);
    assert!(matches!(session.poll(), Err(RtmpError::MessageTooLong { most: 16_384, .. })));
}

#[test]
fn amf0_has_limits() {
    let deep: Vec<u8> = [3, 0, 1, b'a'].repeat(20);
    let wide: Vec<u8> = vec![5; 600];
    let claims = [10, 255, 255, 255, 255];
    let table: [(&[u8], Amf0Error); 5] = [
        (&deep, Amf0Error::TooDeep),
        (&wide, Amf0Error::TooMany),
        (&claims, Amf0Error::Truncated),
        (&[2, 0, 9, b'x'], Amf0Error::Truncated),
        (&[7, 0, 0], Amf0Error::UnknownType(7)),
    ];
    for (bytes, want) in table {
        assert_eq!(amf0::read_all(bytes), Err(want));
    }
}

proptest! {
    #[test]
    fn arbitrary_amf0_never_panics(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), 0..18u8], 0..600)) {
        if let Ok(values) = amf0::read_all(&bytes) {
            prop_assert!(values.len() <= 512);
        }
    }

    #[test]
    fn strangers_are_never_held_beyond_the_limit(wire in proptest::collection::vec(prop_oneof![any::<u8>(), 0..21u8], 0..3000)) {
        let mut session = greeted();
        for bytes in wire.chunks(100) {
            session.feed(bytes);
            if !matches!(session.poll(), Ok(None)) {
                break;
            }
            prop_assert!(session.held() <= Limits::STRANGER.pending + 18);
        }
    }
}
