//! The one tag that stays: which way up a photo is (EXIF 0x0112, in a TIFF block).

/// The tag.
const ORIENTATION: u16 = 0x0112;
/// Its type: a 16-bit number.
const SHORT: u16 = 3;

/// The orientation of the first picture that a TIFF block describes; none for upright, unknown and nonsense.
pub fn read(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        b"II*\0" => false,
        b"MM\0*" => true,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let four = |at: usize| {
        let bytes = *tiff.get(at..)?.first_chunk::<4>()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let list = usize::try_from(four(4)?).ok()?;
    let entries = usize::from(two(list)?);
    let entry = |n: usize| list.checked_add(2 + 12 * n);
    let found = (0..entries).map_while(entry).find(|at| two(*at) == Some(ORIENTATION))?;
    let value = two(found + 8).filter(|_| two(found + 2) == Some(SHORT))?;
    u8::try_from(value).ok().filter(|value| (2..=8).contains(value))
}

/// A TIFF block that says nothing but the orientation.
pub fn write(orientation: u8) -> [u8; 26] {
    let [tag_high, tag_low] = ORIENTATION.to_be_bytes();
    let [type_high, type_low] = SHORT.to_be_bytes();
    let mut block = [0; 26];
    // Big-endian; the list begins at 8 and has one entry with one value; no list follows.
    block[..8].copy_from_slice(b"MM\0*\0\0\0\x08");
    block[8..22].copy_from_slice(&[0, 1, tag_high, tag_low, type_high, type_low, 0, 0, 0, 1, 0, orientation, 0, 0]);
    block
}
