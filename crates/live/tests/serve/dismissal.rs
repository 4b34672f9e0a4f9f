//! Publishers who are turned away after they were let in: both sides learn why.

use live::rtmp::{Times, kind};
use live::serve::Input;
use tokio::net::TcpStream;

use super::client::Client;
use super::ffmpeg::{H264_AAC, ffmpeg, ffmpeg_at_its_own_speed};
use super::server::{Guest, Server};

const ADVICE: &str = "no keyframe for 10033 ms: set the keyframe interval to 2 s in the encoder";

async fn on_air(server: &mut Server) -> (Client<TcpStream>, Guest) {
    let client = Client::on_air(TcpStream::connect(server.address).await.unwrap()).await;
    (client, server.guest().await)
}

#[tokio::test]
async fn what_cannot_be_used_is_named_to_the_encoder_and_to_the_consumer() {
    let mp3 = "MP3 is not taken here: set the encoder to H.264 and AAC";
    let enhanced = "H.265 is not taken here: set the encoder to H.264 and AAC";
    let broken = "broken H.264 configuration";
    let long = "a message of 5242880 bytes; at most 4194304 are taken";
    let table: [(u8, Vec<u8>, &str); 4] = [
        (kind::AUDIO, vec![0x2F, 0], mp3),
        (kind::VIDEO, b"\x90hvc1".to_vec(), enhanced),
        (kind::VIDEO, vec![0x17, 0, 0, 0, 0, 1], broken),
        (kind::VIDEO, vec![0; 5 << 20], long),
    ];
    let mut server = Server::start(Times::default()).await;
    for (kind, body, why) in table {
        let (mut client, guest) = on_air(&mut server).await;
        // The connection may end before all of a long message was taken.
        let _ = client.send(0, kind, body).await;
        assert_eq!(client.status().await, Some(("NetStream.Publish.Failed".to_owned(), why.to_owned())));
        assert_eq!(guest.everything().await, [Input::Refused(why.to_owned())]);
    }
}

#[tokio::test]
async fn ffmpeg_shows_why_its_codec_is_not_taken() {
    let mut server = Server::start(Times::default()).await;
    let mp3 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "libmp3lame", "-ar", "44100"];
    let output = ffmpeg(&format!("rtmp://{}/live/good", server.address), &mp3).await;
    assert!(!output.status.success());
    let why = "MP3 is not taken here: set the encoder to H.264 and AAC";
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains(why), "{shown}");
    assert_eq!(server.guest().await.everything().await.last(), Some(&Input::Refused(why.to_owned())));
    server.ended("Unsupported(\"MP3\")").await;
}

#[tokio::test]
async fn the_consumer_has_the_last_word() {
    let mut server = Server::start(Times::default()).await;
    let (mut client, guest) = on_air(&mut server).await;
    client.send_coding().await;
    client.send_second(0).await;
    guest.last_word.send(ADVICE.to_owned()).unwrap();
    // The receiver may be dropped at the same moment: what was said is still told.
    drop(guest.inputs);
    assert_eq!(client.status().await, Some(("NetStream.Publish.Failed".to_owned(), ADVICE.to_owned())));
    drop(client);
    server.ended("Ok(Finished)").await;
}

#[tokio::test]
async fn ffmpeg_shows_the_last_word() {
    let mut server = Server::start(Times::default()).await;
    let url = format!("rtmp://{}/live/good", server.address);
    let encoder = tokio::spawn(async move { ffmpeg_at_its_own_speed(&url, &H264_AAC).await });
    let mut guest = server.guest().await;
    assert!(guest.inputs.recv().await.is_some(), "it is on air");
    guest.last_word.send(ADVICE.to_owned()).unwrap();
    let output = encoder.await.unwrap();
    assert!(!output.status.success());
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains(ADVICE), "{shown}");
}

#[tokio::test]
async fn a_consumer_that_reads_nothing_can_still_turn_its_publisher_away() {
    let mut server = Server::start(Times::default()).await;
    let (mut client, guest) = on_air(&mut server).await;
    client.send_coding().await;
    // More than the channel has room for.
    for second in 0..150 {
        client.send_second(second * 1000).await;
    }
    guest.last_word.send(ADVICE.to_owned()).unwrap();
    assert_eq!(client.status().await, Some(("NetStream.Publish.Failed".to_owned(), ADVICE.to_owned())));
}

#[tokio::test]
async fn a_consumer_without_a_last_word_is_served_on() {
    let mut server = Server::start(Times::default()).await;
    let (mut client, guest) = on_air(&mut server).await;
    let Guest { inputs, last_word } = guest;
    drop(last_word);
    client.send_coding().await;
    client.send_second(0).await;
    client.command("FCUnpublish", 4.0, &[]).await;
    let (last_word, _) = tokio::sync::oneshot::channel();
    let inputs = Guest { inputs, last_word }.everything().await;
    assert_eq!((inputs.len(), inputs.last()), (2 + 25 + 47 + 1, Some(&Input::Ended)));
}
