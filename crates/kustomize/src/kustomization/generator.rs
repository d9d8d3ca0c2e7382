//! `configMapGenerator`, `secretGenerator` and `generatorOptions`.

use std::collections::BTreeMap;

use super::decode::decode_fields;

type Strings = BTreeMap<String, String>;

/// What generated objects have besides their data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GeneratorOptions {
    pub(crate) labels: Strings,
    pub(crate) annotations: Strings,
    pub(crate) disable_name_suffix_hash: bool,
    pub(crate) immutable: bool,
}

decode_fields!(GeneratorOptions, "GeneratorOptions", {
    "labels" => labels,
    "annotations" => annotations,
    "disableNameSuffixHash" => disable_name_suffix_hash,
    "immutable" => immutable,
});

/// Fills the options of one generator with those of all. `MergeGlobalOptionsIntoLocal` of kustomize api v0.21.2.
pub(crate) fn with_global(
    local: Option<GeneratorOptions>,
    global: Option<&GeneratorOptions>,
) -> Option<GeneratorOptions> {
    let Some(global) = global else { return local };
    let mut local = local.unwrap_or_default();
    for (own, all) in
        [(&mut local.labels, &global.labels), (&mut local.annotations, &global.annotations)]
    {
        for (key, value) in all {
            own.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    local.disable_name_suffix_hash |= global.disable_name_suffix_hash;
    local.immutable |= global.immutable;
    Some(local)
}

/// What both generators have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct GeneratorArgs {
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) behavior: String,
    pub(crate) literals: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) envs: Vec<String>,
    pub(crate) env: String,
    pub(crate) options: Option<GeneratorOptions>,
}

impl GeneratorArgs {
    /// Moves the old field `env` to `envs`.
    pub(super) fn fix(&mut self) {
        if !self.env.is_empty() {
            self.envs.push(std::mem::take(&mut self.env));
        }
    }
}

/// An entry of `configMapGenerator`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConfigMapArgs {
    pub(crate) args: GeneratorArgs,
}

decode_fields!(ConfigMapArgs, "ConfigMapArgs", {
    "namespace" => args.namespace,
    "name" => args.name,
    "behavior" => args.behavior,
    "literals" => args.literals,
    "files" => args.files,
    "envs" => args.envs,
    "env" => args.env,
    "options" => args.options,
});

/// An entry of `secretGenerator`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SecretArgs {
    pub(crate) args: GeneratorArgs,
    /// `type` of the secret, `Opaque` by default.
    pub(crate) secret_type: String,
}

decode_fields!(SecretArgs, "SecretArgs", {
    "namespace" => args.namespace,
    "name" => args.name,
    "behavior" => args.behavior,
    "literals" => args.literals,
    "files" => args.files,
    "envs" => args.envs,
    "env" => args.env,
    "options" => args.options,
    "type" => secret_type,
});
