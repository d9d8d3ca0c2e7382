//! Maps from strings, shared and mutable.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, btree_map};
use std::fmt;
use std::rc::Rc;

use super::{Named, Str, Type, Value, unwind};
use crate::budget::{Charge, Meter};
use crate::trace::Watch;

/// A map from strings to values: a Go map, in the order of its keys.
///
/// Clones are the same map, as in Go: what one sets, all see. So are clones under the
/// name of a type, and without it.
#[derive(Clone)]
pub struct Map {
    shared: Rc<Shared>,
    named: Option<Rc<Named>>,
}

pub(super) struct Shared {
    entries: RefCell<Rc<Entries>>,
    elem: Type,
    height: Cell<u32>,
    charge: RefCell<Charge>,
    watch: RefCell<Option<Box<Watch>>>,
}

/// The entries of a map at some moment: later changes of the map do not show.
#[derive(Clone, Default)]
pub struct Entries(BTreeMap<Str, Value>);

impl Map {
    /// Returns a `map[string]interface {}` without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::typed(Type::Any)
    }

    /// Returns a map without entries whose elements have one type.
    #[must_use]
    pub fn typed(elem: Type) -> Self {
        Self::build(elem, None)
    }

    /// Returns a map without entries of a named type, whose underlying type is a map.
    #[must_use]
    pub fn named(named: Rc<Named>) -> Self {
        let elem = match named.underlying() {
            Type::Map(elem) => Type::clone(elem),
            _ => Type::Any,
        };
        Self::build(elem, Some(named))
    }

    fn build(elem: Type, named: Option<Rc<Named>>) -> Self {
        let shared = Shared {
            entries: RefCell::default(),
            elem,
            height: Cell::new(1),
            charge: RefCell::default(),
            watch: RefCell::default(),
        };
        Self { shared: Rc::new(shared), named }
    }

    /// Returns a map without a name that has the same entries: those that are maps and lists as `copy` gives them, all
    /// others as they are.
    ///
    /// Entries are shared until one of both maps changes, where none of them needs a copy.
    ///
    /// # Errors
    ///
    /// Those of `copy`.
    pub fn copied<E>(&self, mut copy: impl FnMut(&Value) -> Result<Value, E>) -> Result<Self, E> {
        let mut entries = self.entries();
        if entries.0.values().any(Value::is_container) {
            for value in
                Rc::make_mut(&mut entries).0.values_mut().filter(|value| value.is_container())
            {
                *value = copy(value)?;
            }
        }
        let height = entries.0.values().map(Value::height).max().unwrap_or_default();
        let made = Self::typed(self.elem().clone());
        made.shared.height.set(height.saturating_add(1));
        made.shared.entries.replace(entries);
        Ok(made)
    }

    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        let found = self.shared.entries.borrow().0.get(key.as_ref()).cloned();
        if let Some(watch) = &*self.shared.watch.borrow() {
            watch.read(key.as_ref(), found.as_ref());
        }
        found
    }

    /// Returns whether there is such a key.
    #[must_use]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        match &*self.shared.watch.borrow() {
            Some(_) => self.get(key).is_some(),
            None => self.shared.entries.borrow().0.contains_key(key.as_ref()),
        }
    }

    /// Sets the value of a key, and returns what it was.
    pub fn insert(&self, key: impl Into<Str>, value: impl Into<Value>) -> Option<Value> {
        let value = value.into();
        self.shared.height.set(self.shared.height.get().max(value.height().saturating_add(1)));
        let mut entries = self.shared.entries.borrow_mut();
        let before = Rc::make_mut(&mut entries).0.insert(key.into(), value);
        self.changed(entries.0.len());
        before
    }

    /// Removes a key, and returns its value.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        let mut entries = self.shared.entries.borrow_mut();
        let before = Rc::make_mut(&mut entries).0.remove(key.as_ref());
        self.changed(entries.0.len());
        before
    }

    fn changed(&self, len: usize) {
        self.shared.charge.borrow_mut().change(len);
        if let Some(watch) = &*self.shared.watch.borrow() {
            watch.change();
        }
    }

    /// Returns the entries as they are now.
    #[must_use]
    pub fn entries(&self) -> Rc<Entries> {
        let entries = self.entries_unread();
        if let Some(watch) = &*self.shared.watch.borrow() {
            watch.read_all(entries.iter());
        }
        entries
    }

    /// Returns the entries as they are now, and tells no [`Trace`](crate::Trace) that they
    /// were read: for functions that put them into a map which [follows](Self::follow)
    /// this one.
    #[must_use]
    pub fn entries_unread(&self) -> Rc<Entries> {
        Rc::clone(&self.shared.entries.borrow())
    }

    /// Says that entries of another map were copied into this one: when a
    /// [`Trace`](crate::Trace) watches the other, what is read here counts as read there.
    pub fn follow(&self, other: &Self) {
        let watch = other.shared.watch.borrow().clone();
        if let Some(watch) = watch {
            self.watch(*watch);
        }
    }

    /// Begins to be watched, or is watched at more places; returns whether it was not
    /// watched before.
    pub(crate) fn watch(&self, watch: Watch) -> bool {
        let mut own = self.shared.watch.borrow_mut();
        if own.as_mut().is_some_and(|own| own.join(&watch)) {
            return false;
        }
        *own = Some(Box::new(watch));
        true
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.entries.borrow().0.len()
    }

    /// Returns whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the type of the values.
    #[must_use]
    pub fn elem(&self) -> &Type {
        &self.shared.elem
    }

    /// Returns whether both are the same map, rather than equal ones.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shared, &other.shared)
    }

    /// Returns the same map as one of a named type, whose underlying type is its own.
    #[must_use]
    pub fn as_named(&self, named: Rc<Named>) -> Self {
        Self { shared: Rc::clone(&self.shared), named: Some(named) }
    }

    /// Returns the same map as one of the type without a name.
    #[must_use]
    pub fn unnamed(&self) -> Self {
        Self { shared: Rc::clone(&self.shared), named: None }
    }

    pub(crate) fn kind(&self) -> Type {
        match &self.named {
            Some(named) => Type::Named(Rc::clone(named)),
            None => Type::map(self.shared.elem.clone()),
        }
    }

    pub(crate) fn named_type(&self) -> Option<&Rc<Named>> {
        self.named.as_ref()
    }

    pub(crate) fn height(&self) -> u32 {
        self.shared.height.get()
    }

    /// Counts the entries on a meter; returns false when they are counted already.
    pub(super) fn charge(&self, meter: &Rc<Meter>) -> bool {
        let mut charge = self.shared.charge.borrow_mut();
        if charge.is_attached() {
            return false;
        }
        charge.attach(meter);
        charge.set(self.len());
        true
    }

    /// Returns the entries when nothing else needs them.
    pub(super) fn into_entries(self) -> Option<Entries> {
        let shared = Rc::try_unwrap(self.shared).ok()?;
        let mut entries = shared.entries.take();
        Rc::get_mut(&mut entries).map(std::mem::take)
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<Str>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} entries", self.kind(), self.len())
    }
}

impl Entries {
    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Value> {
        self.0.get(key.as_ref())
    }

    /// Returns the entries in the order of their keys.
    pub fn iter(&self) -> btree_map::Iter<'_, Str, Value> {
        self.0.iter()
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Value> + use<> {
        std::mem::take(&mut self.0).into_values()
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = (&'a Str, &'a Value);
    type IntoIter = btree_map::Iter<'a, Str, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Drop for Entries {
    fn drop(&mut self) {
        if self.0.values().any(Value::is_container) {
            unwind::drop_all(self.drain());
        }
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} entries", self.0.len())
    }
}
