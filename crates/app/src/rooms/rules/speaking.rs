//! Who may speak, and what happens to what is said.

use crate::problem::FieldError;
use crate::rooms::{Ban, Chat, MessageState, RoomRules, Wish, WordAction};
use kernel::Timestamp;

/// Characters of a message.
pub const MESSAGE: usize = 200;
/// Longest pause of slow mode, seconds.
pub const MOST_SLOW_S: i64 = 600;
/// Two words of one person are at least so far apart.
const APART_MS: i64 = 1_000;
/// Words of one person in a minute.
const IN_A_MINUTE: i64 = 20;
/// The same text again is refused for so long.
const SAME_MS: i64 = 60_000;

/// Who wants to speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Somebody who watches.
    Viewer,
    /// Somebody who runs the broadcast: no limit but the length binds him.
    Moderator,
}

/// What a person said in the room so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// The last word, and when.
    pub last: Option<(Timestamp, String)>,
    /// How many in the last minute.
    pub in_minute: i64,
    /// Whether the person was muted.
    pub ban: Option<Ban>,
}

/// Why somebody may not speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not the time: before, or afterwards.
    NotOpen,
    /// A moderator closed the chat.
    Closed,
    /// Muted until then; none for good.
    Muted(Option<Timestamp>),
    /// Again in so many milliseconds.
    Wait(i64),
    /// The same was said a moment ago.
    Same,
    /// It holds a word that is refused.
    Word,
}

/// Whether `text` may be said at `now`; `open`: it is the time.
///
/// # Errors
///
/// The first [`Refusal`] that applies, the lasting ones before those that pass by themselves.
pub fn may_speak(who: Speaker, open: bool, rules: &RoomRules, own: &Own, text: &str, now: Timestamp) -> Result<(), Refusal> {
    if !open {
        return Err(Refusal::NotOpen);
    }
    if who == Speaker::Moderator {
        return Ok(());
    }
    if let Some(ban) = own.ban.filter(|ban| ban.holds(now)) {
        return Err(Refusal::Muted(ban.until));
    }
    if rules.chat == Chat::Closed {
        return Err(Refusal::Closed);
    }
    let Some((at, last)) = &own.last else { return Ok(()) };
    let pause = if rules.chat == Chat::Slow { (rules.slow_s * 1_000).max(APART_MS) } else { APART_MS };
    let since = (now - *at).max(0);
    if since < pause {
        return Err(Refusal::Wait(pause - since));
    }
    if own.in_minute >= IN_A_MINUTE {
        return Err(Refusal::Wait(60_000));
    }
    if since < SAME_MS && last.trim() == text.trim() {
        return Err(Refusal::Same);
    }
    Ok(())
}

/// What becomes of a text that may be said, by what the word list says of it.
///
/// # Errors
///
/// [`Refusal::Word`]
pub fn fate(who: Speaker, pre_moderated: bool, found: Option<WordAction>) -> Result<MessageState, Refusal> {
    match (who, found, pre_moderated) {
        (Speaker::Moderator, _, _) | (_, None, false) => Ok(MessageState::Shown),
        (_, Some(WordAction::Refuse), _) => Err(Refusal::Word),
        (_, Some(WordAction::Hold), _) | (_, None, true) => Ok(MessageState::Waiting),
    }
}

/// Whether `text` can be a sender's name for what it sends: a UUID or something as plain.
pub fn is_client_id(text: &str) -> bool {
    (8..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// What a wish for the rules breaks.
pub fn wish_faults(wish: &Wish) -> Vec<FieldError> {
    let least = i64::from(wish.chat == Chat::Slow);
    let fits = (least..=MOST_SLOW_S).contains(&wish.slow_s);
    if fits {
        Vec::new()
    } else {
        vec![FieldError::new("slow_s", "number-range", wish.slow_s.to_string(), format!("{least}–{MOST_SLOW_S}"))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(10_000_000);

    fn own(ago_ms: i64) -> Own {
        Own { last: Some((NOW.plus_ms(-ago_ms), "讲得好".into())), in_minute: 1, ban: None }
    }

    #[test]
    fn speaking_follows_the_table() {
        let (open, slow) = (RoomRules::default(), RoomRules { chat: Chat::Slow, slow_s: 10, ..RoomRules::default() });
        let closed = RoomRules { chat: Chat::Closed, ..RoomRules::default() };
        let busy = Own { in_minute: 20, ..own(5_000) };
        let muted = |until| Own { ban: Some(Ban { until }), ..Own::default() };
        let later = Some(NOW.plus_ms(1));
        let table = [
            (&open, Own::default(), "你好", Ok(())),
            (&closed, Own::default(), "你好", Err(Refusal::Closed)),
            (&open, muted(None), "你好", Err(Refusal::Muted(None))),
            (&closed, muted(later), "你好", Err(Refusal::Muted(later))),
            (&open, muted(Some(NOW)), "你好", Ok(())),
            (&open, own(999), "你好", Err(Refusal::Wait(1))),
            (&open, own(1_000), "你好", Ok(())),
            (&open, own(-5), "你好", Err(Refusal::Wait(1_000))),
            (&slow, own(1_000), "你好", Err(Refusal::Wait(9_000))),
            (&slow, own(10_000), "你好", Ok(())),
            (&open, busy, "你好", Err(Refusal::Wait(60_000))),
            (&open, own(5_000), " 讲得好 ", Err(Refusal::Same)),
            (&open, own(60_000), "讲得好", Ok(())),
        ];
        for (rules, own, text, want) in table {
            assert_eq!(may_speak(Speaker::Viewer, true, rules, &own, text, NOW), want, "{rules:?} {own:?} {text}");
            assert_eq!(may_speak(Speaker::Moderator, true, rules, &own, text, NOW), Ok(()), "a moderator is bound by none of it");
            assert_eq!(may_speak(Speaker::Viewer, false, rules, &own, text, NOW), Err(Refusal::NotOpen));
            assert_eq!(may_speak(Speaker::Moderator, false, rules, &own, text, NOW), Err(Refusal::NotOpen));
        }
    }

    #[test]
    fn fates_follow_the_table() {
        use Speaker::{Moderator, Viewer};
        let (hold, refuse) = (Some(WordAction::Hold), Some(WordAction::Refuse));
        let table = [
            (Viewer, true, None, Ok(MessageState::Waiting)),
            (Viewer, false, None, Ok(MessageState::Shown)),
            (Viewer, false, hold, Ok(MessageState::Waiting)),
            (Viewer, true, hold, Ok(MessageState::Waiting)),
            (Viewer, false, refuse, Err(Refusal::Word)),
            (Viewer, true, refuse, Err(Refusal::Word)),
            (Moderator, true, refuse, Ok(MessageState::Shown)),
        ];
        for (who, pre, found, want) in table {
            assert_eq!(fate(who, pre, found), want, "{who:?} {pre} {found:?}");
        }
    }

    #[test]
    fn wishes_and_names_follow_the_table() {
        let wish = |chat, slow_s| Wish { chat, slow_s, pre_moderated: true, danmaku: true };
        for (wish, good) in [
            (wish(Chat::Open, 0), true),
            (wish(Chat::Slow, 0), false),
            (wish(Chat::Slow, 1), true),
            (wish(Chat::Slow, 600), true),
            (wish(Chat::Closed, 601), false),
            (wish(Chat::Open, -1), false),
        ] {
            assert_eq!(wish_faults(&wish).is_empty(), good, "{wish:?}");
        }
        assert!(is_client_id("0198aaaa-0000-7000-8000-000000000001"));
        for bad in ["", "short", "with space", "<script>alert", &"a".repeat(65)] {
            assert!(!is_client_id(bad), "{bad}");
        }
    }

    proptest! {
        /// However somebody hurries: what gets through keeps its distance and never exceeds the minute.
        #[test]
        fn nobody_gets_through_more_often_than_the_limits(waits in prop::collection::vec(0_i64..3_000, 1..120), slow_s in 1_i64..20, slow: bool) {
            let chat = if slow { Chat::Slow } else { Chat::Open };
            let rules = RoomRules { chat, slow_s, ..RoomRules::default() };
            let (mut now, mut said): (_, Vec<Timestamp>) = (NOW, Vec::new());
            for (n, wait) in waits.into_iter().enumerate() {
                now = now.plus_ms(wait);
                let in_minute = said.iter().filter(|at| now - **at < 60_000).count() as i64;
                let own = Own { last: said.last().map(|at| (*at, (n - 1).to_string())), in_minute, ban: None };
                if may_speak(Speaker::Viewer, true, &rules, &own, &n.to_string(), now).is_ok() {
                    said.push(now);
                }
            }
            let apart = if slow { slow_s.max(1) * 1_000 } else { 1_000 };
            prop_assert!(said.windows(2).all(|two| two[1] - two[0] >= apart));
            prop_assert!(said.windows(21).all(|many| many[20] - many[0] >= 60_000));
        }
    }
}
