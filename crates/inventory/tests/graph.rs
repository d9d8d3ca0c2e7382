//! The file `sealift.graph`.

use proptest::prelude::*;
use sealift_inventory::{Graph, GraphNode};
use sealift_reference::{Digest, MediaType, media_type};

fn digest(content: &str) -> Digest {
    Digest::sha256(content.as_bytes())
}

fn node(media_type: &str, children: &[&str]) -> GraphNode {
    let children = children.iter().map(|child| (digest(child), 10)).collect();
    GraphNode { size: 5, media_type: MediaType::from(media_type), children }
}

fn sample() -> Graph {
    let mut graph = Graph::default();
    graph.insert(digest("index"), node(media_type::OCI_INDEX, &["amd64", "arm64", "arm64"]));
    graph.insert(digest("amd64"), node(media_type::OCI_MANIFEST, &["config", "layer", "layer"]));
    graph.insert(digest("other"), node("weird type; x=%", &[]));
    graph
}

#[test]
fn a_graph_is_a_line_for_each_manifest() {
    insta::assert_snapshot!(sample().to_text());
}

#[test]
fn a_child_of_an_index_without_a_line_is_absent_and_no_blob() {
    let graph = sample();
    let closure = graph.closure([&digest("index"), &digest("not there")]);
    assert_eq!(closure.manifests.len(), 2);
    assert!(
        closure.manifests.contains_key(&digest("index"))
            && closure.manifests.contains_key(&digest("amd64"))
    );
    assert_eq!(closure.blobs.len(), 2, "config and layer, the layer once");
    assert_eq!(closure.bytes(), 5 + 5 + 10 + 10);
}

#[test]
fn a_graph_that_names_itself_ends() {
    let mut graph = Graph::default();
    graph.insert(digest("a"), node(media_type::OCI_INDEX, &["b"]));
    graph.insert(digest("b"), node(media_type::OCI_INDEX, &["a"]));
    assert_eq!(graph.closure([&digest("a")]).manifests.len(), 2);
}

#[test]
fn sizes_that_do_not_fit_together_are_not_wrapped() {
    let mut graph = Graph::default();
    let children = vec![(digest("x"), u64::MAX), (digest("y"), u64::MAX)];
    graph.insert(
        digest("a"),
        GraphNode { size: 1, media_type: media_type::OCI_MANIFEST.into(), children },
    );
    assert_eq!(graph.closure([&digest("a")]).bytes(), u64::MAX);
}

#[test]
fn broken_graphs_are_refused_with_their_line() {
    let text = sample().to_text();
    let first = text.lines().next().unwrap();
    let outcomes: Vec<_> = [
        text.trim_end().to_owned(),
        format!("{first}\n{first}\n"),
        text.lines().rev().flat_map(|line| [line, "\n"]).collect(),
        text.replacen("sha256:", "sha1:", 1),
        text.replacen(" 5 ", " 05 ", 1),
        text.replacen(" 5 ", " -5 ", 1),
        text.replacen(" 5 ", "  ", 1),
        text.replacen(" 5 ", " 18446744073709551616 ", 1),
        text.replacen("%25", "%2", 1),
        text.replacen("%25", "%", 1),
        text.replacen("%25", "%41", 1),
        text.replacen(":10", "", 1),
        "\n".to_owned(),
    ]
    .iter()
    .map(|text| Graph::read("sealift.graph", text).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(outcomes.join("\n"));
}

fn any_node() -> impl Strategy<Value = GraphNode> {
    let children = prop::collection::vec(("[a-d]", any::<u64>()), 0..4);
    (any::<u64>(), ".{0,12}", children).prop_map(|(size, media_type, children)| GraphNode {
        size,
        media_type: media_type.into(),
        children: children.into_iter().map(|(name, size)| (digest(&name), size)).collect(),
    })
}

proptest! {
    #[test]
    fn a_written_graph_reads_back_equal(nodes in prop::collection::btree_map("[a-f]", any_node(), 0..5)) {
        let mut graph = Graph::default();
        for (name, node) in nodes {
            graph.insert(digest(&name), node);
        }
        let text = graph.to_text();
        prop_assert_eq!(Graph::read("g", &text), Ok(graph));
    }

    #[test]
    fn an_accepted_graph_is_written_as_it_was(text in "(sha256:[ab]{64} [0-9]{1,3} [-%a-z0-9]{0,6}( sha256:[ab]{64}:[0-9]{1,2}){0,2}\n){0,2}") {
        if let Ok(graph) = Graph::read("g", &text) {
            prop_assert_eq!(graph.to_text(), text);
        }
    }
}
