//! GStreamer as a publisher, by hand: `cargo test -p live --test serve gstreamer -- --ignored`. Its `rtmpsink` speaks through
//! librtmp, from which the RTMP of OBS descends; `rtmp2sink` is a writing of its own.

use live::rtmp::Times;
use live::serve::Input;
use live::{Event, Live, Packaging, Track};
use tokio::process::Command;

use super::server::Server;

/// Ten seconds of picture and sound through `sink`; what it printed.
async fn publish(sink: &str) -> String {
    let mut server = Server::start(Times::default()).await;
    let line = format!(
        "flvmux name=mux streamable=true ! {sink} location=rtmp://{}/live/good \
         videotestsrc num-buffers=300 ! video/x-raw,width=320,height=180,framerate=30/1,format=I420 \
         ! x264enc tune=zerolatency key-int-max=60 ! h264parse ! mux. \
         audiotestsrc num-buffers=470 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse ! mux.",
        server.address
    );
    let encoder = Command::new("gst-launch-1.0").args(line.split_whitespace()).kill_on_drop(true).output();
    let (output, guest) = tokio::join!(encoder, server.guest());
    let output = output.expect("gst-launch-1.0 is installed");
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{printed}");
    let inputs = guest.everything().await;
    let live = Live::new(Packaging::default(), 0);
    let samples = |of: Track| inputs.iter().filter(|i| matches!(i, Input::Event(Event::Sample(s)) if s.track == of)).count();
    assert_eq!((samples(Track::Video), inputs.last()), (300, Some(&Input::Ended)), "{printed}");
    assert!(samples(Track::Audio) > 465);
    let mut closed = 0;
    for input in inputs {
        if let Input::Event(event) = input {
            closed += live.push(event).unwrap().len();
        }
    }
    assert_eq!(closed + live.end().len(), 6, "three segments of each track");
    printed
}

#[tokio::test]
#[ignore = "needs GStreamer: by hand"]
async fn librtmp_publishes() {
    publish("rtmpsink").await;
}

#[tokio::test]
#[ignore = "needs GStreamer: by hand"]
async fn gstreamers_own_rtmp_publishes() {
    publish("rtmp2sink").await;
}
