//! Lower qualities of a broadcast on air: an ffmpeg that is fed the source's pictures, and whose pictures go back into the package.
//!
//! ```text
//! package ─pictures─► Follower ─FLV─► ffmpeg ─FLV of each rung─► readers ─► package
//!                        │ what the machine allows, what the source is: changed at a cut only, so that nothing is missing
//!                        └ died, hung, too slow: away, and anew after a pause that grows
//! ```

use super::rungs::{Board, RungState};
use crate::broadcasts::BroadcastId;
use crate::machine::{self, LoadStage};
use crate::state::App;
use bytes::Bytes;
use live::flv::file;
use live::{Event, Live, Picture, VideoConfig};
use media::{Frame, Ladder, LadderOutput, LiveRung, live_rungs};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// Pictures that may wait for the encoder: some seconds, for its start and for a moment in which the machine is busy.
const WAITING: usize = 300;
/// An encoder that takes nothing for so long hangs.
const HANGS: Duration = Duration::from_secs(8);
/// What an encoder has for its last pictures.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// The first pause after a fault; each further one is twice as long.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Why there are no lower qualities for a while.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("the encoder does not keep up")]
    TooSlow,
    #[error("the encoder ended: {0}")]
    Ended(String),
    #[error("{0}")]
    Unfit(#[from] live::LowerError),
    #[error("{0}")]
    Broken(#[from] live::flv::FlvError),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    NoTools(#[from] media::ToolsMissing),
}

impl Fault {
    /// A stable word for the host's page and for statistics.
    const fn code(&self) -> &'static str {
        match self {
            Self::TooSlow | Self::Unfit(live::LowerError::TooLate) => "too-slow",
            Self::NoTools(_) => "no-ffmpeg",
            _ => "restarting",
        }
    }
}

/// Keeps lower qualities of `live` going until it is over.
pub(super) fn keep(app: &App, id: BroadcastId, live: Arc<Live>, board: Arc<Board>) {
    let follower = Follower { id, allowed: app.machine.allowed(), app: app.clone(), live, board, frame: None, work: None };
    tokio::spawn(follower.run());
}

struct Follower {
    app: App,
    id: BroadcastId,
    live: Arc<Live>,
    board: Arc<Board>,
    allowed: watch::Receiver<usize>,
    /// Of the source.
    frame: Option<Frame>,
    work: Option<Work>,
}

impl Follower {
    async fn run(mut self) {
        let _counted = machine::on_air(&self.app);
        let mut pause = PAUSE;
        while !self.live.is_over() {
            let began = Instant::now();
            let ended = self.follow().await;
            self.stop();
            let Err(fault) = ended else { continue };
            tracing::warn!(%fault, code = fault.code(), "lower qualities of a broadcast are away");
            self.app.metrics.rungs_lost.with_label_values(&[fault.code()]).inc();
            self.board.all(RungState::Shed, fault.code());
            if began.elapsed() > LONGEST_PAUSE {
                pause = PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Until the broadcast is over, or something goes wrong.
    async fn follow(&mut self) -> Result<(), Fault> {
        let mut pictures = self.live.pictures(WAITING);
        loop {
            let picture = tokio::select! {
                picture = pictures.recv() => picture,
                ended = Work::fault(&mut self.work) => return Err(ended),
            };
            match picture {
                Some(picture) => self.picture(picture).await?,
                None if self.live.is_over() => return Ok(()),
                None => return Err(Fault::TooSlow),
            }
        }
    }

    async fn picture(&mut self, picture: Picture) -> Result<(), Fault> {
        let Picture { coding, begins, sample } = picture;
        if let Some(msn) = begins {
            self.turn(coding, msn, sample.dts_ms).await?;
        }
        match &mut self.work {
            Some(work) => work.feed(file::picture(&sample)).await,
            None => Ok(()),
        }
    }

    /// At a cut: another encoder takes over if the source or what the machine allows is another.
    async fn turn(&mut self, coding: Option<VideoConfig>, msn: u64, at_ms: i64) -> Result<(), Fault> {
        let recoded = coding.is_some();
        if let Some(config) = &coding {
            self.frame = Some(Frame { width: config.width.into(), height: config.height.into() });
        }
        let Some(frame) = self.frame else { return Ok(()) };
        let possible = live_rungs(frame);
        let shed = possible.len().saturating_sub(self.allowed());
        let wanted = &possible[shed..];
        self.board.plan(&possible, wanted, self.app.config.live_rungs == "off");
        if !recoded && self.work.as_ref().map_or(&[][..], |work| &work.rungs) == wanted {
            return Ok(());
        }
        let Some(config) = coding.or_else(|| self.live.video()) else { return Ok(()) };
        if let Some(before) = self.work.take() {
            before.finish(&self.live, wanted).await;
        }
        if !wanted.is_empty() {
            let work = self.work.insert(Work::start(&self.app, self.live.clone(), frame, wanted, msn).await?);
            work.feed(file::head()).await?;
            work.feed(file::coding(&config, at_ms)).await?;
        }
        Ok(())
    }

    /// How many there may be: as the machine has room, and none where everybody is to get the source.
    fn allowed(&mut self) -> usize {
        let allowed = *self.allowed.borrow_and_update();
        let pinned = self.app.studios.get(self.id).and_then(|studio| studio.broadcast().pinned_stage);
        // What the setting promises is given up only by somebody who decides it.
        let measured = Some(self.app.machine.stage()).filter(|_| self.app.config.live_rungs == "auto");
        if pinned.or(measured).is_some_and(LoadStage::sheds_rungs) { 0 } else { allowed }
    }

    fn stop(&mut self) {
        if let Some(work) = self.work.take() {
            work.rungs.iter().for_each(|rung| self.live.stop_lower(rung.lines));
        }
        self.frame = None;
    }
}

/// An encoder at work. Dropping it kills the process.
struct Work {
    rungs: Vec<LiveRung>,
    input: ChildStdin,
    /// The process and the readers of its outputs.
    ends: JoinSet<Result<(), Fault>>,
    _counted: Vec<Counted>,
}

/// A rung that is being made, in the metrics until this is dropped.
struct Counted(prometheus::IntGauge);

impl Counted {
    fn new(app: &App, rung: LiveRung) -> Self {
        let gauge = app.metrics.rungs.with_label_values(&[&rung.lines.to_string()]);
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Work {
    /// Begins with segment `msn` of the source.
    async fn start(app: &App, live: Arc<Live>, frame: Frame, rungs: &[LiveRung], msn: u64) -> Result<Self, Fault> {
        let (tools, jail) = app.toolbox.ready().await?;
        let Ladder { input, outputs, child } = Ladder::start(&tools, jail, frame, rungs).await?;
        let mut ends = JoinSet::new();
        for (lines, output) in outputs {
            live.begin_lower(lines, msn);
            ends.spawn(read(live.clone(), lines, output));
        }
        ends.spawn(async move { child.wait().await.map_err(|why| Fault::Ended(why.to_string())) });
        let counted = rungs.iter().map(|rung| Counted::new(app, *rung)).collect();
        Ok(Self { rungs: rungs.to_vec(), input, ends, _counted: counted })
    }

    async fn feed(&mut self, bytes: Bytes) -> Result<(), Fault> {
        timeout(HANGS, self.input.write_all(&bytes)).await.map_err(|_| Fault::TooSlow)?.map_err(Fault::Io)
    }

    /// What goes wrong with it; waits for ever as long as nothing does.
    async fn fault(work: &mut Option<Self>) -> Fault {
        let Some(work) = work else { return std::future::pending().await };
        match work.ends.join_next().await {
            Some(Ok(Err(fault))) => fault,
            Some(Ok(Ok(()))) => Fault::Ended("its output closed".to_owned()),
            Some(Err(panic)) => Fault::Ended(panic.to_string()),
            None => Fault::Ended("nothing is left of it".to_owned()),
        }
    }

    /// Lets it bring its last pictures, and ends the rungs that are not among the `next`.
    async fn finish(self, live: &Live, next: &[LiveRung]) {
        let Self { rungs, input, mut ends, _counted } = self;
        drop(input);
        // What it has not brought by then is missing, and the next one begins anew.
        let _ = timeout(LAST_WORDS, async { while ends.join_next().await.is_some() {} }).await;
        for LiveRung { lines, .. } in rungs {
            if next.iter().any(|rung| rung.lines == lines) {
                live.finish_lower(lines);
            } else {
                live.stop_lower(lines);
            }
        }
    }
}

/// Brings what comes out of a rung into the package.
async fn read(live: Arc<Live>, lines: u16, mut output: LadderOutput) -> Result<(), Fault> {
    let (mut reader, mut buffer) = (file::Reader::default(), vec![0; 64 * 1024]);
    loop {
        let count = output.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        reader.push(&buffer[..count]);
        while let Some(event) = reader.read()? {
            take(&live, lines, event)?;
        }
    }
}

fn take(live: &Live, lines: u16, event: Event) -> Result<(), Fault> {
    Ok(live.push_lower(lines, event)?)
}
