//! One kustomization after another: its resources, generators, components and transformers.

mod accumulator;
mod charts;
mod configuration;
mod external;
mod external_fields;
mod loading;
mod origin;
mod patch_fields;
mod patches;
mod secret;
mod target;
mod transformer;

use std::cell::RefCell;
use std::rc::Rc;

pub use accumulator::VarError;

pub(crate) use accumulator::Accumulator;
pub(crate) use origin::ORIGIN;
pub(crate) use target::Target;

use crate::limits::Copied;
use crate::openapi::{CustomSchemaError, Schema};

/// What all kustomizations of a build share.
pub(crate) struct Shared<'o> {
    /// The types, once a kustomization has named them.
    schema: RefCell<Option<Rc<Schema>>>,
    is_schema_set: RefCell<bool>,
    pub(crate) warnings: RefCell<Vec<String>>,
    pub(crate) copied: Copied,
    pub(crate) options: &'o crate::Options,
}

impl<'o> Shared<'o> {
    pub(crate) fn new(options: &'o crate::Options) -> Self {
        Self {
            schema: RefCell::default(),
            is_schema_set: RefCell::default(),
            warnings: RefCell::default(),
            copied: Copied::default(),
            options,
        }
    }

    /// Calls a function with the types that patches are merged by.
    pub(crate) fn with_schema<R>(&self, call: impl FnOnce(&Schema) -> R) -> R {
        let schema = self.schema.borrow().clone();
        match schema {
            Some(schema) => call(&schema),
            None => call(Schema::builtin()),
        }
    }

    /// Takes the types of a kustomization. The first one that names any decides, the one that is built above all.
    ///
    /// Mirrors `SetSchema` in `openapi/openapi.go` of kyaml v0.21.2.
    pub(crate) fn set_schema(
        &self,
        version: &str,
        custom: Option<(&str, &str)>,
    ) -> Result<(), CustomSchemaError> {
        const BUILT_IN: &str = "v1.21.2";
        if *self.is_schema_set.borrow() {
            return Ok(());
        }
        if let Some((path, text)) = custom {
            if !version.is_empty() {
                let (version, path) = (version.to_owned(), path.to_owned());
                return Err(CustomSchemaError::VersionAndPath { version, path });
            }
            *self.schema.borrow_mut() = Some(Rc::new(Schema::custom(text)?));
            *self.is_schema_set.borrow_mut() = true;
            return Ok(());
        }
        if !version.is_empty() && version != BUILT_IN {
            return Err(CustomSchemaError::Version(version.to_owned()));
        }
        *self.is_schema_set.borrow_mut() = !version.is_empty();
        Ok(())
    }
}
