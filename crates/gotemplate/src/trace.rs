//! Which line of a text printed what, and which keys the host's maps were asked for.
//!
//! Plain execution has none of it: a map that is not watched has an empty word, and a
//! frame that is not traced has another.

mod record;
mod recorder;
mod scribe;

use std::rc::Rc;

pub use record::Record;
pub(crate) use recorder::{Recorder, Watch};
pub(crate) use scribe::Scribe;

use crate::value::{Map, Str};

/// What is traced while the templates of one rendering are executed.
///
/// ```
/// use sealift_gotemplate::{Budget, Functions, Map, Step, Templates, Trace, Value};
///
/// let mut templates = Templates::new(Functions::new());
/// templates.parse("pod", "kind: Pod\n{{if .on}}\nimage: {{.image.name}}\n{{end}}")?;
/// let image = Map::from_iter([("name", "nginx")]);
/// let data = Map::from_iter([("on", true.into()), ("image", Value::from(image))]);
///
/// let mut trace = Trace::new();
/// trace.watch("values", &data);
/// let budget = Budget::default();
/// let (output, record) = templates.execute_traced("pod", &data.into(), &budget, &mut trace)?;
///
/// assert_eq!(output.bytes(), b"kind: Pod\n\nimage: nginx\n");
/// assert_eq!(record.line_at(18), Some(3));
/// let reads = record.reads_at(18..23);
/// let paths: Vec<_> = reads.iter().map(|read| trace.path(read)).collect();
/// let key = |name: &str| Step::Key(name.into());
/// assert_eq!(paths, [
///     vec![key("values"), key("on")],
///     vec![key("values"), key("image"), key("name")],
/// ]);
/// # Ok::<(), sealift_gotemplate::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Trace {
    pub(crate) recorder: Rc<Recorder>,
    /// What was read to change watched maps: all that is printed after may come from it.
    pub(crate) carried: Vec<Read>,
    pub(crate) has_changes: bool,
}

/// A key that a watched map was asked for: one of a value that is no map, or of none.
///
/// A key of a map is only a step on the way to others. A list counts with all values
/// in it, but for maps, which have keys of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    pub(crate) map: u32,
    /// All keys, when there is none.
    pub(crate) key: Option<Str>,
}

impl Read {
    /// Returns whether a map was read as a whole, keys that it does not have included. Those that it
    /// has are read, too.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.key.is_none()
    }
}

/// A step from a map or list to what is in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The element of a list, counted from 0.
    Item(usize),
    /// The value of a map's key.
    Key(Str),
}

impl Trace {
    /// Returns a trace that watches nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Watches a map, and all maps in it as it is now, lists included.
    ///
    /// The maps stay watched as long as they live. A map has the paths of all places
    /// at which it was found, save below a map that was found before.
    pub fn watch(&mut self, name: impl Into<Str>, map: &Map) {
        Recorder::watch(&self.recorder, name.into(), map);
    }

    /// Watches whether a map is changed, this one alone. What is read from it is not known.
    pub fn watch_changes(&mut self, map: &Map) {
        Recorder::watch_changes(&self.recorder, map);
    }

    /// Returns whether a watched map was changed while templates were executed.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.has_changes
    }

    /// Returns the way to what was read: the name given to [`watch`](Self::watch), and
    /// the keys from there; to the map that was read as a [whole](Read::is_whole).
    #[must_use]
    pub fn path(&self, read: &Read) -> Vec<Step> {
        let mut path = self.recorder.path(read.map);
        path.extend(read.key.clone().map(Step::Key));
        path
    }
}
