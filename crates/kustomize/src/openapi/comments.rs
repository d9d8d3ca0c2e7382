//! Types that the comments of documents say.

use std::collections::HashMap;
use std::rc::Rc;

use super::custom::Builder;
use super::strict::{self, is_url};
use super::{Field, Known, Schema, Scope};
use crate::limits::{self, Exceeded};
use crate::yaml::{Data, Node};

/// What the comments of some documents say, by their text.
///
/// Mirrors `Read` in `fieldmeta/fieldmeta.go` of kyaml v0.21.2, and how `yaml/walk` asks it.
#[derive(Debug, Default)]
pub(crate) struct Comments {
    schema: Schema,
    /// Nothing for a comment that says nothing.
    fields: HashMap<Rc<str>, Option<Field>>,
    bytes: usize,
}

impl Comments {
    /// Reads the comments of a document; `base` has the types that they refer to.
    ///
    /// Recursion is as deep as the document.
    pub(crate) fn add(&mut self, node: &Node, base: &Schema) -> Result<(), Exceeded> {
        if let Some(text) = node.note.text().filter(|text| !self.fields.contains_key(*text)) {
            self.bytes += text.len();
            limits::notes(self.bytes)?;
            let field = self.field(text, base);
            self.fields.insert(Rc::clone(text), field);
        }
        match &node.data {
            Data::Map(entries) => entries.iter().try_for_each(|(key, value)| {
                self.add(key, base)?;
                self.add(value, base)
            }),
            Data::Seq(items) => items.iter().try_for_each(|item| self.add(item, base)),
            Data::Scalar(_) | Data::Alias(_) => Ok(()),
        }
    }

    fn field(&mut self, text: &str, base: &Schema) -> Option<Field> {
        if is_setter(text) {
            return Some(Field::default());
        }
        let schema = strict::read(text)?;
        let mut builder = Builder::of_comments(std::mem::take(&mut self.schema), base);
        let field = builder.comment(&schema);
        self.schema = builder.into_schema();
        Some(field)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// What the comment of a node says of it.
    pub(crate) fn known<'s>(&'s self, node: &Node, base: &'s Schema) -> Option<Known<'s>> {
        let field = self.fields.get(node.note.text()?)?.as_ref()?;
        Some(Scope { own: &self.schema, base }.known(field))
    }
}

/// Whether a comment names a setter. kyaml takes that for a reference that leads nowhere: nothing is known of the field.
fn is_setter(text: &str) -> bool {
    let names = serde_json::from_str::<HashMap<String, Option<String>>>(text).unwrap_or_default();
    let name = names.get("$openapi").and_then(Option::as_deref).unwrap_or_default();
    !name.is_empty() && is_url(name)
}
