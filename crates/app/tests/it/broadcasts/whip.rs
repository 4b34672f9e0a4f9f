//! Going live by WHIP: who may, and what is refused in words.

use super::Host;
use crate::support::TestApp;
use crate::support::binary::Binary;
use kernel::Role;
use reqwest::{Method, StatusCode};

const SETTINGS: &str = "rtmp_listen = \"127.0.0.1:0\"\nwhip_listen = \"127.0.0.1:0\"";
const VP8: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\n";

async fn sent(client: &reqwest::Client, address: &str, headers: &[(&str, &str)], offer: &str) -> (StatusCode, String) {
    let plain = client.post(address).header("content-type", "application/sdp").header("accept-language", "en").body(offer.to_owned());
    let request = headers.iter().fold(plain, |request, (name, value)| request.header(*name, *value));
    let answer = request.send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn g5_only_the_key_or_a_host_goes_live_by_whip_and_only_with_h264() {
    let app = TestApp::now().await.with_tree().await;
    app.account("host.a", Role::Host, "township-a").await;
    app.account("host.c", Role::Host, "township-c").await;
    let server = Binary::serve(app, SETTINGS).await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let other = Host::with_a_broadcast(&server, "host.a").await;
    let stranger = server.signed_in("host.c").await;
    let (nobody, address) = (server.client(), server.url(&format!("/whip/{}", host.id)));
    let script = ("x-requested-with", "kaijiang");
    let key = |key: &str| format!("Bearer {key}");

    assert_eq!(sent(&nobody, &address, &[script], VP8).await.0, 401, "nobody");
    assert_eq!(sent(&nobody, &address, &[("authorization", &key("kj-0"))], VP8).await.0, 401, "no key");
    assert_eq!(sent(&nobody, &address, &[("authorization", &key(&other.key))], VP8).await.0, 401, "the key of another broadcast");
    assert_eq!(sent(&stranger, &address, &[script], VP8).await.0, 403, "a host of another township");
    assert_eq!(sent(&host.client, &address, &[], VP8).await.0, 403, "a page of somebody else");

    for (client, headers) in [(&host.client, vec![script]), (&nobody, vec![("authorization", key(&host.key).leak() as &str)])] {
        let (status, text) = sent(client, &address, &headers, VP8).await;
        assert!(status == 422 && text.contains("H.264") && text.contains("VP8"), "{status} {text}");
        assert_eq!(sent(client, &address, &headers, "v=0\r\n").await.0, 422, "nothing is offered");
        assert_eq!(sent(client, &address, &headers, &"x".repeat(70_000)).await.0, 413);
    }
    assert_eq!(host.standing().await["state"], "planned", "an offer that is refused moves nothing");
    let patched = host.client.request(Method::PATCH, format!("{address}/0")).send().await.expect("an answer");
    assert_eq!(patched.status(), 405);
    let ended = nobody.delete(format!("{address}/0")).header("authorization", key(&host.key)).send().await.expect("an answer");
    assert_eq!(ended.status(), 200, "ending what is over changes nothing");
}
