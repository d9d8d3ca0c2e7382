//! Bounds of a search.

/// Bounds of a search. What exceeds one is an error, never a shorter result.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bounds of the YAML reader, for a file and for each text within.
    pub yaml: sealift_goyaml::Limits,
    /// How deep texts in texts are read as documents; below, they are plain text. Real ones nest two deep.
    pub texts: usize,
    /// Findings, unresolved places and addresses together.
    pub findings: usize,
    /// Nodes looked at, a shared alias each time it is met. As many as the YAML reader allows in a file.
    pub visits: usize,
    /// Nodes above a node, those of the texts around it counted. Real manifests nest below 50.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            yaml: sealift_goyaml::Limits::default(),
            texts: 4,
            findings: 100_000,
            visits: 10_000_000,
            depth: 500,
        }
    }
}
