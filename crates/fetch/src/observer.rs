//! What callers may be told while charts are fetched.

/// Is told what happens; the command line draws it, a library caller may ignore it.
pub trait Observer: Send + Sync {
    /// So many bytes of something (a URL without secrets, or a reference) are there; fewer than before mean that it began anew.
    fn received(&self, _what: &str, _bytes: u64) {}

    /// An index or a chart was taken from the cache.
    fn cached(&self, _what: &str) {}

    /// A version was wanted that is not there, and another that fits it was taken: `1.2` means the highest 1.2.x.
    fn other_version(&self, _chart: &str, _wanted: &str, _taken: &str) {}
}

impl Observer for () {}
