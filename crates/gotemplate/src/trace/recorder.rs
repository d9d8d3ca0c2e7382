//! What watched maps tell.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use super::{Read, Step};
use crate::value::{Map, Str, Value};

/// The most maps and lists that one trace knows; those after it are not watched.
const MOST_PLACES: usize = 1 << 20;

/// Where the watched maps are, and what was read from them since it was last asked.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    places: RefCell<Vec<Place>>,
    reads: RefCell<BTreeSet<Read>>,
    /// Since it was last asked.
    changed: Cell<bool>,
}

/// A map or list: what it is in, by number, and at which step.
#[derive(Debug)]
struct Place {
    parent: Option<u32>,
    step: Step,
}

/// What a map knows of being watched.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    recorder: Rc<Recorder>,
    /// The places at which the map is, and those of the maps that it is a copy of.
    places: Vec<u32>,
}

impl Recorder {
    pub(super) fn watch(this: &Rc<Self>, name: Str, map: &Map) {
        let mut waiting = vec![(Value::Map(map.clone()), None, Step::Key(name))];
        while let Some((value, parent, step)) = waiting.pop() {
            let Some(place) = this.add(parent, step) else { return };
            match &value {
                Value::List(list) => {
                    let items = list.items().iter().enumerate();
                    let held = items.filter(|(_, item)| item.is_container());
                    waiting
                        .extend(held.map(|(at, item)| (item.clone(), Some(place), Step::Item(at))));
                }
                Value::Map(map) => {
                    if !map.watch(Watch { recorder: Rc::clone(this), places: vec![place] }) {
                        continue;
                    }
                    let entries = map.entries_unread();
                    let held = entries.iter().filter(|(_, value)| value.is_container());
                    waiting.extend(
                        held.map(|(key, value)| {
                            (value.clone(), Some(place), Step::Key(key.clone()))
                        }),
                    );
                }
                _ => {}
            }
        }
    }

    fn add(&self, parent: Option<u32>, step: Step) -> Option<u32> {
        let mut places = self.places.borrow_mut();
        if places.len() >= MOST_PLACES {
            return None;
        }
        places.push(Place { parent, step });
        u32::try_from(places.len() - 1).ok()
    }

    pub(super) fn path(&self, place: u32) -> Vec<Step> {
        let places = self.places.borrow();
        let mut path = Vec::new();
        let mut at = places.get(place as usize);
        while let Some(place) = at {
            path.push(place.step.clone());
            at = place.parent.and_then(|parent| places.get(parent as usize));
        }
        path.reverse();
        path
    }

    /// Returns what was read since the last time, in order.
    pub(super) fn take_reads(&self) -> BTreeSet<Read> {
        self.reads.take()
    }

    /// Returns whether a map was changed since the last time.
    pub(super) fn take_changed(&self) -> bool {
        self.changed.take()
    }

    /// Watches only whether a map is changed.
    pub(super) fn watch_changes(this: &Rc<Self>, map: &Map) {
        map.watch(Watch { recorder: Rc::clone(this), places: Vec::new() });
    }
}

impl Watch {
    /// Notes that a key was read: it has that value.
    pub(crate) fn read(&self, key: &[u8], value: Option<&Value>) {
        if !matches!(value, Some(Value::Map(_))) {
            self.note(Some(&Str::from(key)));
        }
    }

    /// Notes that the map was read as a whole, and each value that is no map.
    pub(crate) fn read_all<'e>(&self, entries: impl Iterator<Item = (&'e Str, &'e Value)>) {
        self.note(None);
        for (key, value) in entries {
            if !matches!(value, Value::Map(_)) {
                self.note(Some(key));
            }
        }
    }

    fn note(&self, key: Option<&Str>) {
        let mut reads = self.recorder.reads.borrow_mut();
        for &map in &self.places {
            reads.insert(Read { map, key: key.cloned() });
        }
    }

    /// Notes that the map was changed.
    pub(crate) fn change(&self) {
        self.recorder.changed.set(true);
    }

    /// Adds the places of another map that the same recorder watches; returns false when
    /// that is another recorder.
    pub(crate) fn join(&mut self, other: &Self) -> bool {
        if !Rc::ptr_eq(&self.recorder, &other.recorder) {
            return false;
        }
        for place in &other.places {
            if !self.places.contains(place) {
                self.places.push(*place);
            }
        }
        true
    }
}
