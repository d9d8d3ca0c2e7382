//! Fields that definitions of custom resources name.

use std::collections::BTreeMap;

use super::{ConflictError, FieldSpec, FieldSpecs, NameReference, TransformerConfig};
use crate::id::Gvk;
use crate::kustomization::{DecodeError, Mode, decode};
use crate::limits;
use crate::yaml::Json;

/// Reads an `OpenAPI` document of the field `crds`.
///
/// Mirrors `internal/accumulator/loadconfigfromcrds.go` of kustomize api v0.21.2.
pub(crate) fn from_definitions(text: &str) -> Result<Definitions, DecodeError> {
    let types: BTreeMap<String, Json<'static>> = decode(text, Mode::Lenient)?;
    Ok(Definitions { types })
}

/// Types by name.
pub(crate) struct Definitions {
    types: BTreeMap<String, Json<'static>>,
}

impl Definitions {
    /// Returns the fields that the types say something about.
    pub(crate) fn config(&self) -> Result<TransformerConfig, ConflictError> {
        let mut all = TransformerConfig::default();
        for (name, definition) in &self.types {
            let is_object = |properties: &Json<'_>| {
                ["kind", "apiVersion", "metadata"]
                    .iter()
                    .all(|field| properties.get(field).is_some())
            };
            if !properties(definition).is_some_and(is_object) {
                continue;
            }
            let kind = name.rsplit('.').next().unwrap_or_default().to_owned();
            let gvk = Gvk { kind, ..Gvk::default() };
            let mut config = TransformerConfig::default();
            self.load(&mut config, &gvk, name, &mut Vec::new())?;
            all.merge(&config)?;
        }
        Ok(all)
    }

    /// Types that name each other in a circle end at the limit of depth.
    fn load(
        &self,
        config: &mut TransformerConfig,
        gvk: &Gvk,
        name: &str,
        path: &mut Vec<String>,
    ) -> Result<(), ConflictError> {
        let Some(Json::Map(fields)) = self.types.get(name).and_then(properties) else {
            return Ok(());
        };
        if path.len() >= limits::FOLDERS {
            return Ok(());
        }
        for (field, property) in fields {
            path.push(field.to_string());
            add(config, gvk, property, path)?;
            if let Some(Json::Str(reference)) = property.get("$ref") {
                self.load(config, gvk, reference, path)?;
            }
            path.pop();
        }
        Ok(())
    }
}

fn properties<'a>(definition: &'a Json<'static>) -> Option<&'a Json<'static>> {
    definition.get("Schema")?.get("properties")
}

fn add(
    config: &mut TransformerConfig,
    gvk: &Gvk,
    property: &Json<'static>,
    path: &[String],
) -> Result<(), ConflictError> {
    let text = |key: &str| match property.get(key) {
        Some(Json::Str(text)) => Some(text.to_string()),
        _ => None,
    };
    let spec = |path: String| FieldSpec { gvk: gvk.clone(), path, create: false };
    let own = spec(path.join("/"));
    let into = |section, specs: &mut FieldSpecs| {
        specs.merge_one(&own).map_err(|path| ConflictError { section, path })
    };
    if text("x-kubernetes-annotation").is_some() {
        into("CommonAnnotations", &mut config.common_annotations)?;
    }
    if text("x-kubernetes-label-selector").is_some() {
        into("CommonLabels", &mut config.common_labels)?;
    }
    if text("x-kubernetes-identity").is_some() {
        into("NamePrefix", &mut config.name_prefix)?;
    }
    let version = text("x-kubernetes-object-ref-api-version");
    if let (Some(version), Some(kind)) = (version, text("x-kubernetes-object-ref-kind")) {
        let key = text("x-kubernetes-object-ref-name-key").unwrap_or_else(|| "name".to_owned());
        let gvk = Gvk { version, kind, ..Gvk::default() };
        let referrers = FieldSpecs(vec![spec(format!("{}/{key}", path.join("/")))]);
        config.add_name_reference(&NameReference { gvk, referrers })?;
    }
    Ok(())
}
