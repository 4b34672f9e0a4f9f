//! Requests straight into the router, with a cookie or token.

use app::accounts::{Device, actions};
use app::state::App;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

/// Someone who sends requests.
#[derive(Clone)]
pub struct Client {
    app: App,
    pub headers: Vec<(String, String)>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("not JSON ({e}): {} {}", self.status, self.text()))
    }

    /// Fails the test with the body when the status is another.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

impl Client {
    pub fn new(app: App) -> Self {
        Self { app, headers: vec![("accept-language".into(), "en".into())] }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same person asking for pages.
    pub fn browser(self) -> Self {
        self.with("accept", "text/html")
    }

    /// Signs in by password.
    pub async fn signed_in(self, login: &str, password: &str) -> Self {
        let device = Device { name: "test".into(), address: "127.0.0.1".into() };
        let secret = actions::sign_in(&self.app, login, password.into(), device).await.unwrap_or_else(|p| panic!("{login}: {}", p.code));
        self.with("cookie", &format!("{}={secret}", app::accounts::COOKIE))
    }

    pub async fn send(&self, method: Method, path: &str, content_type: &str, body: impl Into<Body>) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "kaijiang.test");
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(body.into()).expect("a request");
        let response = app::routes::router(self.app.clone()).oneshot(request).await.expect("the router never fails");
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Reply { status: head.status, headers: head.headers, body }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, "", Body::empty()).await
    }

    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = serde_urlencoded(fields);
        self.send(Method::POST, path, "application/x-www-form-urlencoded", body).await
    }

    pub async fn json(&self, method: Method, path: &str, body: &Value) -> Reply {
        self.send(method, path, "application/json", body.to_string()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.json(Method::POST, path, body).await
    }
}

fn serde_urlencoded(fields: &[(&str, &str)]) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    let encode =
        |text: &str| text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect::<String>();
    fields.iter().map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&")
}
