//! Transformers and generators that are objects themselves: `transformers`, `generators`, `validators`.

use sealift_goyaml::{Limits, to_yaml};

use super::accumulator::Accumulator;
use super::configuration::Sourced;
use super::external_fields::{
    AffixConfig, IamConfig, ImageConfig, LabelConfig, NamespaceConfig, PatchConfig,
    ReplacementConfig, ReplicaConfig, ValueAddConfig, WithMetadata,
};
use super::origin::{self, Origin};
use super::target::add_origin;
use super::transformer::Transformer;
use super::{Target, secret};
use crate::config::FieldSpecs;
use crate::error::Error;
use crate::filters::namespace::Subjects;
use crate::generators;
use crate::kustomization::generator::{ConfigMapArgs, SecretArgs};
use crate::kustomization::{Decode, Lined, Mode, decode};
use crate::resource::{Place, Resource, Step, from_node, meta, read};
use crate::yaml::{Node, to_value};

impl Target<'_> {
    /// Reads the objects of a field whose entries are objects, files or folders.
    fn configurations(&mut self, entries: &[String], what: &str) -> Result<Vec<Resource>, Error> {
        let mut gathered = Accumulator::default();
        let mut paths = Vec::new();
        for entry in entries {
            let Ok(mut resources) = read(entry, &self.file()) else {
                secret::check_name(what, entry)?;
                paths.push(entry.clone());
                continue;
            };
            if let Some(own) = &self.origin {
                let text = own.append(self.file_name).text();
                for resource in &mut resources {
                    origin::set(resource, origin::ORIGIN, Some(text.clone()))?;
                }
            }
            gathered.append(resources).map_err(|error| {
                Error::from(error).during(format!("configuring external {what}"))
            })?;
        }
        self.accumulate_resources(&mut gathered, &paths)?;
        Ok(gathered.resources)
    }

    /// Reads the transformers of `transformers` or `validators`.
    ///
    /// Mirrors `LoadTransformers` in `internal/plugins/loader/loader.go` of kustomize api v0.21.2.
    pub(super) fn external_transformers(
        &mut self,
        entries: &[String],
    ) -> Result<Vec<Sourced>, Error> {
        let mut all = Vec::new();
        for resource in self.configurations(entries, "transformer")? {
            let origin = Origin::of_configuration(&resource);
            for transformer in self.transformer(&resource)? {
                all.push((transformer, origin.clone()));
            }
        }
        Ok(all)
    }

    /// Runs the generators of `generators`.
    pub(super) fn external_generators(&self, _: &str) -> Result<Vec<Resource>, Error> {
        let Some(entries) = self.kustomization.generators.clone() else { return Ok(Vec::new()) };
        let mut reader = Target {
            root: self.root.clone(),
            kustomization: self.kustomization.clone(),
            file_name: self.file_name,
            shared: self.shared,
            origin: self.origin.clone(),
            chart_namespace: self.chart_namespace.clone(),
        };
        let mut all = Vec::new();
        let configurations = reader
            .configurations(&entries, "generator")
            .map_err(|error| error.during("loading generator plugins"))?;
        for resource in configurations {
            let origin = Origin::of_configuration(&resource);
            for mut made in self.generator(&resource)? {
                add_origin(&mut made, origin.as_ref())?;
                all.push(made);
            }
        }
        Ok(all)
    }

    fn generator(&self, resource: &Resource) -> Result<Vec<Resource>, Error> {
        self.check_builtin(resource)?;
        let file = &resource.place().file;
        match meta::kind(&resource.node) {
            "ConfigMapGenerator" => {
                let mut args: ConfigMapArgs = configuration(resource)?;
                name_from_metadata(resource, &mut args.args.name, &mut args.args.namespace)?;
                Ok(vec![generators::config_map(&self.root, &args, file)?])
            }
            "SecretGenerator" => {
                let mut args: SecretArgs = configuration(resource)?;
                name_from_metadata(resource, &mut args.args.name, &mut args.args.namespace)?;
                Ok(vec![generators::secret(&self.root, &args, file)?])
            }
            "IAMPolicyGenerator" => Ok(vec![iam_policy(&configuration(resource)?, resource)?]),
            "HelmChartInflationGenerator" => {
                self.chart(&configuration(resource)?, &configuration(resource)?)
            }
            _ => Err(unknown(resource)),
        }
    }

    /// Refuses what kustomize would run a program for.
    fn check_builtin(&self, resource: &Resource) -> Result<(), Error> {
        let node = &resource.node;
        if meta::api_version(node) == "builtin" {
            return Ok(());
        }
        let has = |key: &str| meta::annotation(node, key).is_some();
        let is_function = has("config.kubernetes.io/function") || has("config.k8s.io/function");
        let what = if is_function { "a KRM function" } else { "an exec or Go plugin" };
        Err(Error::Program {
            kind: meta::kind(node).to_owned(),
            name: meta::name(node).to_owned(),
            path: self.file().to_string(),
            what,
        })
    }

    fn transformer(&self, resource: &Resource) -> Result<Vec<Transformer>, Error> {
        self.check_builtin(resource)?;
        self.transformer_of(resource).map_err(|error| {
            error.during(format!("plugin {} fails configuration", resource.original_id()))
        })
    }

    fn transformer_of(&self, resource: &Resource) -> Result<Vec<Transformer>, Error> {
        let kind = meta::kind(&resource.node);
        let one = match kind {
            "PrefixTransformer" | "SuffixTransformer" | "PrefixSuffixTransformer" => {
                return affixes(kind, &configuration(resource)?);
            }
            "LabelTransformer" => labels(configuration(resource)?),
            "AnnotationsTransformer" => annotations(configuration(resource)?),
            "NamespaceTransformer" => namespace(configuration(resource)?)?,
            "ImageTagTransformer" => image(configuration(resource)?, resource),
            "ReplicaCountTransformer" => replicas(configuration(resource)?),
            "HashTransformer" => Transformer::Hash,
            "ReplacementTransformer" => {
                let found: ReplacementConfig = configuration(resource)?;
                Transformer::Replacements(self.replacements(&found.replacements)?)
            }
            "ValueAddTransformer" => self.value_add(configuration(resource)?)?,
            _ => self.patches(resource)?,
        };
        Ok(vec![one])
    }

    /// The transformers that have patches.
    fn patches(&self, resource: &Resource) -> Result<Transformer, Error> {
        let line = resource.place().line;
        match meta::kind(&resource.node) {
            "PatchTransformer" => {
                let found: PatchConfig = configuration(resource)?;
                self.patch(&found.patch(&found.text), line)
            }
            "PatchJson6902Transformer" => {
                let found: PatchConfig = configuration(resource)?;
                self.old_json(&found.patch(&found.operations), line)
            }
            "PatchStrategicMergeTransformer" => self.old_merges(&configuration(resource)?, line),
            _ => Err(unknown(resource)),
        }
    }

    /// Lines are those of the configuration: it was written and read again.
    fn old_merges(&self, found: &PatchConfig, line: u32) -> Result<Transformer, Error> {
        let texts = found.paths.iter().chain(Some(&found.patches).filter(|text| !text.is_empty()));
        let lined = |value: &String| Lined { value: value.clone(), line, ..Lined::default() };
        let entries: Vec<_> = texts.map(lined).collect();
        if entries.is_empty() {
            let reason = "empty file path and empty patch content";
            return Err(Error::Configuration(reason.to_owned()));
        }
        self.old_merge(&entries)
    }

    fn value_add(&self, found: ValueAddConfig) -> Result<Transformer, Error> {
        let wrong = |reason: &str| Err(Error::Configuration(reason.to_owned()));
        let mut targets = found.targets;
        if !found.file.is_empty() {
            let text = self.root.load_text(&found.file)?;
            let more: ValueAddConfig = decode(&text, Mode::Lenient)?;
            targets.extend(more.targets);
        }
        if targets.is_empty() {
            return wrong("must specify at least one target");
        }
        if targets.iter().any(|target| target.field_path.is_empty()) {
            return wrong("fieldPath cannot be empty");
        }
        if let Some(target) = targets.iter().find(|target| target.position < 0) {
            return wrong(&format!(
                "value of FilePathPosition ({}) cannot be negative",
                target.position
            ));
        }
        let value = match found.value.trim() {
            "" => crate::loader::path::base(self.root.path()).to_owned(),
            value => value.to_owned(),
        };
        Ok(Transformer::ValueAdd { value, targets })
    }
}

fn unknown(resource: &Resource) -> Error {
    let id = resource.id();
    Error::Configuration(format!("unable to load builtin {} '{}'", id.gvk, id.name))
}

/// Reads the fields of an object, written and read again as kustomize does.
fn configuration<T: Decode>(resource: &Resource) -> Result<T, Error> {
    let value = to_value(&resource.node)?;
    let text = to_yaml(&value, &Limits::default()).map_err(|error| Error::Emit {
        object: resource.id().to_string(),
        reason: error.to_string(),
    })?;
    Ok(decode(&text, Mode::Lenient)?)
}

fn name_from_metadata(
    resource: &Resource,
    name: &mut String,
    namespace: &mut String,
) -> Result<(), Error> {
    let found: WithMetadata = configuration(resource)?;
    for (own, other) in [(name, found.metadata.name), (namespace, found.metadata.namespace)] {
        if own.is_empty() {
            *own = other;
        }
    }
    Ok(())
}

/// Mirrors `filters/iampolicygenerator/iampolicygenerator.go` of kustomize api v0.21.2.
fn iam_policy(found: &IamConfig, resource: &Resource) -> Result<Resource, Error> {
    if found.cloud != "gke" {
        return Err(Error::Configuration(format!(
            "cloud provider {} not supported yet",
            found.cloud
        )));
    }
    let field = |name: &str, value: Node| (Node::string(name), value);
    let account =
        format!("{}@{}.iam.gserviceaccount.com", found.account.name, found.account.project);
    let annotations = vec![field("iam.gke.io/gcp-service-account", Node::string(account))];
    let mut metadata = vec![
        field("annotations", Node::map(annotations)),
        field("name", Node::string(found.service.name.as_str())),
    ];
    if !found.service.namespace.is_empty() {
        metadata.push(field("namespace", Node::string(found.service.namespace.as_str())));
    }
    let node = Node::map(vec![
        field("apiVersion", Node::string("v1")),
        field("kind", Node::string("ServiceAccount")),
        field("metadata", Node::map(metadata)),
    ]);
    Ok(from_node(node, Place { line: 0, ..resource.place().clone() }))
}

fn affixes(kind: &str, found: &AffixConfig) -> Result<Vec<Transformer>, Error> {
    let Some(specs) = &found.specs else {
        return Err(Error::Configuration("fieldSpecs is not expected to be nil".to_owned()));
    };
    let specs = || FieldSpecs(specs.clone());
    let prefix = Transformer::Prefix(found.prefix.clone(), specs());
    let suffix = Transformer::Suffix(found.suffix.clone(), specs());
    Ok(match kind {
        "PrefixTransformer" => vec![prefix],
        "SuffixTransformer" => vec![suffix],
        _ => vec![prefix, suffix],
    })
}

fn labels(found: LabelConfig) -> Transformer {
    Transformer::Labels(found.labels, FieldSpecs(found.specs))
}

fn annotations(found: LabelConfig) -> Transformer {
    Transformer::Annotations(found.annotations, FieldSpecs(found.specs))
}

fn image(found: ImageConfig, resource: &Resource) -> Transformer {
    let step = Step::new("transformers", resource.place().clone());
    Transformer::Image(found.image, FieldSpecs(found.specs), step)
}

fn replicas(found: ReplicaConfig) -> Transformer {
    Transformer::Replicas(found.replica, FieldSpecs(found.specs))
}

fn namespace(found: NamespaceConfig) -> Result<Transformer, Error> {
    let subjects = match found.subjects.as_str() {
        "" | "defaultOnly" => Subjects::Default,
        "allServiceAccounts" => Subjects::ServiceAccounts,
        "none" => Subjects::None,
        other => {
            return Err(Error::Configuration(format!(
                "invalid value {other:?} for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\""
            )));
        }
    };
    Ok(Transformer::Namespace {
        namespace: found.metadata.namespace,
        specs: FieldSpecs(found.specs),
        unset_only: found.unset_only,
        subjects,
    })
}
