//! What a plan must say.

use crate::broadcasts::{Kind, Plan};
use crate::problem::FieldError;
use kernel::Timestamp;

/// Most hours that a broadcast is planned for.
pub const MOST_HOURS: i64 = 12;
/// A plan lies at most so many days ahead.
const MOST_DAYS: i64 = 400;
/// Characters of an address.
const URL: usize = 500;

/// What a plan breaks at `now`; free texts are checked by `texts::check`. `began`: it was on air already, so its beginning is history.
pub fn faults(plan: &Plan, now: Timestamp, began: bool) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if !began && !(now.plus_ms(-3_600_000)..=now.plus_days(MOST_DAYS)).contains(&plan.starts_at) {
        faults.push(FieldError::new("starts_at", "in-the-future", plan.starts_at.to_string(), now));
    }
    let length = plan.ends_at - plan.starts_at;
    if length <= 0 {
        faults.push(FieldError::new("ends_at", "after-start", plan.ends_at.to_string(), plan.starts_at));
    } else if length > MOST_HOURS * 3_600_000 {
        faults.push(FieldError::new("ends_at", "at-most-hours", (length / 3_600_000).to_string(), MOST_HOURS));
    }
    match (plan.kind, plan.external_url.as_deref()) {
        (Kind::External, None | Some("")) => faults.push(FieldError::new("external_url", "required", "", "")),
        (Kind::External, Some(url)) if !is_stream_address(url) => {
            faults.push(FieldError::new("external_url", "stream-address", url, "https://…/….m3u8"));
        }
        _ => {}
    }
    faults
}

/// An address that a player can take and that a page may name: https, a playlist, nothing that hides.
fn is_stream_address(url: &str) -> bool {
    let plain = url.len() <= URL && url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'\\' | b'\''));
    let path = url.split(['?', '#']).next().unwrap_or_default();
    plain
        && url.starts_with("https://")
        && path.to_ascii_lowercase().ends_with(".m3u8")
        && !url[8..].split('/').next().unwrap_or_default().contains('@')
}

/// What the file of a live broadcast's recording is called.
pub fn title_of_recording(title: &str) -> String {
    format!("{}.mp4", title.chars().take(120).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_395_600_000);

    fn plan() -> Plan {
        Plan { starts_at: NOW.plus_days(1), ends_at: NOW.plus_days(1).plus_ms(3_600_000), ..Plan::example() }
    }

    #[test]
    fn each_broken_rule_is_named() {
        let day = 24 * 3_600_000;
        let table = [
            (plan(), vec![]),
            (Plan { starts_at: NOW.plus_days(-1), ..plan() }, vec![("starts_at", "in-the-future"), ("ends_at", "at-most-hours")]),
            (Plan { ends_at: plan().starts_at, ..plan() }, vec![("ends_at", "after-start")]),
            (Plan { ends_at: plan().starts_at.plus_ms(day), ..plan() }, vec![("ends_at", "at-most-hours")]),
            (Plan { kind: Kind::External, ..plan() }, vec![("external_url", "required")]),
            (Plan { kind: Kind::External, external_url: Some("https://a.example/live.m3u8?x=1".into()), ..plan() }, vec![]),
        ];
        for (plan, want) in table {
            assert_eq!(faults(&plan, NOW, false).iter().map(|f| (f.field.as_str(), f.rule)).collect::<Vec<_>>(), want, "{plan:?}");
        }
    }

    #[test]
    fn what_is_on_air_keeps_its_beginning() {
        let late = Plan { starts_at: NOW.plus_days(-1), ends_at: NOW.plus_days(-1).plus_ms(1), ..plan() };
        assert!(faults(&late, NOW, true).is_empty());
    }

    #[test]
    fn s8_only_plain_https_playlists_are_named_on_a_page() {
        for bad in [
            "http://a.example/x.m3u8",
            "https://a.example/x.mp4",
            "javascript:alert(1)//x.m3u8",
            "https://user@a.example/x.m3u8",
            "https://a.example/\"><script>.m3u8",
            "https://a.example/x.m3u8 onload",
        ] {
            assert!(!is_stream_address(bad), "{bad}");
        }
    }
}
