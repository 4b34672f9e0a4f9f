//! What a publisher says in commands (§7.2), and what we answer.

use super::amf0::{self, Amf0Error, Value};
use bytes::{Bytes, BytesMut};
use std::fmt;

/// The secret that lets somebody publish. `Debug` never shows it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamKey(String);

impl StreamKey {
    /// The key as sent, up to the first `?`.
    pub fn new(name: &str) -> Self {
        Self(before(name, &['?']).to_owned())
    }

    /// The secret itself: to compare with a stored hash, never to print.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for StreamKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamKey(…)")
    }
}

/// Somebody asks to publish.
#[derive(Clone, PartialEq, Eq)]
pub struct PublishRequest {
    /// The application: the path of the server's address, `live` in `rtmp://host/live`.
    pub app: String,
    /// The stream key.
    pub key: StreamKey,
}

impl fmt::Debug for PublishRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who pastes the whole address into the server field has the key behind the application's slash.
        f.debug_struct("PublishRequest").field("app", &before(&self.app, &['/', '?'])).field("key", &self.key).finish()
    }
}

fn before<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.split(ends).next().unwrap_or(text)
}

/// What the encoder says about itself in `onMetaData` (FLV 10.1 §E.5). Hearsay: good for a host's health page only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// Pictures a second.
    pub frame_rate: Option<f64>,
    /// Kilobits a second meant for the picture.
    pub video_kbps: Option<f64>,
    /// Kilobits a second meant for the sound.
    pub audio_kbps: Option<f64>,
    /// Name and version of the encoder, at most 100 characters.
    pub encoder: Option<String>,
}

impl Metadata {
    /// Reads the values of a data message: `@setDataFrame`, `onMetaData`, object. Anything else is `None`.
    pub fn from_values(values: &[Value]) -> Option<Self> {
        let values = if values.first()?.as_str() == Some("@setDataFrame") { values.get(1..)? } else { values };
        let [name, object, ..] = values else { return None };
        if name.as_str() != Some("onMetaData") {
            return None;
        }
        let number = |key| object.get(key).and_then(Value::as_f64).filter(|n| n.is_finite() && *n >= 0.0);
        Some(Self {
            frame_rate: number("framerate"),
            video_kbps: number("videodatarate"),
            audio_kbps: number("audiodatarate"),
            encoder: object.get("encoder").and_then(Value::as_str).map(|text| text.chars().take(100).collect()),
        })
    }
}

/// A command that this server knows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Command {
    pub name: String,
    /// The answer repeats it; 0 asks for none.
    pub transaction: f64,
    /// Command object and arguments.
    pub values: Vec<Value>,
}

impl Command {
    /// # Errors
    ///
    /// [`Amf0Error`] when the values cannot be read or do not begin with a name.
    pub fn read(payload: &[u8]) -> Result<Self, Amf0Error> {
        let mut values = amf0::read_all(payload)?.into_iter();
        let Some(Value::String(name)) = values.next() else { return Err(Amf0Error::Truncated) };
        let transaction = values.next().and_then(|value| value.as_f64()).unwrap_or_default();
        Ok(Self { name, transaction, values: values.collect() })
    }

    /// The application in `connect` (§7.2.1.1), without slashes at its ends.
    pub fn app(&self) -> &str {
        let app = self.values.first().and_then(|object| object.get("app")).and_then(Value::as_str);
        app.unwrap_or_default().trim_matches('/')
    }

    /// The stream's name in `publish` (§7.2.2.6).
    pub fn stream_name(&self) -> &str {
        self.values.get(1).and_then(Value::as_str).unwrap_or_default()
    }
}

/// The body of `_result` for `connect`.
pub(super) fn connected(transaction: f64) -> Bytes {
    let properties =
        Value::Object(vec![("fmsVer".to_owned(), Value::text("FMS/3,0,1,123")), ("capabilities".to_owned(), Value::Number(31.0))]);
    let information = information("status", "NetConnection.Connect.Success", "Connected.");
    body(&[Value::text("_result"), Value::Number(transaction), properties, information])
}

/// The body of a `_result` that carries `value`.
pub(super) fn result(transaction: f64, value: Value) -> Bytes {
    body(&[Value::text("_result"), Value::Number(transaction), Value::Null, value])
}

/// The body of `onStatus` (§7.2.2); `name` may also be `onFCPublish` and its like.
pub(super) fn status(name: &str, level: &str, code: &str, description: &str) -> Bytes {
    body(&[Value::text(name), Value::Number(0.0), Value::Null, information(level, code, description)])
}

fn information(level: &str, code: &str, description: &str) -> Value {
    Value::Object(vec![
        ("level".to_owned(), Value::text(level)),
        ("code".to_owned(), Value::text(code)),
        ("description".to_owned(), Value::text(description)),
    ])
}

fn body(values: &[Value]) -> Bytes {
    let mut out = BytesMut::new();
    amf0::write_all(values, &mut out);
    out.freeze()
}
