//! H6: the pages have no private powers. Each of their routes stands here beside the route of the API that does the same, or
//! with the reason why a program has no use for it.

use crate::matrix::served;
use std::collections::{BTreeMap, BTreeSet};

/// What a program calls instead.
enum Twin {
    Api(&'static str),
    /// A list of organisations, figures and the like that the API gives in another cut.
    Several(&'static [&'static str]),
    None(&'static str),
}
use Twin::{Api, None as Nothing, Several};

const FORM: Twin = Nothing("an empty form; the API describes its bodies");

fn own() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /sign-in", FORM),
        ("POST /sign-in", Api("POST /api/v1/sign-ins")),
        ("POST /sign-out", Api("DELETE /api/v1/sign-ins/{id}")),
        ("GET /welcome/{secret}", FORM),
        ("POST /welcome/{secret}", Nothing("a person's first password, by a link that works once in their own browser")),
        ("POST /preferences", Nothing("language and size of type of one browser; programs say Accept-Language")),
        ("GET /me", Several(&["GET /api/v1/me", "GET /api/v1/sign-ins", "GET /api/v1/tokens"])),
        ("POST /me", Api("PATCH /api/v1/me")),
        ("POST /me/mail", Api("PUT /api/v1/me/mail")),
        ("POST /me/mail/remove", Api("DELETE /api/v1/me/mail")),
        ("GET /mail-check/{token}", FORM),
        ("POST /mail-check/{token}", Nothing("a link in a mail, opened by the person whose address it proves")),
        ("GET /me/reports", Api("GET /api/v1/report-subscriptions")),
        ("POST /me/reports/{id}/end", Api("DELETE /api/v1/report-subscriptions/{id}")),
        ("GET /reports/unsubscribe/{token}", FORM),
        ("POST /reports/unsubscribe/{token}", Nothing("one click in a mail (RFC 8058), an interface for programs already")),
        ("POST /me/password", Api("POST /api/v1/me/password")),
        ("POST /me/sign-ins/{id}/revoke", Api("DELETE /api/v1/sign-ins/{id}")),
        ("POST /me/tokens", Api("POST /api/v1/tokens")),
        ("POST /me/tokens/{id}/revoke", Api("DELETE /api/v1/tokens/{id}")),
        ("GET /api/docs", Api("GET /api/v1/openapi.json")),
    ]
}

fn portal() -> Vec<(&'static str, Twin)> {
    let library = || Several(&["GET /api/v1/library", "GET /api/v1/library/facets"]);
    vec![
        ("GET /", library()),
        ("GET /lessons", library()),
        ("GET /places", library()),
        ("GET /places/{id}", library()),
        ("GET /lessons/{id}", Api("GET /api/v1/library/{id}")),
        ("GET /lessons/{id}/addresses", Api("GET /api/v1/library/{id}/playback")),
        ("GET /lessons/{id}/captions/{track}", Api("GET /api/v1/library/{id}/captions/{language}")),
        ("PUT /lessons/{id}/resume-point", Api("PUT /api/v1/library/{id}/resume-point")),
        ("GET /lessons/{id}/qr.svg", Nothing("a picture of an address that the program knows")),
        ("POST /watch/heartbeat", Api("POST /api/v1/watch/heartbeat")),
        ("GET /receipts", FORM),
        ("GET /receipts/{number}", Api("GET /api/v1/receipts/{number}")),
        ("GET /receipts/{number}/qr.svg", Nothing("a picture of an address that the program knows")),
    ]
}

fn people() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /people", Api("GET /api/v1/accounts")),
        ("POST /people", Api("POST /api/v1/accounts")),
        ("GET /people/import", FORM),
        ("POST /people/import", Api("POST /api/v1/accounts/imports")),
        ("GET /people/imports/{id}", Api("GET /api/v1/accounts/imports/{id}")),
        ("POST /people/imports/{id}/apply", Api("POST /api/v1/accounts/imports/{id}/apply")),
        ("POST /people/imports/{id}/cancel", Api("DELETE /api/v1/accounts/imports/{id}")),
        ("GET /people/imports/{id}/workbook", Api("GET /api/v1/accounts/imports/{id}/workbook")),
        ("POST /people/imports/{id}/links", Api("POST /api/v1/accounts/imports/{id}/links")),
        ("GET /people/{id}", Api("GET /api/v1/accounts/{id}")),
        ("POST /people/{id}/active", Api("PATCH /api/v1/accounts/{id}")),
        ("POST /people/{id}/password", Api("POST /api/v1/accounts/{id}/password")),
        ("POST /people/{id}/grants", Api("POST /api/v1/accounts/{id}/grants")),
        ("POST /people/{id}/grants/{grant}/revoke", Api("DELETE /api/v1/accounts/{id}/grants/{grant}")),
        ("GET /organisations", Api("GET /api/v1/organisations")),
        ("GET /organisations/search", Api("GET /api/v1/organisations/search")),
        ("GET /organisations/kept", Api("GET /api/v1/organisations/search")),
        ("GET /organisations/import", FORM),
        ("POST /organisations/import", Api("POST /api/v1/organisations/imports")),
        ("GET /organisations/imports/{id}", Api("GET /api/v1/organisations/imports/{id}")),
        ("POST /organisations/imports/{id}/apply", Api("POST /api/v1/organisations/imports/{id}/apply")),
        ("POST /organisations/imports/{id}/cancel", Api("DELETE /api/v1/organisations/imports/{id}")),
        ("GET /organisations/imports/{id}/workbook", Api("GET /api/v1/organisations/imports/{id}/workbook")),
        ("GET /organisations/{id}", Api("GET /api/v1/organisations/{id}")),
        ("POST /organisations/{id}", Api("PATCH /api/v1/organisations/{id}")),
        ("GET /organisations/{id}/children", Api("GET /api/v1/organisations")),
        ("POST /organisations/{id}/children", Api("POST /api/v1/organisations")),
        ("POST /organisations/{id}/line", Api("POST /api/v1/organisations/{id}/line")),
        ("POST /organisations/{id}/move", Api("POST /api/v1/organisations/{id}/move")),
        ("POST /organisations/{id}/merge", Api("POST /api/v1/organisations/{id}/merge")),
        ("POST /organisations/{id}/close", Api("POST /api/v1/organisations/{id}/close")),
    ]
}

fn campaigns() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /campaigns", Api("GET /api/v1/campaigns")),
        ("POST /campaigns", Api("POST /api/v1/campaigns")),
        ("GET /campaigns/new", FORM),
        ("GET /campaigns/{id}", Api("GET /api/v1/campaigns/{id}")),
        ("GET /campaigns/{id}/edit", Several(&["GET /api/v1/campaigns/{id}", "GET /api/v1/campaigns/{id}/burden"])),
        ("POST /campaigns/{id}/edit", Api("PUT /api/v1/campaigns/{id}")),
        ("POST /campaigns/{id}/state", Api("POST /api/v1/campaigns/{id}/state")),
        ("POST /campaigns/{id}/copies", Api("POST /api/v1/campaigns/{id}/copies")),
        ("POST /campaigns/{id}/categories", Api("POST /api/v1/campaigns/{id}/categories")),
        ("GET /campaigns/{id}/categories/new", FORM),
        ("GET /campaigns/{id}/categories/{category}", Api("GET /api/v1/campaigns/{id}")),
        ("POST /campaigns/{id}/categories/{category}", Api("PUT /api/v1/campaigns/{id}/categories/{category}")),
        ("POST /campaigns/{id}/categories/{category}/remove", Api("DELETE /api/v1/campaigns/{id}/categories/{category}")),
        ("POST /campaigns/{id}/stages", Api("PUT /api/v1/campaigns/{id}/stages")),
        ("POST /campaigns/{id}/quotas", Api("PUT /api/v1/campaigns/{id}/quotas")),
        ("POST /campaigns/{id}/consents", Api("POST /api/v1/campaigns/{id}/consents")),
        ("POST /campaigns/{id}/consents/{code}/remove", Api("DELETE /api/v1/campaigns/{id}/consents/{code}")),
        ("POST /campaigns/{id}/extensions", Api("POST /api/v1/campaigns/{id}/extensions")),
        ("POST /campaigns/{id}/narrowed", Api("POST /api/v1/campaigns/{id}/narrowed")),
        ("POST /campaigns/{id}/narrowed/{row}/remove", Api("DELETE /api/v1/campaigns/{id}/narrowed/{row}")),
    ]
}

fn submissions() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /desk", Several(&["GET /api/v1/submissions/queue", "GET /api/v1/submissions", "GET /api/v1/submissions/quotas"])),
        ("GET /desk/lessons", Api("GET /api/v1/lessons")),
        ("GET /submissions", Api("GET /api/v1/submissions")),
        ("GET /submissions/new", FORM),
        ("POST /submissions/new", Several(&["POST /api/v1/lessons", "POST /api/v1/submissions"])),
        ("GET /submissions/{id}", Several(&["GET /api/v1/submissions/{id}", "GET /api/v1/submissions/{id}/difference"])),
        ("GET /submissions/{id}/edit", Several(&["GET /api/v1/submissions/{id}", "GET /api/v1/submissions/{id}/checklist"])),
        ("POST /submissions/{id}/edit", Api("PATCH /api/v1/submissions/{id}")),
        ("PATCH /submissions/{id}/draft", Several(&["PATCH /api/v1/submissions/{id}", "POST /api/v1/submissions/{id}/presence"])),
        ("GET /submissions/{id}/files/{slot}", Api("GET /api/v1/lessons/{id}/materials")),
        ("GET /submissions/{id}/addresses", Api("GET /api/v1/submissions/{id}/addresses")),
        ("GET /submissions/{id}/submit", Api("GET /api/v1/submissions/{id}/checklist")),
        ("POST /submissions/{id}/submit", Api("POST /api/v1/submissions/{id}/revisions")),
        ("POST /submissions/{id}/pull-back", Api("POST /api/v1/submissions/{id}/pull-back")),
        ("POST /submissions/{id}/withdrawal", Api("POST /api/v1/submissions/{id}/withdrawal")),
        ("POST /lessons/{id}/captions", Api("PUT /api/v1/lessons/{id}/captions/{language}")),
        ("POST /lessons/{id}/materials", Several(&["POST /api/v1/uploads", "PATCH /api/v1/uploads/{id}"])),
        ("GET /materials/{id}/original", Api("GET /api/v1/materials/{id}/original")),
        ("GET /review", Api("GET /api/v1/submissions/queue")),
        ("GET /review/rank", Several(&["GET /api/v1/submissions/queue", "GET /api/v1/submissions/quotas"])),
        ("POST /review/rank", Api("PUT /api/v1/submissions/order")),
        ("POST /review/rank/move", Api("PUT /api/v1/submissions/order")),
        ("POST /review/batch", Several(&["POST /api/v1/submissions/batches/preview", "POST /api/v1/submissions/batches"])),
        ("GET /review/{id}", Several(&["GET /api/v1/submissions/{id}", "POST /api/v1/submissions/{id}/opening"])),
        ("POST /review/{id}", Several(&["POST /api/v1/submissions/{id}/verdict", "PUT /api/v1/submissions/{id}/reserve"])),
        ("GET /clearance", Api("GET /api/v1/submissions")),
        ("GET /clearance/{id}", Api("GET /api/v1/submissions/{id}")),
        ("POST /clearance/{id}/approval", Api("POST /api/v1/submissions/{id}/approvals")),
        ("POST /clearance/{id}/award", Api("PUT /api/v1/submissions/{id}/award")),
        ("POST /clearance/{id}/award/removal", Api("DELETE /api/v1/submissions/{id}/award")),
        ("POST /clearance/{id}/unpublication", Api("POST /api/v1/submissions/{id}/unpublication")),
    ]
}

fn figures() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /statistics", Api("GET /api/v1/statistics")),
        ("GET /statistics/records", Api("GET /api/v1/statistics/records")),
        ("GET /statistics/records.xlsx", Api("GET /api/v1/statistics/records.xlsx")),
        ("GET /statistics/records.csv", Api("GET /api/v1/statistics/records.csv")),
        ("GET /statistics/report.pdf", Api("GET /api/v1/statistics/report.pdf")),
        ("POST /statistics/subscriptions", Api("PUT /api/v1/report-subscriptions")),
        ("GET /statistics/wall", Api("GET /api/v1/statistics")),
        ("GET /statistics/bands", Api("GET /api/v1/statistics/bands")),
        ("GET /statistics/bands.xlsx", Api("GET /api/v1/statistics/bands.xlsx")),
        ("GET /statistics/bands.csv", Api("GET /api/v1/statistics/bands.csv")),
        (
            "POST /statistics/bands",
            Several(&["PUT /api/v1/statistics/bands/{organisation}/{metric}", "DELETE /api/v1/statistics/bands/{organisation}/{metric}"]),
        ),
        ("GET /statistics/crossing", Api("GET /api/v1/statistics/crossing")),
        ("GET /statistics/crossing.xlsx", Api("GET /api/v1/statistics/crossing.xlsx")),
        ("GET /statistics/crossing.csv", Api("GET /api/v1/statistics/crossing.csv")),
        ("GET /statistics/burden", Api("GET /api/v1/statistics/burden")),
        ("GET /statistics/burden.xlsx", Api("GET /api/v1/statistics/burden.xlsx")),
        ("GET /statistics/burden.csv", Api("GET /api/v1/statistics/burden.csv")),
        ("GET /statistics/silent", Api("GET /api/v1/statistics/silent")),
        ("GET /statistics/silent.csv", Api("GET /api/v1/statistics/silent.csv")),
        ("GET /statistics/workbooks", Api("GET /api/v1/statistics/workbooks")),
        ("POST /statistics/workbooks", Api("POST /api/v1/statistics/workbooks")),
        (
            "GET /statistics/workbooks/{id}",
            Several(&["GET /api/v1/statistics/workbooks/{id}", "GET /api/v1/statistics/workbooks/{id}/sheet"]),
        ),
        ("POST /statistics/workbooks/{id}/marks", Api("PUT /api/v1/statistics/workbooks/{id}/marks")),
        ("POST /statistics/workbooks/{id}/marks/remove", Api("PUT /api/v1/statistics/workbooks/{id}/marks")),
        ("GET /statistics/workbooks/{id}/filled.xlsx", Api("GET /api/v1/statistics/workbooks/{id}/filled.xlsx")),
        ("POST /statistics/workbooks/{id}/remove", Api("DELETE /api/v1/statistics/workbooks/{id}")),
        ("GET /statistics/export.xlsx", Api("GET /api/v1/statistics/export.xlsx")),
        ("GET /statistics/export.csv", Api("GET /api/v1/statistics/export.csv")),
        ("GET /administration", Api("GET /api/v1/administration")),
        ("GET /administration/mail", Api("GET /api/v1/notices")),
        ("POST /administration/mail/{id}/again", Api("POST /api/v1/notices/{id}/again")),
        ("GET /administration/jobs", Api("GET /api/v1/jobs")),
        ("POST /administration/jobs/{id}/cancel", Api("POST /api/v1/jobs/{id}/cancel")),
        ("POST /administration/jobs/{id}/retry", Api("POST /api/v1/jobs/{id}/retry")),
        ("GET /administration/audit", Api("GET /api/v1/audit-records")),
        ("GET /administration/audit/verification", Api("GET /api/v1/audit-records/verification")),
        ("GET /administration/audit.csv", Api("GET /api/v1/audit-records")),
        ("GET /administration/audit.jsonl", Api("GET /api/v1/audit-records")),
    ]
}

fn lecturers() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /lecturers", Api("GET /api/v1/library/lecturers")),
        ("GET /lecturers/{id}", Api("GET /api/v1/library/lecturers/{id}")),
        ("GET /lecturers/{id}/photo/{photo}", Nothing("a picture at an address that the API tells")),
        ("GET /calendars/{subject}/{file}", Nothing("for calendars, which cannot say who they are; the API has the same as JSON")),
        ("GET /desk/lecturers", Api("GET /api/v1/lecturers")),
        ("POST /desk/lecturers", Api("POST /api/v1/lecturers")),
        ("GET /desk/lecturers/new", FORM),
        ("GET /desk/lecturers/duplicates", Api("GET /api/v1/lecturers/duplicates")),
        ("GET /desk/lecturers/import", FORM),
        ("POST /desk/lecturers/import", Api("POST /api/v1/lecturers/imports")),
        ("GET /desk/lecturers/imports/{id}", Api("GET /api/v1/lecturers/imports/{id}")),
        ("POST /desk/lecturers/imports/{id}/apply", Api("POST /api/v1/lecturers/imports/{id}/apply")),
        ("POST /desk/lecturers/imports/{id}/cancel", Api("DELETE /api/v1/lecturers/imports/{id}")),
        ("GET /desk/lecturers/imports/{id}/workbook", Api("GET /api/v1/lecturers/imports/{id}/workbook")),
        ("GET /desk/lecturers/{id}", Several(&["GET /api/v1/lecturers/{id}", "GET /api/v1/lecturers/{id}/lectures"])),
        ("GET /desk/lecturers/{id}/edit", Api("GET /api/v1/lecturers/{id}")),
        ("POST /desk/lecturers/{id}/edit", Api("PATCH /api/v1/lecturers/{id}")),
        ("POST /desk/lecturers/{id}/photo", Api("PUT /api/v1/lecturers/{id}/photo")),
        ("POST /desk/lecturers/{id}/photo/removal", Api("DELETE /api/v1/lecturers/{id}/photo")),
        ("POST /desk/lecturers/{id}/consent", Api("PUT /api/v1/lecturers/{id}/consent")),
        ("POST /desk/lecturers/{id}/consent/withdrawal", Api("DELETE /api/v1/lecturers/{id}/consent")),
        ("POST /desk/lecturers/{id}/state", Api("PUT /api/v1/lecturers/{id}/state")),
        ("GET /desk/lecturers/{id}/merge", Api("GET /api/v1/lecturers/{id}")),
        ("POST /desk/lecturers/{id}/merge", Api("POST /api/v1/lecturers/{id}/merge")),
        ("POST /desk/lecturers/{id}/unmerge", Api("DELETE /api/v1/lecturers/{id}/merge")),
        ("GET /desk/lecturers/{id}/book", FORM),
        ("POST /desk/lecturers/{id}/book", Api("POST /api/v1/lecturers/{id}/bookings")),
        ("GET /desk/bookings", Api("GET /api/v1/bookings")),
        ("GET /desk/bookings/calendar", Several(&["GET /api/v1/bookings", "GET /api/v1/booking-calendars/{subject}"])),
        ("POST /desk/bookings/calendars", Api("POST /api/v1/booking-calendars/{subject}")),
        ("GET /desk/bookings/{id}", Api("GET /api/v1/bookings/{id}")),
        ("POST /desk/bookings/{id}/acceptance", Api("POST /api/v1/bookings/{id}/acceptance")),
        ("POST /desk/bookings/{id}/refusal", Api("POST /api/v1/bookings/{id}/refusal")),
        ("POST /desk/bookings/{id}/cancellation", Api("POST /api/v1/bookings/{id}/cancellation")),
        ("POST /desk/bookings/{id}/rating", Api("PUT /api/v1/bookings/{id}/rating")),
    ]
}

fn live() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /programme", Api("GET /api/v1/programme")),
        ("GET /programme.ics", Nothing("for calendars, which cannot say who they are; the API has the same as JSON")),
        ("GET /live/{id}", Api("GET /api/v1/live/{id}/state")),
        ("POST /whip/{id}", Nothing("WHIP (RFC 9725) is an interface for programs already")),
        ("DELETE /whip/{id}/{session}", Nothing("WHIP (RFC 9725) is an interface for programs already")),
        ("POST /live/{id}/group", Several(&["PUT /api/v1/live/{id}/group-viewing", "DELETE /api/v1/live/{id}/group-viewing"])),
        ("POST /lessons/{id}/group", Several(&["PUT /api/v1/lessons/{id}/group-viewing", "DELETE /api/v1/lessons/{id}/group-viewing"])),
        ("GET /live/{id}/state", Api("GET /api/v1/live/{id}/state")),
        ("GET /live/{id}/ticket", Api("GET /api/v1/live/{id}/ticket")),
        ("GET /live/{id}/event.ics", Nothing("for calendars; the API has the same as JSON")),
        ("GET /live/{id}/qr.svg", Nothing("a picture of an address that the program knows")),
        ("GET /live/{id}/poster.pdf", Nothing("public already, at an address that follows from the id")),
        ("GET /live/{id}/poster.png", Nothing("public already, at an address that follows from the id")),
    ]
}

fn broadcasts() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /broadcasts", Api("GET /api/v1/broadcasts")),
        ("POST /broadcasts", Api("POST /api/v1/broadcasts")),
        ("GET /broadcasts/new", FORM),
        ("GET /broadcasts/{id}", Api("GET /api/v1/broadcasts/{id}")),
        ("GET /broadcasts/{id}/edit", FORM),
        ("POST /broadcasts/{id}/edit", Api("PUT /api/v1/broadcasts/{id}")),
        ("POST /broadcasts/{id}/key", Api("POST /api/v1/broadcasts/{id}/key")),
        ("GET /broadcasts/{id}/health", Api("GET /api/v1/broadcasts/{id}/health")),
        ("POST /broadcasts/{id}/on-air", Api("POST /api/v1/broadcasts/{id}/on-air")),
        ("POST /broadcasts/{id}/end", Api("POST /api/v1/broadcasts/{id}/end")),
        ("POST /broadcasts/{id}/cancel", Api("POST /api/v1/broadcasts/{id}/cancel")),
        ("POST /broadcasts/{id}/repeats", Api("POST /api/v1/broadcasts/{id}/repeats")),
        ("POST /broadcasts/{id}/unpublication", Api("POST /api/v1/broadcasts/{id}/unpublication")),
        ("POST /broadcasts/{id}/hold", Api("PUT /api/v1/broadcasts/{id}/hold")),
        ("POST /broadcasts/{id}/go-on", Api("PUT /api/v1/broadcasts/{id}/hold")),
        ("POST /broadcasts/{id}/profile", Api("PUT /api/v1/broadcasts/{id}/profile")),
        ("POST /broadcasts/{id}/stage", Api("PUT /api/v1/broadcasts/{id}/stage")),
        ("GET /broadcasts/{id}/recording", Api("GET /api/v1/broadcasts/{id}")),
        ("POST /broadcasts/{id}/recording", Api("PUT /api/v1/broadcasts/{id}/recording")),
        ("POST /broadcasts/{id}/recording/whole", Api("DELETE /api/v1/broadcasts/{id}/recording")),
    ]
}

fn held_sessions() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /held-sessions", Api("GET /api/v1/held-sessions")),
        ("POST /held-sessions", Api("PUT /api/v1/held-sessions/{id}")),
        ("GET /held-sessions/new", FORM),
        ("GET /held-sessions/export.csv", Api("GET /api/v1/held-sessions/export.csv")),
        ("POST /held-sessions/exports", Api("POST /api/v1/held-sessions/exports")),
        ("GET /held-sessions/exports/{id}", Api("GET /api/v1/held-sessions/exports/{id}")),
        ("POST /held-sessions/exports/{id}/cancel", Api("DELETE /api/v1/held-sessions/exports/{id}")),
        ("GET /held-sessions/exports/{id}/file", Api("GET /api/v1/held-sessions/exports/{id}/file")),
        ("GET /held-sessions/blank", Several(&["GET /api/v1/campaigns", "GET /api/v1/held-sessions/blank.xlsx"])),
        ("GET /held-sessions/blank.xlsx", Api("GET /api/v1/held-sessions/blank.xlsx")),
        ("GET /held-sessions/import", FORM),
        ("POST /held-sessions/import", Api("POST /api/v1/held-sessions/imports")),
        ("GET /held-sessions/imports/{id}", Api("GET /api/v1/held-sessions/imports/{id}")),
        ("POST /held-sessions/imports/{id}/apply", Api("POST /api/v1/held-sessions/imports/{id}/apply")),
        ("POST /held-sessions/imports/{id}/cancel", Api("DELETE /api/v1/held-sessions/imports/{id}")),
        ("GET /held-sessions/imports/{id}/workbook", Api("GET /api/v1/held-sessions/imports/{id}/workbook")),
        ("GET /held-sessions/{id}", Api("GET /api/v1/held-sessions/{id}")),
        ("GET /held-sessions/{id}/edit", Api("GET /api/v1/held-sessions/{id}")),
        ("POST /held-sessions/{id}/edit", Api("PUT /api/v1/held-sessions/{id}")),
        ("POST /held-sessions/{id}/verdict", Api("POST /api/v1/held-sessions/{id}/verdict")),
        ("POST /held-sessions/{id}/photos", Api("PUT /api/v1/held-sessions/{id}/photos/{photo}")),
        ("GET /held-sessions/{id}/photos/{photo}", Api("GET /api/v1/held-sessions/{id}/photos/{photo}")),
        ("PUT /held-sessions/{id}/photos/{photo}", Api("PUT /api/v1/held-sessions/{id}/photos/{photo}")),
        ("DELETE /held-sessions/{id}/photos/{photo}", Api("DELETE /api/v1/held-sessions/{id}/photos/{photo}")),
        ("POST /held-sessions/{id}/photos/{photo}/remove", Api("DELETE /api/v1/held-sessions/{id}/photos/{photo}")),
        ("GET /held-sessions/verification", Api("GET /api/v1/held-sessions")),
        ("POST /held-sessions/verification", Api("POST /api/v1/held-sessions/verdicts")),
        ("GET /held-sessions/plans", Api("GET /api/v1/session-plans")),
        ("POST /held-sessions/plans", Api("POST /api/v1/session-plans")),
        ("POST /held-sessions/plans/{id}", Api("PUT /api/v1/session-plans/{id}")),
        ("POST /held-sessions/plans/{id}/cancellation", Api("POST /api/v1/session-plans/{id}/cancellation")),
        ("POST /held-sessions/plans/{id}/remove", Api("DELETE /api/v1/session-plans/{id}")),
        ("GET /held-sessions/months", Several(&["GET /api/v1/closed-months", "GET /api/v1/session-adjustments"])),
        ("POST /held-sessions/months", Api("PUT /api/v1/closed-months/{organisation}/{month}")),
    ]
}

fn rooms() -> Vec<(&'static str, Twin)> {
    vec![
        ("GET /administration/words", Api("GET /api/v1/forbidden-words")),
        ("POST /administration/words", Api("PUT /api/v1/forbidden-words")),
        ("GET /broadcasts/{id}/board", Api("GET /api/v1/rooms/{id}/messages")),
        (
            "POST /broadcasts/{id}/board",
            Several(&[
                "POST /api/v1/rooms/{id}/messages/{message}/approval",
                "POST /api/v1/rooms/{id}/bans",
                "PUT /api/v1/rooms/{id}/rules",
            ]),
        ),
        ("POST /broadcasts/{id}/questions", Api("POST /api/v1/rooms/{id}/questions")),
        ("POST /lessons/{id}/questions", Api("POST /api/v1/lessons/{id}/questions")),
        ("GET /lessons/{id}/talk.json", Api("GET /api/v1/lessons/{id}/talk")),
        ("GET /rooms/{id}/socket", Nothing("a lasting connection for browsers; programs poll the messages")),
        ("GET /rooms/{id}/events", Nothing("a lasting connection for browsers; programs poll the messages")),
        ("GET /rooms/{id}/batches/{file}", Nothing("for caches before many browsers; programs poll the messages")),
        ("GET /rooms/{id}/messages", Api("GET /api/v1/rooms/{id}/messages")),
        ("POST /rooms/{id}/messages", Api("POST /api/v1/rooms/{id}/messages")),
        ("DELETE /rooms/{id}/messages/{message}", Api("DELETE /api/v1/rooms/{id}/messages/{message}")),
        ("POST /rooms/{id}/messages/{message}/approval", Api("POST /api/v1/rooms/{id}/messages/{message}/approval")),
        ("POST /rooms/{id}/bans", Api("POST /api/v1/rooms/{id}/bans")),
        ("POST /rooms/{id}/clearing", Api("POST /api/v1/rooms/{id}/clearing")),
        ("PUT /rooms/{id}/rules", Api("PUT /api/v1/rooms/{id}/rules")),
        ("POST /rooms/{id}/reactions", Api("POST /api/v1/rooms/{id}/reactions")),
        ("POST /rooms/{id}/questions", Api("POST /api/v1/rooms/{id}/questions")),
        ("DELETE /rooms/{id}/questions/{question}", Api("DELETE /api/v1/rooms/{id}/questions/{question}")),
        ("POST /rooms/{id}/questions/{question}/answer", Api("POST /api/v1/rooms/{id}/questions/{question}/answer")),
        ("POST /rooms/{id}/questions/{question}/approval", Api("POST /api/v1/rooms/{id}/questions/{question}/approval")),
        ("POST /rooms/{id}/questions/{question}/merge", Api("POST /api/v1/rooms/{id}/questions/{question}/merge")),
        ("POST /rooms/{id}/questions/{question}/votes", Api("POST /api/v1/rooms/{id}/questions/{question}/votes")),
        ("DELETE /rooms/{id}/questions/{question}/votes", Api("DELETE /api/v1/rooms/{id}/questions/{question}/votes")),
    ]
}

#[test]
fn h6_whatever_a_page_can_do_a_program_can_do() {
    let served = served();
    let is_api = |route: &&String| route.split_once(' ').is_some_and(|(_, path)| path.starts_with("/api/v1/"));
    // Uploads are one table that is served below both.
    let pages: BTreeSet<_> = served.iter().filter(|route| !is_api(route) && !route.contains(" /uploads")).cloned().collect();
    let table: BTreeMap<_, _> =
        [own(), portal(), people(), campaigns(), submissions(), figures(), live(), broadcasts(), held_sessions(), rooms(), lecturers()]
            .into_iter()
            .flatten()
            .map(|(page, twin)| (page.to_owned(), twin))
            .collect();
    let silent: Vec<_> = pages.iter().filter(|route| !table.contains_key(*route)).collect();
    let gone: Vec<_> = table.keys().filter(|route| !pages.contains(*route)).collect();
    assert!(silent.is_empty() && gone.is_empty(), "without a row: {silent:#?}; without a route: {gone:#?}");
    for (page, twin) in &table {
        let twins = match twin {
            Api(one) => vec![*one],
            Several(all) => all.to_vec(),
            Nothing(reason) => {
                assert!(reason.len() > 20, "{page}: why?");
                continue;
            }
        };
        for twin in twins {
            assert!(served.contains(twin), "{page}: there is no {twin}");
            let reads = |route: &str| route.starts_with("GET ");
            assert!(reads(page) || !reads(twin), "{page} writes, {twin} only reads");
        }
    }
}
