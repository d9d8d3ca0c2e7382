//! Lists whose items are told apart by keys, merged item by item.

use std::collections::BTreeSet;

use super::strategic_merge::{
    DIRECTIVE, Directive, MergeError, Merged, Walk, directive, either, with_style_of,
};
use crate::openapi::Known;
use crate::yaml::edit::{WrongKind, check_kind, clear, set_field, set_scalar};
use crate::yaml::{Data, Kind, Node};

type Values = Vec<String>;

/// Merges two lists: the items of the patch come first.
///
/// Mirrors `walkAssociativeSequence` in `yaml/walk/associative_sequence.go` of kyaml v0.21.2, with all that it does to lists
/// with two keys.
pub(super) fn merge<'s>(
    walk: Walk<'s>,
    own: Option<Node>,
    mut patch: Option<Node>,
    (known, keys): (Option<Known<'s>>, &[String]),
    is_same: bool,
) -> Result<Merged, MergeError> {
    let own = with_style_of(own, patch.as_ref());
    let mut is_same = is_same;
    let own = match own.filter(|own| !own.is_null()) {
        None => {
            is_same = true;
            patch.clone()
        }
        Some(_) if patch.as_ref().is_some_and(Node::is_null) => return Ok(Merged::Nothing),
        Some(own) => match directive(patch.as_mut())? {
            Directive::Delete => return Ok(Merged::Nothing),
            Directive::Replace => {
                is_same = true;
                patch.clone()
            }
            Directive::Merge if is_same => patch.clone(),
            Directive::Merge => Some(own),
        },
    };
    let Some(own) = own else { return Ok(Merged::Nothing) };
    let values = match keys {
        [] => primitive_values(&own, patch.as_ref()),
        keys => element_values(&own, patch.as_ref(), keys),
    };
    let primitive = [String::new()];
    let keys = if keys.is_empty() { &primitive[..] } else { keys };
    let items = known.and_then(Known::items);
    let mut lists = Lists { walk, items, own, patch, is_same, added: Node::seq(Vec::new()) };
    lists.merge(values, keys)
}

/// Merges two lists of which nothing is known: by the names of their items, if all have one.
///
/// Mirrors `InferAssociativeLists` of `yaml/walk` in kyaml v0.21.2.
pub(super) fn merge_inferring(
    walk: Walk<'_>,
    own: Option<Node>,
    patch: Option<Node>,
    is_same: bool,
) -> Result<Merged, MergeError> {
    let lists = || [&own, &patch].into_iter().flatten().filter(|list| !list.items().is_empty());
    let has_names = |list: &Node| list.items().iter().all(|item| item.get("name").is_some());
    match lists().map(has_names).collect::<Vec<_>>()[..] {
        [true, false] => Err(MergeError::Names),
        [true] | [_, true] => merge(walk, own, patch, (None, &["name".to_owned()]), is_same),
        _ => Ok(either(own, patch)),
    }
}

struct Lists<'s> {
    walk: Walk<'s>,
    /// What is known of the items.
    items: Option<Known<'s>>,
    own: Node,
    patch: Option<Node>,
    is_same: bool,
    added: Node,
}

impl Lists<'_> {
    fn merge(&mut self, mut all: Vec<Values>, keys: &[String]) -> Result<Merged, MergeError> {
        if keys.len() > 1 {
            unify(&mut all);
        }
        let mut valid_keys = Vec::new();
        for number in 0..all.len() {
            let (found_keys, values) = valid(&all, &all[number], keys);
            valid_keys = found_keys;
            self.element(&valid_keys, &values)?;
        }
        if all.is_empty() {
            let own = self.own.clone();
            return Ok(if self.is_same { Merged::Other(own) } else { Merged::Own(own) });
        }
        let mut result = std::mem::replace(&mut self.added, Node::seq(Vec::new()));
        append_list(&mut result, &self.own, &valid_keys)?;
        Ok(Merged::Other(result))
    }

    fn element(&mut self, keys: &[String], values: &[String]) -> Result<(), MergeError> {
        let (find_keys, find_values) = valid(&[values.to_vec()], values, keys);
        let at = find(&self.own, &find_keys, &find_values);
        let theirs = self.patch.as_ref().and_then(|patch| {
            find(patch, &find_keys, &find_values).and_then(|at| patch.items().get(at))
        });
        let ours = at.and_then(|at| self.own.items().get(at)).cloned();
        let merged = self.walk.node(ours, theirs.cloned(), self.items, self.is_same)?;
        let (node, is_own) = match merged {
            Merged::Nothing => (None, false),
            Merged::Own(node) => (Some(node), true),
            Merged::Other(node) | Merged::KeptNull(node) => (Some(node), self.is_same),
        };
        let is_empty =
            |node: &Node| node.is_null() || node.kind() == Kind::Map && node.entries().is_empty();
        let Some(mut node) = node.filter(|node| !is_empty(node)) else {
            self.forget_directive(at)?;
            for _ in keys {
                set_element(&mut self.own, keys, values, None)?;
            }
            return Ok(());
        };
        for (key, value) in keys.iter().zip(values) {
            if node.get(key).is_none() && !value.is_empty() {
                if key.is_empty() {
                    set_scalar(&mut node, Node::scalar(value.as_str()))?;
                } else {
                    set_field(&mut node, key, Node::scalar(value.as_str()))?;
                }
            }
        }
        if let (true, Some(place)) = (is_own, at.and_then(|at| self.own.items_mut().get_mut(at))) {
            place.clone_from(&node);
        }
        set_element(&mut self.added, keys, values, Some(&node))?;
        Ok(())
    }

    /// An item that goes was read with its directive, which matters where it lacks a key and so stays.
    fn forget_directive(&mut self, at: Option<usize>) -> Result<(), WrongKind> {
        let item = at.filter(|_| self.is_same).and_then(|at| self.own.items_mut().get_mut(at));
        match item.filter(|item| item.kind() == Kind::Map) {
            Some(item) => clear(item, DIRECTIVE).map(|_| ()),
            None => Ok(()),
        }
    }
}

/// The values of the keys of all items, each combination once, the patch's first.
fn element_values(own: &Node, patch: Option<&Node>, keys: &[String]) -> Vec<Values> {
    let value = |item: &Node, key: &String| {
        let field = item.get(key).filter(|field| !field.is_nil_or_empty());
        field.map_or_else(String::new, |field| field.text().to_owned())
    };
    let values = |item: &Node| keys.iter().map(|key| value(item, key)).collect::<Values>();
    let items = patch.map_or(&[][..], Node::items).iter().chain(own.items());
    unique(items.map(values))
}

fn primitive_values(own: &Node, patch: Option<&Node>) -> Vec<Values> {
    let items = patch.map_or(&[][..], Node::items).iter().chain(own.items());
    unique(items.map(|item| vec![item.text().to_owned()]))
}

fn unique(all: impl Iterator<Item = Values>) -> Vec<Values> {
    let mut seen = BTreeSet::new();
    all.filter(|values| seen.insert(values.clone())).collect()
}

/// The keys that any item has, and the values of one item for them.
fn valid(all: &[Values], values: &[String], keys: &[String]) -> (Vec<String>, Values) {
    let is_used =
        |at: usize| all.iter().any(|values| values.get(at).is_some_and(|value| !value.is_empty()));
    let used: Vec<bool> = (0..keys.len()).map(is_used).collect();
    if !used.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let keep = |list: &[String]| {
        let kept = list.iter().zip(&used).filter(|(_, used)| **used);
        kept.map(|(text, _)| text.clone()).collect::<Vec<String>>()
    };
    (keep(keys), keep(values))
}

/// Gives items that agree in one key and lack another the values of each other.
fn unify(all: &mut [Values]) {
    for one in 0..all.len() {
        let first = all[one].clone();
        for other in 0..all.len() {
            if let Some(both) = unified(&first, &all[other]) {
                all[one].clone_from(&both);
                all[other] = both;
            }
        }
    }
}

fn unified(one: &[String], other: &[String]) -> Option<Values> {
    let mut agrees = false;
    let mut both = Values::new();
    for (left, right) in one.iter().zip(other) {
        agrees |= left == right;
        if left != right && !left.is_empty() && !right.is_empty() {
            return None;
        }
        both.push(if left.is_empty() { right.clone() } else { left.clone() });
    }
    (agrees && one.len() == other.len()).then_some(both)
}

/// Finds an item by its keys; by its text if the key is empty. `ElementMatcher` of kyaml.
fn find(list: &Node, keys: &[String], values: &[String]) -> Option<usize> {
    let first = values.first().map_or("", String::as_str);
    if keys.first().is_none_or(String::is_empty) {
        return list.items().iter().position(|item| item.text() == first);
    }
    let fits = |item: &Node, (key, value): (&String, &String)| {
        item.get(key).is_some_and(|field| field.text() == value)
    };
    let matches = |item: &Node| {
        item.kind() == Kind::Map && keys.iter().zip(values).all(|pair| fits(item, pair))
    };
    list.items().iter().position(matches)
}

/// Replaces, appends or removes an item. Mirrors `ElementSetter` in `yaml/fns.go` of kyaml v0.21.2.
fn set_element(
    list: &mut Node,
    keys: &[String],
    values: &[String],
    element: Option<&Node>,
) -> Result<(), WrongKind> {
    let Data::Seq(items) = &mut list.data else { return Ok(()) };
    let is_map_setter = keys.first().is_some_and(|key| !key.is_empty())
        && values.first().is_some_and(|value| !value.is_empty());
    let mut is_found = false;
    let mut kept = Vec::with_capacity(items.len() + 1);
    for item in items.drain(..) {
        if item.is_null() || item.kind() == Kind::Map && item.entries().is_empty() {
            continue;
        }
        if item.kind() != Kind::Map && is_map_setter {
            kept.push(item);
        } else if matches_setter(&item, keys, values)? {
            is_found = true;
            kept.extend(element.cloned());
        } else if !values.is_empty() {
            kept.push(item);
        }
    }
    if let (false, Some(element)) = (is_found, element) {
        kept.push(element.clone());
    }
    *items = kept;
    Ok(())
}

/// An empty value fits any.
fn matches_setter(item: &Node, keys: &[String], values: &[String]) -> Result<bool, WrongKind> {
    let mut is_found = false;
    for (at, key) in keys.iter().enumerate() {
        if let Some(value) = values.get(at) {
            is_found = if key.is_empty() {
                check_kind(item, Kind::Scalar)?;
                item.value() == value
            } else {
                check_kind(item, Kind::Map)?;
                item.get(key).is_some_and(|field| value.is_empty() || field.text() == value)
            };
        }
        if !is_found {
            return Ok(false);
        }
    }
    Ok(is_found)
}

/// Appends the items of one list to another, or replaces those with the same keys.
fn append_list(list: &mut Node, more: &Node, keys: &[String]) -> Result<(), MergeError> {
    for item in more.items() {
        if keys.first().is_none_or(String::is_empty) {
            set_element(list, &[String::new()], &[item.text().to_owned()], Some(item))?;
            continue;
        }
        check_kind(item, Kind::Map)?;
        let mut values = Vec::new();
        for key in keys {
            match item.get(key) {
                Some(value) => values.push(value.text().to_owned()),
                None => {
                    if let Data::Seq(items) = &mut list.data {
                        items.push(item.clone());
                    }
                }
            }
        }
        if keys.len() > 1 {
            set_element(list, keys, &values, None)?;
        }
        set_element(list, keys, &values, Some(item))?;
    }
    Ok(())
}
