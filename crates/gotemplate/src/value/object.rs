//! Values of the host with fields and methods.

use super::{Str, Value};
use crate::function::Function;

/// A value that only the host knows: a Go structure, or a pointer to one.
pub trait Object {
    /// Returns what `%T` prints, such as `*common.Capabilities`.
    ///
    /// An object whose type begins with `*` is a pointer.
    fn type_name(&self) -> &str;

    /// Returns a field, or `None` when the type has none of that name: an error for
    /// the template, where a map would give nothing.
    fn field(&self, name: &str) -> Option<Value>;

    /// Returns whether the type has a field of that name which only its own package sees.
    fn hides_field(&self, _name: &str) -> bool {
        false
    }

    /// Returns a method, bound to this object.
    fn method(&self, _name: &str) -> Option<Function> {
        None
    }

    /// Returns the fields in the order in which Go prints them.
    fn fields(&self) -> Vec<(String, Value)> {
        Vec::new()
    }

    /// Returns the fields as `encoding/json` writes them: under other names, and not all.
    fn json_fields(&self) -> Vec<(String, Value)> {
        self.fields()
    }

    /// Returns the text of an object that is a `fmt.Stringer` where Go can take its
    /// address, as it can of what a template prints itself.
    fn text_at_address(&self) -> Option<Str> {
        self.text()
    }

    /// Returns the text of an object that is a `fmt.Stringer` or an `error`.
    fn text(&self) -> Option<Str> {
        None
    }

    /// Gives the host its own type back.
    fn as_any(&self) -> &dyn std::any::Any;
}
