//! The simple handshake (§5.2): C0 C1 C2 in, S0 S1 S2 out.

use super::RtmpError;
use bytes::{Buf, BufMut, BytesMut};

const VERSION: u8 = 3;
/// C1, C2, S1 and S2 are all this long (§5.2.3, §5.2.4).
const BLOCK: usize = 1536;

/// The server's side of the handshake.
///
/// C2 is not compared with S1: encoders that speak the digest variant send something else, and nothing secret hangs on it.
#[derive(Debug, Default)]
pub enum Handshake {
    /// Waiting for C0 and C1.
    #[default]
    Hello,
    /// Waiting for C2.
    Echo,
    /// Chunks follow.
    Done,
}

impl Handshake {
    /// Takes what it can from `input`, answers into `output`, and says whether chunks may follow.
    ///
    /// # Errors
    ///
    /// [`RtmpError::Version`] as soon as the first byte is not 3: an HTTP request, TLS, or encrypted RTMP.
    pub fn advance(&mut self, input: &mut BytesMut, output: &mut BytesMut) -> Result<bool, RtmpError> {
        if matches!(self, Self::Hello) {
            let Some(&version) = input.first() else { return Ok(false) };
            if version != VERSION {
                return Err(RtmpError::Version(version));
            }
            let Some(c1) = input.get(1..=BLOCK) else { return Ok(false) };
            answer(c1, output);
            input.advance(1 + BLOCK);
            *self = Self::Echo;
        }
        if matches!(self, Self::Echo) && input.len() >= BLOCK {
            input.advance(BLOCK);
            *self = Self::Done;
        }
        Ok(matches!(self, Self::Done))
    }
}

/// S0, S1 and S2. The filling of S1 need not be secret, only unlike zero throughout; S2 repeats C1.
fn answer(c1: &[u8], output: &mut BytesMut) {
    output.put_u8(VERSION);
    output.put_u64(0);
    output.extend((0..BLOCK - 8).map(|at| (at % 251) as u8));
    output.extend_from_slice(c1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_may_come_one_at_a_time() {
        let hello: Vec<u8> = std::iter::once(VERSION).chain((0..BLOCK * 2).map(|at| at as u8)).chain([42]).collect();
        let (mut handshake, mut input, mut output) = (Handshake::default(), BytesMut::new(), BytesMut::new());
        let mut done_after = None;
        for (at, byte) in hello.iter().enumerate() {
            input.put_u8(*byte);
            if handshake.advance(&mut input, &mut output).unwrap() {
                done_after.get_or_insert(at + 1);
            }
        }
        assert_eq!(done_after, Some(1 + 2 * BLOCK));
        assert_eq!(&input[..], [42], "what follows belongs to the chunks");
        assert_eq!(output.len(), 1 + 2 * BLOCK);
        assert_eq!(output[1 + BLOCK..], hello[1..=BLOCK], "S2 repeats C1");
    }

    #[test]
    fn another_protocol_is_refused_at_its_first_byte() {
        for first in [b'G', 0x16, 0, 6, 255] {
            let mut input = BytesMut::from(&[first][..]);
            assert_eq!(Handshake::default().advance(&mut input, &mut BytesMut::new()), Err(RtmpError::Version(first)));
        }
    }
}
