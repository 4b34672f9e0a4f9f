//! Where the source was cut: what lower renditions keep to.

use std::collections::VecDeque;

use super::{SegmentInfo, timeline::Timeline};
use crate::{Sample, Track};

/// Cuts that are remembered: a rendition that is further behind than this is of no use to anybody.
const MOST: usize = 16;

/// The beginning of a segment of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) msn: u64,
    pub(super) timeline: Timeline,
    /// Decoding time of its first picture, ticks.
    pub(super) start: u64,
    /// When its first picture is shown, milliseconds of the broadcast.
    pub(super) shown_ms: i64,
    /// Where it ends, once that is known, ticks.
    pub(super) end: Option<u64>,
}

impl Cut {
    /// Of the init segment that the source needs here.
    pub(crate) fn generation(&self) -> u32 {
        self.timeline.generation
    }
}

/// A picture of the source where it lies on the time of the broadcast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    /// The segment that begins with it.
    pub(crate) begins: Option<Cut>,
    /// Stamped with the time of the broadcast.
    pub(crate) sample: Sample,
}

/// The newest cuts; their numbers follow each other.
#[derive(Debug, Default)]
pub(crate) struct Plan(VecDeque<Cut>);

impl Plan {
    pub(crate) fn begin(&mut self, cut: Cut) {
        self.0.push_back(cut);
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// The source closed a segment.
    pub(crate) fn end(&mut self, closed: &SegmentInfo) {
        if closed.track == Track::Video
            && let Some(cut) = self.0.iter_mut().rev().find(|cut| cut.msn == closed.msn)
        {
            cut.end = Some(closed.start + closed.ticks);
        }
    }

    pub(super) fn find(&self, msn: u64) -> Option<&Cut> {
        let first = self.0.front()?.msn;
        self.0.get(usize::try_from(msn.checked_sub(first)?).ok()?)
    }
}
