//! What a page may load and run.

use axum::http::HeaderValue;

/// Scripts, styles and pictures come from us alone; nothing inline runs (H9).
pub const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The same for a page that plays the stream at `url`: its origin may be fetched and played from, and nothing more of it.
///
/// Anything but an https address with a plain host leaves the policy as it is.
pub fn policy_with_stream(url: &str) -> HeaderValue {
    let ours = HeaderValue::from_static(CONTENT_POLICY);
    let Some(host) = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()) else { return ours };
    let plain = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']'));
    if !plain {
        return ours;
    }
    let wider = |name: &str, policy: String| policy.replace(&format!("{name} 'self'"), &format!("{name} 'self' https://{host}"));
    let policy = wider("media-src", wider("connect-src", CONTENT_POLICY.to_owned()));
    HeaderValue::from_str(&policy).unwrap_or(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_origin_is_let_in_and_nothing_can_be_smuggled_with_it() {
        let policy = policy_with_stream("https://live.example:8443/a/b.m3u8?x=1");
        let text = policy.to_str().unwrap();
        assert!(
            text.contains("connect-src 'self' https://live.example:8443;")
                && text.contains("media-src 'self' https://live.example:8443 blob:")
        );
        assert!(text.contains("script-src 'self';"), "{text}");
        for bad in ["http://a.example/x.m3u8", "https://a.example; script-src *", "https://a b/x", "https:///x", "javascript:alert(1)", ""]
        {
            assert_eq!(policy_with_stream(bad), CONTENT_POLICY, "{bad}");
        }
    }
}
