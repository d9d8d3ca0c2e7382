//! Lists: Go's slices, which never change here.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::{Named, Type, Value, unwind};
use crate::budget::{Charge, Meter};

/// A list of values: a Go slice.
///
/// A list never changes, so that parts of it can share its elements.
#[derive(Clone)]
pub struct List(Rc<Slice>);

pub(super) struct Slice {
    array: Rc<Array>,
    start: usize,
    len: usize,
    elem: Type,
    named: Option<Rc<Named>>,
    height: u32,
}

/// The elements that lists share, and room for elements that no list has yet.
pub(super) struct Array {
    items: Vec<Value>,
    /// As many elements as a slice could be made longer to; see [`List::with_capacity`].
    capacity: usize,
    charge: RefCell<Charge>,
}

impl List {
    /// Returns a `[]interface {}`.
    #[must_use]
    pub fn new(items: Vec<Value>) -> Self {
        Self::typed(Type::Any, items)
    }

    /// Returns a list whose elements have one type, such as `[]string`.
    #[must_use]
    pub fn typed(elem: Type, items: Vec<Value>) -> Self {
        let capacity = items.len();
        Self::build(elem, None, items, capacity)
    }

    /// Returns a list of a named type, whose underlying type is a list.
    #[must_use]
    pub fn named(named: Rc<Named>, items: Vec<Value>) -> Self {
        let elem = match named.underlying() {
            Type::List(elem) => Type::clone(elem),
            _ => Type::Any,
        };
        let capacity = items.len();
        Self::build(elem, Some(named), items, capacity)
    }

    /// Returns a `[]interface {}` whose array is longer than it, as it is when Go
    /// has appended: `slice` can make the list longer again.
    #[must_use]
    pub fn with_capacity(items: Vec<Value>, capacity: usize) -> Self {
        let capacity = capacity.max(items.len());
        Self::build(Type::Any, None, items, capacity)
    }

    fn build(elem: Type, named: Option<Rc<Named>>, items: Vec<Value>, capacity: usize) -> Self {
        let len = items.len();
        let height = 1 + items.iter().map(Value::height).max().unwrap_or(0);
        let array = Rc::new(Array { items, capacity, charge: RefCell::default() });
        Self(Rc::new(Slice { array, start: 0, len, elem, named, height }))
    }

    /// Returns the elements.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        let end = (self.0.start + self.0.len).min(self.0.array.items.len());
        &self.0.array.items[self.0.start.min(end)..end]
    }

    /// Returns the number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Returns whether there are no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// Returns the type of the elements.
    #[must_use]
    pub fn elem(&self) -> &Type {
        &self.0.elem
    }

    /// Returns as many elements as the list could be made longer to.
    pub(crate) fn capacity(&self) -> usize {
        self.0.array.capacity - self.0.start
    }

    /// Returns the elements from `start` to `end`, which may be beyond the last, and
    /// cuts the capacity at `most`.
    pub(crate) fn slice(&self, start: usize, end: usize, most: Option<usize>) -> Self {
        let array = &self.0.array;
        let offset = self.0.start;
        if most.is_none() && offset + end <= array.items.len() {
            return Self(Rc::new(Slice {
                array: Rc::clone(array),
                start: offset + start,
                len: end - start,
                elem: self.0.elem.clone(),
                named: self.0.named.clone(),
                height: self.0.height,
            }));
        }
        let zero = Value::zero(&self.0.elem);
        let at = |place: usize| array.items.get(offset + place).unwrap_or(&zero).clone();
        let items = (start..end).map(at).collect();
        let capacity = most.unwrap_or_else(|| self.capacity()) - start;
        Self::build(self.0.elem.clone(), self.0.named.clone(), items, capacity)
    }

    pub(crate) fn kind(&self) -> Type {
        match &self.0.named {
            Some(named) => Type::Named(Rc::clone(named)),
            None => Type::list(self.0.elem.clone()),
        }
    }

    pub(crate) fn named_type(&self) -> Option<&Rc<Named>> {
        self.0.named.as_ref()
    }

    pub(crate) fn height(&self) -> u32 {
        self.0.height
    }

    /// Counts the elements on a meter; returns false when they are counted already.
    pub(super) fn charge(&self, meter: &Rc<Meter>) -> bool {
        let mut charge = self.0.array.charge.borrow_mut();
        if charge.is_attached() {
            return false;
        }
        charge.attach(meter);
        charge.set(self.0.array.items.len());
        true
    }

    /// Returns the elements when nothing else needs them.
    pub(super) fn into_items(self) -> Vec<Value> {
        let Ok(mut slice) = Rc::try_unwrap(self.0) else { return Vec::new() };
        Rc::get_mut(&mut slice.array)
            .map(|array| std::mem::take(&mut array.items))
            .unwrap_or_default()
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        unwind::drop_all(self.items.drain(..));
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        Self::new(items)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::new(items.into_iter().collect())
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} elements", self.kind(), self.len())
    }
}
