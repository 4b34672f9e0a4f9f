//! Sockets and streams against a server that listens.

use super::{say, texts, unmoderated};
use crate::support::{Client, TestApp};
use app::broadcasts::Broadcast;
use app::commands::{self, Server};
use axum::http::Method;
use futures_util::{SinkExt, StreamExt};
use kernel::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

const LONG: Duration = Duration::from_secs(20);

/// An application that listens on a free port.
async fn listening() -> (TestApp, Server) {
    listening_with(500).await
}

/// The same with so many connections for an address.
async fn listening_with(connections: u32) -> (TestApp, Server) {
    let app = TestApp::sqlite_with(|config| {
        config.connections_per_address = connections;
        config.listen = ([127, 0, 0, 1], 0).into();
        config.rtmp_listen = ([127, 0, 0, 1], 0).into();
    });
    let app = app.await.with_tree().await;
    let server = commands::start(&app.app).await.unwrap();
    (app, server)
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(server: &Server, who: &Client, room: &Broadcast, query: &str) -> Result<Self, Error> {
        Self::from(server, who, room, query, None).await
    }

    async fn from(server: &Server, who: &Client, room: &Broadcast, query: &str, origin: Option<&str>) -> Result<Self, Error> {
        let mut request = format!("ws://{}/rooms/{}/socket{query}", server.address, room.id).into_client_request()?;
        for (name, value) in who.headers.iter().filter(|(name, _)| name == "cookie") {
            request.headers_mut().insert(axum::http::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        Ok(Self(tokio_tungstenite::connect_async(request).await?.0))
    }

    /// The events of the next frame; the code when the server closes.
    async fn next(&mut self) -> Result<Vec<Value>, u16> {
        loop {
            match tokio::time::timeout(LONG, self.0.next()).await.expect("in time") {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
                Some(Ok(Message::Ping(_))) => {}
                _ => return Err(0),
            }
        }
    }

    /// Events until one of this kind has come.
    async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut heard = Vec::new();
        while heard.iter().all(|event: &Value| event["kind"] != kind) {
            heard.extend(self.next().await.unwrap_or_else(|code| panic!("closed with {code} before {kind}: {heard:#?}")));
        }
        heard
    }

    /// The code with which the server closes.
    async fn closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

fn refused(opened: Result<Socket, Error>) -> u16 {
    match opened {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("{other}"),
        Ok(_) => 101,
    }
}

fn numbers(events: &[Value]) -> Vec<i64> {
    events.iter().map(|e| e["seq"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_socket_hears_the_history_then_what_comes_and_misses_nothing_when_it_comes_back() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    say(&host, &room, 1, "one").await.expect(201);
    let mut socket = Socket::open(&server, &app.anonymous(), &room, "").await.unwrap();
    let mut heard = socket.until("rules").await;
    say(&host, &room, 2, "two").await.expect(201);
    while texts(&heard).len() < 2 {
        heard.extend(socket.next().await.unwrap());
    }
    assert_eq!(texts(&heard), ["one", "two"]);
    let last = heard.last().unwrap()["seq"].as_i64().unwrap();
    drop(socket);
    say(&host, &room, 3, "three").await.expect(201);
    let mut back = Socket::open(&server, &app.anonymous(), &room, &format!("?after={last}")).await.unwrap();
    say(&host, &room, 4, "four").await.expect(201);
    let mut again = back.until("rules").await;
    while texts(&again).len() < 2 {
        again.extend(back.next().await.unwrap());
    }
    assert_eq!(texts(&again), ["three", "four"], "neither a gap nor a repetition");
    heard.extend(again);
    assert!(numbers(&heard).is_sorted_by(|a, b| a < b), "{:?}", numbers(&heard));
    server.stop.cancel();
    assert_eq!(back.closed().await, 1001, "a server that stops says so");
    tokio::time::timeout(LONG, server.tracker.wait()).await.expect("open sockets hold no stop up");
}

#[tokio::test]
async fn s15_whoever_is_banned_is_told_and_sent_out() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-a").await);
    unmoderated(&host, &room).await;
    let (mut his, mut other) =
        (Socket::open(&server, &li, &room, "").await.unwrap(), Socket::open(&server, &app.anonymous(), &room, "").await.unwrap());
    say(&li, &room, 1, "spam").await.expect(201);
    let heard = his.until("message").await;
    let message = heard.iter().find(|e| e["kind"] == "message").unwrap()["id"].clone();
    host.post(&format!("/rooms/{}/bans", room.id), &json!({ "message": message, "minutes": null })).await.expect(204);
    let heard = his.until("muted").await;
    assert_eq!(heard.iter().find(|e| e["kind"] == "muted").unwrap()["until"], json!(null));
    assert_eq!(his.closed().await, 4403);
    let heard = other.until("removed").await;
    assert!(heard.iter().all(|e| e["kind"] != "muted"), "{heard:?}");
    assert_eq!(refused(Socket::open(&server, &li, &room, "").await), 403);
    server.stop.cancel();
}

#[tokio::test]
async fn s15_rights_are_asked_at_the_door_and_s19_again_while_a_socket_is_open() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").signed_in().create().await;
    assert_eq!(refused(Socket::open(&server, &app.anonymous(), &room, "").await), 401);
    let li = app.person("lin", Role::Viewer, "branch-a").await;
    assert_eq!(refused(Socket::open(&server, &li, &room, "?board=1").await), 403);
    let mut socket = Socket::open(&server, &li, &room, "").await.unwrap();
    socket.until("rules").await;
    app.rooms.go_round();
    li.post_form("/sign-out", &[]).await.expect(303);
    app.rooms.go_round();
    assert_eq!(socket.closed().await, 4401);
    server.stop.cancel();
}

#[tokio::test]
async fn s10_another_site_may_not_listen_with_the_reader_s_cookie() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    let ours = format!("http://{}", server.address);
    for (origin, want) in [(ours.as_str(), 101), ("https://elsewhere.example", 403), ("null", 403)] {
        assert_eq!(refused(Socket::from(&server, &app.anonymous(), &room, "", Some(origin)).await), want, "{origin}");
    }
    server.stop.cancel();
}

#[tokio::test]
async fn s15_giant_frames_and_talkative_clients_are_cut_off() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    for sent in [vec![Message::text("x".repeat(5_000))], vec![Message::binary(vec![0; 1 << 20])], vec![Message::text("hello"); 40]] {
        let mut socket = Socket::open(&server, &app.anonymous(), &room, "").await.unwrap();
        socket.until("rules").await;
        for message in sent {
            // The server may have hung up already.
            let _ = socket.0.send(message).await;
        }
        socket.closed().await;
    }
    let mut quiet = Socket::open(&server, &app.anonymous(), &room, "").await.unwrap();
    quiet.until("rules").await;
    quiet.0.send(Message::text("ignored")).await.unwrap();
    app.rooms.get(room.id).unwrap().tell(app::rooms::hub::News::cleared());
    quiet.until("cleared").await;
    server.stop.cancel();
}

#[tokio::test]
async fn a_stream_hears_the_same_and_goes_on_from_its_last_number() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    say(&host, &room, 1, "one").await.expect(201);
    let url = format!("http://{}/rooms/{}/events", server.address, room.id);
    let browser = reqwest::Client::new();
    let (last, first) = stream(browser.get(&url), 1).await;
    assert_eq!(texts(&first), ["one"]);
    say(&host, &room, 2, "two").await.expect(201);
    let (_, next) = stream(browser.get(&url).header("last-event-id", last.to_string()), 1).await;
    assert_eq!(texts(&next), ["two"]);
    server.stop.cancel();
    tokio::time::timeout(LONG, server.tracker.wait()).await.expect("open streams hold no stop up");
}

/// Reads a stream until so many messages came: the last id, and all events.
async fn stream(request: reqwest::RequestBuilder, messages: usize) -> (i64, Vec<Value>) {
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (mut body, mut text, mut events, mut last) = (response.bytes_stream(), String::new(), Vec::new(), 0);
    while texts(&events).len() < messages {
        let chunk = tokio::time::timeout(LONG, body.next()).await.expect("in time").unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        while let Some((event, rest)) = text.split_once("\n\n") {
            for line in event.lines() {
                if let Some(id) = line.strip_prefix("id: ") {
                    last = id.parse().unwrap();
                }
                if let Some(data) = line.strip_prefix("data: ") {
                    events.extend(serde_json::from_str::<Vec<Value>>(data).unwrap());
                }
            }
            text = rest.to_owned();
        }
    }
    (last, events)
}

#[tokio::test]
async fn polling_tells_the_same_and_counts_as_being_here() {
    let (app, server) = listening().await;
    let room = app.a_broadcast("county-a").create().await;
    let host = app.person("host", Role::Host, "county-a").await;
    say(&host, &room, 1, "one").await.expect(201);
    let first = super::look(&app, &app.anonymous().with("cookie", "kj_device=1"), &room, "").await;
    let last = first.last().unwrap()["seq"].clone();
    say(&host, &room, 2, "two").await.expect(201);
    app.rooms.tick(kernel::Clock::now(app.clock.as_ref()));
    let poll = app.anonymous().get(&format!("/api/v1/rooms/{}/messages?after={last}", room.id)).await.expect(200).json();
    assert_eq!(texts(poll["events"].as_array().unwrap()), ["two"]);
    assert!(poll["last"].as_i64() > last.as_i64() && poll["poll_ms"] == 2_000);
    assert_eq!(app.rooms.watching(room.id), 2, "two devices");
    app.anonymous().json(Method::GET, &format!("/rooms/{}/socket", room.id), &json!(null)).await.expect(400);
    server.stop.cancel();
}

#[tokio::test]
async fn s15_one_address_holds_so_many_connections_and_may_still_look_in() {
    let (app, server) = listening_with(2).await;
    let room = app.a_broadcast("county-a").create().await;
    let first = Socket::open(&server, &app.anonymous(), &room, "").await.unwrap();
    let _second = Socket::open(&server, &app.anonymous(), &room, "").await.unwrap();
    assert_eq!(refused(Socket::open(&server, &app.anonymous(), &room, "").await), 429);
    let path = format!("http://{}/rooms/{}", server.address, room.id);
    assert_eq!(reqwest::get(format!("{path}/events")).await.unwrap().status(), 429, "a stream is a connection, too");
    assert_eq!(reqwest::get(format!("{path}/messages")).await.unwrap().status(), 200);
    drop(first);
    let opened = async {
        while Socket::open(&server, &app.anonymous(), &room, "").await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(LONG, opened).await.expect("its place is free again");
    server.stop.cancel();
}
