//! Writing boxes: a size, a name, a body (ISO/IEC 14496-12 §4.2).

use bytes::BufMut;

/// Appends a box whose size is filled in once its body is known.
pub(super) fn boxed(out: &mut Vec<u8>, name: [u8; 4], body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.put_u32(0);
    out.put_slice(&name);
    body(out);
    let size = (out.len() - start) as u32;
    out[start..start + 4].copy_from_slice(&size.to_be_bytes());
}

/// A box that begins with a version and 24 bits of flags.
pub(super) fn full(out: &mut Vec<u8>, name: [u8; 4], version: u8, flags: u32, body: impl FnOnce(&mut Vec<u8>)) {
    boxed(out, name, |out| {
        out.put_u32(u32::from(version) << 24 | flags);
        body(out);
    });
}

/// A descriptor with a four-byte length, ISO/IEC 14496-1 §8.3.3.
pub(super) fn descriptor(out: &mut Vec<u8>, tag: u8, body: &[u8]) {
    let length = body.len() as u32;
    out.put_u8(tag);
    for shift in [21, 14, 7] {
        out.put_u8(0x80 | (length >> shift & 0x7f) as u8);
    }
    out.put_u8((length & 0x7f) as u8);
    out.put_slice(body);
}
