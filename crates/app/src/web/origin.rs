//! Where readers find this installation: for links in QR codes, receipts, what is shared, invitations.
//!
//! What is set wins. Without it the reader's own request tells the address, since only that is known to work from where
//! they are; it decides nothing else than links in answers to the same reader.

use crate::state::App;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use std::net::Ipv6Addr;

/// The address before every path, such as `https://lectures.example.org`, without a slash at its end.
pub fn origin(app: &App, request: &Request) -> String {
    let set = app.config.public_url.trim_end_matches('/');
    if !set.is_empty() {
        return set.to_owned();
    }
    let direct = text(request.headers(), HOST.as_str()).or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    let told = |name| first(request.headers(), name).filter(|_| app.config.behind_proxy);
    let host = told("x-forwarded-host").or(direct).and_then(host);
    let scheme = match told("x-forwarded-proto") {
        Some("https") => "https",
        Some("http") => "http",
        _ if app.config.secure_cookies => "https",
        _ => "http",
    };
    host.map_or_else(|| app.public_url(), |host| format!("{scheme}://{host}"))
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// What the outermost of several proxies said.
fn first<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    text(headers, name)?.split(',').next().map(str::trim)
}

/// `text` when it can be a host with or without a port, in small letters: nothing that could end the address before it.
fn host(text: &str) -> Option<String> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, behind) = rest.split_once(']')?;
            address.parse::<Ipv6Addr>().ok()?;
            (&text[..address.len() + 2], behind.strip_prefix(':').or_else(|| behind.is_empty().then_some(""))?)
        }
        None => match text.split_once(':') {
            Some((_, "")) => return None,
            Some((name, port)) => (name, port),
            None => (text, ""),
        },
    };
    let number = |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0);
    let label = |label: &str| {
        let edge = |c: Option<char>| c.is_some_and(|c| c != '-');
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            && edge(label.chars().next())
    };
    let plausible = name.starts_with('[') || (name.len() <= 253 && name.trim_end_matches('.').split('.').all(label));
    (plausible && (port.is_empty() || number(port))).then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for good in ["example.org", "EXAMPLE.org:8443", "10.0.0.7:80", "localhost:1", "[::1]", "[fe80::1]:8080", "kj_dev-1.lan"] {
            assert_eq!(host(good), Some(good.to_ascii_lowercase()), "{good}");
        }
        let hostile = [
            "",
            ".",
            "a..b",
            "a b",
            "a/b",
            "evil.example/",
            "user@evil.example",
            "a?b",
            "a#b",
            "a\\b",
            "a:",
            "a:b",
            "a:0",
            "a:99999",
            "a:1:2",
            "a:+1",
            "[::1",
            "[x]",
            "[::1]x",
            "-a",
            "<b>",
            "\"",
            "例.cn",
            "a,b",
        ];
        for bad in hostile {
            assert_eq!(host(bad), None, "{bad}");
        }
    }
}
