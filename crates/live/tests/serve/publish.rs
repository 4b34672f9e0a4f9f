//! What real encoders send arrives, and clients that mean harm are cut.

use live::rtmp::Times;
use live::serve::{End, Input, ServeError, publisher};
use live::{Event, Track};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::ffmpeg::{H264_AAC, ffmpeg};
use super::server::{Server, nobody};

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
    let mut server = Server::start(Times::default()).await;
    for _ in 0..2 {
        let output = ffmpeg(&format!("rtmp://{}/live/good", server.address), &H264_AAC).await;
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "not even a warning about the end");
        check_two_seconds(&server.guest().await.everything().await);
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_to_the_encoder() {
    let server = Server::start(Times::default()).await;
    let output = ffmpeg(&format!("rtmp://{}/live/bad", server.address), &H264_AAC).await;
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("This stream key is not known. You come from 127.0.0.1."), "{text}");
}

fn quick() -> Times {
    Times { sign_in: Duration::from_millis(200), silence: Duration::from_millis(200), linger: Duration::from_millis(200) }
}

#[tokio::test]
async fn slow_handshakes_are_cut() {
    for sent in [0, 1, 800, 1537, 3073] {
        let (mut client, stream) = tokio::io::duplex(8192);
        client.write_all(&vec![3; sent]).await.unwrap();
        let end = publisher(stream, None, &nobody(), quick()).await;
        assert!(matches!(end, Err(ServeError::SignIn)), "{sent} bytes: {end:?}");
    }
}

#[tokio::test]
async fn clients_that_close_inside_the_handshake_are_let_go() {
    for sent in [0, 1, 800, 1537, 3073] {
        let (mut client, stream) = tokio::io::duplex(8192);
        client.write_all(&vec![3; sent]).await.unwrap();
        client.shutdown().await.unwrap();
        let end = publisher(stream, None, &nobody(), Times::default()).await;
        assert!(matches!(end, Ok(End::Lost)), "{sent} bytes: {end:?}");
    }
}

#[tokio::test]
async fn another_protocol_is_closed_at_once() {
    let server = Server::start(Times::default()).await;
    let mut client = TcpStream::connect(server.address).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // The rest of the request was never read, so the close may also arrive as a reset.
    let _ = client.read_to_end(&mut answer).await;
    assert_eq!(answer, b"");
}
