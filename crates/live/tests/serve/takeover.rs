//! One publisher follows another, and publishers that fall silent.

use live::rtmp::{Times, kind};
use live::serve::{End, Input, ServeError, publisher};
use live::{ClosedSegment, Live, Packaging, SegmentInfo, Track};
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::client::Client;
use super::ffmpeg::{H264_AAC, ffmpeg, ffmpeg_at_its_own_speed};
use super::server::{Guest, OneKey, Server};

/// What a client sends in a second of picture and sound.
const SECOND: usize = 25 + 47;

async fn on_air(server: &mut Server) -> (Client<TcpStream>, Guest) {
    let client = Client::on_air(TcpStream::connect(server.address).await.unwrap()).await;
    (client, server.guest().await)
}

/// Sends five seconds by the publisher's clock and packages them.
async fn five_seconds(client: &mut Client<TcpStream>, from_ms: u32, guest: &mut Guest, live: &Live) -> Vec<ClosedSegment> {
    client.send_coding().await;
    for second in 0..5 {
        client.send_second(from_ms + second * 1000).await;
    }
    let mut closed = Vec::new();
    for _ in 0..2 + 5 * SECOND {
        let Some(Input::Event(event)) = guest.inputs.recv().await else { panic!("only what was sent arrives") };
        closed.extend(live.push(event).unwrap());
    }
    closed
}

#[tokio::test]
async fn a_newer_publisher_takes_over_and_the_broadcast_goes_on() {
    let mut server = Server::start(Times::default()).await;
    let live = Live::new(Packaging::default(), 1_700_000_000_000);
    let (mut old, mut old_guest) = on_air(&mut server).await;
    let mut closed = five_seconds(&mut old, 0, &mut old_guest, &live).await;
    let (mut new, mut new_guest) = on_air(&mut server).await;
    drop(old_guest);
    server.ended("Ok(Closed)").await;
    assert_eq!(old.status().await, None, "the old connection is closed");
    closed.extend(live.reconnect(1_700_000_060_000));
    closed.extend(five_seconds(&mut new, 1_000_000, &mut new_guest, &live).await);
    closed.extend(live.end());
    for track in [Track::Video, Track::Audio] {
        let infos: Vec<SegmentInfo> = closed.iter().map(|closed| closed.info).filter(|info| info.track == track).collect();
        let msns: Vec<_> = infos.iter().map(|info| info.msn).collect();
        assert!(msns.iter().copied().eq(0..msns.len() as u64), "numbers go on: {msns:?}");
        assert!(infos.is_sorted_by(|a, b| a.start + a.ticks <= b.start && a.timeline <= b.timeline), "{infos:?}");
        let second = infos.iter().find(|info| info.timeline == 1).expect("a discontinuity");
        assert_eq!((second.generation, second.at_unix_ms), (0, 1_700_000_060_000), "the same coding at its own hour");
    }
}

#[tokio::test]
async fn ffmpeg_takes_over_from_ffmpeg() {
    let mut server = Server::start(Times::default()).await;
    let url = format!("rtmp://{}/live/good", server.address);
    let endless = url.clone();
    let old = tokio::spawn(async move { ffmpeg_at_its_own_speed(&endless, &H264_AAC).await });
    let mut old_guest = server.guest().await;
    assert!(old_guest.inputs.recv().await.is_some(), "it is on air");
    let (new, new_guest) = tokio::join!(ffmpeg(&url, &H264_AAC), server.guest());
    drop(old_guest);
    assert!(!old.await.unwrap().status.success(), "its connection was cut");
    assert!(new.status.success());
    assert_eq!(new_guest.everything().await.last(), Some(&Input::Ended));
}

/// A publisher on air without a network in between, so that time may be made to pass.
async fn on_paper() -> (Client<DuplexStream>, Guest, JoinHandle<Result<End, ServeError>>) {
    let (stream, other) = tokio::io::duplex(64 << 10);
    let (sender, mut guests) = mpsc::unbounded_channel();
    let served = tokio::spawn(async move { publisher(other, None, &OneKey(sender), Times::default()).await });
    (Client::on_air(stream).await, guests.recv().await.unwrap(), served)
}

#[tokio::test(start_paused = true)]
async fn a_silent_publisher_is_a_lost_link() {
    let (mut client, guest, served) = on_paper().await;
    let begun = Instant::now();
    client.send_coding().await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    // Something that is neither sound nor picture does not count: a ping.
    client.send(0, kind::USER_CONTROL, &[0, 6, 0, 0, 0, 1][..]).await.unwrap();
    assert!(matches!(served.await.unwrap(), Err(ServeError::Silence)));
    assert_eq!(begun.elapsed().as_secs(), 15);
    assert_eq!(guest.everything().await.len(), 2, "how it was coded, and neither an end nor a refusal");
    assert_eq!(client.status().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_publisher_that_sends_now_and_then_is_not_silent() {
    let (mut client, guest, served) = on_paper().await;
    client.send_coding().await;
    for n in 0..6 {
        tokio::time::sleep(Duration::from_secs(14)).await;
        client.send(n * 14_000, kind::AUDIO, &[0xAF, 1, 7][..]).await.unwrap();
    }
    client.command("FCUnpublish", 4.0, &[]).await;
    assert!(matches!(served.await.unwrap(), Ok(End::Finished)));
    assert_eq!(guest.everything().await.len(), 2 + 6 + 1);
}

#[tokio::test]
async fn a_broken_connection_is_a_lost_link() {
    let mut server = Server::start(Times::default()).await;
    let (mut client, guest) = on_air(&mut server).await;
    client.send_coding().await;
    drop(client);
    assert_eq!(guest.everything().await.len(), 2, "how it was coded, and neither an end nor a refusal");
    server.ended("Ok(Lost)").await;
}
