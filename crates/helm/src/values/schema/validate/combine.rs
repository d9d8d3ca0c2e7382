//! Keywords with schemas for the same value.

use super::{Frame, Validator};
use crate::values::schema::english::count;
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{Combined, SchemaId};

impl Validator<'_> {
    pub(super) fn combined(&mut self, frame: &mut Frame<'_>, rules: &Combined) -> Result<(), Stop> {
        if let Some(schema) = rules.not
            && self.same(frame, schema, None, true)?.is_ok()
        {
            self.add(frame, || "'not' failed".to_owned())?;
        }
        self.all_of(frame, &rules.all_of)?;
        self.any_of(frame, &rules.any_of)?;
        self.one_of(frame, &rules.one_of)?;
        let Some(condition) = rules.condition else { return Ok(()) };
        let branch = match self.same(frame, condition, None, true)? {
            Ok(()) => rules.then,
            Err(_) => rules.otherwise,
        };
        if let Some(schema) = branch {
            let verdict = self.same(frame, schema, None, false)?;
            frame.blame(verdict.err());
        }
        Ok(())
    }

    fn all_of(&mut self, frame: &mut Frame<'_>, schemas: &[SchemaId]) -> Result<(), Stop> {
        let mut faults = Vec::new();
        for schema in schemas {
            if let Err(fault) = self.same(frame, *schema, None, false)? {
                faults.push(fault);
                if frame.is_quiet {
                    break;
                }
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        self.add_with(frame, faults, || "'allOf' failed".to_owned())
    }

    fn any_of(&mut self, frame: &mut Frame<'_>, schemas: &[SchemaId]) -> Result<(), Stop> {
        let (mut has_match, mut faults) = (schemas.is_empty(), Vec::new());
        for schema in schemas {
            if let Err(fault) = self.same(frame, *schema, None, false)? {
                faults.extend(frame.read(fault));
                continue;
            }
            has_match = true;
            // Others may look at what is left.
            if frame.left.is_empty() {
                break;
            }
        }
        if has_match {
            return Ok(());
        }
        self.add_with(frame, faults, || "'anyOf' failed".to_owned())
    }

    fn one_of(&mut self, frame: &mut Frame<'_>, schemas: &[SchemaId]) -> Result<(), Stop> {
        let (mut matched, mut faults) = (None, Vec::new());
        for (place, schema) in schemas.iter().enumerate() {
            match (self.same(frame, *schema, None, matched.is_some())?, matched) {
                (Err(fault), None) => faults.extend(frame.read(fault)),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => matched = Some(place),
                (Ok(()), Some(first)) => {
                    let [one, other] = [first, place].map(count);
                    let text = format!("'oneOf' failed, subschemas {one}, {other} matched");
                    self.add(frame, || text)?;
                    break;
                }
            }
        }
        if matched.is_some() || schemas.is_empty() {
            return Ok(());
        }
        self.add_with(frame, faults, || "'oneOf' failed, none matched".to_owned())
    }
}
