//! Scripts, styles and icons, carried in the binary under hashed names.

use crate::i18n::Language;
use crate::problem::Problem;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

#[derive(RustEmbed)]
#[folder = "../../web/texts"]
struct Texts;

/// Addresses of the entry files, read once from Vite's manifest.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The script of every page.
    pub script: String,
    /// The styles of every page.
    pub styles: Vec<String>,
    /// The icon sprite.
    pub icons: String,
    texts: Arc<BTreeMap<&'static str, String>>,
    pictures: Arc<BTreeMap<&'static str, String>>,
}

/// Pictures of the installed page, by name.
const PICTURES: [&str; 4] = ["app-192", "app-512", "app-maskable-512", "app-touch-180"];

impl Assets {
    /// Reads `manifest.json`; without a front-end build the pages still work, plainly.
    pub fn load() -> Self {
        let manifest = Files::get("manifest.json").and_then(|f| serde_json::from_slice::<Value>(&f.data).ok()).unwrap_or_default();
        let address = |entry: &str| manifest[entry]["file"].as_str().map(|name| format!("/{name}")).unwrap_or_default();
        let styles = [address("src/styles/main.css")].into_iter().filter(|s| !s.is_empty()).collect();
        let texts = Language::ALL.map(|l| (l.tag(), script_texts(l))).into_iter().collect();
        let pictures = PICTURES.map(|name| (name, address(&format!("icons/{name}.png")))).into_iter().collect();
        Self {
            script: address("src/main.ts"),
            styles,
            icons: address("src/icons.svg"),
            texts: Arc::new(texts),
            pictures: Arc::new(pictures),
        }
    }

    /// Address of a picture of the installed page.
    pub fn picture(&self, name: &str) -> &str {
        self.pictures.get(name).map_or("", String::as_str)
    }

    /// The script of the worker; none without a front-end build.
    pub(super) fn worker() -> Option<Vec<u8>> {
        Files::get("sw.js").map(|file| file.data.into_owned())
    }

    /// The words that scripts show, as JSON.
    pub fn texts(&self, language: Language) -> &str {
        self.texts.get(language.tag()).map_or("{}", String::as_str)
    }
}

/// `<` is written as an escape, so that no text can end the script element it stands in.
fn script_texts(language: Language) -> String {
    let file = Texts::get(&format!("{}.json", language.tag()));
    file.map_or_else(|| "{}".into(), |f| String::from_utf8_lossy(&f.data).replace('<', "\\u003c"))
}

/// `GET /favicon.svg`: the seal.
pub async fn favicon() -> Response {
    const SEAL: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#a8322a"/><text x="16" y="23" font-size="19" text-anchor="middle" fill="#fff" font-family="serif">讲</text></svg>"##;
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], SEAL).into_response()
}

/// `GET /assets/{name}`: names change with their content, so they may be kept for a year.
pub async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let file = Files::get(&format!("assets/{name}")).ok_or_else(Problem::not_found)?;
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], file.data.into_owned()).into_response())
}
