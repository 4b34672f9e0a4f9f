//! Who asks, in which language: the extractors of every handler.

use super::Page;
use super::identify::accepted_language;
use crate::accounts::SignInId;
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::state::App;
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use kernel::Actor;
use std::ops::Deref;
use std::sync::Arc;

/// One request's reader: anonymous or signed in, with language and preferences.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Rights; none for anonymous readers.
    pub actor: Option<Actor>,
    /// Shown name of the account.
    pub name: String,
    /// The sign-in behind the cookie; none for tokens.
    pub sign_in: Option<SignInId>,
    /// Words in the reader's language.
    pub texts: Texts,
    /// Large type and high contrast.
    pub elder: bool,
    /// Where this reader finds the installation, for links: `http://host:port`, without a slash at its end.
    pub origin: String,
    /// Path and query of the request.
    pub path: String,
    /// The reader is a browser asking for a page.
    pub wants_html: bool,
    /// Address of the client, for limits and the list of sign-ins.
    pub address: String,
}

impl Visit {
    /// The frame of a page for this reader.
    pub fn page(&self, app: &App, title: impl Into<String>) -> Page {
        Page::new(app, self, title.into())
    }

    /// A reader of whom nothing is known but the languages that the browser asks for: a page for such a one is the same for everybody,
    /// whoever asked.
    #[must_use]
    pub fn anybody(&self, app: &App, headers: &HeaderMap) -> Self {
        Self {
            actor: None,
            name: String::new(),
            sign_in: None,
            texts: app.words.texts(accepted_language(app, headers)),
            elder: false,
            origin: self.origin.clone(),
            path: self.route().to_owned(),
            wants_html: self.wants_html,
            address: String::new(),
        }
    }

    /// The path without its query.
    pub fn route(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }

    /// The actor, or 401.
    pub fn signed_in(&self) -> Result<&Actor, Problem> {
        self.actor.as_ref().ok_or_else(Problem::sign_in_first)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let visit = parts.extensions.get::<Arc<Self>>().ok_or_else(|| Problem::internal("a route stands outside the identify layer"))?;
        Ok(visit.as_ref().clone())
    }
}

/// The actor of a handler that needs one: nobody signed in means 401, or the sign-in page.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Actor);

impl Deref for SignedIn {
    type Target = Actor;
    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        visit.actor.map(Self).ok_or_else(Problem::sign_in_first)
    }
}
