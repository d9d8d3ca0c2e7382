//! Changes to YAML that leave most of it YAML: lines with what is indented below them are moved, copied and left out.

use crate::noise::Noise;

/// Before the name of a file.
const FILE: &str = "== ";

/// The longest input that grows.
const LONGEST: usize = 1 << 16;

/// Values of kustomizations and objects.
const VALUES: [&str; 34] = [
    "null",
    "~",
    "''",
    "[]",
    "{}",
    "true",
    "y",
    "0",
    "-1",
    "1.10",
    "0x10",
    "2020-01-01",
    ".inf",
    "9223372036854775808",
    "\"a\\nb\"",
    "a/b:c@sha256:0",
    "../base",
    "/abs",
    ".",
    "base",
    "$(A)",
    "$(A",
    "$$(A)",
    "v1",
    "apps/v1",
    "List",
    "Component",
    "*",
    ".*",
    "(",
    "merge",
    "replace",
    "delete",
    "&a [*a]",
];

/// Lines that kustomizations, patches and objects may have.
const LINES: [&str; 40] = [
    "namePrefix: p-",
    "nameSuffix: -s",
    "namespace: ns",
    "resources: [../base]",
    "components: [../c]",
    "bases: [../base]",
    "images: [{name: nginx, newName: a.b/c, newTag: v2, digest: 'sha256:0'}]",
    "replicas: [{name: d, count: 3}]",
    "commonLabels: {a: b}",
    "commonAnnotations: {a: 'b'}",
    "labels: [{pairs: {a: b}, includeSelectors: true, includeTemplates: true}]",
    "configMapGenerator: [{name: cm, literals: [A=1], behavior: merge}]",
    "secretGenerator: [{name: s, literals: [A=1], type: Opaque}]",
    "generatorOptions: {disableNameSuffixHash: true, labels: {x: y}}",
    "vars: [{name: A, objref: {kind: Pod, name: web, apiVersion: v1}}]",
    "replacements: [{source: {kind: Pod, fieldPath: metadata.name}, targets: [{select: {kind: Pod}, fieldPaths: [metadata.annotations.x, 'spec.containers.[name=a].image'], options: {create: true, delimiter: ':', index: 1}}]}]",
    "sortOptions: {order: fifo}",
    "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [Pod]}}",
    "buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]",
    "openapi: {path: schema.json}",
    "crds: [crd.json]",
    "configurations: [config.yaml]",
    "transformers: [t.yaml]",
    "generators: [t.yaml]",
    "patches: [{patch: '[{op: add, path: /metadata/labels/x, value: {a: 1}}]', target: {kind: Pod}}]",
    "patches: [{patch: '{apiVersion: v1, kind: Pod, metadata: {name: web}, $patch: delete}'}]",
    "$patch: delete",
    "$patch: replace",
    "$patch: merge",
    "$retainKeys: [a]",
    "metadata: {name: web}",
    "apiVersion: builtin",
    "kind: Component",
    "items: [{kind: Pod, apiVersion: v1, metadata: {name: x}}]",
    "annotations: {config.kubernetes.io/local-config: 'true'}",
    "annotations: {internal.config.kubernetes.io/previousNames: 'a,b'}",
    "- {op: replace, path: /spec/x~1y/-, value: [1]}",
    "- {op: move, from: /spec, path: /spec/a}",
    "<<: *a",
    "---",
];

/// Returns a seed with one to eight changes.
pub(super) fn mutated(seeds: &[Vec<u8>], noise: &mut Noise) -> Vec<u8> {
    let mut lines = lines(&seeds[noise.below(seeds.len())]);
    let other = self::lines(&seeds[noise.below(seeds.len())]);
    for _ in 0..=noise.below(8) {
        change(&mut lines, &other, noise);
    }
    let mut text = lines.join("\n").into_bytes();
    text.truncate(LONGEST);
    text
}

fn lines(seed: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(seed).lines().map(str::to_owned).collect()
}

fn change(lines: &mut Vec<String>, other: &[String], noise: &mut Noise) {
    let at = noise.below(lines.len() + 1);
    match noise.below(8) {
        0 if at < lines.len() => drop(lines.drain(at..below(lines, at))),
        1 if at < lines.len() => {
            let part = lines[at..below(lines, at)].to_vec();
            insert(lines, noise, &part);
        }
        2 | 3 if !other.is_empty() => {
            let from = noise.below(other.len());
            let part = other[from..below(other, from)].to_vec();
            insert(lines, noise, &part);
        }
        4 => {
            let line = LINES[noise.below(LINES.len())].to_owned();
            insert(lines, noise, &[line]);
        }
        5 if !other.is_empty() => {
            let value = value(&other[noise.below(other.len())]).unwrap_or("x").to_owned();
            set(lines, at, &value);
        }
        _ => set(lines, at, VALUES[noise.below(VALUES.len())]),
    }
}

/// Returns the line behind those that belong to one.
fn below(lines: &[String], at: usize) -> usize {
    let own = indent(&lines[at]);
    let more =
        lines[at + 1..].iter().take_while(|line| indent(line) > own && !line.starts_with(FILE));
    at + 1 + more.count()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Inserts lines, indented as those where they come.
fn insert(lines: &mut Vec<String>, noise: &mut Noise, part: &[String]) {
    let at = noise.below(lines.len() + 1);
    let wanted =
        lines.get(at).filter(|line| !line.starts_with(FILE)).map_or(0, |line| indent(line));
    let had = part.first().map_or(0, |line| indent(line));
    let part: Vec<_> = part
        .iter()
        .map(|line| match line.get(had..) {
            Some(rest) if !line.starts_with(FILE) => format!("{}{rest}", " ".repeat(wanted)),
            _ => line.clone(),
        })
        .collect();
    lines.splice(at..at, part);
}

fn value(line: &str) -> Option<&str> {
    line.split_once(": ").or_else(|| line.split_once("- ")).map(|(_, value)| value)
}

/// Gives the key or the entry of a line another value.
fn set(lines: &mut [String], at: usize, new: &str) {
    let Some(line) = lines.get_mut(at).filter(|line| !line.starts_with(FILE)) else { return };
    let kept = line.find(": ").or_else(|| line.find("- ")).map_or(line.len(), |place| place + 2);
    line.truncate(kept);
    line.push_str(new);
}
