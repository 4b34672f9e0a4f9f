//! What a host should change in the encoder.

use crate::broadcasts::studio::health::Health;

/// Fewer pictures a second look jerky.
const LEAST_FPS: f64 = 20.0;
/// Longer groups of pictures cost every viewer delay, seconds.
const LONGEST_GROUP_S: f64 = 4.0;
/// More than phones on village lines can take, kilobits a second.
const MOST_KBPS: i64 = 8_000;
/// Less is mush at 720 lines, kilobits a second.
const LEAST_KBPS: i64 = 500;

/// Codes of advice, most urgent first; their words are `advice-CODE`.
pub fn advice(health: &Health) -> Vec<&'static str> {
    let mut codes = Vec::new();
    if !health.refused.is_empty() {
        codes.push("refused");
    }
    if !health.connected {
        return codes;
    }
    match &health.video {
        None => codes.push("no-video"),
        Some(picture) => {
            let checks = [
                (picture.keyframe_s > LONGEST_GROUP_S, "keyframes"),
                (picture.fps > 0.0 && picture.fps < LEAST_FPS, "fps-low"),
                (picture.kbps > MOST_KBPS, "bitrate-high"),
                (picture.kbps > 0 && picture.kbps < LEAST_KBPS && picture.height >= 720, "bitrate-low"),
            ];
            codes.extend(checks.into_iter().filter(|(found, _)| *found).map(|(_, code)| code));
        }
    }
    if health.audio.is_none() {
        codes.push("no-audio");
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broadcasts::studio::health::{Picture, Sound};

    fn good() -> Health {
        let video = Some(Picture { width: 1280, height: 720, fps: 25.0, kbps: 2_500, keyframe_s: 2.0 });
        let audio = Some(Sound { rate: 48_000, channels: 2, kbps: 128 });
        Health { connected: true, phone: false, since: None, video, audio, uplink: "good", refused: String::new(), rungs: Vec::new() }
    }

    #[test]
    fn advice_follows_the_table() {
        let picture = |change: fn(&mut Picture)| {
            let mut health = good();
            health.video.iter_mut().for_each(change);
            health
        };
        let table = [
            (good(), vec![]),
            (Health { video: None, ..good() }, vec!["no-video"]),
            (Health { audio: None, ..good() }, vec!["no-audio"]),
            (picture(|p| p.keyframe_s = 8.3), vec!["keyframes"]),
            (picture(|p| p.fps = 12.0), vec!["fps-low"]),
            (picture(|p| p.kbps = 20_000), vec!["bitrate-high"]),
            (picture(|p| p.kbps = 200), vec!["bitrate-low"]),
            (Health { connected: false, refused: "keyframes".into(), ..good() }, vec!["refused"]),
        ];
        for (health, want) in table {
            assert_eq!(advice(&health), want, "{health:?}");
        }
    }
}
