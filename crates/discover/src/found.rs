//! What a search has found so far, and where it is written down.

use std::collections::HashSet;

use sealift_inventory::{Address, Artifact, Class, Confidence, Finding, Origin, Step, Unresolved};
use sealift_reference::Reference;

use crate::address::{self, Url};
use crate::object::Object;
use crate::place::Place;
use crate::{Discovery, Error, Limits};

/// What holds for a part of a document.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The object that the part belongs to; `None` in a document that is no object.
    pub(crate) object: Option<&'a Object<'a>>,
    pub(crate) class: Class,
    /// No finding is surer than this.
    pub(crate) cap: Confidence,
    /// The part belongs to a Secret: nothing but references may be told.
    pub(crate) secret: bool,
    /// How many strings the walk is inside of.
    pub(crate) texts: usize,
    /// Levels below an image-like key in which plain values are references; 0 elsewhere.
    pub(crate) images: u8,
    /// Addresses are told.
    pub(crate) addresses: bool,
    /// Nodes above.
    pub(crate) depth: usize,
}

impl View<'_> {
    pub(crate) const DOCUMENT: Self = Self {
        object: None,
        class: Class::Required,
        cap: Confidence::Certain,
        secret: false,
        texts: 0,
        images: 0,
        addresses: true,
        depth: 0,
    };

    /// The same for parts that are examples: nobody starts what they name unless a user copies them.
    pub(crate) fn example(self) -> Self {
        Self { class: Class::Optional, cap: Confidence::Possible, ..self }
    }

    pub(crate) fn optional(self) -> Self {
        Self { class: Class::Optional, ..self }
    }
}

/// Leads a line of a text back to the line of the file that it was made of, both from 1.
pub(crate) type Lines<'s> = dyn Fn(u32) -> Option<u32> + 's;

/// A search of one file.
pub(crate) struct Search<'s> {
    pub(crate) file: &'s str,
    pub(crate) lines: &'s Lines<'s>,
    pub(crate) origin: &'s Origin,
    pub(crate) limits: &'s Limits,
    pub(crate) found: &'s mut Found,
    pub(crate) visits: usize,
}

/// What has been found in all files, and what is needed to decide the rest at the end.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) discovery: Discovery,
    /// Names of the environment variables that some container sets.
    variables: HashSet<String>,
    /// Places that name a variable which must hold an image.
    asked: Vec<(String, Unresolved)>,
    namespaces: HashSet<String>,
}

impl Found {
    /// Returns how many findings, unresolved places and addresses there are, those that wait for the end counted.
    pub(crate) fn count(&self) -> usize {
        let Discovery { findings, unresolved, addresses, .. } = &self.discovery;
        findings.len() + unresolved.len() + addresses.len() + self.asked.len()
    }

    /// Decides what only the whole input can tell.
    pub(crate) fn finish(self) -> Discovery {
        let Self { mut discovery, variables, asked, namespaces } = self;
        let unset = asked.into_iter().filter(|(name, _)| !variables.contains(name));
        discovery.unresolved.extend(unset.map(|(_, place)| place));
        discovery.addresses.retain(|address| {
            // `http://service.namespace:9000` is inside, whatever the namespace is called.
            let last = address::host(&address.url).rsplit('.').next().unwrap_or_default();
            !namespaces.contains(last)
        });
        discovery
    }
}

impl Search<'_> {
    /// Counts a node and refuses what is too much or too deep.
    pub(crate) fn visit(&mut self, depth: usize) -> Result<(), Error> {
        self.visits += 1;
        if self.visits > self.limits.visits {
            return Err(Error::Visits { file: self.file.to_owned(), limit: self.limits.visits });
        }
        if depth > self.limits.depth {
            return Err(Error::Depth { file: self.file.to_owned(), limit: self.limits.depth });
        }
        Ok(())
    }

    /// Writes down an image.
    pub(crate) fn image(
        &mut self,
        place: &Place<'_>,
        line: u32,
        view: View<'_>,
        (reference, confidence): (Reference, Confidence),
    ) -> Result<(), Error> {
        self.room()?;
        let origin = self.origin_of(place, line, view);
        let confidence = confidence.max(view.cap);
        self.found.discovery.findings.push(Finding {
            artifact: Artifact::Image(reference),
            origin,
            set_by: Vec::new(),
            class: view.class,
            confidence,
        });
        Ok(())
    }

    /// Writes down a text where an image must be, that is no reference.
    pub(crate) fn unresolved(
        &mut self,
        place: &Place<'_>,
        line: u32,
        view: View<'_>,
        (text, reason): (&str, String),
    ) -> Result<(), Error> {
        self.room()?;
        let unresolved = self.place_of(place, line, view, (text, reason));
        self.found.discovery.unresolved.push(unresolved);
        Ok(())
    }

    /// Writes down that a place names an environment variable, which must be set somewhere.
    pub(crate) fn asks(
        &mut self,
        place: &Place<'_>,
        line: u32,
        view: View<'_>,
        variable: &str,
    ) -> Result<(), Error> {
        self.room()?;
        let reason = "names an environment variable that the input does not set".to_owned();
        let unresolved = self.place_of(place, line, view, (variable, reason));
        self.found.asked.push((variable.to_owned(), unresolved));
        Ok(())
    }

    /// Writes down an address outside the cluster.
    pub(crate) fn address(
        &mut self,
        place: &Place<'_>,
        line: u32,
        view: View<'_>,
        url: Url,
    ) -> Result<(), Error> {
        if !view.addresses || view.secret || view.cap == Confidence::Possible {
            return Ok(());
        }
        self.room()?;
        let origin = self.origin_of(place, line, view);
        let is_charts = view.object.is_some_and(|object| object.is("HelmRepository"));
        let kind = if is_charts && url.kind == "web" { "chart-repository" } else { url.kind };
        self.found.discovery.addresses.push(Address {
            url: url.text,
            kind: kind.to_owned(),
            origin,
        });
        Ok(())
    }

    /// Remembers that a container sets an environment variable.
    pub(crate) fn sets(&mut self, variable: &str) {
        if role_of_variable(variable) && !self.found.variables.contains(variable) {
            self.found.variables.insert(variable.to_owned());
        }
    }

    /// Remembers that a namespace is inside the cluster.
    pub(crate) fn namespace(&mut self, namespace: &str) {
        if !self.found.namespaces.contains(namespace) {
            self.found.namespaces.insert(namespace.to_owned());
        }
    }

    fn place_of(
        &self,
        place: &Place<'_>,
        line: u32,
        view: View<'_>,
        (text, reason): (&str, String),
    ) -> Unresolved {
        let origin = self.origin_of(place, line, view);
        if view.secret {
            let reason = "in a Secret, whose text is not shown".to_owned();
            return Unresolved { text: String::new(), origin, reason };
        }
        let text = text.chars().take(MAX_TEXT).collect();
        Unresolved { text, origin, reason }
    }

    fn origin_of(&self, place: &Place<'_>, line: u32, view: View<'_>) -> Origin {
        let line_of_file = (self.lines)(place.file_line(line));
        let file = Step::File { path: self.file.to_owned(), line: line_of_file };
        let mut origin = self.origin.clone().with(file);
        if let Some(object) = view.object {
            origin = origin.with(Step::Object(object.to_string()));
        }
        place.origin(origin, line, !view.secret)
    }

    fn room(&self) -> Result<(), Error> {
        let limit = self.limits.findings;
        if self.found.count() >= limit {
            return Err(Error::Findings { file: self.file.to_owned(), limit });
        }
        Ok(())
    }
}

/// Characters of an unresolved text that are kept.
const MAX_TEXT: usize = 300;

fn role_of_variable(variable: &str) -> bool {
    variable.len() <= 256 && variable.contains("IMAGE")
}
