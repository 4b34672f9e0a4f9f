//! Every route with who may use it. Bodies break a rule that is asked after the rights, so that who may is told so (neither 401,
//! 403 nor 404) and nothing changes.

use super::targets::Target;
use app::organisations::access::Action::{
    self, EditLesson, ManageAccounts, ManageCampaign, ManageOrganisations, Operate, Publish, ReadAudit, Review, SeeCampaign, SeeStatistics,
    SeeUnpublished, SetBands,
};
use axum::http::Method;
use serde_json::{Value, json};

/// Who may.
#[derive(Debug, Clone, Copy)]
pub enum Expected {
    /// As the table of rights says for one of these actions on the target.
    Any(&'static [Action]),
    /// As the table says for the superior of the organisation: moving and ending are its acts.
    OfSuperior(Action),
    /// Whoever may do one of these somewhere; what is listed starts from the rights.
    Anywhere(&'static [Action]),
    /// Whoever may do it at the root.
    AtRoot(Action),
    /// Everybody who is signed in.
    SignedIn,
    /// Everybody, signed in or not.
    Everybody,
    /// Nobody who is tried: it is somebody else's own.
    Nobody,
}

/// What a request carries.
#[derive(Debug)]
pub enum Sent {
    Nothing,
    Json(Value),
    Form(Vec<(&'static str, String)>),
    /// JSON over the version that `If-Match` names.
    Over(String, Value),
    /// WebVTT.
    Captions(&'static str),
}

/// One way to try a route.
#[derive(Debug)]
pub struct Row {
    pub method: Method,
    /// As in the route table.
    pub route: &'static str,
    /// The address that is tried: the route with its target filled in.
    pub path: String,
    pub sent: Sent,
    pub expected: Expected,
}

use Expected::{Any, Anywhere, AtRoot, Everybody, Nobody, OfSuperior, SignedIn};

pub fn get(t: &Target, route: &'static str, expected: Expected) -> Row {
    asked(t, route, "", expected)
}

/// Reads a route with a query, in which `{…}` are filled in too.
pub fn asked(t: &Target, route: &'static str, query: &str, expected: Expected) -> Row {
    Row { method: Method::GET, route, path: filled(t, route) + &filled(t, query), sent: Sent::Nothing, expected }
}

pub fn json(t: &Target, method: Method, route: &'static str, body: Value, expected: Expected) -> Row {
    Row { method, route, path: filled(t, route), sent: Sent::Json(body), expected }
}

pub fn form(t: &Target, route: &'static str, fields: &[(&'static str, &str)], expected: Expected) -> Row {
    let fields = fields.iter().map(|(name, value)| (*name, filled(t, value))).collect();
    Row { method: Method::POST, route, path: filled(t, route), sent: Sent::Form(fields), expected }
}

impl Row {
    fn with_query(self, t: &Target, query: &str) -> Self {
        Self { path: self.path.clone() + &filled(t, query), ..self }
    }

    /// Tried on a campaign that is over.
    fn on_closed(self, t: &Target) -> Self {
        Self { path: self.path.replace(&t.campaign, &t.closed), ..self }
    }

    /// Captions of another language than those that are there.
    fn in_language(self, language: &str) -> Self {
        Self { path: self.path.replace("/captions/en", &format!("/captions/{language}")), ..self }
    }

    /// Tried on the submission that waits for a verdict.
    fn on_waiting(self, t: &Target) -> Self {
        Self { path: self.path.replace(&t.public.id.to_string(), &t.waiting.id.to_string()), ..self }
    }
}

/// An id that nothing has.
fn unknown(prefix: &str) -> String {
    format!("{prefix}_{:032x}", 0xdead)
}

/// Fills in what a placeholder means below its first segment.
fn filled(t: &Target, text: &str) -> String {
    let segment = text.trim_start_matches("/api/v1").split('/').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    let id = match segment {
        _ if text.contains("lecturers/{id}") => t.lecturer.clone(),
        _ if text.contains("bookings/{id}") => t.booking.clone(),
        "people" | "accounts" => t.account.clone(),
        "campaigns" => t.campaign.clone(),
        "lessons" | "library" => t.public.lesson.to_string(),
        "materials" => t.material.clone(),
        "submissions" | "review" | "clearance" => t.public.id.to_string(),
        "notices" => t.notice.clone(),
        _ if text.contains("/mail/{id}") => t.notice.clone(),
        _ if text.contains("/reports/{id}") || segment == "report-subscriptions" => unknown("sub"),
        "administration" | "jobs" => t.job.clone(),
        "broadcasts" | "live" | "rooms" => t.broadcast.clone(),
        _ if text.contains("/plans/{id}") || segment == "session-plans" => t.plan.clone(),
        "held-sessions" => t.held.clone(),
        _ if text.contains("/tokens/") => unknown("tok"),
        "me" | "sign-ins" => unknown("sgn"),
        "uploads" => unknown("upl"),
        _ => t.organisation.to_string(),
    };
    let number = if segment == "receipts" { t.receipt.clone() } else { "1".to_owned() };
    [("{id}", id), ("{number}", number), ("{grant}", t.grant.clone()), ("{category}", t.category.clone())]
        .into_iter()
        .chain([("{organisation}", t.organisation.to_string()), ("{campaign}", t.campaign.clone()), ("{material}", t.material.clone())])
        .chain([("{version}", t.public.version.to_string()), ("{waiting}", t.waiting.version.to_string())])
        .chain([("{message}", t.removed.clone()), ("{question}", t.answered.clone()), ("{file}", "current.json".to_owned())])
        .chain([("{waits}", t.waiting.id.to_string()), ("{row}", unknown("nar"))])
        .chain([("{code}", "rights".to_owned()), ("{language}", "en".to_owned()), ("{slot}", "video".to_owned())])
        .chain([("{track}", "en.vtt".to_owned()), ("{subject}", t.lecturer.clone()), ("{lecturer}", t.lecturer.clone())])
        .chain([("{held}", t.held.clone()), ("{month}", "2099-01".to_owned()), ("{metric}", "sessions".to_owned())])
        .fold(text.to_owned(), |text, (name, value)| text.replace(name, &value))
}

/// Every row for one target.
pub fn rows(t: &Target) -> Vec<Row> {
    [
        portal(t),
        own(t),
        tree(t),
        people(t),
        campaigns(t),
        lessons(t),
        submissions(t),
        review(t),
        clearance(t),
        statistics(t),
        administration(t),
        super::broadcasts::rows(t),
        super::held_sessions::rows(t),
        super::rooms::rooms(t),
        super::lecturers::rows(t),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn portal(t: &Target) -> Vec<Row> {
    let routes = [
        "/",
        "/sign-in",
        "/lessons",
        "/lessons/{id}",
        "/lessons/{id}/addresses",
        "/lessons/{id}/captions/{track}",
        "/lessons/{id}/qr.svg",
        "/places",
        "/programme",
        "/programme.ics",
        "/api/v1/programme",
        "/places/{id}",
        "/receipts",
        "/receipts/{number}",
        "/receipts/{number}/qr.svg",
        "/api/docs",
        "/api/v1/openapi.json",
        "/api/v1/library",
        "/api/v1/library/facets",
        "/api/v1/library/{id}",
        "/api/v1/library/{id}/captions/{language}",
        "/api/v1/library/{id}/playback",
        "/api/v1/receipts/{number}",
    ];
    let mut rows: Vec<_> = routes.into_iter().map(|route| get(t, route, Everybody)).collect();
    rows.push(form(t, "/preferences", &[], Everybody));
    for route in ["/lessons/{id}/resume-point", "/api/v1/library/{id}/resume-point"] {
        rows.push(json(t, Method::PUT, route, json!({ "at_ms": 1 }), SignedIn));
    }
    rows
}

/// What everybody has: an account.
fn own(t: &Target) -> Vec<Row> {
    let mut rows: Vec<_> = [
        "/me",
        "/desk",
        "/api/v1/me",
        "/api/v1/sign-ins",
        "/api/v1/tokens",
        "/organisations/kept",
        "/me/reports",
        "/api/v1/report-subscriptions",
    ]
    .into_iter()
    .map(|route| get(t, route, SignedIn))
    .collect();
    rows.extend([
        form(t, "/me", &[("name", "")], SignedIn),
        form(t, "/me/password", &[("old", "?"), ("new", "")], SignedIn),
        form(t, "/me/tokens", &[("name", "")], SignedIn),
        form(t, "/me/sign-ins/{id}/revoke", &[], Nobody),
        form(t, "/me/tokens/{id}/revoke", &[], Nobody),
        json(t, Method::PATCH, "/api/v1/me", json!({ "name": "" }), SignedIn),
        json(t, Method::POST, "/api/v1/me/password", json!({ "old": "?", "new": "" }), SignedIn),
        json(t, Method::POST, "/api/v1/tokens", json!({ "name": "", "scopes": [] }), SignedIn),
        form(t, "/me/mail", &[("mail", "nobody")], SignedIn),
        form(t, "/me/mail/remove", &[], SignedIn),
        form(t, "/me/reports/{id}/end", &[], Nobody),
        json(t, Method::PUT, "/api/v1/me/mail", json!({ "mail": "nobody" }), SignedIn),
        json(t, Method::DELETE, "/api/v1/me/mail", Value::Null, SignedIn),
        json(t, Method::DELETE, "/api/v1/report-subscriptions/{id}", Value::Null, Nobody),
        json(t, Method::DELETE, "/api/v1/sign-ins/{id}", Value::Null, Nobody),
        json(t, Method::DELETE, "/api/v1/tokens/{id}", Value::Null, Nobody),
    ]);
    rows
}

fn tree(t: &Target) -> Vec<Row> {
    let keeps = Any(&[ManageOrganisations]);
    let opens = Any(&[ManageOrganisations, ReadAudit]);
    let superior = OfSuperior(ManageOrganisations);
    let other = [("organisation", "{organisation}"), ("version", "-1")];
    let under_itself = json!({ "parent": t.organisation });
    vec![
        get(t, "/organisations", Anywhere(&[ManageOrganisations, ReadAudit])),
        asked(t, "/organisations/search", "?q=a", SignedIn),
        get(t, "/organisations/{id}", opens),
        get(t, "/organisations/{id}/children", opens),
        form(t, "/organisations/{id}", &[("name", ""), ("kind", ""), ("members", "0"), ("version", "-1")], keeps),
        form(t, "/organisations/{id}/children", &[("code", ""), ("name", ""), ("kind", "")], keeps),
        form(t, "/organisations/{id}/move", &other, superior),
        form(t, "/organisations/{id}/merge", &other, superior),
        form(t, "/organisations/{id}/line", &other, keeps),
        form(t, "/organisations/{id}/close", &[("effective", "never"), ("version", "-1")], superior),
        get(t, "/api/v1/organisations", SignedIn),
        asked(t, "/api/v1/organisations/search", "?q=a", SignedIn),
        get(t, "/api/v1/organisations/{id}", SignedIn),
        json(t, Method::POST, "/api/v1/organisations", json!({ "code": "", "name": "", "kind": "", "parent": t.organisation }), keeps),
        json(t, Method::PATCH, "/api/v1/organisations/{id}", json!({ "name": "" }), keeps),
        json(t, Method::POST, "/api/v1/organisations/{id}/move", under_itself, superior),
        json(t, Method::POST, "/api/v1/organisations/{id}/line", json!({ "above": null, "version": -1 }), keeps),
        json(t, Method::POST, "/api/v1/organisations/{id}/merge", json!({ "into": t.organisation }), superior),
        json(t, Method::POST, "/api/v1/organisations/{id}/close", json!({ "effective": "never" }), superior),
        get(t, "/organisations/import", Anywhere(&[ManageOrganisations])),
    ]
}

fn people(t: &Target) -> Vec<Row> {
    let keeps = Any(&[ManageAccounts]);
    let grant = json!({ "organisation": t.organisation, "role": "viewer", "reach": "subtree", "from": "never" });
    let account = json!({ "login": "?", "name": "", "password": "", "grant": grant });
    let granted = [("organisation", "{organisation}"), ("role", "viewer"), ("reach", "subtree"), ("from", "never")];
    let new = [granted.as_slice(), &[("login", "?"), ("name", ""), ("password", "")]].concat();
    vec![
        get(t, "/people", Anywhere(&[ManageAccounts])),
        get(t, "/people/import", Anywhere(&[ManageAccounts])),
        form(t, "/people", &new, keeps),
        get(t, "/people/{id}", keeps),
        form(t, "/people/{id}/active", &[("active", "true"), ("version", "-1")], keeps),
        form(t, "/people/{id}/password", &[("password", "")], keeps),
        form(t, "/people/{id}/grants", &granted, keeps),
        get(t, "/api/v1/accounts", Anywhere(&[ManageAccounts])),
        get(t, "/api/v1/accounts/{id}", keeps),
        json(t, Method::POST, "/api/v1/accounts", account, keeps),
        json(t, Method::PATCH, "/api/v1/accounts/{id}", json!({ "active": true, "version": -1 }), keeps),
        json(t, Method::POST, "/api/v1/accounts/{id}/password", json!({ "password": "" }), keeps),
        json(t, Method::POST, "/api/v1/accounts/{id}/grants", grant, keeps),
    ]
}

fn campaigns(t: &Target) -> Vec<Row> {
    let (sees, keeps) = (Any(&[SeeCampaign]), Any(&[ManageCampaign]));
    let new =
        json!({ "organisation": t.organisation, "code": "?", "title": "", "zone": "UTC", "opens_at": 2, "closes_at": 1, "approvals": 0 });
    let basics = json!({ "title": "t", "zone": "UTC", "opens_at": 1, "closes_at": 2, "approvals": 1 });
    let category = json!({ "code": "c", "name": "c", "rules": { "slots": [] } });
    let extension = json!({ "organisation": t.organisation, "kind": "submit", "until_at": 1, "reason": "a test" });
    let consent = json!({ "code": "rights", "title": "rights", "body": "rights" });
    let narrow = json!({ "role": "reviewer", "organisation": t.organisation, "login": "?" });
    let over = |row: Row| row.on_closed(t);
    let mut rows = vec![
        get(t, "/campaigns", SignedIn),
        get(t, "/campaigns/new", Anywhere(&[ManageCampaign])),
        get(t, "/campaigns/{id}", sees),
        get(t, "/campaigns/{id}/edit", keeps),
        get(t, "/api/v1/campaigns/{id}/burden", keeps),
        get(t, "/campaigns/{id}/categories/new", keeps),
        get(t, "/campaigns/{id}/categories/{category}", keeps),
        get(t, "/api/v1/campaigns", SignedIn),
        get(t, "/api/v1/campaigns/{id}", sees),
        json(t, Method::POST, "/api/v1/campaigns", new, keeps),
        json(t, Method::POST, "/api/v1/campaigns/{id}/copies", json!({ "code": "?" }), keeps),
    ];
    rows.extend(
        [
            json(t, Method::PUT, "/api/v1/campaigns/{id}", basics, keeps),
            json(t, Method::POST, "/api/v1/campaigns/{id}/state", json!({ "state": "draft" }), keeps),
            json(t, Method::POST, "/api/v1/campaigns/{id}/categories", category.clone(), keeps),
            json(t, Method::PUT, "/api/v1/campaigns/{id}/stages", json!({ "stages": [] }), keeps),
            json(t, Method::PUT, "/api/v1/campaigns/{id}/quotas", json!({ "quotas": [] }), keeps),
            json(t, Method::POST, "/api/v1/campaigns/{id}/consents", consent, keeps),
            json(t, Method::POST, "/api/v1/campaigns/{id}/extensions", extension, keeps),
            json(t, Method::PUT, "/api/v1/campaigns/{id}/categories/{category}", category, keeps),
            json(t, Method::DELETE, "/api/v1/campaigns/{id}/categories/{category}", Value::Null, keeps),
            json(t, Method::DELETE, "/api/v1/campaigns/{id}/consents/{code}", Value::Null, keeps),
            json(t, Method::POST, "/api/v1/campaigns/{id}/narrowed", narrow, keeps),
            json(t, Method::DELETE, "/api/v1/campaigns/{id}/narrowed/{row}", Value::Null, keeps),
            form(t, "/campaigns/{id}/narrowed", &[("organisation", "{organisation}")], keeps),
            form(t, "/campaigns/{id}/narrowed/{row}/remove", &[], keeps),
            form(t, "/campaigns/{id}/edit", &[], keeps),
            form(t, "/campaigns/{id}/state", &[("state.state", "draft")], keeps),
            form(t, "/campaigns/{id}/copies", &[], keeps),
            form(t, "/campaigns/{id}/categories", &[], keeps),
            form(t, "/campaigns/{id}/categories/{category}", &[], keeps),
            form(t, "/campaigns/{id}/categories/{category}/remove", &[], keeps),
            form(t, "/campaigns/{id}/stages", &[], keeps),
            form(t, "/campaigns/{id}/quotas", &[], keeps),
            form(t, "/campaigns/{id}/consents", &[], keeps),
            form(t, "/campaigns/{id}/consents/{code}/remove", &[], keeps),
            form(t, "/campaigns/{id}/extensions", &[], keeps),
        ]
        .map(over),
    );
    rows
}

fn lessons(t: &Target) -> Vec<Row> {
    let (sees, edits) = (Any(&[SeeUnpublished, EditLesson]), Any(&[EditLesson]));
    let sent = Sent::Captions("WEBVTT\n\n00:00.000 --> 00:01.000\nGood evening\n");
    let captions = Row { sent, ..json(t, Method::PUT, "/api/v1/lessons/{id}/captions/{language}", Value::Null, edits) };
    vec![
        get(t, "/desk/lessons", Anywhere(&[SeeUnpublished])),
        get(t, "/api/v1/lessons", SignedIn),
        get(t, "/api/v1/lessons/{id}", sees),
        json(t, Method::POST, "/api/v1/lessons", json!({ "organisation": t.organisation, "title": "" }), edits),
        json(t, Method::PATCH, "/api/v1/lessons/{id}", json!({}), edits),
        get(t, "/api/v1/lessons/{id}/materials", sees),
        get(t, "/api/v1/lessons/{id}/captions", sees),
        get(t, "/api/v1/lessons/{id}/captions/{language}", sees),
        captions.in_language("nn"),
        json(t, Method::DELETE, "/api/v1/lessons/{id}/captions/{language}", Value::Null, edits).in_language("nn"),
        asked(t, "/uploads", &format!("?lesson={}&slot=video", t.public.lesson), edits),
        asked(t, "/api/v1/uploads", &format!("?lesson={}&slot=video", t.public.lesson), edits),
        get(t, "/uploads/{id}/status", Nobody),
        get(t, "/api/v1/uploads/{id}/status", Nobody),
    ]
}

fn submissions(t: &Target) -> Vec<Row> {
    let (sees, edits) = (Any(&[SeeUnpublished]), Any(&[EditLesson]));
    let version = t.public.version;
    let seen = json!({ "version": version });
    let reason = json!({ "version": version, "reason": "a test" });
    let fields = [("version", "{version}"), ("reason", "a test")];
    let draft = json(t, Method::PATCH, "/submissions/{id}/draft", Value::Null, edits);
    let start = json!({ "campaign": t.campaign, "category": t.category, "lesson": t.public.lesson });
    vec![
        get(t, "/submissions", Anywhere(&[SeeUnpublished])),
        get(t, "/submissions/new", Anywhere(&[EditLesson])),
        form(t, "/submissions/new", &[("campaign", "{campaign}"), ("category", "{category}"), ("organisation", "{organisation}")], edits),
        get(t, "/submissions/{id}", sees),
        asked(t, "/submissions/{id}/addresses", "?material={material}", sees),
        get(t, "/submissions/{id}/edit", sees),
        form(t, "/submissions/{id}/edit", &[("_version", "{version}.1")], edits),
        get(t, "/submissions/{id}/files/{slot}", sees),
        get(t, "/submissions/{id}/submit", edits),
        form(t, "/submissions/{id}/submit", &fields, edits),
        form(t, "/submissions/{id}/pull-back", &fields, edits),
        form(t, "/submissions/{id}/withdrawal", &fields, edits),
        Row { sent: Sent::Over(format!("{version}.1"), json!({ "fields": {} })), ..draft },
        get(t, "/api/v1/submissions", SignedIn),
        json(t, Method::POST, "/api/v1/submissions", start, edits),
        get(t, "/api/v1/submissions/{id}", sees),
        asked(t, "/api/v1/submissions/{id}/addresses", "?material={material}", sees),
        get(t, "/api/v1/submissions/{id}/checklist", sees),
        asked(t, "/api/v1/submissions/{id}/difference", "?from=1&to=1", sees),
        get(t, "/api/v1/submissions/{id}/revisions/{number}", sees),
        json(t, Method::PATCH, "/api/v1/submissions/{id}", seen.clone(), edits),
        json(t, Method::POST, "/api/v1/submissions/{id}/presence", Value::Null, edits),
        json(t, Method::POST, "/api/v1/submissions/{id}/revisions", seen.clone(), edits),
        json(t, Method::POST, "/api/v1/submissions/{id}/pull-back", seen, edits),
        json(t, Method::POST, "/api/v1/submissions/{id}/withdrawal", reason, edits),
    ]
}

fn review(t: &Target) -> Vec<Row> {
    let (sees, reviews) = (Any(&[SeeUnpublished]), Any(&[Review]));
    let version = t.public.version;
    let verdict = json!({ "version": version, "decision": "keep", "note": "" });
    let order = json!({ "holder": t.organisation, "campaign": t.campaign, "category": t.category, "submissions": [t.public.id] });
    let board = "?campaign={campaign}&category={category}&organisation={organisation}";
    vec![
        asked(t, "/review", "?organisation={organisation}", reviews),
        asked(t, "/review/rank", board, reviews),
        get(t, "/review/{id}", sees),
        form(t, "/review/{id}", &[("version", "{version}"), ("verdict", "keep")], reviews),
        asked(t, "/api/v1/submissions/queue", "?holder={organisation}", sees),
        asked(t, "/api/v1/submissions/quotas", "?holder={organisation}&campaign={campaign}", sees),
        json(t, Method::POST, "/review/rank", json!({ "order": [t.public.id] }), reviews).with_query(t, board),
        form(t, "/review/rank/move", &[("up", "{waits}")], reviews).with_query(t, board),
        form(t, "/review/batch", &[("verdict", "keep")], Anywhere(&[Review])),
        json(t, Method::POST, "/api/v1/submissions/batches", json!({ "token": "?", "decision": "keep", "note": "" }), SignedIn),
        json(t, Method::PUT, "/api/v1/submissions/order", order, reviews),
        json(
            t,
            Method::POST,
            "/api/v1/submissions/batches/preview",
            json!({ "submissions": [t.public.id], "decision": "keep", "note": "" }),
            sees,
        ),
        json(t, Method::POST, "/api/v1/submissions/{id}/opening", Value::Null, reviews),
        json(t, Method::POST, "/api/v1/submissions/{id}/verdict", verdict, reviews),
        json(t, Method::PUT, "/api/v1/submissions/{id}/reserve", json!({ "version": version, "reserve": true }), reviews),
    ]
}

fn clearance(t: &Target) -> Vec<Row> {
    let publishes = Any(&[Publish]);
    let waiting = t.waiting.version;
    let why = json!({ "version": waiting, "reason": "a test" });
    vec![
        get(t, "/clearance", Anywhere(&[Publish])),
        get(t, "/clearance/{id}", publishes),
        form(t, "/clearance/{id}/approval", &[("version", "{version}")], publishes),
        form(t, "/clearance/{id}/unpublication", &[("version", "{waiting}"), ("reason", "a test")], publishes).on_waiting(t),
        form(t, "/clearance/{id}/award", &[("version", "{waiting}"), ("level", "first")], publishes).on_waiting(t),
        form(t, "/clearance/{id}/award/removal", &[("version", "{waiting}"), ("reason", "a test")], publishes).on_waiting(t),
        json(t, Method::PUT, "/api/v1/submissions/{id}/award", json!({ "version": waiting, "level": "first" }), publishes).on_waiting(t),
        json(t, Method::DELETE, "/api/v1/submissions/{id}/award", why.clone(), publishes).on_waiting(t),
        json(t, Method::POST, "/api/v1/submissions/{id}/approvals", json!({ "version": t.public.version, "note": "" }), publishes),
        json(t, Method::POST, "/api/v1/submissions/{id}/unpublication", why, publishes).on_waiting(t),
    ]
}

fn statistics(t: &Target) -> Vec<Row> {
    let routes = [
        "/statistics",
        "/statistics/report.pdf",
        "/api/v1/statistics/report.pdf",
        "/statistics/export.xlsx",
        "/statistics/export.csv",
        "/statistics/wall",
        "/statistics/bands",
        "/statistics/bands.xlsx",
        "/statistics/bands.csv",
        "/api/v1/statistics/bands",
        "/api/v1/statistics/bands.xlsx",
        "/api/v1/statistics/bands.csv",
        "/statistics/crossing",
        "/statistics/crossing.xlsx",
        "/statistics/crossing.csv",
        "/api/v1/statistics/crossing",
        "/api/v1/statistics/crossing.xlsx",
        "/api/v1/statistics/crossing.csv",
        "/statistics/burden",
        "/statistics/burden.xlsx",
        "/statistics/burden.csv",
        "/api/v1/statistics/burden",
        "/api/v1/statistics/burden.xlsx",
        "/api/v1/statistics/burden.csv",
        "/statistics/silent",
        "/statistics/silent.csv",
        "/api/v1/statistics/silent",
        "/api/v1/statistics/silent.csv",
        "/statistics/records",
        "/statistics/records.xlsx",
        "/statistics/records.csv",
        "/api/v1/statistics",
        "/api/v1/statistics/export.xlsx",
        "/api/v1/statistics/export.csv",
        "/api/v1/statistics/records",
        "/api/v1/statistics/records.xlsx",
        "/api/v1/statistics/records.csv",
    ];
    let sees = Any(&[SeeStatistics]);
    let mut rows: Vec<_> = routes.into_iter().map(|route| asked(t, route, "?organisation={organisation}", sees)).collect();
    let (sets, limits) = (Any(&[SetBands]), "/api/v1/statistics/bands/{organisation}/{metric}");
    let wanted = json!({ "organisation": t.organisation, "every": "month", "formats": [] });
    rows.extend([
        form(t, "/statistics/subscriptions", &[("organisation", "{organisation}"), ("every", "month")], sees),
        json(t, Method::PUT, "/api/v1/report-subscriptions", wanted, sees),
        form(t, "/statistics/bands", &[("organisation", "{organisation}"), ("metric", "sessions"), ("limits", "")], sets),
        json(t, Method::PUT, limits, json!({ "limits": [] }), sets),
        json(t, Method::DELETE, limits, Value::Null, sets),
    ]);
    let lists = ["/statistics/workbooks", "/api/v1/statistics/workbooks"];
    rows.extend(lists.map(|route| get(t, route, Anywhere(&[SeeStatistics]))));
    rows
}

fn administration(t: &Target) -> Vec<Row> {
    let audit = Anywhere(&[ReadAudit]);
    let mut rows: Vec<_> = ["/administration/jobs", "/administration/mail", "/api/v1/administration", "/api/v1/jobs", "/api/v1/notices"]
        .into_iter()
        .map(|route| get(t, route, AtRoot(Operate)))
        .collect();
    rows.extend(
        ["/administration/audit.csv", "/administration/audit.jsonl", "/api/v1/audit-records"].into_iter().map(|route| get(t, route, audit)),
    );
    rows.extend([
        get(t, "/administration", SignedIn),
        get(t, "/administration/audit", audit),
        get(t, "/administration/audit/verification", AtRoot(ReadAudit)),
        get(t, "/api/v1/audit-records/verification", AtRoot(ReadAudit)),
        form(t, "/administration/jobs/{id}/retry", &[], AtRoot(Operate)),
        form(t, "/administration/jobs/{id}/cancel", &[], AtRoot(Operate)),
        form(t, "/administration/mail/{id}/again", &[], AtRoot(Operate)),
        json(t, Method::POST, "/api/v1/notices/{id}/again", Value::Null, AtRoot(Operate)),
        json(t, Method::POST, "/api/v1/jobs/{id}/retry", Value::Null, AtRoot(Operate)),
        json(t, Method::POST, "/api/v1/jobs/{id}/cancel", Value::Null, AtRoot(Operate)),
    ]);
    rows
}
