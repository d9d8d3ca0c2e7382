//! Templates that know one another.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::budget::Budget;
use crate::error::Error;
use crate::execute;
use crate::function::Functions;
use crate::limits::Limits;
use crate::names::Names;
use crate::output::Output;
use crate::parse::node::Tree;
use crate::parse::symbols::Symbols;
use crate::parse::{Delimiters, Grammar, Parsed, parse};
use crate::trace::{Record, Trace};
use crate::value::{Str, Value};

/// What a field is that a map does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// Nothing at all, of which fields are nothing as well: `missingkey=default`.
    #[default]
    Default,
    /// An error: `missingkey=error`.
    Error,
    /// The zero value of the map's elements: `missingkey=zero`.
    Zero,
}

/// Templates by name, and what they are parsed and executed with.
///
/// ```
/// use sealift_gotemplate::{Budget, Functions, Map, Output, Templates, Value};
///
/// let mut templates = Templates::new(Functions::new());
/// templates.parse("greet", r#"{{define "who"}}{{.name}}{{end}}Hello, {{template "who" .}}!"#)?;
/// let data = Value::from(Map::from_iter([("name", "world")]));
/// let mut output = Output::new();
/// templates.execute("greet", &data, &Budget::default(), &mut output)?;
/// assert_eq!(output.bytes(), b"Hello, world!");
/// # Ok::<(), sealift_gotemplate::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Templates {
    shared: Rc<Shared>,
    trees: Rc<Names<Str, Rc<Tree>>>,
    /// Texts that were read, by their length: charts that are used by several others come with each of them.
    texts: Rc<BTreeMap<usize, Rc<Parsed>>>,
    /// The templates that are known as well, unless one here has the name.
    outer: Option<Rc<Self>>,
}

/// What templates are parsed and executed with.
#[derive(Clone, Debug)]
struct Shared {
    delimiters: Delimiters,
    functions: Functions,
    limits: Limits,
    missing_key: MissingKey,
    symbols: Symbols,
}

impl Templates {
    /// Returns a set without templates.
    ///
    /// Functions are looked up when a text is parsed, by the set as it is then.
    #[must_use]
    pub fn new(functions: Functions) -> Self {
        let shared = Shared {
            delimiters: Delimiters { left: (*b"{{").into(), right: (*b"}}").into() },
            functions,
            limits: Limits::default(),
            missing_key: MissingKey::default(),
            symbols: Symbols::new(),
        };
        Self { shared: Rc::new(shared), trees: Rc::default(), texts: Rc::default(), outer: None }
    }

    /// Sets the marks around actions, such as `{{<` and `>}}`. An empty one stands for
    /// Go's own.
    #[must_use]
    pub fn delimiters(mut self, left: &str, right: &str) -> Self {
        let or =
            |mark: &str, own: &str| Box::from(if mark.is_empty() { own } else { mark }.as_bytes());
        let delimiters = Delimiters { left: or(left, "{{"), right: or(right, "}}") };
        Rc::make_mut(&mut self.shared).delimiters = delimiters;
        self.texts = Rc::default();
        self
    }

    /// Sets what a field is that a map does not have.
    #[must_use]
    pub fn missing_key(mut self, missing_key: MissingKey) -> Self {
        Rc::make_mut(&mut self.shared).missing_key = missing_key;
        self
    }

    /// Sets how deep a text may be nested; the other limits are those of the budget.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        Rc::make_mut(&mut self.shared).limits = limits;
        self.texts = Rc::default();
        self
    }

    /// Adds a text, and the templates that it defines. A name that is known already
    /// gets the new template, unless that is only white space.
    ///
    /// # Errors
    ///
    /// With the text of Go, when the text cannot be parsed. Then nothing is added.
    pub fn parse(&mut self, name: impl Into<Str>, text: impl Into<Str>) -> Result<(), Error> {
        let (name, text) = (name.into(), text.into());
        let known = self.texts.get(&text.len()).filter(|known| known.is_of(&name, &text));
        let parsed = match known {
            Some(known) => Rc::clone(known),
            None => Rc::new(self.read(&name, &text)?),
        };
        self.take(&name, &parsed);
        Rc::make_mut(&mut self.texts).insert(text.len(), parsed);
        Ok(())
    }

    /// Adds a text as [`parse`](Self::parse) does, and returns its own template, also
    /// where that is only white space and not added.
    pub(crate) fn add(&mut self, name: &Str, text: &Str) -> Result<Option<Rc<Tree>>, Error> {
        let parsed = self.read(name, text)?;
        Ok(self.take(name, &parsed))
    }

    fn read(&self, name: &Str, text: &Str) -> Result<Parsed, Error> {
        let shared = &self.shared;
        let grammar = Grammar {
            delimiters: &shared.delimiters,
            functions: &shared.functions,
            symbols: &shared.symbols,
            depth: shared.limits.parse_depth,
        };
        parse(name, text, &grammar)
    }

    /// Adds the templates of a text, and returns its own.
    fn take(&mut self, name: &Str, parsed: &Parsed) -> Option<Rc<Tree>> {
        let mut own = None;
        for tree in parsed.trees(name) {
            let tree = Rc::new(tree);
            if tree.name == *name {
                own = Some(Rc::clone(&tree));
            }
            if !(tree.is_empty() && self.tree(&tree.name).is_some()) {
                Rc::make_mut(&mut self.trees).insert(tree.name.clone(), tree);
            }
        }
        own
    }

    /// Returns whether there is a template of that name.
    #[must_use]
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.find(name.as_ref()).is_some()
    }

    /// Executes a template.
    ///
    /// # Errors
    ///
    /// With the text of Go, when the template cannot be executed to its end. What it
    /// wrote until then is in the output.
    pub fn execute(
        &self,
        name: impl Into<Str>,
        data: &Value,
        budget: &Budget,
        output: &mut Output,
    ) -> Result<(), Error> {
        execute::execute(self, &name.into(), data, budget, output)
    }

    /// Executes a template as [`execute`](Self::execute) does, and returns what it
    /// printed, which of its lines printed what, and which keys of the maps that the
    /// trace watches were read for it.
    ///
    /// # Errors
    ///
    /// As [`execute`](Self::execute).
    pub fn execute_traced(
        &self,
        name: impl Into<Str>,
        data: &Value,
        budget: &Budget,
        trace: &mut Trace,
    ) -> Result<(Output, Record), Error> {
        execute::execute_traced(self, &name.into(), data, budget, trace)
    }

    /// Returns a set that knows these templates, and to which others can be added
    /// that only it knows.
    pub(crate) fn inner(&self) -> Self {
        let outer = Some(Rc::new(self.clone()));
        Self { shared: Rc::clone(&self.shared), trees: Rc::default(), texts: Rc::default(), outer }
    }

    pub(crate) fn tree(&self, name: &Str) -> Option<Rc<Tree>> {
        self.find(name.as_bytes()).cloned()
    }

    pub(crate) fn on_missing_key(&self) -> MissingKey {
        self.shared.missing_key
    }

    fn find(&self, name: &[u8]) -> Option<&Rc<Tree>> {
        let mut set = self;
        loop {
            if let Some(tree) = set.trees.get(name) {
                return Some(tree);
            }
            set = set.outer.as_deref()?;
        }
    }
}
