//! Where values are, and which schemas led to the one at hand.

use sealift_gotemplate::Str;

use super::{Frame, Validator};
use crate::values::schema::limits::Stop;
use crate::values::schema::location::quoted;
use crate::values::schema::place::{PlaceId, Places, escaped};
use crate::values::schema::root::location;
use crate::values::schema::rules::SchemaId;

/// A place in the value that is checked.
pub(super) struct Place<'p> {
    pub(super) above: Option<&'p Self>,
    pub(super) token: Token<'p>,
}

#[derive(Clone, Copy)]
pub(super) enum Token<'p> {
    Property(&'p Str),
    Item(usize),
}

impl Place<'_> {
    /// Returns the JSON pointer of a place; of nothing for the whole value.
    pub(super) fn pointer(place: Option<&Self>) -> String {
        let mut tokens = Vec::new();
        let mut at = place;
        while let Some(place) = at {
            tokens.push(match place.token {
                Token::Property(name) => escaped(&name.to_text()),
                Token::Item(index) => index.to_string(),
            });
            at = place.above;
        }
        tokens.iter().rev().fold(String::new(), |pointer, token| pointer + "/" + token)
    }

    /// Returns how many places lead to one.
    pub(super) fn depth(place: Option<&Self>) -> usize {
        std::iter::successors(place, |place| place.above).count()
    }

    /// Returns the place in a document, when somebody asked for it before.
    pub(super) fn find(place: Option<&Self>, start: PlaceId, places: &Places) -> Option<PlaceId> {
        let mut tokens = Vec::new();
        let mut at = place;
        while let Some(place) = at {
            tokens.push(match place.token {
                Token::Property(name) => name.clone(),
                Token::Item(index) => index.to_string().into(),
            });
            at = place.above;
        }
        tokens.iter().rev().try_fold(start, |place, token| places.known(place, token))
    }
}

/// Schemas that led to one which are looked at for the price of a step.
const SCOPES_PER_STEP: usize = 32;

/// The schemas that led to one.
pub(super) struct Scope<'s> {
    pub(super) schema: SchemaId,
    /// The keyword that referred to it.
    keyword: Option<&'static str>,
    /// Counts values, so that those of the same one have the same number.
    value: usize,
    pub(super) above: Option<&'s Self>,
}

impl Scope<'_> {
    pub(super) fn top(schema: SchemaId) -> Self {
        Self { schema, keyword: None, value: 0, above: None }
    }

    pub(super) fn same(&self, schema: SchemaId, keyword: Option<&'static str>) -> Scope<'_> {
        Scope { schema, keyword, value: self.value, above: Some(self) }
    }

    pub(super) fn part(&self, schema: SchemaId) -> Scope<'_> {
        Scope { schema, keyword: None, value: self.value + 1, above: Some(self) }
    }
}

impl Validator<'_> {
    /// Returns what is wrong when a schema leads to itself for the same value.
    pub(super) fn cycle(&mut self, frame: &Frame<'_>) -> Result<Option<String>, Stop> {
        let scope = &frame.scope;
        let mut at = scope.above;
        let mut looked_at = 0;
        while let Some(above) = at.filter(|above| above.value == scope.value) {
            if above.schema == scope.schema {
                let url = quoted(&self.location(scope.schema));
                let [one, other] = [scope, above].map(|scope| self.path(scope));
                let text = format!("both {one} and {other} resolve to {url}");
                return Ok(Some(text + " causing reference cycle"));
            }
            at = above.above;
            looked_at += 1;
        }
        self.limits.spend(looked_at / SCOPES_PER_STEP)?;
        Ok(None)
    }

    fn location(&self, schema: SchemaId) -> String {
        location(self.roots, self.places, self.schema(schema).place)
    }

    /// Returns the keywords that led to a schema.
    fn path(&self, scope: &Scope<'_>) -> String {
        let mut parts = Vec::new();
        let mut at = scope;
        while let Some(above) = at.above {
            parts.push(if let Some(keyword) = at.keyword {
                format!("/{keyword}")
            } else {
                let (below, above) = (self.location(at.schema), self.location(above.schema));
                below.get(above.len()..).unwrap_or_default().to_owned()
            });
            at = above;
        }
        parts.into_iter().rev().collect()
    }
}
