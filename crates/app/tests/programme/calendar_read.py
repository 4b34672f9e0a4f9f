"""Reads a calendar from standard input, strictly, and prints what another program makes of it as JSON."""

import json
import sys

from icalendar import Calendar


def text(component, name):
    value = component.get(name)
    return None if value is None else str(value)


calendar = Calendar.from_ical(sys.stdin.buffer.read())
faults = [str(fault) for component in calendar.walk() for fault in component.errors]
missing = [name for component in calendar.walk() for name in component.required if name not in component]


def event(component):
    alarms = component.walk("VALARM")
    return {
        "uid": text(component, "UID"),
        "summary": text(component, "SUMMARY"),
        "description": text(component, "DESCRIPTION"),
        "url": text(component, "URL"),
        "status": text(component, "STATUS"),
        "sequence": int(component.get("SEQUENCE")),
        "stamp": component.decoded("DTSTAMP").isoformat(),
        "start": component.decoded("DTSTART").isoformat(),
        "end": component.decoded("DTEND").isoformat(),
        "alarms": [alarm.decoded("TRIGGER").total_seconds() for alarm in alarms],
        "in_alarms": sorted({name for alarm in alarms for name in alarm}),
    }


events = [event(component) for component in calendar.walk("VEVENT")]
json.dump({"faults": faults, "missing": missing, "name": text(calendar, "X-WR-CALNAME"), "events": events}, sys.stdout)
