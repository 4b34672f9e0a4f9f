//! The header grammar of tus 1.0: metadata, checksums, concatenation.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// Longest `Upload-Metadata` that is read.
const LONGEST: usize = 8 * 1024;
/// Most parts of one concatenation.
const MOST_PARTS: usize = 64;

/// Reads `Upload-Metadata`: `key base64,key base64`. None when it is not of that shape or not UTF-8 inside.
pub fn metadata(header: &str) -> Option<BTreeMap<String, String>> {
    if header.len() > LONGEST {
        return None;
    }
    let pair = |part: &str| {
        let (key, value) = part.trim().split_once(' ').unwrap_or((part.trim(), ""));
        let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
        (!key.is_empty()).then(|| (key.to_owned(), text))
    };
    header.split(',').filter(|part| !part.trim().is_empty()).map(pair).collect()
}

/// Writes `Upload-Metadata`.
pub fn metadata_header(pairs: &[(&str, &str)]) -> String {
    pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect::<Vec<_>>().join(",")
}

/// The algorithms of `Upload-Checksum`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// 20 bytes; against broken lines, not against people.
    Sha1,
    /// 32 bytes.
    Sha256,
}

/// What a chunk must hash to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// How.
    pub algorithm: Algorithm,
    /// To what.
    pub digest: Vec<u8>,
}

/// Reads `Upload-Checksum`: `ALGORITHM base64`. None for another algorithm or length.
pub fn checksum(header: &str) -> Option<Checksum> {
    let (name, digest) = header.trim().split_once(' ')?;
    let (algorithm, length) = match name {
        "sha1" => (Algorithm::Sha1, 20),
        "sha256" => (Algorithm::Sha256, 32),
        _ => return None,
    };
    let digest = STANDARD.decode(digest.trim()).ok().filter(|digest| digest.len() == length)?;
    Some(Checksum { algorithm, digest })
}

/// What `Upload-Concat` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concat {
    /// This upload is a part.
    Partial,
    /// This upload is these parts, one after another: last segments of their addresses.
    Final(Vec<String>),
}

/// Reads `Upload-Concat`. None when it is of another shape or names too many parts.
pub fn concat(header: &str) -> Option<Concat> {
    if header == "partial" {
        return Some(Concat::Partial);
    }
    let ids: Vec<_> =
        header.strip_prefix("final;")?.split_ascii_whitespace().filter_map(|url| Some(url.rsplit('/').next()?.to_owned())).collect();
    (1..=MOST_PARTS).contains(&ids.len()).then_some(Concat::Final(ids))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn metadata_reads_back_and_refuses_other_shapes() {
        let header = metadata_header(&[("filename", "第一课.mp4"), ("slot", "video")]);
        let read = metadata(&header).expect("what we wrote");
        assert_eq!((read["filename"].as_str(), read["slot"].as_str()), ("第一课.mp4", "video"));
        assert_eq!(metadata("is_confidential").map(|m| m["is_confidential"].clone()), Some(String::new()));
        assert_eq!(metadata("").map(|m| m.len()), Some(0));
        for bad in ["filename !!!", "filename /w==", &"a,".repeat(5000)] {
            assert_eq!(metadata(bad), None, "{bad}");
        }
    }

    #[test]
    fn checksums_have_the_length_of_their_algorithm() {
        let sha1 = format!("sha1 {}", STANDARD.encode([1; 20]));
        assert_eq!(checksum(&sha1).map(|c| c.algorithm), Some(Algorithm::Sha1));
        for bad in ["sha1", "sha1 AAAA", "md5 AAAA", &sha1.replace("sha1", "sha256")] {
            assert_eq!(checksum(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_final_upload_names_its_parts_by_address_or_path() {
        let parts = Concat::Final(vec!["upl_1".into(), "upl_2".into()]);
        assert_eq!(concat("final;/uploads/upl_1 https://host/uploads/upl_2"), Some(parts));
        assert_eq!(concat("partial"), Some(Concat::Partial));
        for bad in ["", "final;", "final", "partial;", &format!("final;{}", "x ".repeat(100))] {
            assert_eq!(concat(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn s16_no_header_makes_us_panic(text in "\\PC{0,80}") {
            let _ = (metadata(&text), checksum(&text), concat(&text));
        }
    }
}
