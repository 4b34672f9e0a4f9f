//! What a document or photo is, from its bytes; its name is only a claim.

/// Bytes from the start of a file that [`kind`] wants to see.
pub const HEAD: usize = 1024;
/// Bytes from its end: the list of contents of a packed document stands there.
pub const TAIL: usize = 256 * 1024;

/// A kind of document or photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// A text document of Office Open XML.
    Docx,
    /// Slides of Office Open XML.
    Pptx,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl Kind {
    /// The ending its files have.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Pptx => "pptx",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// The kind of a file with these first and last bytes; none when it is something else.
pub fn kind(head: &[u8], tail: &[u8]) -> Option<Kind> {
    let lists = |name: &[u8]| tail.windows(name.len()).any(|window| window == name);
    match head {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Kind::Pdf),
        [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Kind::Png),
        [b'P', b'K', 3, 4, ..] if lists(b"word/document.xml") => Some(Kind::Docx),
        [b'P', b'K', 3, 4, ..] if lists(b"ppt/presentation.xml") => Some(Kind::Pptx),
        _ => None,
    }
}

/// The ending of a file name in lower case, `jpeg` as `jpg`; empty when it has none.
pub fn ending(filename: &str) -> String {
    let ending = filename.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    if ending == "jpeg" { "jpg".into() } else { ending }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_tell_and_names_do_not() {
        let table: [(&[u8], &[u8], Option<Kind>); 8] = [
            (b"%PDF-1.7\n", b"", Some(Kind::Pdf)),
            (b"\xff\xd8\xff\xe0", b"", Some(Kind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n....", b"", Some(Kind::Png)),
            (b"PK\x03\x04..", b"..word/document.xml..", Some(Kind::Docx)),
            (b"PK\x03\x04..", b"..ppt/presentation.xml..", Some(Kind::Pptx)),
            (b"PK\x03\x04..", b"..xl/workbook.xml..", None),
            (b"<script>alert(1)</script>", b"word/document.xml", None),
            (b"", b"", None),
        ];
        for (head, tail, want) in table {
            assert_eq!(kind(head, tail), want, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn endings() {
        for (name, want) in [("a.MP4", "mp4"), ("photo.JPEG", "jpg"), ("archive.tar.gz", "gz"), ("none", ""), (".mp4", "mp4")] {
            assert_eq!(ending(name), want, "{name}");
        }
    }
}
