//! The transformers of the fields of a kustomization.

use std::rc::Rc;

use super::Target;
use super::origin::Origin;
use super::transformer::Transformer;
use crate::config::{FieldSpec, FieldSpecs, TransformerConfig};
use crate::error::Error;
use crate::filters::namespace::Subjects;
use crate::kustomization::replacement::{Replacement, ReplacementField};
use crate::kustomization::{Label, Lined, Mode, decode};
use crate::resource::{Place, Step};
use crate::yaml::Json;

/// A transformer, and where it is said that it ran.
pub(super) type Sourced = (Transformer, Option<Origin>);

impl Target<'_> {
    /// The transformers of all fields, in the order in which they run, all read before one is run.
    ///
    /// Mirrors `configureBuiltinTransformers` in `internal/target/kusttarget_configplugin.go` of kustomize api v0.21.2.
    pub(super) fn own_transformers(
        &self,
        config: &TransformerConfig,
    ) -> Result<Vec<Sourced>, Error> {
        let mut all = self.merges()?;
        all.extend(self.names(config));
        all.extend(self.labels(config)?);
        let own = &self.kustomization;
        for patch in own.patches_json6902.iter().flatten() {
            all.push(self.old_json(&patch.value, patch.line)?);
        }
        for replica in own.replicas.iter().flatten() {
            all.push(Transformer::Replicas(replica.clone(), config.replicas.clone()));
        }
        for image in own.images.iter().flatten() {
            let step = self.step("images", image.line);
            all.push(Transformer::Image(image.value.clone(), config.images.clone(), step));
        }
        if let Some(list) = own.replacements.as_ref().filter(|list| !list.is_empty()) {
            all.push(Transformer::Replacements(self.replacements(list)?));
        }
        Ok(all.into_iter().map(|one| self.sourced(one)).collect())
    }

    /// Says of a transformer which field of the kustomization it is.
    fn sourced(&self, transformer: Transformer) -> Sourced {
        let origin = self.origin.as_ref();
        let origin = origin.map(|own| own.of_builtin(self.file_name, transformer.name()));
        (transformer, origin)
    }

    /// `patchesStrategicMerge` and `patches`.
    fn merges(&self) -> Result<Vec<Transformer>, Error> {
        let own = &self.kustomization;
        let old = own.patches_strategic_merge.as_ref().filter(|list| !list.is_empty());
        let mut all: Vec<_> =
            old.map(|list| self.old_merge(list)).transpose()?.into_iter().collect();
        for patch in own.patches.iter().flatten() {
            all.push(self.patch(&patch.value, patch.line)?);
        }
        Ok(all)
    }

    /// `namespace`, `namePrefix` and `nameSuffix`.
    fn names(&self, config: &TransformerConfig) -> Vec<Transformer> {
        let own = &self.kustomization;
        let mut all = Vec::new();
        if !own.namespace.is_empty() {
            all.push(Transformer::Namespace {
                namespace: own.namespace.clone(),
                specs: config.namespace.clone(),
                unset_only: false,
                subjects: Subjects::default(),
            });
        }
        if !own.name_prefix.is_empty() {
            all.push(Transformer::Prefix(own.name_prefix.clone(), config.name_prefix.clone()));
        }
        if !own.name_suffix.is_empty() {
            all.push(Transformer::Suffix(own.name_suffix.clone(), config.name_suffix.clone()));
        }
        all
    }

    /// `labels`, `commonLabels` and `commonAnnotations`.
    fn labels(&self, config: &TransformerConfig) -> Result<Vec<Transformer>, Error> {
        let own = &self.kustomization;
        let mut all = Vec::new();
        for label in own.labels.iter().flatten() {
            all.push(Transformer::Labels(label.pairs.clone(), label_specs(label, config)?));
        }
        let common = own.common_labels.clone().unwrap_or_default();
        if !all.is_empty() || !common.is_empty() {
            all.push(Transformer::Labels(common, config.common_labels.clone()));
        }
        let annotations = own.common_annotations.clone().unwrap_or_default();
        if !annotations.is_empty() {
            all.push(Transformer::Annotations(annotations, config.common_annotations.clone()));
        }
        Ok(all)
    }

    pub(super) fn step(&self, field: &'static str, line: u32) -> Step {
        Step::new(field, Place { file: self.file(), line })
    }

    /// Reads `replacements`, those in files too.
    pub(super) fn replacements(
        &self,
        list: &[Lined<ReplacementField>],
    ) -> Result<Vec<(Replacement, Step)>, Error> {
        let mut all = Vec::new();
        for Lined { value, line, .. } in list {
            if value.path.is_empty() {
                all.push((value.replacement.clone(), self.step("replacements", *line)));
                continue;
            }
            let inline = &value.replacement;
            if inline.source.is_some()
                || inline.targets.as_ref().is_some_and(|list| !list.is_empty())
            {
                return Err(Error::Configuration(format!(
                    "cannot specify both path and inline replacement: '{}'",
                    value.path
                )));
            }
            all.extend(self.replacements_of_file(&value.path)?);
        }
        Ok(all)
    }

    fn replacements_of_file(&self, path: &str) -> Result<Vec<(Replacement, Step)>, Error> {
        let text = self.root.load_text(path)?;
        let about = |error| Error::Decode(error).during(format!("replacements of '{path}'"));
        let whole: Json<'static> = decode(&text, Mode::Lenient).map_err(about)?;
        let list: Vec<Lined<Replacement>> = match whole {
            Json::Seq(_) => decode(&text, Mode::Lenient).map_err(about)?,
            Json::Map(_) => vec![decode(&text, Mode::Lenient).map_err(about)?],
            _ => {
                return Err(Error::Configuration(format!(
                    "unsupported replacement type encountered within replacement path: '{path}'"
                )));
            }
        };
        let file: Rc<str> = crate::loader::path::join(self.root.path(), path).into();
        let step = |line| Step::new("replacements", Place { file: Rc::clone(&file), line });
        Ok(list.into_iter().map(|one| (one.value, step(one.line))).collect())
    }
}

/// Where an entry of `labels` sets labels.
fn label_specs(label: &Label, config: &TransformerConfig) -> Result<FieldSpecs, Error> {
    let mut specs = FieldSpecs(label.fields.clone());
    let conflict = |path| crate::config::ConflictError { section: "Labels", path };
    let mut more = vec![&config.labels];
    if label.include_selectors {
        more.push(&config.common_labels);
    } else {
        more.extend(label.include_templates.then_some(&config.template_labels));
        let claims = &config.volume_claim_template_labels;
        more.extend(label.include_volume_claim_templates.then_some(claims));
    }
    more.into_iter().try_for_each(|more| specs.merge_all(more)).map_err(conflict)?;
    if !label.include_selectors {
        specs.merge_one(&FieldSpec::of_all("metadata/labels", true)).map_err(conflict)?;
    }
    Ok(specs)
}
