//! What a browser offers, looked through before anything is set up for it.

/// Why an offer cannot be taken, in words for the person who made it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfferError {
    /// Not a session description that WebRTC could follow.
    #[error("this is not an offer that can be answered: {0}")]
    Malformed(String),
    /// Neither picture nor sound is sent.
    #[error("the offer sends neither picture nor sound")]
    Nothing,
    /// VP8 and the like alone.
    #[error("the picture must be offered as H.264 with packetization-mode=1; offered: {0}")]
    NoH264(String),
    /// As many broadcasts as this door takes.
    #[error("too many broadcasts come in already")]
    Full,
}

/// One `m=` section.
#[derive(Debug, Default)]
struct Section<'a> {
    kind: &'a str,
    sends: bool,
    codecs: Vec<&'a str>,
    whole_units: bool,
}

/// Checks that there is something to take; everything else is left to whoever answers.
pub(super) fn check(offer: &str) -> Result<(), OfferError> {
    let sections = sections(offer);
    let sent = |kind: &str| sections.iter().filter(|section| section.sends && section.kind == kind).collect::<Vec<_>>();
    let (pictures, sounds) = (sent("video"), sent("audio"));
    if pictures.is_empty() && sounds.is_empty() {
        return Err(OfferError::Nothing);
    }
    for picture in pictures {
        if !picture.codecs.contains(&"H264") || !picture.whole_units {
            return Err(OfferError::NoH264(picture.codecs.join(", ")));
        }
    }
    Ok(())
}

fn sections(offer: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in offer.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            let mut words = media.split(' ');
            let (kind, port) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            sections.push(Section { kind, sends: port != "0", ..Section::default() });
            continue;
        }
        let Some(section) = sections.last_mut() else { continue };
        if let Some((_, codec)) = line.strip_prefix("a=rtpmap:").and_then(|map| map.split_once(' ')) {
            let name = codec.split('/').next().unwrap_or_default();
            if name != "rtx" && !section.codecs.contains(&name) {
                section.codecs.push(name);
            }
        }
        section.sends &= !matches!(line.trim_end(), "a=recvonly" | "a=inactive");
        section.whole_units |= line.starts_with("a=fmtp:") && line.contains("packetization-mode=1");
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    const H264: &str = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=sendonly\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;profile-level-id=42e01f\r\na=rtpmap:97 rtx/90000\r\n";
    const VP8: &str = "m=video 9 UDP/TLS/RTP/SAVPF 98\r\na=sendonly\r\na=rtpmap:98 VP8/90000\r\n";
    const OPUS: &str = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n";

    #[test]
    fn an_offer_needs_something_that_every_browser_plays() {
        let no = |codecs: &str| Err(OfferError::NoH264(codecs.to_owned()));
        let table = [
            (format!("v=0\r\n{OPUS}{H264}"), Ok(())),
            (format!("v=0\r\n{OPUS}"), Ok(())),
            (format!("v=0\r\n{OPUS}{VP8}"), no("VP8")),
            (format!("v=0\r\n{}", H264.replace("mode=1", "mode=0")), no("H264")),
            (format!("v=0\r\n{}", H264.replace("sendonly", "recvonly")), Err(OfferError::Nothing)),
            (format!("v=0\r\n{}", H264.replace("video 9", "video 0")), Err(OfferError::Nothing)),
            ("v=0\r\n".to_owned(), Err(OfferError::Nothing)),
        ];
        for (offer, want) in table {
            assert_eq!(check(&offer), want, "{offer}");
        }
        assert!(check(VP8).unwrap_err().to_string().contains("H.264"), "the message says what is wanted");
    }
}
