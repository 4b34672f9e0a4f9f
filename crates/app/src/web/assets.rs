//! Scripts, styles and icons, carried in the binary under hashed names.

use crate::problem::Problem;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Addresses of the entry files, read once from Vite's manifest.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// The script of every page.
    pub script: String,
    /// The styles of every page.
    pub styles: Vec<String>,
    /// The icon sprite.
    pub icons: String,
}

impl Assets {
    /// Reads `manifest.json`; without a front-end build the pages still work, plainly.
    pub fn load() -> Self {
        let manifest = Files::get("manifest.json").or_else(|| Files::get(".vite/manifest.json"));
        let Some(manifest) = manifest.and_then(|f| serde_json::from_slice::<serde_json::Value>(&f.data).ok()) else {
            return Self::default();
        };
        let entry = &manifest["src/main.ts"];
        let address = |v: &serde_json::Value| v.as_str().map(|name| format!("/{name}")).unwrap_or_default();
        let styles = entry["css"].as_array().map(|list| list.iter().map(address).collect()).unwrap_or_default();
        let icons = Files::iter()
            .find(|name| name.starts_with("assets/icons") && name.ends_with(".svg"))
            .map(|name| format!("/{name}"))
            .unwrap_or_default();
        Self { script: address(&entry["file"]), styles, icons }
    }
}

/// `GET /assets/{name}`: names change with their content, so they may be kept for a year.
pub async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let file = Files::get(&format!("assets/{name}")).ok_or_else(Problem::not_found)?;
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], file.data.into_owned()).into_response())
}
