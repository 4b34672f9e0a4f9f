//! Short clips for demonstrations and tests, made from nothing: a moving picture, a title card, a voice-like sound.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::jail::Jail;
use crate::plan::Frame;
use crate::room::Room;
use crate::supervise::{RunError, Task};
use crate::tools::Tools;

/// Fonts that have Chinese characters, in the order of preference, where distributions put them.
const FONTS: [&str; 6] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/google-noto-sans-cjk-vf-fonts/NotoSansCJK-VF.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
];

/// What the clip shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoClip<'a> {
    /// Length in seconds, at least 1.
    pub seconds: u32,
    /// The words on the title card. They reach ffmpeg in a file, never as an argument.
    pub title: &'a str,
    /// Chooses colours and voice; the same seed gives the same clip.
    pub seed: u32,
    /// Size; sides must be even.
    pub frame: Frame,
}

/// Renders `clip` as MP4 (H.264, AAC) at `to`, which is replaced.
///
/// Without a suitable font on the machine the title is left out.
pub async fn render(tools: &Tools, jail: &Jail, clip: &DemoClip<'_>, to: &Path, cancel: &CancellationToken) -> Result<(), RunError> {
    let room = Room::beside(to)?;
    fs::write(room.0.join("title.txt"), wrapped(clip.title))?;
    let task = Task {
        program: &tools.ffmpeg,
        args: arguments(clip),
        input: None,
        folder: &room.0,
        wall: Duration::from_mins(2) + length(clip) * 5,
        patience: 1,
    };
    task.run(jail, cancel, |line| line.starts_with("out_time_us=")).await?;
    fs::rename(room.0.join("clip.mp4"), to)?;
    Ok(())
}

fn length(clip: &DemoClip<'_>) -> Duration {
    Duration::from_secs(clip.seconds.max(1).into())
}

fn arguments(clip: &DemoClip<'_>) -> Vec<OsString> {
    let seconds = clip.seconds.max(1);
    let mut args: Vec<String> = ["-nostdin", "-nostats", "-v", "error", "-y", "-progress", "pipe:1"].map(String::from).into();
    for source in [picture(clip), voice(clip)] {
        args.extend(["-f".into(), "lavfi".into(), "-i".into(), source]);
    }
    args.extend(["-vf".into(), card(clip, font())]);
    let encode = "-c:v libx264 -preset veryfast -crf 27 -pix_fmt yuv420p -g 50 -c:a aac -b:a 64k -ac 1 -movflags +faststart -threads 2";
    args.extend(encode.split(' ').map(String::from));
    args.extend(["-t".into(), seconds.to_string(), "clip.mp4".into()]);
    args.into_iter().map(OsString::from).collect()
}

/// Slowly turning colours.
fn picture(clip: &DemoClip<'_>) -> String {
    let Frame { width, height } = clip.frame;
    let colour = |n: u32| format!("0x{:06x}", muted(clip.seed.wrapping_mul(3).wrapping_add(n)));
    let (c0, c1, c2, seed) = (colour(0), colour(1), colour(2), clip.seed);
    format!("gradients=s={width}x{height}:r=25:c0={c0}:c1={c1}:c2={c2}:n=3:x0=0:y0=0:x1={width}:y1={height}:speed=0.02:seed={seed}")
}

/// A colour dark enough for white letters.
fn muted(n: u32) -> u32 {
    let mixed = n.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b);
    let channel = |shift: u32| 0x20 + (mixed >> shift & 0x7f);
    channel(0) << 16 | channel(8) << 8 | channel(16)
}

/// Harmonics of a voice, opened and closed about four times a second like syllables, with a pause every few seconds.
fn voice(clip: &DemoClip<'_>) -> String {
    let pitch = 105 + clip.seed % 7 * 14;
    let tone = |harmonic: u32, loud: f64| format!("{loud}*sin(2*PI*{harmonic}*({pitch}*t+3*sin(2*PI*0.7*t)))");
    let tones = [tone(1, 0.30), tone(2, 0.22), tone(3, 0.14), tone(5, 0.08), tone(8, 0.04)].join("+");
    let syllables = "pow(abs(sin(2*PI*2.1*t+sin(2*PI*0.53*t))),1.5)*(0.15+0.85*lt(mod(t,3.7),3.1))";
    let breath = "0.02*(random(0)-0.5)";
    format!("aevalsrc='({tones})*{syllables}+{breath}':s=44100")
}

/// A running dot shows that time passes; the title stands in the middle when there is a font for it.
fn card(clip: &DemoClip<'_>, font: Option<PathBuf>) -> String {
    let Frame { width, height } = clip.frame;
    let band = format!("drawbox=x=0:y={}:w=iw:h={}:color=black@0.35:t=fill", height / 3, height / 3);
    let mark = height.min(width) / 24;
    let seconds = clip.seconds.max(1);
    let title = font.map_or(String::new(), |font| {
        let size = (width / 18).min(height / 10).max(8);
        format!(
            ",drawtext=fontfile={}:textfile=title.txt:expansion=none:fontcolor=white:fontsize={size}:x=(w-text_w)/2:y=(h-text_h)/2:line_spacing=6",
            font.display()
        )
    });
    let dot = format!(
        "color=white:s={mark}x{mark}:r=25:d={seconds}[dot];[back][dot]overlay=x='(W-w)*t/{seconds}':y='H-2*h-h*abs(sin(4*t))':shortest=1"
    );
    format!("{band}{title}[back];{dot},format=yuv420p")
}

fn font() -> Option<PathBuf> {
    FONTS.iter().map(PathBuf::from).find(|path| path.is_file())
}

/// Lines of at most fourteen Chinese or 28 Latin letters, and at most three of them, so that any title fits.
fn wrapped(title: &str) -> String {
    let (mut text, mut room, mut lines) = (String::new(), 28, 1);
    for c in title.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        let wide = if c.is_ascii() { 1 } else { 2 };
        if room < wide {
            (room, lines) = (28, lines + 1);
            if lines > 3 {
                break;
            }
            text.push('\n');
        }
        room -= wide;
        text.push(c);
    }
    text
}
