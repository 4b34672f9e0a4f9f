//! Everything here runs the real ffmpeg, on clips of a few seconds that it renders first.

mod clips;
mod demo;
mod hostile;
mod jail;
mod ladder;
mod pipe;
mod pipeline;
mod recorded;
mod sources;
