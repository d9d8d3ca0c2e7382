//! YAML, written as sigs.k8s.io/yaml does.

mod analysis;
mod order;
mod passage;
mod release;
mod scalar;
mod sink;
mod unicode;
mod view;

use std::borrow::Cow;
use std::vec::IntoIter;

pub use view::{Emit, View};

use crate::error::ErrorKind;
use crate::limits::Limits;
use release::Release;
use scalar::Place;
use sink::Sink;

/// Columns by which a collection or a scalar stands further in.
const STEP: usize = 2;

/// Why a value could not be written. Helm's `toYaml` gives an empty text then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// Collections are nested too deeply.
    #[error("exceeded max depth of {limit}")]
    Depth {
        /// [`Limits::depth`].
        limit: usize,
    },
    /// The text gets too long.
    #[error("the text gets longer than the limit of {limit} bytes")]
    OutputBytes {
        /// [`Limits::input_bytes`].
        limit: usize,
    },
    /// What Go fails over: JSON has no such number, or its YAML reader refuses the JSON in between.
    #[error(transparent)]
    Value(#[from] ErrorKind),
}

/// Writes a value byte for byte as `yaml.Marshal` of sigs.k8s.io/yaml 1.6.0, which
/// is what `toYaml` of a Helm template does.
///
/// Go writes JSON first and reads that as YAML, which shows: a float without a
/// fraction is an integer, a byte that is no UTF-8 becomes U+FFFD (so that nothing
/// is `!!binary`), a NEL a blank. A key `<<` is written without quotes, too, which
/// a reader takes for an order to merge.
///
/// Of the limits, the depth holds; and what is written has at most as many bytes
/// as may be read, since a value that shares its parts may be short in memory
/// only.
///
/// # Errors
///
/// [`EmitError`], where Go fails as well or a limit is exceeded.
pub fn to_yaml<'a, V: Emit<'a>>(value: V, limits: &Limits) -> Result<String, EmitError> {
    write(value, limits, Release::V2)
}

/// Writes a value byte for byte as the encoder of go.yaml.in/yaml v3.0.4 with an
/// indentation of 2, which is what `toYamlPretty` of a Helm template does.
///
/// There is no JSON in between: floats are as Go prints them, infinities and NaN are written,
/// bytes that are no UTF-8 become `!!binary`. Items stand further in than their key, and no
/// line is folded. Of the limits, the same hold as in [`to_yaml`].
///
/// # Errors
///
/// [`EmitError`], where a limit is exceeded.
pub fn to_yaml_v3<'a, V: Emit<'a>>(value: V, limits: &Limits) -> Result<String, EmitError> {
    write(value, limits, Release::V3)
}

fn write<'a, V: Emit<'a>>(
    value: V,
    limits: &Limits,
    release: Release,
) -> Result<String, EmitError> {
    let sink = Sink::new(limits.input_bytes, release.folds());
    let mut writer = Writer { sink, open: Vec::new(), limits, release };
    writer.node(value, false)?;
    while let Some(part) = writer.next_part() {
        match part {
            Part::Item(value) => {
                writer.sink.block_indicator('-');
                writer.node(value, false)?;
            }
            Part::Entry(key, value) => {
                writer.key(&key);
                writer.node(value, true)?;
            }
            Part::End => drop(writer.open.pop()),
        }
    }
    writer.sink.indent(0);
    writer.check_length()?;
    Ok(writer.sink.into_text())
}

struct Writer<'a, 'l, V> {
    sink: Sink,
    open: Vec<Collection<'a, V>>,
    limits: &'l Limits,
    release: Release,
}

/// A collection that is being written.
struct Collection<'a, V> {
    rest: Rest<'a, V>,
    /// The column of its items or keys.
    column: usize,
}

/// What is not yet written.
enum Rest<'a, V> {
    Seq(IntoIter<V>),
    Map(IntoIter<(Cow<'a, str>, V)>),
}

/// What comes next in a collection.
enum Part<'a, V> {
    Item(V),
    Entry(Cow<'a, str>, V),
    End,
}

impl<'a, V: Emit<'a>> Writer<'a, '_, V> {
    /// The next part of the innermost collection, whose line it begins; `None` where none is open.
    fn next_part(&mut self) -> Option<Part<'a, V>> {
        let collection = self.open.last_mut()?;
        let part = match &mut collection.rest {
            Rest::Seq(items) => items.next().map(Part::Item),
            Rest::Map(entries) => entries.next().map(|(key, value)| Part::Entry(key, value)),
        };
        if part.is_some() {
            self.sink.indent(collection.column);
        }
        Some(part.unwrap_or(Part::End))
    }

    /// Writes a scalar or an empty collection; opens any other.
    fn node(&mut self, value: V, has_key: bool) -> Result<(), EmitError> {
        match value.view() {
            View::Null => self.sink.begin("null"),
            View::Bool(value) => self.sink.begin(if value { "true" } else { "false" }),
            View::Int(value) => self.sink.begin(&value.to_string()),
            View::Uint(value) => self.sink.begin(&value.to_string()),
            View::Float(value) => self.sink.begin(&self.release.float(value)?),
            View::Str(bytes) => {
                let text = self.release.string(bytes, &mut self.sink)?;
                let place = Place::Node { column: self.inner_column() };
                scalar::write(&mut self.sink, &text, self.release.analysis(&text), place);
            }
            View::Seq(items) if items.is_empty() => self.sink.begin("[]"),
            View::Map(entries) if entries.is_empty() => self.sink.begin("{}"),
            View::Seq(items) => {
                // Under a key the items stand no further in than the key.
                let is_flush =
                    self.release.has_flush_items() && has_key && !self.sink.is_indentation();
                self.open(Rest::Seq(items.into_iter()), is_flush)?;
            }
            View::Map(entries) => {
                let entries = self.release.entries(entries)?;
                self.open(Rest::Map(entries.into_iter()), false)?;
            }
        }
        self.check_length()
    }

    fn check_length(&self) -> Result<(), EmitError> {
        let limit = self.limits.input_bytes;
        if self.sink.is_full() { Err(EmitError::OutputBytes { limit }) } else { Ok(()) }
    }

    fn open(&mut self, rest: Rest<'a, V>, is_flush: bool) -> Result<(), EmitError> {
        let limit = self.limits.depth;
        if self.open.len() >= limit {
            return Err(EmitError::Depth { limit });
        }
        let column = match self.open.last() {
            None => 0,
            Some(outer) if is_flush => outer.column,
            Some(outer) => outer.column + STEP,
        };
        self.open.push(Collection { rest, column });
        Ok(())
    }

    /// Where the further lines of a scalar begin.
    fn inner_column(&self) -> usize {
        self.open.last().map_or(0, |collection| collection.column) + STEP
    }

    fn key(&mut self, key: &str) {
        /// Bytes of a key that may do without a `?`.
        const MAX_SIMPLE_KEY: usize = 128;
        let found = self.release.analysis(key);
        if !found.has_break && key.len() <= MAX_SIMPLE_KEY {
            scalar::write(&mut self.sink, key, found, Place::SimpleKey);
            self.sink.end(":");
            return;
        }
        let column = self.inner_column();
        self.sink.block_indicator('?');
        scalar::write(&mut self.sink, key, found, Place::Node { column });
        self.sink.indent(column - STEP);
        self.sink.block_indicator(':');
    }
}
