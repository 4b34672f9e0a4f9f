//! How a campaign opens, closes and reopens, and what an open one may still change.

use crate::campaigns::input::{Basics, StageFields};
use crate::campaigns::rules::fields::stage_faults;
use crate::campaigns::rules::stages::stage_for;
use crate::campaigns::{Call, Campaign, CampaignState, MaterialRules, SlotRule, StageKind};
use crate::problem::FieldError;
use kernel::Timestamp;

/// A call should leave people this long.
const SHORT_MS: i64 = 7 * Timestamp::DAY_MS;

/// One step of a campaign's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is published.
    Open,
    /// It is over.
    Close,
    /// It was over and goes on: needs a reason.
    Reopen,
}

/// The step from one state to another; none when there is no such step.
pub const fn step(from: CampaignState, to: CampaignState) -> Option<Step> {
    use CampaignState::{Closed, Draft, Open};
    match (from, to) {
        (Draft, Open) => Some(Step::Open),
        (Open, Closed) => Some(Step::Close),
        (Closed, Open) => Some(Step::Reopen),
        _ => None,
    }
}

/// What is missing before a draft may open at `now`.
pub fn opening_faults(call: &Call, now: Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if call.categories.is_empty() {
        faults.push(FieldError::new("categories", "required", "", ""));
    }
    match stage_for(&call.stages, StageKind::Submit, 0) {
        None => faults.push(FieldError::new("stages", "submit-stage", "", "")),
        Some(submit) if submit.closes_at <= now => {
            faults.push(FieldError::new("stages", "in-the-future", submit.closes_at.to_string(), now));
        }
        Some(_) => {}
    }
    if stage_for(&call.stages, StageKind::Review, 0).is_none() {
        faults.push(FieldError::new("stages", "review-stage", "", ""));
    }
    // A copy's dates were moved by the calendar, which may bring a leap day's stage out of order.
    let stages: Vec<_> = call.stages.iter().map(StageFields::from).collect();
    faults.extend(stage_faults(&stages, call.campaign.opens_at, call.campaign.closes_at));
    faults
}

/// Whether the call leaves people less than seven days, counted from `now` or, when it opens later, from then.
pub fn is_short(call: &Call, now: Timestamp) -> bool {
    stage_for(&call.stages, StageKind::Submit, 0).is_some_and(|s| s.closes_at > now && s.closes_at - s.opens_at.max(now) < SHORT_MS)
}

fn fixed<T: PartialEq + std::fmt::Display>(field: &str, was: &T, is: &T) -> Option<FieldError> {
    (was != is).then(|| FieldError::new(field, "fixed-once-open", is.to_string(), was))
}

fn only_later(field: &str, was: Timestamp, is: Timestamp) -> Option<FieldError> {
    (is < was).then(|| FieldError::new(field, "only-later", is.to_string(), was))
}

/// What new basics break: an open campaign keeps its zone, approvals and an opening that has passed, and closes only later.
pub fn frozen_basics(was: &Campaign, is: &Basics, now: Timestamp) -> Vec<FieldError> {
    if was.state == CampaignState::Draft {
        return Vec::new();
    }
    let began = was.opens_at <= now;
    [
        fixed("zone", &was.zone, &is.zone),
        fixed("approvals", &was.approvals, &is.approvals),
        if began { fixed("opens_at", &was.opens_at, &is.opens_at) } else { None },
        only_later("closes_at", was.closes_at, is.closes_at),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a new table of stages breaks: in an open campaign no stage goes, opens at another time once it opened, closes
/// earlier or loses grace.
pub fn frozen_stages(call: &Call, is: &[StageFields], now: Timestamp) -> Vec<FieldError> {
    if call.campaign.state == CampaignState::Draft {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for was in &call.stages {
        let Some((i, new)) = is.iter().enumerate().find(|(_, s)| (s.kind, s.depth) == (was.kind, was.depth)) else {
            faults.push(FieldError::new("stages", "kept-once-open", format!("{} {}", was.kind.code(), was.depth), ""));
            continue;
        };
        let field = |name: &str| format!("/stages/{i}/{name}");
        if was.opens_at <= now {
            faults.extend(fixed(&field("opens_at"), &was.opens_at, &new.opens_at));
        }
        faults.extend(only_later(&field("closes_at"), was.closes_at, new.closes_at));
        if new.grace_s < was.grace_s {
            faults.push(FieldError::new(field("grace_s"), "not-below", new.grace_s.to_string(), was.grace_s));
        }
    }
    faults
}

/// What new material rules of an open campaign break: they may only ask for less, because people are at work already.
pub fn frozen_rules(was: &MaterialRules, is: &MaterialRules) -> Vec<FieldError> {
    let mut faults = Vec::new();
    for old in &was.slots {
        if !is.slots.iter().any(|new| new.slot == old.slot) {
            faults.push(FieldError::new("/rules/slots", "only-laxer", &old.slot, ""));
        }
    }
    for (i, new) in is.slots.iter().enumerate() {
        let stricter = match was.slots.iter().find(|old| old.slot == new.slot) {
            Some(old) => stricter_bound(old, new),
            None => new.required.then_some("required"),
        };
        faults.extend(stricter.map(|name| FieldError::new(format!("/rules/slots/{i}/{name}"), "only-laxer", &new.slot, "")));
    }
    faults
}

/// The first bound of `new` that asks for more than `old` did.
fn stricter_bound(old: &SlotRule, new: &SlotRule) -> Option<&'static str> {
    let raised = |old: Option<u32>, new: Option<u32>| new.is_some_and(|n| old.is_none_or(|o| n > o));
    let lowered = |old: Option<u64>, new: Option<u64>| new.is_some_and(|n| old.is_none_or(|o| n < o));
    let wide = |v: Option<u32>| v.map(u64::from);
    // None asked for means that any will do.
    let fewer = |old: &[String], new: &[String]| !new.is_empty() && (old.is_empty() || old.iter().any(|code| !new.contains(code)));
    let bounds = [
        ("required", new.required && !old.required),
        ("most", new.most < old.most),
        ("kinds", old.kinds.iter().any(|kind| !new.kinds.contains(kind))),
        ("video_codecs", fewer(&old.video_codecs, &new.video_codecs)),
        ("audio_codecs", fewer(&old.audio_codecs, &new.audio_codecs)),
        ("max_bytes", lowered(old.max_bytes, new.max_bytes)),
        ("min_seconds", raised(old.min_seconds, new.min_seconds)),
        ("max_seconds", lowered(wide(old.max_seconds), wide(new.max_seconds))),
        ("min_width", raised(old.min_width, new.min_width)),
        ("min_height", raised(old.min_height, new.min_height)),
        ("aspect", new.aspect.is_some() && new.aspect != old.aspect),
        ("min_kbps", raised(old.min_kbps, new.min_kbps)),
        ("max_kbps", lowered(wide(old.max_kbps), wide(new.max_kbps))),
        ("min_chars", raised(old.min_chars, new.min_chars)),
        ("max_chars", lowered(wide(old.max_chars), wide(new.max_chars))),
    ];
    bounds.into_iter().find(|(_, stricter)| *stricter).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_the_table() {
        use CampaignState::{Closed, Draft, Open};
        let table = [
            (Draft, Open, Some(Step::Open)),
            (Open, Closed, Some(Step::Close)),
            (Closed, Open, Some(Step::Reopen)),
            (Draft, Closed, None),
            (Open, Draft, None),
            (Closed, Draft, None),
            (Open, Open, None),
        ];
        for (from, to, want) in table {
            assert_eq!(step(from, to), want, "{from:?} to {to:?}");
        }
    }

    fn video() -> SlotRule {
        let kinds = vec!["mp4".into(), "mov".into()];
        SlotRule {
            slot: "video".into(),
            most: 2,
            kinds,
            video_codecs: vec!["h264".into()],
            max_bytes: Some(1000),
            min_seconds: Some(60),
            aspect: Some("16:9".into()),
            ..SlotRule::default()
        }
    }

    #[test]
    fn an_open_campaign_may_only_ask_for_less() {
        let script = SlotRule { slot: "script".into(), most: 1, kinds: vec!["pdf".into()], ..SlotRule::default() };
        let table = [
            (vec![video()], None),
            (vec![SlotRule { max_bytes: None, min_seconds: Some(30), aspect: None, most: 3, ..video() }], None),
            (vec![video(), script.clone()], None),
            (vec![video(), SlotRule { required: true, ..script }], Some("/rules/slots/1/required")),
            (vec![], Some("/rules/slots")),
            (vec![SlotRule { required: true, ..video() }], Some("/rules/slots/0/required")),
            (vec![SlotRule { most: 1, ..video() }], Some("/rules/slots/0/most")),
            (vec![SlotRule { kinds: vec!["mp4".into()], ..video() }], Some("/rules/slots/0/kinds")),
            (vec![SlotRule { video_codecs: vec![], ..video() }], None),
            (vec![SlotRule { video_codecs: vec!["h264".into(), "av1".into()], ..video() }], None),
            (vec![SlotRule { video_codecs: vec!["av1".into()], ..video() }], Some("/rules/slots/0/video_codecs")),
            (vec![SlotRule { audio_codecs: vec!["aac".into()], ..video() }], Some("/rules/slots/0/audio_codecs")),
            (vec![SlotRule { max_bytes: Some(999), ..video() }], Some("/rules/slots/0/max_bytes")),
            (vec![SlotRule { max_seconds: Some(9999), ..video() }], Some("/rules/slots/0/max_seconds")),
            (vec![SlotRule { min_seconds: Some(61), ..video() }], Some("/rules/slots/0/min_seconds")),
            (vec![SlotRule { aspect: Some("4:3".into()), ..video() }], Some("/rules/slots/0/aspect")),
        ];
        for (slots, want) in table {
            let faults = frozen_rules(&MaterialRules { slots: vec![video()] }, &MaterialRules { slots: slots.clone() });
            assert_eq!(faults.first().map(|f| f.field.as_str()), want, "{slots:?}");
        }
    }
}
