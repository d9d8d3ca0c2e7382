//! One kustomization.

use std::rc::Rc;

use super::origin::{self, Origin};
use super::transformer::{Transformer, run};
use super::{Accumulator, Shared};
use crate::config::{TransformerConfig, from_definitions};
use crate::error::Error;
use crate::generators;
use crate::kustomization::generator::with_global;
use crate::kustomization::{FILE_NAMES, Kustomization, Mode, decode, read};
use crate::loader::{LoadError, Root, path};
use crate::resmap::absorb;
use crate::resource::Resource;

/// A kustomization and where it is.
///
/// Mirrors `KustTarget` in `internal/target/kusttarget.go` of kustomize api v0.21.2.
pub(crate) struct Target<'b> {
    pub(super) root: Root<'b>,
    pub(super) kustomization: Kustomization,
    pub(super) file_name: &'static str,
    pub(super) shared: &'b Shared<'b>,
    /// Where objects come from, if that is to be said in them.
    pub(super) origin: Option<Origin>,
    /// The namespace that a kustomization above gives to charts.
    pub(super) chart_namespace: String,
}

impl<'b> Target<'b> {
    /// Reads the kustomization of a folder.
    pub(crate) fn load(root: Root<'b>, shared: &'b Shared<'b>) -> Result<Self, Error> {
        let (file_name, text) = kustomization_file(&root)?;
        let kustomization = read(&text).map_err(|source| Error::Kustomization {
            file: path::join(root.path(), file_name),
            source,
        })?;
        let file = path::join(root.path(), file_name);
        let old = kustomization.old_fields();
        let warn = |(field, instead): &(&str, &str)| {
            format!("'{field}' in '{file}' is deprecated: use '{instead}'")
        };
        shared.warnings.borrow_mut().extend(old.iter().map(warn));
        let chart_namespace = String::new();
        Ok(Self { root, kustomization, file_name, shared, origin: None, chart_namespace })
    }

    /// Takes the types that the kustomization names.
    pub(crate) fn set_schema(&self) -> Result<(), Error> {
        let openapi = self.kustomization.openapi.clone().unwrap_or_default();
        let version = openapi.get("version").map_or("", String::as_str);
        let custom = match openapi.get("path") {
            Some(path) => Some((path.as_str(), self.root.load_text(path)?)),
            None => None,
        };
        let custom = custom.as_ref().map(|(path, text)| (*path, text.as_ref()));
        Ok(self.shared.set_schema(version, custom)?)
    }

    /// Builds the kustomization that a build begins with.
    pub(crate) fn build(mut self) -> Result<(Accumulator, Kustomization), Error> {
        if self.kustomization.build_metadata.as_ref().is_some_and(|list| !list.is_empty()) {
            self.origin = Some(Origin::default());
        }
        let mut gathered = self.accumulate(Accumulator::default())?;
        gathered.add_hashes()?;
        gathered.fix_references()?;
        gathered.resolve_vars(&self.shared.copied)?;
        gathered.drop_local()?;
        Ok((gathered, self.kustomization))
    }

    /// Builds up to where names are finished.
    pub(crate) fn transformed(mut self) -> Result<Accumulator, Error> {
        self.accumulate(Accumulator::default())
    }

    /// Builds on what has been gathered: nothing, or for a component what those that name it have.
    pub(super) fn accumulate(&mut self, gathered: Accumulator) -> Result<Accumulator, Error> {
        let mut gathered = gathered;
        let resources = self.kustomization.resources.clone().unwrap_or_default();
        self.accumulate_resources(&mut gathered, &resources)
            .map_err(|error| error.during("accumulating resources"))?;
        gathered.merge_config(&self.config()?)?;
        self.merge_crds(&mut gathered)?;
        self.run_generators(&mut gathered)?;
        let components = self.kustomization.components.clone().unwrap_or_default();
        gathered = self
            .accumulate_components(gathered, &components)
            .map_err(|error| error.during("accumulating components"))?;
        self.run_transformers(&mut gathered)?;
        self.run_validators(&gathered)?;
        if let Some(vars) = &self.kustomization.vars {
            let names: Vec<_> = vars.iter().map(ToString::to_string).collect();
            gathered.merge_vars(vars).map_err(|error| {
                Error::from(error).during(format!("merging vars [{}]", names.join(" ")))
            })?;
        }
        Ok(gathered)
    }

    /// The fields that transformers look at: those that they always do, and those of `configurations`.
    fn config(&self) -> Result<TransformerConfig, Error> {
        let mut all = TransformerConfig::defaults();
        let mut own = TransformerConfig::default();
        for path in self.kustomization.configurations.iter().flatten() {
            let text = self.root.load_text(path)?;
            let mut read: TransformerConfig = decode(&text, Mode::Strict)
                .map_err(|error| Error::from(error).during(format!("configuration '{path}'")))?;
            read.sort();
            own.merge(&read)?;
        }
        all.merge(&own)?;
        Ok(all)
    }

    fn merge_crds(&self, gathered: &mut Accumulator) -> Result<(), Error> {
        let Some(paths) = &self.kustomization.crds else { return Ok(()) };
        let about = |error: Error| error.during(format!("loading CRDs [{}]", paths.join(" ")));
        for path in paths {
            let text = self.root.load_text(path).map_err(|error| about(error.into()))?;
            let definitions = from_definitions(&text).map_err(|error| {
                about(
                    Error::from(error)
                        .during(format!("unable to parse open API definition from '{path}'")),
                )
            })?;
            gathered.merge_config(&definitions.config()?)?;
        }
        Ok(())
    }

    /// The absolute path of the file.
    pub(super) fn file(&self) -> Rc<str> {
        path::join(self.root.path(), self.file_name).into()
    }

    fn run_generators(&self, gathered: &mut Accumulator) -> Result<(), Error> {
        let file = self.file();
        let options = self.kustomization.generator_options.as_ref();
        let mut generated = Vec::new();
        for args in self.kustomization.config_map_generator.iter().flatten() {
            let mut args = args.clone();
            args.args.options = with_global(args.args.options.take(), options);
            let made = move || generators::config_map(&self.root, &args, &self.file());
            generated.push(("ConfigMapGenerator", Box::new(made) as Box<dyn Fn() -> _>));
        }
        for args in self.kustomization.secret_generator.iter().flatten() {
            let mut args = args.clone();
            args.args.options = with_global(args.args.options.take(), options);
            let made = move || generators::secret(&self.root, &args, &self.file());
            generated.push(("SecretGenerator", Box::new(made) as Box<dyn Fn() -> _>));
        }
        let charts = self.charts()?;
        let external = self.external_generators(&file)?;
        for (kind, make) in generated {
            let mut resource = make()?;
            let origin = self.origin.as_ref().map(|own| own.of_builtin(self.file_name, kind));
            add_origin(&mut resource, origin.as_ref())?;
            put(gathered, resource, kind)?;
        }
        for resource in charts.into_iter().chain(external) {
            put(gathered, resource, "generator")?;
        }
        Ok(())
    }

    fn run_transformers(&mut self, gathered: &mut Accumulator) -> Result<(), Error> {
        let mut transformers = self.own_transformers(&gathered.config)?;
        let paths = self.kustomization.transformers.clone().unwrap_or_default();
        transformers.extend(self.external_transformers(&paths)?);
        transformers.iter().try_for_each(|(transformer, origin)| {
            self.transform(gathered, transformer, origin.as_ref())
        })
    }

    fn transform(
        &self,
        gathered: &mut Accumulator,
        transformer: &Transformer,
        origin: Option<&Origin>,
    ) -> Result<(), Error> {
        self.run(transformer, &mut gathered.resources)?;
        if let Some(origin) = origin {
            origin::add_transformer(&mut gathered.resources, origin)?;
        }
        gathered.resources.retain(|resource| !resource.node.is_nil_or_empty());
        Ok(())
    }

    /// Runs a transformer, and remembers what it gave where that is asked for.
    fn run(&self, transformer: &Transformer, all: &mut Vec<Resource>) -> Result<(), Error> {
        let is_traced = self.shared.options.is_traced;
        if is_traced {
            all.iter_mut().for_each(Resource::begin_trace);
        }
        let copied = &self.shared.copied;
        self.shared.with_schema(|schema| run(transformer, all, schema, copied))?;
        if is_traced {
            all.iter_mut().for_each(Resource::end_trace);
        }
        Ok(())
    }

    fn run_validators(&mut self, gathered: &Accumulator) -> Result<(), Error> {
        let Some(paths) = self.kustomization.validators.clone() else { return Ok(()) };
        for (transformer, _) in self.external_transformers(&paths)? {
            let mut copy = gathered.resources.clone();
            self.run(&transformer, &mut copy)?;
            let nodes =
                |all: &[Resource]| all.iter().map(|one| one.node.clone()).collect::<Vec<_>>();
            if nodes(&copy) != nodes(&gathered.resources) {
                return Err(Error::Validator(transformer.name().to_owned()));
            }
        }
        Ok(())
    }
}

/// Puts a generated object to the others.
fn put(gathered: &mut Accumulator, resource: Resource, kind: &str) -> Result<(), Error> {
    absorb(&mut gathered.resources, resource)
        .map_err(|error| Error::from(error).during(format!("merging from {kind}")))
}

/// Says in an object where it came from, unless it says so.
pub(super) fn add_origin(resource: &mut Resource, origin: Option<&Origin>) -> Result<(), Error> {
    let is_said = crate::resource::meta::annotation(&resource.node, origin::ORIGIN).is_some();
    match origin {
        Some(origin) if !is_said => Ok(origin::set(resource, origin::ORIGIN, Some(origin.text()))?),
        _ => Ok(()),
    }
}

/// Finds the one file of a folder that may be its kustomization.
fn kustomization_file<'f>(
    root: &Root<'f>,
) -> Result<(&'static str, std::borrow::Cow<'f, str>), Error> {
    let found: Vec<_> = FILE_NAMES.into_iter().filter(|name| root.has(name)).collect();
    match found[..] {
        [] => Err(Error::NoKustomization(root.path().to_owned())),
        [name] => match root.load_text(name) {
            Ok(text) => Ok((name, text)),
            Err(error @ LoadError::Limit(_)) => Err(error.into()),
            Err(error) => Err(Error::from(error).during(path::join(root.path(), name))),
        },
        _ => Err(Error::ManyKustomizations(root.path().to_owned())),
    }
}
