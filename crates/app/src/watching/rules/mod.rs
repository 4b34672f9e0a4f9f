//! What a view is (G8), and which reports of play are believable.

pub mod estimate;
pub mod sampling;

use kernel::Timestamp;

/// Seconds of real playing that make a view, unless the lesson is shorter than twice that.
pub const VIEW_AFTER_S: i64 = 30;
/// Watch time is counted in steps of this many seconds, so that a repeated report can be recognised.
pub const STEP_S: i64 = 10;
/// Seconds that may be reported beyond what the clock allows: a player starts before its token is answered.
const SLACK_S: i64 = 15;
/// Nobody plays faster than this.
const FASTEST: i64 = 2;

/// Seconds that must be played of a lesson that lasts `duration_ms`.
pub fn view_after_s(duration_ms: i64) -> i64 {
    VIEW_AFTER_S.min(duration_ms.max(0) / 2000).max(1)
}

/// Whether so much can have been played since the token was given.
pub fn is_believable(played_s: i64, issued: Timestamp, now: Timestamp) -> bool {
    (0..=((now - issued).max(0) / 1000) * FASTEST + SLACK_S).contains(&played_s)
}

/// Programs that fetch pages on their own; they get no playback token.
pub fn is_bot(user_agent: &str) -> bool {
    const WORDS: [&str; 12] = [
        "bot",
        "spider",
        "crawler",
        "slurp",
        "curl",
        "wget",
        "python-",
        "headless-fetch",
        "facebookexternalhit",
        "preview",
        "scrapy",
        "httpclient",
    ];
    let agent = user_agent.to_ascii_lowercase();
    agent.is_empty() || WORDS.iter().any(|word| agent.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_30_seconds_or_half_of_a_short_lesson() {
        for (duration_ms, want) in [(3_600_000, 30), (60_000, 30), (59_000, 29), (20_000, 10), (1_000, 1), (0, 1)] {
            assert_eq!(view_after_s(duration_ms), want, "{duration_ms}");
        }
    }

    #[test]
    fn s17_nobody_plays_faster_than_the_clock_allows() {
        let issued = Timestamp(1_000_000);
        for (played, after_ms, want) in [
            (30, 30_000, true),
            (60, 30_000, true),
            (76, 30_000, false),
            (15, 0, true),
            (16, 0, false),
            (-1, 30_000, false),
            (15, -5_000, true),
        ] {
            assert_eq!(is_believable(played, issued, issued.plus_ms(after_ms)), want, "{played} s after {after_ms} ms");
        }
    }

    #[test]
    fn s17_bots_are_known_by_name_and_people_are_not_taken_for_one() {
        for agent in ["", "Mozilla/5.0 (compatible; Baiduspider/2.0)", "curl/8.1", "Googlebot/2.1", "python-requests/2"] {
            assert!(is_bot(agent), "{agent}");
        }
        assert!(!is_bot("Mozilla/5.0 (Linux; Android 10; HarmonyOS) AppleWebKit/537.36 MicroMessenger/8.0"));
    }
}
