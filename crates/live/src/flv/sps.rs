//! The sequence parameter set of H.264 (ISO/IEC 14496-10 §7.3.2.1.1), as far as the size of the picture.

/// What a player needs to know before the first picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Pixels, after cropping.
    pub width: u16,
    /// Pixels, after cropping.
    pub height: u16,
    /// 4:2:0 with 8 bits, the only form that every browser plays.
    pub plain: bool,
}

/// Larger pictures are no broadcasts.
const MAX_SIDE: u32 = 8192;
/// Profiles whose set names its chroma format (§7.3.2.1.1).
const HIGH: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// Reads a NAL unit of type 7; `None` when it is another one or breaks a rule.
pub(crate) fn read(unit: &[u8]) -> Option<Picture> {
    let (&head, rest) = unit.split_first()?;
    if head & 0x1F != 7 {
        return None;
    }
    let payload = unescape(rest);
    let mut bits = Bits::new(&payload);
    let profile = bits.take(8)?;
    bits.take(16)?;
    bits.ue()?;
    let (chroma, plain_depth) = if HIGH.contains(&profile) { chroma(&mut bits)? } else { (1, true) };
    bits.ue()?;
    order_count(&mut bits)?;
    bits.ue()?;
    bits.take(1)?;
    let (width_mbs, height_units) = (bits.ue()?.checked_add(1)?, bits.ue()?.checked_add(1)?);
    let frames_only = bits.take(1)?;
    if frames_only == 0 {
        bits.take(1)?;
    }
    bits.take(1)?;
    let field_factor = 2 - frames_only;
    let (crop_x, crop_y) = crop(&mut bits, chroma, field_factor)?;
    Some(Picture {
        width: side(width_mbs, 1, crop_x)?,
        height: side(height_units, field_factor, crop_y)?,
        plain: chroma == 1 && plain_depth,
    })
}

fn side(units: u32, factor: u32, crop: u32) -> Option<u16> {
    let pixels = units.checked_mul(16)?.checked_mul(factor)?.checked_sub(crop)?;
    u16::try_from(pixels).ok().filter(|_| (16..=MAX_SIDE).contains(&pixels))
}

/// chroma_format_idc, and whether both depths are 8 bits; skips the scaling matrices.
fn chroma(bits: &mut Bits<'_>) -> Option<(u32, bool)> {
    let format = bits.ue().filter(|format| *format <= 3)?;
    if format == 3 {
        bits.take(1)?;
    }
    let (luma, chroma) = (bits.ue()?, bits.ue()?);
    bits.take(1)?;
    if bits.take(1)? == 1 {
        for list in 0..if format == 3 { 12 } else { 8 } {
            if bits.take(1)? == 1 {
                skip_scaling_list(bits, if list < 6 { 16 } else { 64 })?;
            }
        }
    }
    Some((format, luma == 0 && chroma == 0))
}

/// §7.3.2.1.1.1
fn skip_scaling_list(bits: &mut Bits<'_>, size: u32) -> Option<()> {
    let (mut last, mut next) = (8i32, 8i32);
    for _ in 0..size {
        if next != 0 {
            next = last.wrapping_add(bits.se()?) & 0xFF;
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

/// pic_order_cnt_type and what hangs on it.
fn order_count(bits: &mut Bits<'_>) -> Option<()> {
    match bits.ue()? {
        0 => {
            bits.ue()?;
        }
        1 => {
            bits.take(1)?;
            bits.ue()?;
            bits.ue()?;
            let cycle = bits.ue().filter(|count| *count <= 255)?;
            for _ in 0..cycle {
                bits.ue()?;
            }
        }
        2 => {}
        _ => return None,
    }
    Some(())
}

/// Pixels cut off across and down (equations 7-18 to 7-21).
fn crop(bits: &mut Bits<'_>, chroma: u32, field_factor: u32) -> Option<(u32, u32)> {
    if bits.take(1)? == 0 {
        return Some((0, 0));
    }
    let (left, right, top, bottom) = (bits.ue()?, bits.ue()?, bits.ue()?, bits.ue()?);
    let unit_x = if matches!(chroma, 1 | 2) { 2 } else { 1 };
    let unit_y = if chroma == 1 { 2 } else { 1 } * field_factor;
    Some((left.checked_add(right)?.checked_mul(unit_x)?, top.checked_add(bottom)?.checked_mul(unit_y)?))
}

/// Takes out the 3 of each 0 0 3 (§7.3.1).
fn unescape(unit: &[u8]) -> Vec<u8> {
    let mut zeros = 0;
    let mut out = Vec::with_capacity(unit.len());
    for &byte in unit {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
    out
}

/// Bits, highest first.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next `count` bits, at most 32.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// Unsigned Exp-Golomb (§9.1), up to 2³² − 2.
    fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some((1u32 << zeros) - 1 + self.take(zeros)?)
    }

    /// Signed Exp-Golomb (§9.1.1).
    fn se(&mut self) -> Option<i32> {
        let code = self.ue()?;
        let half = (code / 2 + code % 2) as i32;
        Some(if code % 2 == 1 { half } else { -half })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// Sets written by x264.
    const SETS: [(&str, u16, u16, bool); 6] = [
        ("6764001eacd940a02ff97011000003000100000300320f162d96", 640, 360, true),
        ("6742c028d900780227e5c044000003000400000300c83c60c920", 1920, 1080, true),
        ("674d401feca02802dd80880000030008000003019078c18cb0", 1280, 720, true),
        ("67f4001e919b281485fc21360220000003002000000641e2c5b2c0", 641, 363, false),
        ("676e001ea6cd940d83de6f011000000300100000030320f162d960", 854, 480, false),
        ("6764001eacd940b424d8088000000300800000190f8a14cb", 720, 576, true),
    ];

    #[test]
    fn sizes_after_cropping() {
        for (hex, width, height, plain) in SETS {
            assert_eq!(read(&bytes(hex)), Some(Picture { width, height, plain }), "{hex}");
        }
    }

    #[test]
    fn a_set_cut_short_is_no_set() {
        for (hex, ..) in SETS {
            let set = bytes(hex);
            for length in 0..9 {
                assert_eq!(read(&set[..length]), None, "{length} bytes of {hex}");
            }
        }
    }

    #[test]
    fn numbers_in_exp_golomb() {
        let table: [(&[u8], Option<u32>); 5] = [
            (&[0b1000_0000], Some(0)),
            (&[0b0101_0000], Some(1)),
            (&[0b0010_0000], Some(3)),
            (&[0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE], Some(u32::MAX - 1)),
            (&[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], None),
        ];
        for (raw, want) in table {
            assert_eq!(Bits::new(raw).ue(), want, "{raw:02x?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_sets_never_panic(raw in proptest::collection::vec(proptest::num::u8::ANY, 0..200), profile in 0..256u32) {
            let unit: Vec<u8> = [0x67, profile as u8].into_iter().chain(raw).collect();
            if let Some(picture) = read(&unit) {
                proptest::prop_assert!(picture.width >= 16 && u32::from(picture.width) <= MAX_SIDE);
            }
        }
    }
}
