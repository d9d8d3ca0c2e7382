//! Names of other objects, which follow the objects when those are renamed.

use std::collections::HashMap;

use super::field::{FieldError, apply_path};
use crate::config::NameReference;
use crate::id::{Gvk, ResId};
use crate::resource::{Resource, meta};
use crate::yaml::edit::{check_kind, set_field, set_scalar};
use crate::yaml::{Data, Kind, Node};

/// Changes the names of renamed objects wherever they stand.
///
/// Mirrors `internal/accumulator/namereferencetransformer.go` and `filters/nameref` of kustomize api v0.21.2. What objects
/// are called is looked at once, before anything is changed.
pub(crate) fn fix(
    resources: &mut [Resource],
    references: &[NameReference],
) -> Result<(), FieldError> {
    let targets = Targets::new(resources);
    let rules: Vec<Rule<'_>> = references.iter().flat_map(Rule::all).collect();
    let mut referrals = Vec::new();
    for (at, resource) in resources.iter_mut().enumerate() {
        let mut referrer = Referrer { targets: &targets, at, referrals: &mut referrals };
        let original = resource.original_id();
        let rules = rules.iter().filter(|rule| original.gvk.is_selected(&rule.spec_gvk));
        for rule in rules {
            referrer.apply(&mut resource.node, rule)?;
        }
    }
    for (target, referrer) in referrals {
        let id = targets.all[referrer].current.to_string();
        resources[target].history.referrers.push(id);
    }
    Ok(())
}

/// A field that holds a name.
struct Rule<'r> {
    /// The kind that is named.
    target: &'r Gvk,
    spec_gvk: Gvk,
    path: &'r str,
    parts: Vec<String>,
}

impl<'r> Rule<'r> {
    fn all(reference: &'r NameReference) -> impl Iterator<Item = Self> + 'r {
        reference.referrers.0.iter().map(|spec| Self {
            target: &reference.gvk,
            spec_gvk: spec.gvk.clone(),
            path: &spec.path,
            parts: spec.parts(),
        })
    }
}

/// What an object is called and was called.
struct Target {
    current: ResId,
    original: ResId,
    previous: Vec<ResId>,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// Group and kind of `roleRef`.
    role: Option<Gvk>,
    /// Namespaces of the service accounts of a `RoleBinding`.
    namespaces: Vec<String>,
}

struct Targets {
    all: Vec<Target>,
    by_previous_name: HashMap<String, Vec<usize>>,
}

impl Targets {
    fn new(resources: &[Resource]) -> Self {
        let all: Vec<Target> = resources.iter().map(Target::of).collect();
        let mut by_previous_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, target) in all.iter().enumerate() {
            for id in &target.previous {
                let same = by_previous_name.entry(id.name.clone()).or_default();
                if same.last() != Some(&at) {
                    same.push(at);
                }
            }
        }
        Self { all, by_previous_name }
    }
}

impl Target {
    fn of(resource: &Resource) -> Self {
        Self {
            current: resource.id(),
            original: resource.original_id(),
            previous: resource.previous_ids().collect(),
            prefixes: resource.history.prefixes.clone(),
            suffixes: resource.history.suffixes.clone(),
            role: role(&resource.node),
            namespaces: binding_namespaces(&resource.node),
        }
    }

    fn has_affixes_of(&self, other: &Self, may_be_empty: bool) -> bool {
        let same = |one: &[String], other: &[String]| {
            may_be_empty && (one.is_empty() || other.is_empty()) || same_end(one, other)
        };
        same(&self.prefixes, &other.prefixes) && same(&self.suffixes, &other.suffixes)
    }
}

/// Whether the shorter list is the end of the longer one; an empty one is that of an empty one only.
fn same_end(one: &[String], other: &[String]) -> bool {
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    if short.is_empty() { long.is_empty() } else { long.ends_with(short) }
}

fn role(object: &Node) -> Option<Gvk> {
    let role = object.get("roleRef")?;
    let text = |field: &str| role.get(field).map(|node| node.text().to_owned());
    Some(Gvk { group: text("apiGroup")?, version: String::new(), kind: text("kind")? })
}

fn binding_namespaces(object: &Node) -> Vec<String> {
    if meta::kind(object) != "RoleBinding" {
        return Vec::new();
    }
    let subjects = object.get("subjects").map_or(&[][..], Node::items);
    let accounts = subjects
        .iter()
        .filter(|subject| subject.get("kind").is_some_and(|kind| kind.text() == "ServiceAccount"));
    accounts.filter_map(|subject| Some(subject.get("namespace")?.text().to_owned())).collect()
}

/// What holds a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holder<'n> {
    Scalar,
    /// A map, with its namespace if it has one.
    Map(Option<&'n str>),
}

struct Referrer<'t> {
    targets: &'t Targets,
    at: usize,
    /// Pairs of a target and the object that names it.
    referrals: &'t mut Vec<(usize, usize)>,
}

impl<'t> Referrer<'t> {
    fn own(&self) -> &'t Target {
        &self.targets.all[self.at]
    }

    fn apply(&mut self, object: &mut Node, rule: &Rule<'_>) -> Result<(), FieldError> {
        let id = self.own().current.to_string();
        apply_path(rule.path, &rule.parts, None, object, &mut |field| self.set(field, rule))
            .map_err(|error| {
                let path = rule.path;
                FieldError::Other(format!(
                    "updating name reference in '{path}' field of '{id}': {error}"
                ))
            })
    }

    fn set(&mut self, field: &mut Node, rule: &Rule<'_>) -> Result<(), FieldError> {
        if field.is_null() {
            return Ok(());
        }
        match &mut field.data {
            Data::Map(_) => self.set_map(field, rule),
            Data::Seq(items) => {
                items.iter_mut().filter(|item| !item.is_null()).try_for_each(|item| {
                    match item.kind() {
                        Kind::Map => self.set_map(item, rule),
                        Kind::Scalar => self.set_scalar(item, rule),
                        Kind::Seq => Err(FieldError::Other(
                            "a list of references holds a list instead of a string or a map"
                                .to_owned(),
                        )),
                    }
                })
            }
            _ => self.set_scalar(field, rule),
        }
    }

    fn set_scalar(&mut self, field: &mut Node, rule: &Rule<'_>) -> Result<(), FieldError> {
        let Some(target) = self.select(field.text(), rule, Holder::Scalar)? else { return Ok(()) };
        let name = &self.targets.all[target].current.name;
        if name != field.text() && !name.is_empty() {
            set_scalar(field, Node::scalar(name.as_str()))?;
        }
        Ok(())
    }

    fn set_map(&mut self, map: &mut Node, rule: &Rule<'_>) -> Result<(), FieldError> {
        check_kind(map, Kind::Map)?;
        let Some(name) = map.get("name") else {
            return Err(FieldError::Other("path config error; no 'name' field in node".to_owned()));
        };
        let old = name.text().to_owned();
        let namespace = map.get("namespace").map(|node| node.text().to_owned());
        let Some(target) = self.select(&old, rule, Holder::Map(namespace.as_deref()))? else {
            return Ok(());
        };
        let current = &self.targets.all[target].current;
        if current.name == old && current.namespace.is_empty() {
            return Ok(());
        }
        set_field(map, "name", Node::scalar(current.name.as_str()))?;
        if !current.namespace.is_empty() {
            set_field(map, "namespace", Node::scalar(current.namespace.as_str()))?;
        }
        Ok(())
    }

    /// Finds the object that a name means.
    fn select(
        &mut self,
        name: &str,
        rule: &Rule<'_>,
        holder: Holder<'_>,
    ) -> Result<Option<usize>, FieldError> {
        let Some(named) = self.targets.by_previous_name.get(name) else { return Ok(None) };
        let mut found: Vec<usize> =
            named.iter().copied().filter(|at| self.may_refer(*at)).collect();
        if let Holder::Map(Some(namespace)) = holder {
            found = self.in_namespace(found, namespace);
        }
        found.retain(|at| self.fits(*at, rule));
        if found.len() > 1 {
            let own = self.own();
            found.retain(|at| self.targets.all[*at].has_affixes_of(own, true));
            if found.len() > 1 {
                found.retain(|at| self.targets.all[*at].has_affixes_of(own, false));
            }
        }
        let Some(first) = found.first().copied() else { return Ok(None) };
        let current = |at: usize| &self.targets.all[at].current;
        let is_same = |at: &usize| {
            current(*at).name == current(first).name
                && (holder == Holder::Scalar || current(*at).namespace == current(first).namespace)
        };
        if !found.iter().all(is_same) {
            let ids: Vec<_> = found.iter().map(|at| current(*at).to_string()).collect();
            return Err(FieldError::Other(format!(
                "found multiple possible referrals: {}",
                ids.join(", ")
            )));
        }
        self.referrals.push((first, self.at));
        Ok(Some(first))
    }

    /// Whether the object may name another one. `SubsetThatCouldBeReferencedByResource` of kustomize.
    fn may_refer(&self, at: usize) -> bool {
        let (own, target) = (self.own(), &self.targets.all[at].current);
        own.current.is_cluster_scoped
            || target.is_cluster_scoped
            || target.is_in_namespace_of(&own.current)
            || own.namespaces.contains(&target.namespace)
    }

    /// Those that were in a namespace; if there never was any, those that are in it.
    fn in_namespace(&self, found: Vec<usize>, namespace: &str) -> Vec<usize> {
        let targets = self.targets;
        let was = |at: usize| targets.all[at].original.effective_namespace() == namespace;
        let is = |at: usize| {
            let current = &targets.all[at].current;
            !current.is_cluster_scoped && current.effective_namespace() == namespace
        };
        let any_was = (0..targets.all.len()).any(|at| was(at) && self.may_refer(at));
        if any_was && namespace != "_non_namespaceable_" {
            found.into_iter().filter(|at| was(*at)).collect()
        } else {
            found.into_iter().filter(|at| is(*at)).collect()
        }
    }

    fn fits(&self, at: usize, rule: &Rule<'_>) -> bool {
        let (own, target) = (self.own(), &self.targets.all[at]);
        let had_kind = |gvk: &Gvk| target.previous.iter().any(|id| id.gvk.is_selected(gvk));
        let is_role = rule.path.ends_with("roleRef/name");
        let wanted = own.role.as_ref().filter(|_| is_role);
        had_kind(rule.target)
            && wanted.is_none_or(had_kind)
            && (own.current.is_cluster_scoped
                || target.current.is_cluster_scoped
                || target.current.gvk.kind == "ServiceAccount"
                || own.current.is_in_namespace_of(&target.current))
    }
}
