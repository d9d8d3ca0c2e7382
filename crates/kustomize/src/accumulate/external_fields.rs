//! What the configurations of transformers and generators that are objects hold.

use std::collections::BTreeMap;

use super::transformer::ValueTarget;
use crate::config::FieldSpec;
use crate::kustomization::patch::{Patch, PatchOptions, Selector};
use crate::kustomization::replacement::ReplacementField;
use crate::kustomization::{Image, Lined, ObjectMeta, Replica, decode_fields};

type Strings = BTreeMap<String, String>;

#[derive(Default)]
pub(super) struct WithMetadata {
    pub(super) metadata: ObjectMeta,
}

decode_fields!(WithMetadata, "ObjectMeta", { "metadata" => metadata });

#[derive(Default)]
pub(super) struct AffixConfig {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) specs: Option<Vec<FieldSpec>>,
}

decode_fields!(AffixConfig, "PrefixTransformerPlugin", {
    "prefix" => prefix,
    "suffix" => suffix,
    "fieldSpecs" => specs,
});

#[derive(Default)]
pub(super) struct LabelConfig {
    pub(super) labels: Strings,
    pub(super) annotations: Strings,
    pub(super) specs: Vec<FieldSpec>,
}

decode_fields!(LabelConfig, "LabelTransformerPlugin", {
    "labels" => labels,
    "annotations" => annotations,
    "fieldSpecs" => specs,
});

#[derive(Default)]
pub(super) struct NamespaceConfig {
    pub(super) metadata: ObjectMeta,
    pub(super) specs: Vec<FieldSpec>,
    pub(super) unset_only: bool,
    pub(super) subjects: String,
}

decode_fields!(NamespaceConfig, "NamespaceTransformerPlugin", {
    "metadata" => metadata,
    "fieldSpecs" => specs,
    "unsetOnly" => unset_only,
    "setRoleBindingSubjects" => subjects,
});

#[derive(Default)]
pub(super) struct ImageConfig {
    pub(super) image: Image,
    pub(super) specs: Vec<FieldSpec>,
}

decode_fields!(ImageConfig, "ImageTagTransformerPlugin", { "imageTag" => image, "fieldSpecs" => specs });

#[derive(Default)]
pub(super) struct ReplicaConfig {
    pub(super) replica: Replica,
    pub(super) specs: Vec<FieldSpec>,
}

decode_fields!(ReplicaConfig, "ReplicaCountTransformerPlugin", {
    "replica" => replica,
    "fieldSpecs" => specs,
});

#[derive(Default)]
pub(super) struct ReplacementConfig {
    pub(super) replacements: Vec<Lined<ReplacementField>>,
}

decode_fields!(ReplacementConfig, "ReplacementTransformerPlugin", { "replacements" => replacements });

#[derive(Default)]
pub(super) struct PatchConfig {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) operations: String,
    pub(super) target: Option<Selector>,
    pub(super) options: Option<PatchOptions>,
    pub(super) paths: Vec<String>,
    pub(super) patches: String,
}

decode_fields!(PatchConfig, "PatchTransformerPlugin", {
    "path" => path,
    "patch" => text,
    "jsonOp" => operations,
    "target" => target,
    "options" => options,
    "paths" => paths,
    "patches" => patches,
});

impl PatchConfig {
    pub(super) fn patch(&self, text: &str) -> Patch {
        Patch {
            path: self.path.clone(),
            text: Lined { value: text.to_owned(), ..Lined::default() },
            target: self.target.clone(),
            options: self.options.clone(),
        }
    }
}

#[derive(Default)]
pub(super) struct ValueAddConfig {
    pub(super) value: String,
    pub(super) targets: Vec<ValueTarget>,
    pub(super) file: String,
}

decode_fields!(ValueAddConfig, "ValueAddTransformerPlugin", {
    "value" => value,
    "targets" => targets,
    "targetFilePath" => file,
});

#[derive(Default)]
pub(super) struct IamConfig {
    pub(super) cloud: String,
    pub(super) service: IamService,
    pub(super) account: IamAccount,
}

decode_fields!(IamConfig, "IAMPolicyGeneratorArgs", {
    "cloud" => cloud,
    "kubernetesService" => service,
    "serviceAccount" => account,
});

#[derive(Default)]
pub(super) struct IamService {
    pub(super) name: String,
    pub(super) namespace: String,
}

decode_fields!(IamService, "KubernetesService", { "name" => name, "namespace" => namespace });

#[derive(Default)]
pub(super) struct IamAccount {
    pub(super) name: String,
    pub(super) project: String,
}

decode_fields!(IamAccount, "ServiceAccount", { "name" => name, "projectId" => project });
