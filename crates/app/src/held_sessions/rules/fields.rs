//! What the fields of a held session may say.

use crate::held_sessions::{SessionFields, Told};
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::problem::FieldError;
use crate::texts;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// Codes of where it was held; words are `venue-CODE` of the pack.
pub const VENUES: [&str; 9] = ["room", "hall", "classroom", "square", "field", "workshop", "memorial", "online", "other"];
/// Most photos of one held session.
pub const MOST_PHOTOS: usize = 9;
/// Most bytes of a photo.
pub const PHOTO_BYTES: usize = 8 << 20;
/// Nothing was recorded before this year.
const FIRST_YEAR: i16 = 2000;
/// Most people that can have been there.
const MOST_PEOPLE: i64 = 100_000;
/// A day.
const MOST_MINUTES: i64 = 1_440;

/// The fields, trimmed and read.
///
/// # Errors
///
/// Every field that breaks a rule.
pub fn checked(fields: &SessionFields, zone: &TimeZone, now: Timestamp) -> Result<Told, Vec<FieldError>> {
    let mut faults = Vec::new();
    let mut keep = |checked: Result<String, FieldError>| {
        checked.unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        })
    };
    let told = Told {
        title: keep(texts::check("title", &fields.title, 1, 200)),
        held_at: Timestamp(0),
        minutes: fields.minutes,
        lecturer: keep(texts::check("lecturer", &fields.lecturer, 1, 100)),
        lecturer_id: id(fields.lecturer_id.as_deref(), "lecturer_id", &mut keep),
        lecturer_kind: keep(code("lecturer_kind", &fields.lecturer_kind, &LECTURER_KINDS)),
        form: keep(code("form", &fields.form, &FORMS)),
        venue_kind: keep(code("venue_kind", &fields.venue_kind, &VENUES)),
        topic: keep(code("topic", &fields.topic, &TOPICS)),
        people: fields.people,
        place: keep(texts::check("place", &fields.place, 0, 200)),
        note: keep(texts::check_lines("note", &fields.note, 0, 2_000)),
        campaign: id(fields.campaign.as_deref(), "campaign", &mut keep),
        plan: None,
    };
    faults.extend(range("minutes", fields.minutes, 1, MOST_MINUTES));
    faults.extend(range("people", fields.people, 0, MOST_PEOPLE));
    let plan = fields.plan.as_deref().filter(|plan| !plan.is_empty()).map(str::parse).transpose();
    let plan = plan.unwrap_or_else(|_| {
        faults.push(FieldError::new("plan", "not-there", fields.plan.as_deref().unwrap_or_default(), ""));
        None
    });
    match moment(&fields.held_at, zone, now) {
        Ok(held_at) if faults.is_empty() => Ok(Told { held_at, plan, ..told }),
        Ok(_) => Err(faults),
        Err(fault) => {
            faults.push(fault);
            Err(faults)
        }
    }
}

/// Why something was returned, voided or changed in a closed month.
///
/// # Errors
///
/// It is missing or longer than 500 characters.
pub fn reason(text: &str) -> Result<String, FieldError> {
    texts::check("reason", text, 1, 500)
}

/// The id of something that another feature keeps, as text; none when it is empty.
fn id(text: Option<&str>, field: &str, keep: &mut impl FnMut(Result<String, FieldError>) -> String) -> Option<String> {
    let kept = keep(texts::check(field, text.unwrap_or_default(), 0, 40));
    (!kept.is_empty()).then_some(kept)
}

fn code(field: &str, value: &str, known: &[&str]) -> Result<String, FieldError> {
    let good = value.is_empty() || known.contains(&value);
    if good { Ok(value.to_owned()) } else { Err(FieldError::new(field, "one-of", value, known.join(", "))) }
}

fn range(field: &str, value: i64, least: i64, most: i64) -> Option<FieldError> {
    (!(least..=most).contains(&value)).then(|| FieldError::new(field, "range", value.to_string(), format!("{least}–{most}")))
}

/// When it began, to the minute: a phone shows no more.
fn moment(text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, FieldError> {
    let fault = |rule| FieldError::new("held_at", rule, text, "2026-11-20T19:30");
    if text.trim().is_empty() {
        return Err(fault("required"));
    }
    let local: DateTime = text.trim().parse().map_err(|_| fault("moment"))?;
    if local.year() < FIRST_YEAR {
        return Err(fault("too-early"));
    }
    let minute = local.with().second(0).subsec_nanosecond(0).build().map_err(|_| fault("moment"))?;
    let zoned = minute.to_zoned_datetime(zone.clone()).map_err(|_| fault("moment"))?;
    let at = Timestamp(zoned.timestamp().as_millisecond());
    if at > now { Err(fault("lies-ahead")) } else { Ok(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T09:00+08:00.
    const NOW: Timestamp = Timestamp(1_795_395_600_000);

    fn good() -> SessionFields {
        SessionFields {
            title: " 秋收里的一堂课 ".into(),
            held_at: "2026-11-20T19:30:59".into(),
            minutes: 90,
            lecturer: "李桂芳".into(),
            form: "lecture".into(),
            people: 42,
            ..SessionFields::default()
        }
    }

    fn zone() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(8))
    }

    #[test]
    fn f1_good_fields_are_trimmed_and_read_to_the_minute() {
        let told = checked(&good(), &zone(), NOW).unwrap();
        assert_eq!((told.title.as_str(), told.held_at), ("秋收里的一堂课", Timestamp(1_795_174_200_000)));
        assert_eq!(told.fields(&zone()).held_at, "2026-11-20T19:30");
        assert_eq!(checked(&told.fields(&zone()), &zone(), NOW).unwrap(), told);
    }

    #[test]
    fn f1_each_broken_field_is_named() {
        let with = |change: fn(&mut SessionFields)| {
            let mut fields = good();
            change(&mut fields);
            fields
        };
        let table = [
            (with(|f| f.title.clear()), "title", "required"),
            (with(|f| f.held_at.clear()), "held_at", "required"),
            (with(|f| f.held_at = "20 November".into()), "held_at", "moment"),
            (with(|f| f.held_at = "1999-12-31T23:59".into()), "held_at", "too-early"),
            (with(|f| f.held_at = "2026-11-23T09:01".into()), "held_at", "lies-ahead"),
            (with(|f| f.minutes = 0), "minutes", "range"),
            (with(|f| f.people = 100_001), "people", "range"),
            (with(|f| f.people = -1), "people", "range"),
            (with(|f| f.lecturer = "\u{202E}".into()), "lecturer", "hidden-characters"),
            (with(|f| f.form = "opera".into()), "form", "one-of"),
            (with(|f| f.venue_kind = "moon".into()), "venue_kind", "one-of"),
            (with(|f| f.plan = Some("lsn_1".into())), "plan", "not-there"),
            (with(|f| f.note = "x".repeat(2_001)), "note", "too-long"),
        ];
        for (fields, field, rule) in table {
            let faults = checked(&fields, &zone(), NOW).unwrap_err();
            assert_eq!(faults.iter().map(|f| (f.field.as_str(), f.rule)).collect::<Vec<_>>(), [(field, rule)], "{fields:?}");
        }
        assert!(checked(&with(|f| f.held_at = "2026-11-23T09:00".into()), &zone(), NOW).is_ok(), "this minute is not to come");
    }
}
