//! Action Message Format 0 (Adobe, December 2007), as far as publishers use it, with hard limits.

use crate::wire::Cursor;
use bytes::{BufMut, BytesMut};
use std::fmt;

/// Objects within objects.
const MAX_DEPTH: usize = 8;
/// Values in one message, counting those inside objects.
const MAX_VALUES: usize = 512;

/// One value. `Debug` shows how long a string is and not what it says: it may be a stream key.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// §2.2; also a date (§2.13), as milliseconds since 1970.
    Number(f64),
    /// §2.3
    Boolean(bool),
    /// §2.4, §2.14 and §2.17; bytes that are not UTF-8 become U+FFFD.
    String(String),
    /// §2.5, §2.10 and §2.18, in the order sent.
    Object(Vec<(String, Value)>),
    /// §2.12
    Array(Vec<Value>),
    /// §2.7 and §2.8
    Null,
}

/// Why values cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Amf0Error {
    /// The message ends within a value.
    #[error("AMF0 ends within a value")]
    Truncated,
    /// A reference, AMF3, a movie clip, or a type that does not exist.
    #[error("AMF0 type {0} is not taken")]
    UnknownType(u8),
    /// Nested deeper than eight.
    #[error("AMF0 is nested too deep")]
    TooDeep,
    /// More than 512 values.
    #[error("AMF0 holds too many values")]
    TooMany,
}

impl Value {
    /// A string.
    pub fn text(text: &str) -> Self {
        Self::String(text.to_owned())
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// The first property called `name`, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let Self::Object(properties) = self else { return None };
        properties.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Appends this value. A text over 65,535 bytes is written as a long string.
    pub fn write(&self, out: &mut BytesMut) {
        match self {
            Self::Number(number) => {
                out.put_u8(0);
                out.put_f64(*number);
            }
            Self::Boolean(yes) => out.extend_from_slice(&[1, u8::from(*yes)]),
            Self::String(text) => write_text(text, out),
            Self::Object(properties) => {
                out.put_u8(3);
                for (name, value) in properties {
                    write_name(name, out);
                    value.write(out);
                }
                out.extend_from_slice(&[0, 0, 9]);
            }
            Self::Array(values) => {
                out.put_u8(10);
                out.put_u32(values.len() as u32);
                write_all(values, out);
            }
            Self::Null => out.put_u8(5),
        }
    }
}

fn write_text(text: &str, out: &mut BytesMut) {
    if let Ok(length) = u16::try_from(text.len()) {
        out.put_u8(2);
        out.put_u16(length);
    } else {
        out.put_u8(12);
        out.put_u32(text.len() as u32);
    }
    out.extend_from_slice(text.as_bytes());
}

/// A name has 16 bits for its length; ours are short, and a longer one is cut rather than written wrong.
fn write_name(name: &str, out: &mut BytesMut) {
    let bytes = name.as_bytes();
    let bytes = bytes.get(..usize::from(u16::MAX)).unwrap_or(bytes);
    out.put_u16(bytes.len() as u16);
    out.extend_from_slice(bytes);
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Boolean(yes) => yes.fmt(f),
            Self::String(text) => write!(f, "String({} bytes)", text.len()),
            Self::Object(properties) => f.debug_map().entries(properties.iter().map(|(name, value)| (name, value))).finish(),
            Self::Array(values) => f.debug_list().entries(values).finish(),
            Self::Null => f.write_str("Null"),
        }
    }
}

/// All values of a message, one after another.
///
/// # Errors
///
/// [`Amf0Error`]: nothing of the message is of use.
pub fn read_all(bytes: &[u8]) -> Result<Vec<Value>, Amf0Error> {
    let mut reader = Reader { cursor: Cursor::new(bytes), values: 0 };
    let mut values = Vec::new();
    while !reader.cursor.rest().is_empty() {
        values.push(reader.value(0)?);
    }
    Ok(values)
}

/// Appends `values`, one after another.
pub fn write_all(values: &[Value], out: &mut BytesMut) {
    for value in values {
        value.write(out);
    }
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    values: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Value, Amf0Error> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(Amf0Error::TooMany);
        }
        if depth > MAX_DEPTH {
            return Err(Amf0Error::TooDeep);
        }
        let marker = need(self.cursor.u8())?;
        Ok(match marker {
            0 => Value::Number(need(self.cursor.f64())?),
            1 => Value::Boolean(need(self.cursor.u8())? != 0),
            2 => Value::String(self.short_text()?),
            3 => self.object(depth)?,
            5 | 6 => Value::Null,
            8 => {
                // The count of an ECMA array is only a hint (§2.10): its end is marked like an object's.
                need(self.cursor.u32())?;
                self.object(depth)?
            }
            10 => self.array(depth)?,
            11 => {
                let at = need(self.cursor.f64())?;
                need(self.cursor.u16())?;
                Value::Number(at)
            }
            12 | 15 => {
                let length = need(self.cursor.u32())? as usize;
                Value::String(self.text(length)?)
            }
            16 => {
                self.short_text()?;
                self.object(depth)?
            }
            other => return Err(Amf0Error::UnknownType(other)),
        })
    }

    fn object(&mut self, depth: usize) -> Result<Value, Amf0Error> {
        let mut properties = Vec::new();
        loop {
            if let Some(rest) = self.cursor.rest().strip_prefix(&[0, 0, 9]) {
                self.cursor = Cursor::new(rest);
                return Ok(Value::Object(properties));
            }
            let name = self.short_text()?;
            properties.push((name, self.value(depth + 1)?));
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, Amf0Error> {
        let count = need(self.cursor.u32())?;
        // No room is set aside: a count is only a claim, and the values end it early.
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(self.value(depth + 1)?);
        }
        Ok(Value::Array(values))
    }

    fn short_text(&mut self) -> Result<String, Amf0Error> {
        let length = need(self.cursor.u16())?;
        self.text(usize::from(length))
    }

    fn text(&mut self, length: usize) -> Result<String, Amf0Error> {
        Ok(String::from_utf8_lossy(need(self.cursor.bytes(length))?).into_owned())
    }
}

fn need<T>(value: Option<T>) -> Result<T, Amf0Error> {
    value.ok_or(Amf0Error::Truncated)
}
