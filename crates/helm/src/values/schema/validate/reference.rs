//! `$ref` and its kin.

use super::{Frame, Validator};
use crate::values::schema::fault::{Fault, Kind};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{References, SchemaId};

impl Validator<'_> {
    /// Checks the value against the schema that a keyword refers to.
    pub(super) fn refer(
        &mut self,
        frame: &mut Frame<'_>,
        target: SchemaId,
        keyword: &'static str,
    ) -> Result<Result<(), Fault>, Stop> {
        let Err(fault) = self.same(frame, target, Some(keyword), false)? else {
            return Ok(Ok(()));
        };
        let text = || "validation failed".to_owned();
        let mut reference = self.fault(frame, Kind::Reference, text)?;
        reference.causes = fault.flattened();
        Ok(Err(reference))
    }

    /// Checks references whose target depends on what led to them.
    pub(super) fn moving_references(
        &mut self,
        frame: &mut Frame<'_>,
        references: &References,
    ) -> Result<(), Stop> {
        // Each looks at all schemas that led here.
        let depth = 1 + frame.depth / 4;
        if let Some(target) = references.recursive {
            self.limits.spend(depth)?;
            let target = self.recursive_target(frame, target);
            let verdict = self.refer(frame, target, "$recursiveRef")?;
            frame.blame(verdict.err());
        }
        if let Some((target, anchor)) = &references.dynamic {
            self.limits.spend(depth)?;
            let target = self.dynamic_target(frame, *target, anchor.as_deref());
            let verdict = self.refer(frame, target, "$dynamicRef")?;
            frame.blame(verdict.err());
        }
        Ok(())
    }

    fn references(&self, schema: SchemaId) -> Option<&References> {
        self.schema(schema).references.as_deref()
    }

    /// Returns the outermost schema whose resource is a recursive anchor.
    fn recursive_target(&self, frame: &Frame<'_>, target: SchemaId) -> SchemaId {
        let is_anchor =
            |schema| self.references(schema).is_some_and(|them| them.is_recursive_anchor);
        if !is_anchor(target) {
            return target;
        }
        let scopes = std::iter::successors(Some(&frame.scope), |scope| scope.above);
        let schemas = scopes.map(|scope| scope.schema);
        schemas.filter(|schema| is_anchor(self.schema(*schema).resource)).last().unwrap_or(target)
    }

    /// Returns the outermost schema with a dynamic anchor.
    fn dynamic_target(
        &self,
        frame: &Frame<'_>,
        target: SchemaId,
        anchor: Option<&str>,
    ) -> SchemaId {
        let Some(anchor) = anchor else { return target };
        let own = self.references(target).and_then(|them| them.dynamic_anchor.as_deref());
        if own != Some(anchor) {
            return target;
        }
        let scopes = std::iter::successors(Some(&frame.scope), |scope| scope.above);
        let anchors = |schema| self.references(self.schema(schema).resource);
        scopes
            .filter_map(|scope| anchors(scope.schema)?.dynamic_anchors.get(anchor).copied())
            .last()
            .unwrap_or(target)
    }
}
