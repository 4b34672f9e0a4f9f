//! Demo clips.
