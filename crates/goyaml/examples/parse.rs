//! Reads a YAML file as the product does and says how long that took:
//! `cargo run --release -p sealift-goyaml --example parse -- FILE`.

#![expect(clippy::print_stdout, reason = "the figures")]

use std::time::{Duration, Instant};

use sealift_goyaml::{Error, Limits, Node, documents};

/// Readings, of which the fastest counts.
const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("which file?")?;
    let text = fs_err::read_to_string(path)?;
    let mut fastest = Duration::MAX;
    let mut counts = (0, 0);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        counts = read(&text)?;
        fastest = fastest.min(start.elapsed());
    }
    let (documents, nodes) = counts;
    println!("{} bytes, {documents} documents, {nodes} nodes, {fastest:.1?}", text.len());
    Ok(())
}

/// Returns the number of documents and of nodes.
fn read(text: &str) -> Result<(usize, usize), Error> {
    let mut counts = (0, 0);
    for document in documents(text, &Limits::default()) {
        counts.0 += 1;
        counts.1 += nodes(&document?);
    }
    Ok(counts)
}

fn nodes(node: &Node<'_>) -> usize {
    let items: usize = node.items().iter().map(nodes).sum();
    let entries: usize = node.entries().iter().map(|(key, value)| nodes(key) + nodes(value)).sum();
    1 + items + entries
}
