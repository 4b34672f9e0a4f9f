//! Media: from an uploaded file to something every phone can play.
//!
//! ```text
//! file ─sniff─► Container ─probe─► SourceInfo ─plan─► [Step, Step, …]
//!                                                        │ run_step, one at a time, in a Jail
//!                 v1920x1080/ v1280x720/ v640x360/ a/ al/ poster/ storyboard/
//!                                                        │ after every rung
//!                                               master_playlist
//! ```
//!
//! * A file is sniffed by its first bytes before any tool opens it, and ffmpeg is told which reader to use.
//! * [`plan()`] is pure: the same facts give the same steps, so a restarted job continues where it stopped.
//! * A step writes into `NAME.part` and renames it to `NAME` when whole: a folder with its final name is complete.
//! * Children of ours run in a [`Jail`]: one input file, one output folder, no network, limits, a watchdog. What the
//!   machine cannot enforce is said by [`Jail::self_test`], never passed over.
//! * A [`Ladder`] makes the lower qualities of a broadcast while it runs; it is fed and read by whoever has the broadcast.
//! * No text a user wrote is ever an argument; titles, file names and captions do not reach ffmpeg.
//! * Not here: lessons, job rows, storage, signed addresses (`crates/app`), live broadcasts (`crates/live`).

pub mod captions;
mod cmaf;
pub mod demo_clip;
mod ffmpeg;
mod jail;
mod ladder;
mod loudness;
mod photo;
mod pipe;
mod plan;
mod playlist;
mod probe;
mod recorded;
mod room;
mod run;
mod sniff;
mod source;
mod storyboard;
mod supervise;
mod tools;

pub use jail::{Jail, JailReport, Limits};
pub use ladder::{Ladder, LadderChild, LadderOutput, LiveRung, live_rungs};
pub use loudness::Loudness;
pub use photo::{PhotoError, PhotoFormat, PhotoSize, strip_photo};
pub use pipe::{Pipe, PipeRunning};
pub use plan::{AudioMode, EncodeRung, Frame, KeyFrames, Plan, Rate, Step, StepKind, Still, plan};
pub use playlist::{AudioRendition, RungInfo, master_playlist};
pub use probe::{ProbeError, probe};
pub use recorded::{Stretch, cut, join, recorded_master};
pub use run::{StepOutput, run_step};
pub use sniff::{Container, NotPlayable, sniff};
pub use source::{AudioInfo, SourceInfo, VideoInfo};
pub use supervise::RunError;
pub use tokio_util::sync::CancellationToken;
pub use tools::{Tools, ToolsMissing};
