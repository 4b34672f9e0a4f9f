use super::{PhotoError, PhotoFormat, PhotoSize, orientation, strip_photo};
use proptest::prelude::*;

/// Numbers that must not come out: a place as text, and as EXIF stores it.
const PLACE: &[u8] = b"31.230416,121.473701";

fn stripped(format: PhotoFormat, bytes: &[u8]) -> Result<Vec<u8>, u64> {
    let mut out = Vec::new();
    match strip_photo(format, bytes, &mut out) {
        Ok(_) => Ok(out),
        Err(PhotoError::Damaged { at }) => Err(at),
        Err(PhotoError::Disk(error)) => panic!("nothing here is a disk: {error}"),
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let size = u16::try_from(body.len() + 2).unwrap();
    [&[0xff, marker][..], &size.to_be_bytes(), body].concat()
}

/// A TIFF block of the other byte order than ours, with an orientation between a camera's name and a place.
fn camera(value: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &1_u32.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let list = [&3_u16.to_le_bytes()[..], &entry(0x010f, 2, 50), &entry(0x0112, 3, value.into()), &entry(0x8825, 4, 50), &[0; 4]].concat();
    [b"II*\0\x08\0\0\0", &list[..], PLACE].concat()
}

fn exif(value: u8) -> Vec<u8> {
    [b"Exif\0\0", &camera(value)[..]].concat()
}

/// The picture of a small JPEG: tables, a frame, two scans with a stuffed 0xff and a restart mark inside.
fn picture() -> Vec<u8> {
    let table = segment(0xdb, &[7; 65]);
    let scan = |bytes: &[u8]| [segment(0xda, &[1, 1, 0, 0, 63, 0]), bytes.to_vec()].concat();
    [table, segment(0xc2, &[8, 0, 8, 0, 8, 1, 1, 0x11, 0]), scan(b"ab\xff\0cd\xff\xd0ef"), segment(0xc4, &[3; 20]), scan(b"gh")].concat()
}

fn jpeg(before: &[Vec<u8>], behind: &[u8]) -> Vec<u8> {
    [&b"\xff\xd8"[..], &before.concat(), &picture(), b"\xff\xd9", behind].concat()
}

fn chunk(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let sum = crc32fast::hash(&[&kind[..], body].concat());
    [&(body.len() as u32).to_be_bytes()[..], &kind, body, &sum.to_be_bytes()].concat()
}

fn png(before: &[Vec<u8>], behind: &[u8]) -> Vec<u8> {
    let header = chunk(*b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    [&b"\x89PNG\r\n\x1a\n"[..], &header, &before.concat(), &chunk(*b"IDAT", b"pixels"), &chunk(*b"IEND", b""), behind].concat()
}

#[test]
fn s20_nothing_but_the_picture_comes_out_of_a_jpeg() {
    let jfif = segment(0xe0, &[b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01", &[9; 3][..]].concat());
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01colours");
    let adobe = segment(0xee, b"Adobe\0\x64\0\0\0\0\x01");
    let told = |marker: u8, name: &[u8]| segment(marker, &[name, PLACE].concat());
    let film = [&b"\0\0\0\x18ftypmp42"[..], PLACE, &jpeg(&[segment(0xe1, &exif(1))], b"")].concat();
    let all = [
        jfif,
        segment(0xe1, &exif(1)),
        told(0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        told(0xe2, b"MPF\0"),
        profile.clone(),
        told(0xed, b"Photoshop 3.0\0"),
        told(0xeb, b"JP\0"),
        told(0xfe, b""),
        adobe.clone(),
    ];
    let out = stripped(PhotoFormat::Jpeg, &jpeg(&all, &film)).unwrap();
    let plain = segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0");
    assert_eq!(out, jpeg(&[plain, profile, adobe], b""), "the small copy, both places and the film are gone");
}

#[test]
fn s20_nothing_but_the_picture_comes_out_of_a_png() {
    let told = |kind: [u8; 4]| chunk(kind, &[b"Comment\0", PLACE].concat());
    let (colours, density) = (chunk(*b"sRGB", b"\0"), chunk(*b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\x01"));
    let all = [
        colours.clone(),
        told(*b"tEXt"),
        told(*b"iTXt"),
        told(*b"zTXt"),
        chunk(*b"eXIf", &camera(1)),
        told(*b"caBX"),
        chunk(*b"tIME", b"\x07\xea\x0b\x17\x09\0\0"),
        density.clone(),
    ];
    let out = stripped(PhotoFormat::Png, &png(&all, PLACE)).unwrap();
    assert_eq!(out, png(&[colours, density], b""));
}

#[test]
fn a_photo_held_upright_keeps_its_orientation_and_no_other_tag() {
    for value in 2..=8 {
        let out = stripped(PhotoFormat::Jpeg, &jpeg(&[segment(0xe1, &exif(value)), segment(0xe1, &exif(3))], b"")).unwrap();
        let tag = [b"Exif\0\0".as_slice(), &orientation::write(value)].concat();
        assert_eq!((orientation::read(&tag[6..]), out), (Some(value), jpeg(&[segment(0xe1, &tag)], b"")));
        let out = stripped(PhotoFormat::Png, &png(&[chunk(*b"eXIf", &camera(value))], b"")).unwrap();
        assert_eq!(out, png(&[chunk(*b"eXIf", &orientation::write(value))], b""));
    }
    for nonsense in [0, 1, 9, 255] {
        assert_eq!(orientation::read(&camera(nonsense)), None, "{nonsense}");
    }
}

#[test]
fn the_size_is_that_of_the_picture_as_it_is_shown() {
    let size = |format, bytes: &[u8]| strip_photo(format, bytes, std::io::sink()).unwrap();
    let frame =
        |marker: u8, height: u16| segment(marker, &[&[8][..], &height.to_be_bytes(), &640_u16.to_be_bytes(), &[1, 1, 0x11, 0]].concat());
    let scan = || [segment(0xda, &[1, 1, 0, 0, 63, 0]), b"ab".to_vec()].concat();
    let photo = |parts: &[Vec<u8>]| [&b"\xff\xd8"[..], &parts.concat(), b"\xff\xd9"].concat();
    for marker in [0xc0, 0xc1, 0xc2, 0xc9] {
        let found = size(PhotoFormat::Jpeg, &photo(&[segment(0xc4, &[3; 20]), frame(marker, 480), frame(0xc0, 9), scan()]));
        assert_eq!(found, PhotoSize { width: 640, height: 480 }, "{marker:x}: the first frame is the picture");
    }
    let later = photo(&[frame(0xc0, 0), scan(), segment(0xdc, &480_u16.to_be_bytes())]);
    assert_eq!(size(PhotoFormat::Jpeg, &later), PhotoSize { width: 640, height: 480 });
    let header = |width: u32, height: u32| chunk(*b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat());
    for (upright, wanted) in [(1, (640, 480)), (3, (640, 480)), (6, (480, 640)), (8, (480, 640))] {
        let wanted = PhotoSize { width: wanted.0, height: wanted.1 };
        let held = photo(&[segment(0xe1, &exif(upright)), frame(0xc0, 480), scan()]);
        assert_eq!(size(PhotoFormat::Jpeg, &held), wanted, "{upright}");
        let parts = [header(640, 480), chunk(*b"eXIf", &camera(upright)), chunk(*b"IDAT", b"x"), chunk(*b"IEND", b"")];
        assert_eq!(size(PhotoFormat::Png, &[&b"\x89PNG\r\n\x1a\n"[..], &parts.concat()].concat()), wanted, "{upright}");
    }
}

#[test]
fn damage_is_named_with_its_place() {
    let good = jpeg(&[segment(0xe1, &exif(1))], b"");
    let table: [(PhotoFormat, Vec<u8>, u64); 9] = [
        (PhotoFormat::Jpeg, b"\xff\xd9".to_vec(), 2),
        (PhotoFormat::Jpeg, b"\xff\xd8\xff\xd9".to_vec(), 4),
        (PhotoFormat::Jpeg, b"\xff\xd8\xff\xe1\0\x01".to_vec(), 6),
        (PhotoFormat::Jpeg, b"\xff\xd8\xff\xe1\xff\xffshort".to_vec(), 11),
        (PhotoFormat::Jpeg, good[..good.len() - 2].to_vec(), good.len() as u64 - 2),
        (PhotoFormat::Png, png(&[chunk(*b"IDOT", b"")], b""), 41),
        (PhotoFormat::Png, png(&[chunk(*b"IHDR", &[0; 13])], b""), 41),
        (PhotoFormat::Png, with_a_wrong_sum(png(&[], b"")), 51),
        (PhotoFormat::Png, png(&[vec![0xff, 0xff, 0xff, 0xff, b't', b'E', b'X', b't']], b""), 41),
    ];
    for (format, bytes, at) in table {
        assert_eq!(stripped(format, &bytes), Err(at), "{format:?} {bytes:02x?}");
    }
}

/// The checksum of the chunk before the last is another.
fn with_a_wrong_sum(mut png: Vec<u8>) -> Vec<u8> {
    let at = png.len() - 13;
    png[at] ^= 1;
    png
}

proptest! {
    #[test]
    fn s16_damaged_photos_are_refused_or_become_photos_without_a_place(
        upright in 0_u8..10, cut in 0_usize..400, flips in prop::collection::vec((0_usize..400, any::<u8>()), 0..6),
    ) {
        let photos = [
            (PhotoFormat::Jpeg, jpeg(&[segment(0xe1, &exif(upright)), segment(0xfe, PLACE)], PLACE)),
            (PhotoFormat::Png, png(&[chunk(*b"eXIf", &camera(upright)), chunk(*b"tEXt", PLACE)], PLACE)),
        ];
        for (format, mut bytes) in photos {
            for (at, flip) in &flips {
                let length = bytes.len();
                bytes[at % length] ^= flip;
            }
            bytes.truncate(bytes.len().saturating_sub(cut / 4));
            if let Ok(out) = stripped(format, &bytes) {
                prop_assert!(out.len() <= bytes.len() + 26);
                prop_assert_eq!(stripped(format, &out), Ok(out.clone()), "a copy of a copy is the copy");
                prop_assert!(!flips.is_empty() || !holds(&out, PLACE));
            }
        }
    }

    #[test]
    fn s16_no_bytes_make_us_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), upright in any::<[u8; 40]>()) {
        let _ = orientation::read(&upright);
        let _ = orientation::read(&[b"II*\0", &upright[..]].concat());
        for (format, head) in [(PhotoFormat::Jpeg, &b"\xff\xd8\xff"[..]), (PhotoFormat::Png, b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")] {
            let _ = stripped(format, &bytes);
            let _ = stripped(format, &[head, &bytes].concat());
        }
    }
}

/// A lossless WebP of 3 × 2 with a head, colours, and what a camera and an editor wrote.
fn webp() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let pad = vec![0; body.len() % 2];
        [&kind[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body, &pad].concat()
    };
    let head = chunk(b"VP8X", &[0b0010_1100, 0, 0, 0, 2, 0, 0, 1, 0, 0]);
    let bits = 2_u32 | 1 << 14;
    let pixels = chunk(b"VP8L", &[&[0x2f][..], &bits.to_le_bytes(), &[7; 4]].concat());
    let beside = [chunk(b"EXIF", &camera(6)), chunk(b"XMP ", PLACE), chunk(b"PRVT", PLACE)].concat();
    let body = [&b"WEBP"[..], &head, &chunk(b"ICCP", b"odd"), &pixels, &beside].concat();
    [&b"RIFF"[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), &body, PLACE].concat()
}

#[test]
fn s20_a_webp_keeps_its_picture_and_nothing_else() {
    let copy = stripped(PhotoFormat::Webp, &webp()).unwrap();
    assert!(!holds(&copy, PLACE) && !holds(&copy, b"EXIF") && !holds(&copy, b"XMP "));
    assert!(holds(&copy, b"ICCP") && holds(&copy, b"VP8L"));
    assert_eq!(u32::from_le_bytes(copy[4..8].try_into().unwrap()) as usize, copy.len() - 8);
    assert_eq!(copy[20], 0b0010_0000, "the head tells of colours alone");
    assert_eq!(stripped(PhotoFormat::Webp, &copy).unwrap(), copy, "a copy of a copy is the copy");
    assert_eq!(strip_photo(PhotoFormat::Webp, &copy[..], std::io::sink()).unwrap(), PhotoSize { width: 3, height: 2 });
    for end in 0..copy.len() {
        assert!(stripped(PhotoFormat::Webp, &copy[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn photos_are_known_by_how_they_begin() {
    assert_eq!(PhotoFormat::sniff(&webp()), Some(PhotoFormat::Webp));
    assert_eq!(PhotoFormat::sniff(b"\x89PNG\r\n\x1a\n...."), Some(PhotoFormat::Png));
    assert_eq!(PhotoFormat::sniff(&[0xff, 0xd8, 0xff, 0xe0]), Some(PhotoFormat::Jpeg));
    assert_eq!(PhotoFormat::sniff(b"GIF89a"), None);
}
