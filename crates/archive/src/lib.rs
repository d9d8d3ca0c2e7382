//! Archive paths, a strict tar writer and bounded gzip.
