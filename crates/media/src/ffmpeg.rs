//! The arguments ffmpeg gets: vectors of fixed words, numbers of ours and file names of ours.

use std::ffi::OsString;
use std::path::Path;

use crate::loudness::Loudness;
use crate::plan::{EncodeRung, Frame, KeyFrames, Still};
use crate::sniff::Container;
use crate::storyboard;
use crate::tools::Tools;

/// All readers we accept; a file that contains a reference to another format gets no further.
const READERS: &str = "mov,matroska,avi,mpegts,flv,wav,mp3,ogg,aac";

/// The loudness every recording is brought to.
const TARGET: &str = "loudnorm=I=-16:TP=-1.5:LRA=11";

/// Stereo without holes in time, whatever came in.
const EVEN_STEREO: &str = "aresample=async=1,aformat=channel_layouts=stereo";

/// Linear light, then BT.709: for PQ and HLG, when ffmpeg was built with zimg.
const TONE_MAP: &str = "zscale=tin=TRANSFER:min=bt2020nc:pin=bt2020:rin=tv:t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,\
    tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv";

fn words<const N: usize>(words: [&str; N]) -> Vec<OsString> {
    words.map(OsString::from).into()
}

/// The input and what it may do. These options apply to the input only, so they stand before it.
pub(crate) fn input(container: Container, path: &Path, max_pixels: u64) -> Vec<OsString> {
    let mut args = words(["-protocol_whitelist", "file", "-format_whitelist", READERS, "-max_alloc", "268435456"]);
    args.extend(words(["-max_pixels", &max_pixels.to_string(), "-f", container.demuxer(), "-i"]));
    let mut file = OsString::from("file:");
    file.push(path);
    args.push(file);
    args
}

/// How every ffmpeg call begins. `before` are options of the decoder and of seeking.
pub(crate) fn begin(verbosity: &str, before: &[&str], input: Vec<OsString>) -> Vec<OsString> {
    let mut args = words(["-nostdin", "-hide_banner", "-nostats", "-v", verbosity, "-y", "-threads", "2", "-progress", "pipe:1"]);
    args.extend(words(["-stats_period", "1", "-filter_threads", "2"]));
    args.extend(before.iter().map(OsString::from));
    args.extend(input);
    args
}

/// Times in the fragments are those of the source and no edit list is needed to read them, so that picture and sound of
/// two runs stay together in players that ignore edit lists. Pictures that are shown later than decoded get signed offsets
/// instead of a shift.
const PICTURE_TIMES: [&str; 4] =
    ["-avoid_negative_ts", "disabled", "-hls_segment_options", "movflags=+negative_cts_offsets+frag_discont:use_editlist=0"];

/// As [`PICTURE_TIMES`]; the encoder's run-in of a fiftieth of a second is moved to zero.
const SOUND_TIMES: [&str; 4] = [
    "-avoid_negative_ts",
    "make_non_negative",
    "-hls_segment_options",
    "movflags=+frag_discont:use_editlist=0:avoid_negative_ts=make_non_negative",
];

/// Four-second fragments, `init.mp4` and `index.m3u8` in the current folder.
fn hls(times: [&str; 4]) -> Vec<OsString> {
    let mut args = words(["-map_metadata", "-1", "-map_chapters", "-1", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod"]);
    args.extend(words(times));
    args.extend(words(["-hls_segment_type", "fmp4", "-hls_flags", "independent_segments", "-hls_fmp4_init_filename", "init.mp4"]));
    args.extend(words(["-hls_segment_filename", "s%05d.m4s", "index.m3u8"]));
    args
}

pub(crate) fn copy_video() -> Vec<OsString> {
    [words(["-map", "0:V:0", "-c:v", "copy"]), hls(PICTURE_TIMES)].concat()
}

/// AAC from transport streams carries a header in each frame, which MP4 has once; for others the filter does nothing.
pub(crate) fn copy_audio() -> Vec<OsString> {
    [words(["-map", "0:a:0", "-c:a", "copy", "-bsf:a", "aac_adtstoasc"]), hls(SOUND_TIMES)].concat()
}

pub(crate) fn encode_video(rung: &EncodeRung, tools: &Tools) -> Vec<OsString> {
    let mut args = words(["-map", "0:V:0", "-vf", &rung_filter(rung, tools)]);
    let (peak, buffer) = (format!("{}k", rung.max_kbps), format!("{}k", rung.max_kbps * 2));
    args.extend(words(["-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-crf", "22", "-maxrate", &peak]));
    args.extend(words(["-bufsize", &buffer, "-bf", "2", "-sc_threshold", "0", "-g", "9999", "-force_key_frames"]));
    match rung.key_frames {
        KeyFrames::LikeSource => args.extend(words(["source", "-fps_mode", "passthrough"])),
        KeyFrames::EveryTwoSeconds(_) => args.extend(words(["expr:gte(t,n_forced*2)"])),
    }
    args.extend(hls(PICTURE_TIMES));
    args
}

fn rung_filter(rung: &EncodeRung, tools: &Tools) -> String {
    let mut filters = Vec::new();
    if rung.deinterlace {
        filters.push("yadif".to_owned());
    }
    if let KeyFrames::EveryTwoSeconds(rate) = rung.key_frames {
        filters.push(format!("fps={}/{}", rate.num, rate.den));
    }
    filters.extend(picture(rung.frame, rung.tone_map, tools));
    filters.push("format=yuv420p".into());
    filters.join(",")
}

/// Size and colours. Large pictures are shrunk before their colours are mapped, which costs most.
fn picture(frame: Frame, tone_map: bool, tools: &Tools) -> Vec<String> {
    let mut filters = vec![format!("scale={}:{}", frame.width, frame.height), "setsar=1".into()];
    if tone_map && tools.zscale {
        // The transfer curve of HLG is near enough to be mapped like PQ's, and needs no second table.
        filters.push(TONE_MAP.replace("TRANSFER", "smpte2084"));
    }
    filters
}

/// Measures loudness; the figures come as JSON at the end of standard error, at verbosity `info`.
pub(crate) fn measure_loudness() -> Vec<OsString> {
    words(["-map", "0:a:0", "-af", &format!("{EVEN_STEREO},{TARGET}:print_format=json"), "-f", "null", "-"])
}

/// Stereo AAC, levelled by what was measured; silence is left as it is.
pub(crate) fn encode_audio(loudness: &Loudness) -> Vec<OsString> {
    let level = if loudness.is_silent() {
        String::new()
    } else {
        let Loudness { integrated, true_peak, range, threshold, offset } = loudness;
        format!(
            "{TARGET}:measured_I={integrated}:measured_TP={true_peak}:measured_LRA={range}:measured_thresh={threshold}\
             :offset={offset}:linear=true,"
        )
    };
    // loudnorm delivers 192 kHz, so the rate is set behind it.
    let filter = format!("{EVEN_STEREO},{level}aresample=48000");
    [words(["-map", "0:a:0", "-af", &filter, "-c:a", "aac", "-b:a", "128k", "-ac", "2"]), hls(SOUND_TIMES)].concat()
}

/// One telling picture out of the next twenty key frames.
pub(crate) fn poster(still: Still, tools: &Tools) -> Vec<OsString> {
    let filter = [vec!["thumbnail=20".to_owned()], picture(still.frame, still.tone_map, tools), vec!["format=yuvj420p".to_owned()]];
    let args = words(["-map", "0:V:0", "-an", "-vf", &filter.concat().join(","), "-frames:v", "1", "-q:v", "4", "-map_metadata", "-1"]);
    [args, words(["-fps_mode", "passthrough", "-f", "image2", "-update", "1", "poster.jpg"])].concat()
}

/// Sheets of small pictures, one at each interval of the recording; the last key frame stands in for all after it.
pub(crate) fn storyboard(still: Still, duration_ms: u64, tools: &Tools) -> Vec<OsString> {
    let (interval, pictures) = (storyboard::interval_ms(duration_ms), storyboard::pictures(duration_ms));
    let filter = [
        vec![format!("fps=1000/{interval}:eof_action=pass,tpad=stop_mode=clone:stop={pictures}")],
        picture(still.frame, still.tone_map, tools),
        vec![format!("format=yuvj420p,tile={SIDE}x{SIDE}", SIDE = storyboard::SIDE)],
    ];
    let sheets = storyboard::sheets(duration_ms).to_string();
    let args = words(["-map", "0:V:0", "-an", "-vf", &filter.concat().join(","), "-frames:v", &sheets, "-q:v", "5", "-map_metadata", "-1"]);
    [args, words(["-fps_mode", "passthrough", "-f", "image2", "-start_number", "0", "sheet%03d.jpg"])].concat()
}
