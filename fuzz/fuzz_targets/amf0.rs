//! Arbitrary bytes: what is read can be written, and is then read as the same.
#![no_main]

use bytes::BytesMut;
use libfuzzer_sys::fuzz_target;
use live::rtmp::amf0::{Value, read_all, write_all};

fn written(values: &[Value]) -> BytesMut {
    let mut out = BytesMut::new();
    write_all(values, &mut out);
    out
}

fuzz_target!(|data: &[u8]| {
    let Ok(values) = read_all(data) else { return };
    assert!(values.len() <= 512);
    let once = written(&values);
    // Bytes are compared, since a number that is none equals nothing.
    let twice = read_all(&once).map(|values| written(&values));
    assert_eq!(twice.as_deref(), Ok(&once[..]));
});
