//! iCalendar (RFC 5545), for the calendars of phones and offices.
//!
//! Written by ourselves: a dozen properties. The library for it needs a second calendar beside ours (`deny.toml`), writes
//! a time stamp and a random name into alarms, where the format has no place for them, and asks the machine's clock.

use kernel::Timestamp;

/// Octets of a line; longer ones are folded (§3.1).
const LINE: usize = 75;

/// What a calendar is called and where its events are.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Name of the calendar.
    pub name: &'a str,
    /// The installation's address, without a slash at its end.
    pub public_url: &'a str,
    /// When the calendar is handed out.
    pub now: Timestamp,
}

/// How certain an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Asked for.
    Tentative,
    /// It will be.
    Confirmed,
    /// It was called off.
    Cancelled,
}

/// Something that begins and ends.
#[derive(Debug, Clone)]
pub struct Event {
    /// Names it for good.
    pub id: String,
    /// Path of its page.
    pub path: String,
    /// What was read before is replaced by what has a higher number.
    pub version: i64,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// What it is called.
    pub title: String,
    /// What else there is to say, line by line; the address of the page follows.
    pub said: Vec<String>,
    /// Where; empty for on its page.
    pub place: String,
    /// How certain it is.
    pub standing: Standing,
    /// Words of an alarm ten minutes before.
    pub alarm: Option<String>,
}

/// The calendar of these events.
pub fn calendar(frame: &Frame<'_>, events: impl Iterator<Item = Event>) -> String {
    let mut lines = Lines(String::new());
    lines.plain("BEGIN", "VCALENDAR");
    lines.plain("VERSION", "2.0");
    lines.plain("PRODID", "-//Kaijiang//Programme//EN");
    lines.plain("CALSCALE", "GREGORIAN");
    lines.plain("METHOD", "PUBLISH");
    lines.text("NAME", frame.name);
    lines.text("X-WR-CALNAME", frame.name);
    lines.plain("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    lines.plain("X-PUBLISHED-TTL", "PT1H");
    for event in events {
        write(&mut lines, frame, &event);
    }
    lines.plain("END", "VCALENDAR");
    lines.0
}

fn write(lines: &mut Lines, frame: &Frame<'_>, of: &Event) {
    let url = format!("{}{}", frame.public_url, of.path);
    let host = frame.public_url.split("://").last().unwrap_or_default();
    let said: Vec<_> = of.said.iter().map(String::as_str).chain([url.as_str()]).collect();
    lines.plain("BEGIN", "VEVENT");
    lines.plain("UID", &format!("{}@{host}", of.id));
    lines.plain("DTSTAMP", &utc(frame.now));
    lines.plain("SEQUENCE", &of.version.to_string());
    lines.plain("CREATED", &utc(of.created_at));
    lines.plain("DTSTART", &utc(of.starts_at));
    lines.plain("DTEND", &utc(of.ends_at));
    lines.text("SUMMARY", &of.title);
    lines.text("DESCRIPTION", &said.join("\n"));
    lines.text("LOCATION", if of.place.is_empty() { &url } else { &of.place });
    lines.plain("URL", &url);
    let status = match of.standing {
        Standing::Tentative => "TENTATIVE",
        Standing::Confirmed => "CONFIRMED",
        Standing::Cancelled => "CANCELLED",
    };
    lines.plain("STATUS", status);
    if let Some(alarm) = of.alarm.as_ref().filter(|_| of.standing != Standing::Cancelled) {
        lines.plain("BEGIN", "VALARM");
        lines.plain("ACTION", "DISPLAY");
        lines.plain("TRIGGER", "-PT10M");
        lines.text("DESCRIPTION", alarm);
        lines.plain("END", "VALARM");
    }
    lines.plain("END", "VEVENT");
}

/// An instant as `20261123T010000Z`: every calendar shows it in the zone of its reader.
fn utc(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

struct Lines(String);

impl Lines {
    /// A property whose value needs no escapes.
    fn plain(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in format!("{name}:{value}").chars() {
            if octets + c.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property of text: what has a meaning in the format is escaped (§3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let escaped = value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace("\r\n", "\n").replace('\n', "\\n");
        let printable: String = escaped.chars().filter(|c| !c.is_control()).collect();
        self.plain(name, &printable);
    }
}
