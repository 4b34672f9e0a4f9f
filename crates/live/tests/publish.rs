//! Real encoders against the real server, and clients that mean harm.

#![allow(clippy::unwrap_used, reason = "test code outside #[test] functions")]

use live::rtmp::{PublishRequest, Times};
use live::serve::{End, Gate, Input, ServeError, listen, publisher};
use live::{Event, Track};
use std::net::SocketAddr;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::mpsc;

/// Lets the key `good` in and hands each accepted publisher's receiver to the test.
struct OneKey(mpsc::UnboundedSender<mpsc::Receiver<Input>>);

impl Gate for OneKey {
    async fn may_publish(&self, request: PublishRequest) -> Result<mpsc::Sender<Input>, String> {
        if request.app != "live" || request.key.expose() != "good" {
            return Err("This stream key is not known.".to_owned());
        }
        let (sender, receiver) = mpsc::channel(10_000);
        self.0.send(receiver).map_err(|_| "The test is over.".to_owned())?;
        Ok(sender)
    }
}

struct Server {
    address: SocketAddr,
    accepted: mpsc::UnboundedReceiver<mpsc::Receiver<Input>>,
    _task: tokio::task::JoinSet<()>,
}

static ENDS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn report(end: &Result<End, ServeError>) {
    ENDS.lock().unwrap().push(format!("{end:?}"));
}

async fn server() -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, accepted) = mpsc::unbounded_channel();
    let mut task = tokio::task::JoinSet::new();
    task.spawn(listen(listener, Arc::new(OneKey(sender)), Times::default(), 8, report));
    Server { address, accepted, _task: task }
}

async fn ffmpeg(address: SocketAddr, key: &str, codecs: &[&str]) -> Output {
    let source = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=25:duration=2", "-f", "lavfi", "-i", "sine=sample_rate=48000:duration=2"];
    Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error"])
        .args(source)
        .args(codecs)
        .args(["-f", "flv", &format!("rtmp://{address}/live/{key}")])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}

const H264_AAC: [&str; 14] =
    ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "25", "-bf", "2", "-c:a", "aac", "-ac", "2"];

async fn everything(server: &mut Server) -> Vec<Input> {
    let mut receiver = server.accepted.recv().await.unwrap();
    let mut inputs = Vec::new();
    while let Some(input) = receiver.recv().await {
        inputs.push(input);
    }
    inputs
}

fn check_two_seconds(inputs: &[Input]) {
    assert_eq!(inputs.last(), Some(&Input::Ended));
    let rate = inputs.iter().find_map(|input| if let Input::Metadata(metadata) = input { metadata.frame_rate } else { None });
    assert_eq!(rate, Some(25.0));
    let events: Vec<&Event> = inputs.iter().filter_map(|input| if let Input::Event(event) = input { Some(event) } else { None }).collect();
    let sizes: Vec<_> = events.iter().filter_map(|e| if let Event::Video(c) = e { Some((c.width, c.height)) } else { None }).collect();
    assert_eq!(sizes, [(320, 180)]);
    let rates: Vec<_> = events.iter().filter_map(|e| if let Event::Audio(c) = e { Some((c.rate, c.channels)) } else { None }).collect();
    assert_eq!(rates, [(48_000, 2)]);
    let samples =
        |track| events.iter().filter_map(move |e| if let Event::Sample(s) = e { Some(s) } else { None }).filter(move |s| s.track == track);
    assert_eq!(samples(Track::Video).count(), 50);
    assert_eq!(samples(Track::Video).filter(|sample| sample.key).count(), 2);
    let audio = samples(Track::Audio).count();
    assert!((94..=96).contains(&audio), "{audio} frames of 1,024 in two seconds of 48 kHz");
    for track in [Track::Video, Track::Audio] {
        let times: Vec<i64> = samples(track).map(|sample| sample.dts_ms).collect();
        assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    }
    let shown: Vec<i64> = samples(Track::Video).map(|sample| sample.dts_ms + i64::from(sample.cts_ms)).collect();
    assert_eq!(shown.iter().max().unwrap() - shown.iter().min().unwrap(), 1960);
}

#[tokio::test]
async fn ffmpeg_publishes_twice() {
    let mut server = server().await;
    for _ in 0..2 {
        let output = ffmpeg(server.address, "good", &H264_AAC).await;
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "not even a warning about the end");
        check_two_seconds(&everything(&mut server).await);
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_to_the_encoder() {
    let server = server().await;
    let output = ffmpeg(server.address, "bad", &H264_AAC).await;
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("This stream key is not known."), "{text}");
}

#[tokio::test]
async fn other_codecs_end_the_broadcast() {
    let mut server = server().await;
    let mp3 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "libmp3lame", "-ar", "44100"];
    assert!(!ffmpeg(server.address, "good", &mp3).await.status.success());
    let inputs = everything(&mut server).await;
    assert!(!inputs.contains(&Input::Ended), "cut, not ended");
    assert!(ENDS.lock().unwrap().iter().any(|end| end.contains("Unsupported(\"MP3\")")));
}

fn quick() -> Times {
    Times { sign_in: Duration::from_millis(200), silence: Duration::from_millis(200), linger: Duration::from_millis(200) }
}

fn nobody() -> OneKey {
    OneKey(mpsc::unbounded_channel().0)
}

#[tokio::test]
async fn slow_handshakes_are_cut() {
    for sent in [0, 1, 800, 1537, 3073] {
        let (mut client, stream) = tokio::io::duplex(8192);
        client.write_all(&vec![3; sent]).await.unwrap();
        let end = publisher(stream, &nobody(), quick()).await;
        assert!(matches!(end, Err(ServeError::SignIn)), "{sent} bytes: {end:?}");
    }
}

#[tokio::test]
async fn clients_that_close_inside_the_handshake_are_let_go() {
    for sent in [0, 1, 800, 1537, 3073] {
        let (mut client, stream) = tokio::io::duplex(8192);
        client.write_all(&vec![3; sent]).await.unwrap();
        client.shutdown().await.unwrap();
        let end = publisher(stream, &nobody(), Times::default()).await;
        assert!(matches!(end, Ok(End::Lost)), "{sent} bytes: {end:?}");
    }
}

#[tokio::test]
async fn another_protocol_is_closed_at_once() {
    let server = server().await;
    let mut client = TcpStream::connect(server.address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The rest of the request was never read, so the close may also arrive as a reset.
    let _ = client.read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
}
