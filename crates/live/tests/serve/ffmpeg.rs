//! ffmpeg as a publisher.

use std::process::{Output, Stdio};
use tokio::process::Command;

pub const H264_AAC: [&str; 14] =
    ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-g", "25", "-bf", "2", "-c:a", "aac", "-ac", "2"];

/// Two seconds of picture and sound, as fast as they can be encoded.
pub async fn ffmpeg(url: &str, codecs: &[&str]) -> Output {
    publish(&[], 2, url, codecs).await
}

/// A broadcast that goes on until it is turned away.
pub async fn ffmpeg_at_its_own_speed(url: &str, codecs: &[&str]) -> Output {
    publish(&["-re"], 600, url, codecs).await
}

async fn publish(speed: &[&str], seconds: u32, url: &str, codecs: &[&str]) -> Output {
    let picture = format!("testsrc=size=320x180:rate=25:duration={seconds}");
    let sound = format!("sine=sample_rate=48000:duration={seconds}");
    let inputs = [speed, &["-f", "lavfi", "-i", &picture], speed, &["-f", "lavfi", "-i", &sound]].concat();
    Command::new("ffmpeg")
        .args(["-nostdin", "-hide_banner", "-v", "error"])
        .args(inputs)
        .args(codecs)
        .args(["-f", "flv", url])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}
