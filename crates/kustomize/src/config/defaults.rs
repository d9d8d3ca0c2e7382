//! The configuration that there is without any.

use super::TransformerConfig;
use super::field_spec::{FieldSpec, FieldSpecs};
use super::name_reference::NameReference;
use crate::id::Gvk;

/// Reads the table that is part of this program.
pub(super) fn read() -> TransformerConfig {
    let mut config = TransformerConfig::default();
    let mut section: &mut FieldSpecs = &mut FieldSpecs::default();
    let lines = include_str!("defaults.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        match line.strip_prefix('[').and_then(|head| head.strip_suffix(']')) {
            Some(head) => section = begin(&mut config, head),
            None => section.0.push(spec(line)),
        }
    }
    config.sort();
    config
}

fn begin<'c>(config: &'c mut TransformerConfig, head: &str) -> &'c mut FieldSpecs {
    let mut words = head.split(' ').map(word);
    match words.next().unwrap_or_default().as_str() {
        "namePrefix" => &mut config.name_prefix,
        "nameSuffix" => &mut config.name_suffix,
        "namespace" => &mut config.namespace,
        "commonLabels" => &mut config.common_labels,
        "labels" => &mut config.labels,
        "templateLabels" => &mut config.template_labels,
        "volumeClaimTemplateLabels" => &mut config.volume_claim_template_labels,
        "commonAnnotations" => &mut config.common_annotations,
        "varReference" => &mut config.var_reference,
        "images" => &mut config.images,
        "replicas" => &mut config.replicas,
        _ => {
            let reference =
                NameReference { gvk: gvk(&mut words), referrers: FieldSpecs::default() };
            config.name_reference.push(reference);
            let last = config.name_reference.len() - 1;
            &mut config.name_reference[last].referrers
        }
    }
}

fn spec(line: &str) -> FieldSpec {
    let mut words = line.split(' ').map(word);
    let create = words.next().as_deref() == Some("create");
    let path = words.next().unwrap_or_default();
    FieldSpec { gvk: gvk(&mut words), path, create }
}

fn gvk(words: &mut impl Iterator<Item = String>) -> Gvk {
    let mut next = || words.next().unwrap_or_default();
    Gvk { group: next(), version: next(), kind: next() }
}

fn word(word: &str) -> String {
    if word == "-" { String::new() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_table_is_read() {
        let config = read();
        assert_eq!(config.common_labels.0.len(), 32);
        assert_eq!(config.images.0.len(), 7);
        assert_eq!(config.var_reference.0.len(), 72);
        assert_eq!(config.name_reference.len(), 16);
        let specs: usize = config.name_reference.iter().map(|kind| kind.referrers.0.len()).sum();
        assert_eq!(specs, 167);
        assert_eq!(config.namespace.0[0].path, "metadata/name");
    }
}
