//! From file to playable folder, for the files people really send.

use media::{AudioMode, RungInfo, StepKind, StepOutput, master_playlist};

use crate::clips::{Bench, assert_decodes, lengths};

fn rungs(outputs: &[StepOutput]) -> Vec<RungInfo> {
    outputs.iter().filter_map(|output| if let StepOutput::Rung(rung) = output { Some(rung.clone()) } else { None }).collect()
}

#[tokio::test]
async fn a_good_file_is_copied_and_gets_lower_rungs_in_step() {
    let bench = Bench::new().await;
    let clip = bench.render(
        "-f lavfi -i testsrc2=s=1280x720:r=25:d=9.1 -f lavfi -i sine=440:d=9.1 -c:v libx264 -preset ultrafast -profile:v main \
         -pix_fmt yuv420p -b:v 900k -g 50 -bf 2 -c:a aac -ac 2",
        "good.mp4",
    );
    let (_, plan, outputs) = bench.publish(&clip).await;
    assert!(matches!(plan.steps[0].kind, StepKind::CopyRung { .. }));
    assert!(matches!(plan.steps[1].kind, StepKind::Audio { mode: AudioMode::Copy }));
    assert_eq!(lengths(&bench.out().join("v1280x720")), lengths(&bench.out().join("v640x360")));
    let audio = outputs.iter().find_map(|o| if let StepOutput::Audio(a) = o { Some(a) } else { None });
    let master = master_playlist(&rungs(&outputs), audio);
    let path = bench.write("out/master.m3u8", master);
    assert_decodes(&path);
}
