//! The demonstration clip is an ordinary upload.

use media::demo_clip::{DemoClip, render};
use media::{CancellationToken, Frame};

use crate::clips::{Bench, assert_decodes};

/// S3: a title is text in a file, whatever it looks like.
#[tokio::test]
async fn a_demo_clip_can_be_published_by_copying() {
    let bench = Bench::new().await;
    let path = bench.path("demo.mp4");
    let title = "开讲 ' : % \\ $(touch x) [v] ;,movie=/etc/passwd";
    let clip = DemoClip { seconds: 3, title, seed: 7, frame: Frame { width: 640, height: 360 } };
    render(&bench.tools, &bench.jail, &clip, &path, &CancellationToken::new()).await.expect("a clip");
    assert_decodes(&path);
    let source = bench.probe(&path).await.expect("a good file");
    assert!(source.audio.is_some() && (2_900..3_200).contains(&source.duration_ms), "{source:?}");
    assert!(matches!(media::plan(&source).steps[0].kind, media::StepKind::CopyRung { .. }), "{source:?}");
}
