//! The frame around every page, and how a template becomes a response.

use super::{Assets, Visit};
use crate::i18n::{Language, Texts};
use crate::problem::Problem;
use crate::state::App;
use askama::Template;
use askama::filters::Safe;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Role;
use std::ops::Deref;

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// Its words.
    pub label: String,
    /// Name of its icon in the sprite.
    pub icon: &'static str,
    /// The reader is there.
    pub current: bool,
}

/// What every template knows as `p`: words (through deref to [`Texts`]), the reader, the frame.
#[derive(Debug, Clone)]
pub struct Page {
    /// Of the document.
    pub title: String,
    /// Path and query, for language switches and return links.
    pub path: String,
    /// Name of the reader; empty when nobody is signed in.
    pub who: String,
    /// Large type and high contrast.
    pub elder: bool,
    /// Hashed addresses of scripts, styles, icons.
    pub assets: Assets,
    /// The desk's navigation, by the reader's roles; empty for anonymous readers.
    pub nav: Vec<NavItem>,
    daily: usize,
    texts: Texts,
}

impl Deref for Page {
    type Target = Texts;
    fn deref(&self) -> &Texts {
        &self.texts
    }
}

impl Page {
    pub(super) fn new(app: &App, visit: &Visit, title: String) -> Self {
        let nav = nav(visit);
        Self {
            daily: nav.iter().filter(|item| DAILY.contains(&item.href)).count(),
            title,
            path: visit.path.clone(),
            who: visit.name.clone(),
            elder: visit.elder,
            assets: app.assets.clone(),
            nav,
            texts: visit.texts.clone(),
        }
    }

    /// BCP 47 tag of the page.
    pub fn lang(&self) -> &'static str {
        self.texts.language.tag()
    }

    /// The language this page is not in, for the switch.
    pub fn other_lang(&self) -> &'static str {
        if self.texts.language == Language::Chinese { "en" } else { "zh-CN" }
    }

    /// The links that a phone shows in its bar: what people do every day.
    pub fn nav_main(&self) -> &[NavItem] {
        &self.nav[..self.daily]
    }

    /// The links behind "more": what administrators do.
    pub fn nav_more(&self) -> &[NavItem] {
        &self.nav[self.daily..]
    }

    /// Whether the reader is on this page of the portal.
    pub fn is_at(&self, path: &str) -> bool {
        self.path.split('?').next() == Some(path)
    }

    /// Whether this is a page of the desk, and the reader works there.
    pub fn is_desk(&self) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        let below = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        !self.nav.is_empty() && (below("/me") || DESK.iter().any(|(href, ..)| below(href)))
    }

    /// The first letter of the reader's name.
    pub fn initial(&self) -> String {
        self.who.chars().next().map(String::from).unwrap_or_default()
    }

    /// The words that scripts show, as JSON that is safe inside a script element.
    pub fn script_texts(&self) -> &str {
        self.assets.texts(self.texts.language)
    }

    /// An icon of the sprite, hidden from readers: the words beside it carry the meaning.
    pub fn svg(&self, name: &str) -> Safe<String> {
        Safe(format!(r#"<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>"#, self.icon(name)))
    }

    /// Address of an icon of the sprite, for `<use href>`.
    pub fn icon(&self, name: &str) -> String {
        format!("{}#{name}", self.assets.icons)
    }
}

/// Which desk pages there are, and who sees their links. What they show is decided by each page itself.
const DESK: &[(&str, &str, &str, &[Role])] = &[
    ("/desk", "nav-desk", "inbox", Role::ALL),
    ("/submissions", "nav-submissions", "file-video", &[Role::Clerk, Role::Lecturer, Role::Administrator, Role::Auditor]),
    ("/review", "nav-review", "clipboard-check", &[Role::Reviewer]),
    ("/clearance", "nav-clearance", "badge-check", &[Role::Editor]),
    ("/held-sessions", "nav-held-sessions", "mic", &[Role::Clerk, Role::Reviewer, Role::Auditor, Role::Administrator]),
    ("/broadcasts", "nav-broadcasts", "radio", &[Role::Host, Role::Editor]),
    ("/statistics", "nav-statistics", "chart-column", &[Role::Clerk, Role::Reviewer, Role::Editor, Role::Auditor, Role::Administrator]),
    ("/desk/lessons", "nav-lessons", "film", &[Role::Clerk, Role::Reviewer, Role::Editor, Role::Auditor, Role::Administrator]),
    (
        "/desk/lecturers",
        "nav-lecturers",
        "mic",
        &[Role::Clerk, Role::Lecturer, Role::Host, Role::Editor, Role::Auditor, Role::Administrator],
    ),
    ("/desk/bookings", "nav-bookings", "calendar", &[Role::Clerk, Role::Lecturer]),
    ("/campaigns", "nav-campaigns", "calendar-clock", &[Role::Clerk, Role::Reviewer, Role::Editor, Role::Auditor, Role::Administrator]),
    ("/organisations", "nav-organisations", "folder-tree", &[Role::Administrator, Role::Auditor]),
    ("/people", "nav-people", "users", &[Role::Administrator]),
    ("/administration", "nav-administration", "settings", &[Role::Administrator, Role::Auditor]),
];

/// The first of [`DESK`], which fit the bar of a phone.
const DAILY: &[&str] = &["/desk", "/submissions", "/review", "/clearance", "/held-sessions", "/broadcasts", "/statistics"];

fn nav(visit: &Visit) -> Vec<NavItem> {
    let Some(actor) = &visit.actor else { return Vec::new() };
    let shown = |roles: &[Role]| roles.iter().any(|role| actor.holds(*role).next().is_some());
    let here = here(visit.path.split('?').next().unwrap_or_default());
    DESK.iter()
        .filter(|(_, _, _, roles)| shown(roles))
        .map(|(href, label, icon, _)| NavItem { href, label: visit.texts.s(label), icon, current: here == Some(*href) })
        .collect()
}

/// The page of [`DESK`] that `path` belongs to: of `/desk` and `/desk/lessons` the longer one that fits.
fn here(path: &str) -> Option<&'static str> {
    let fits = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    DESK.iter().map(|(href, ..)| *href).filter(|href| fits(href)).max_by_key(|href| href.len())
}

/// Renders a page. Pages are personal, so nobody between us and the reader may keep them.
pub fn html(view: &impl Template) -> Result<Response, Problem> {
    let body = view.render().map_err(Problem::internal)?;
    Ok(([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "private, no-cache")], body).into_response())
}

/// A QR code (ISO/IEC 18004, level M) as SVG.
pub fn qr_svg(text: &str) -> Result<String, Problem> {
    let code = qrcode::QrCode::new(text).map_err(Problem::internal)?;
    Ok(code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(176, 176).build())
}
