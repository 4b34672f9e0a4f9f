//! S1 and S2: files made to read what they should not, to eat the machine, or to hang ffmpeg.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use media::{CancellationToken, Limits, RunError, SourceInfo, StepKind, Tools, plan, probe, run_step};

use crate::clips::Bench;

/// A listener that must never hear anything, and its address.
fn ear() -> (TcpListener, String) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.set_nonblocking(true).expect("non-blocking");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

/// S1: the playlist is refused before ffprobe starts, by its first bytes.
#[tokio::test]
async fn playlists_called_mp4_are_refused_unread() {
    let bench = Bench::new().await;
    let (ear, address) = ear();
    let secret = bench.write("secret.ts", "not yours");
    let secret = secret.display();
    let table = [
        (format!("#EXTM3U\n#EXTINF:1,\nhttp://{address}/x.ts\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n"), "disguised-playlist"),
        ("#EXTM3U\n#EXTINF:360000,\nself.mp4\n".into(), "disguised-playlist"),
        (format!("<?xml version=\"1.0\"?><MPD><BaseURL>http://{address}/</BaseURL></MPD>"), "disguised-playlist"),
        (format!("ffconcat version 1.0\nfile '{secret}'\n"), "disguised-playlist"),
        (format!("v=0\no=- 0 0 IN IP4 {address}\nm=video 5004 RTP/AVP 96\n"), "disguised-playlist"),
        (format!("subfile,,start,0,end,0,,:{secret}"), "disguised-playlist"),
        ("P6 4000 4000 255\n".into(), "not-media"),
        ("just a text\n".into(), "not-media"),
        ("\0\u{1}\u{2}\u{3}random\u{7f}".into(), "not-media"),
        (String::new(), "empty-file"),
    ];
    for (text, code) in table {
        let refused = bench.probe(&bench.write("self.mp4", &text)).await.expect_err("refused");
        assert_eq!((refused.code(), refused.is_user_fault()), (code, true), "{text}");
    }
    assert!(ear.accept().is_err(), "nobody was called");
}

/// S1: a playlist behind good first bytes meets a reader that does not know playlists, a closed network, and closed files.
#[tokio::test]
async fn a_playlist_behind_a_false_head_reaches_nothing() {
    let bench = Bench::new().await;
    let (ear, address) = ear();
    let secret = bench.write("secret.ts", "not yours");
    let playlist = format!("\n#EXTM3U\n#EXTINF:1,\nhttp://{address}/x.ts\n#EXTINF:1,\nfile://{}\n#EXT-X-ENDLIST\n", secret.display());
    for head in [
        &b"\0\0\0\x08wide"[..],
        b"\x1a\x45\xdf\xa3",
        b"RIFF\0\0\0\0AVI ",
        b"FLV\x01\x05\0\0\0\x09",
        b"OggS",
        b"ID3\x04\0\0\0\0\0\0",
        b"\xff\xf1\x50\x80",
    ] {
        let path = bench.write("head.mp4", [head, playlist.as_bytes()].concat());
        let refused = bench.probe(&path).await.expect_err("refused");
        assert!(refused.is_user_fault(), "{head:?}: {refused:?}");
    }
    assert!(ear.accept().is_err(), "nobody was called");
}

/// S1: even if a reader wanted to, the jail would not let it.
#[tokio::test]
async fn the_jail_alone_keeps_files_and_network_closed() {
    let bench = Bench::new().await;
    let report = bench.jail.self_test(&bench.tools).await.expect("a report");
    for promise in ["reading files other than the input", "writing outside the output folder", "the network"] {
        assert!(report.enforced.contains(&promise), "{report:?}");
    }
}

/// S2: 144 megapixels in a small file.
#[tokio::test]
async fn huge_pictures() {
    let bench = Bench::new().await;
    let clip = bench.render("-f lavfi -i color=s=16000x9000:r=1:d=1 -c:v mjpeg -q:v 30 -frames:v 1", "huge.mkv");
    let refused = bench.probe(&clip).await.expect_err("refused");
    assert_eq!((refused.code(), refused.is_user_fault()), ("too-many-pixels", true), "{refused:?}");
}

/// S2: an hour in a small file, where half an hour is allowed.
#[tokio::test]
async fn too_long() {
    let bench = Bench::with(Limits { max_duration: Duration::from_mins(30), ..Limits::default() }).await;
    let clip = bench.render("-f lavfi -i color=s=16x16:r=1/60:d=3600 -c:v mpeg4", "long.mkv");
    let refused = bench.probe(&clip).await.expect_err("refused");
    assert_eq!((refused.code(), refused.is_user_fault()), ("too-long", true), "{refused:?}");
}

#[tokio::test]
async fn cut_off_uploads() {
    let bench = Bench::new().await;
    let source = "-f lavfi -i testsrc2=s=640x360:r=25:d=8 -c:v libx264 -preset ultrafast -g 25 -pix_fmt yuv420p";
    for (args, name) in [("", "end.mp4"), ("-movflags +faststart", "start.mp4"), ("", "cut.mkv")] {
        let whole = std::fs::read(bench.render(&format!("{source} {args}"), name)).expect("a clip");
        let refused = bench.probe(&bench.write(name, &whole[..whole.len() / 2])).await.expect_err("refused");
        assert_eq!((refused.code(), refused.is_user_fault()), ("truncated", true), "{name}: {refused:?}");
    }
}

/// Good bytes overwritten at many places: an answer, whatever it is, and no hang.
#[tokio::test]
async fn scribbled_files_get_an_answer() {
    let bench = Bench::new().await;
    let args = "-f lavfi -i testsrc2=s=160x90:r=25:d=1 -f lavfi -i sine=d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";
    let whole = std::fs::read(bench.render(args, "whole.mp4")).expect("a clip");
    for seed in 1..6_usize {
        let mut bytes = whole.clone();
        (0..40).for_each(|n| bytes[(n * 7919 * seed + seed) % whole.len()] ^= 0x5a);
        if let Err(error) = bench.probe(&bench.write("scribbled.mp4", bytes)).await {
            assert!(!matches!(error.code(), "ffmpeg-hung" | "ffmpeg-too-slow" | "machine-fault"), "{seed}: {error:?}");
        }
    }
}

#[tokio::test]
async fn eight_gigabytes_of_nothing() {
    let bench = Bench::new().await;
    let path = bench.write("hole.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    std::fs::File::options().append(true).open(&path).and_then(|file| file.set_len(8 << 30)).expect("a sparse file");
    let refused = bench.probe(&path).await.expect_err("refused");
    assert!(refused.is_user_fault(), "{refused:?}");
}

/// A tool that answers like ffmpeg when asked its version, and otherwise does what `body` says.
fn false_tools(bench: &Bench, body: &str) -> Tools {
    let script = format!("#!/bin/sh\ncase \"$*\" in *-version*) echo ffmpeg version 5.1; exit;; *-filters*) exit;; esac\n{body}\n");
    let path = bench.write("false-ffmpeg", script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("executable");
    Tools::at(&path, &path).expect("it claims to be ffmpeg")
}

/// Ids of the processes whose command line holds `word`.
fn processes(word: &str) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
    let holds = |path: &Path| std::fs::read(path.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(word));
    entries.filter(|entry| holds(&entry.path())).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Killed processes vanish when the kernel gets to it, which is soon.
async fn assert_gone(word: &str) {
    for _ in 0..200 {
        if processes(word).is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("still there: {:?}", processes(word));
}

async fn poster_step(bench: &Bench) -> (std::path::PathBuf, media::Step) {
    let clip = bench.render("-f lavfi -i testsrc2=s=160x90:r=25:d=1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p", "good.mp4");
    let source: SourceInfo = bench.probe(&clip).await.expect("a good file");
    let step = plan(&source).steps.into_iter().find(|step| matches!(step.kind, StepKind::Poster(_))).expect("a poster");
    (clip, step)
}

/// S2: ffmpeg hung, with a child of its own that also hangs.
#[tokio::test]
async fn a_hung_ffmpeg_is_ended_with_all_its_children() {
    let patient = Bench::new().await;
    // What is good is looked at with the usual patience, however slow the machine.
    let (clip, step) = poster_step(&patient).await;
    let bench = Bench::with(Limits { stall: Duration::from_millis(800), ..Limits::default() }).await;
    // It goes on repeating the same figures, as a stuck ffmpeg does.
    let tools = false_tools(&bench, "sleep 98761 & while :; do echo frame=1; sleep 0.1; done");
    let hung = run_step(&tools, &bench.jail, &step, &clip, &bench.out(), |_| {}, &CancellationToken::new()).await.expect_err("hung");
    assert!(matches!(hung, RunError::Stalled(_)) && hung.is_worth_retrying(), "{hung:?}");
    assert_gone("98761").await;
    let probed = probe(&false_tools(&bench, "sleep 98762"), &bench.jail, &clip, &CancellationToken::new()).await.expect_err("hung");
    assert_eq!((probed.code(), probed.is_user_fault()), ("ffmpeg-hung", false));
    assert_gone("98762").await;
}

#[tokio::test]
async fn cancelling_ends_the_whole_group() {
    let bench = Bench::new().await;
    let (clip, step) = poster_step(&bench).await;
    let tools = false_tools(&bench, "echo out_time_us=500000; sleep 98763 & sleep 98763");
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    // The first progress shows that it runs.
    let stopped = run_step(&tools, &bench.jail, &step, &clip, &bench.out(), move |_| stop.cancel(), &cancel).await.expect_err("stopped");
    assert!(matches!(stopped, RunError::Cancelled), "{stopped:?}");
    assert_gone("98763").await;
}

#[tokio::test]
async fn dropping_the_work_ends_the_whole_group() {
    let bench = Bench::new().await;
    let (clip, step) = poster_step(&bench).await;
    let tools = false_tools(&bench, "sleep 98764 & echo out_time_us=1; sleep 98764");
    let (tell, told) = tokio::sync::oneshot::channel();
    let tell = std::sync::Mutex::new(Some(tell));
    let progress = |_| tell.lock().expect("a lock").take().map_or((), |tell| tell.send(()).expect("we listen"));
    let (out, cancel) = (bench.out(), CancellationToken::new());
    tokio::select! {
        done = run_step(&tools, &bench.jail, &step, &clip, &out, progress, &cancel) => panic!("{done:?}"),
        said = told => said.expect("progress"),
    }
    assert_gone("98764").await;
}

/// S2: a child that takes memory without end is refused it.
#[tokio::test]
async fn memory_is_limited() {
    let bench = Bench::with(Limits { memory_bytes: 200 << 20, ..Limits::default() }).await;
    let (clip, step) = {
        let roomy = Bench::new().await;
        let (clip, step) = poster_step(&roomy).await;
        (bench.write("good.mp4", std::fs::read(clip).expect("a clip")), step)
    };
    // The system's ffmpeg alone maps more than that.
    let failed =
        run_step(&bench.tools, &bench.jail, &step, &clip, &bench.out(), |_| {}, &CancellationToken::new()).await.expect_err("too little");
    assert!(matches!(failed, RunError::Failed { .. } | RunError::Killed { .. }), "{failed:?}");
}

#[tokio::test]
#[ignore = "runs as the server that the next test kills"]
async fn hangs_until_killed() {
    let bench = Bench::new().await;
    let (clip, step) = poster_step(&bench).await;
    let tools = false_tools(&bench, "exec sleep 98765");
    run_step(&tools, &bench.jail, &step, &clip, &bench.out(), |_| {}, &CancellationToken::new()).await.expect_err("hung");
}

#[tokio::test]
async fn ffmpeg_does_not_outlive_a_killed_server() {
    let bench = Bench::new().await;
    let mut server = tokio::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "hostile::hangs_until_killed"])
        .env("TMPDIR", bench.dir.path())
        .stdout(std::process::Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("a server");
    while processes("98765").is_empty() {
        assert!(server.try_wait().expect("a state").is_none(), "it ended before it hung");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    server.kill().await.expect("killed");
    assert_gone("98765").await;
}
