//! fnmatch.
