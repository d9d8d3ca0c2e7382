//! The class of hostile or broken content, which an error says in brackets: `error[limit]: …`.
//!
//! Scripts and reviewers sort refusals by it; the words around it may change.

use std::error::Error;

use sealift_oci::copy::CopyError;
use sealift_oci::{ManifestError, StoreError, StoreErrorKind};

/// Returns the class of an error, from whatever in its chain knows one; `None` for what is nobody's fault but the world's.
pub(crate) fn of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(class) = own(error) {
            return Some(class);
        }
        next = error.source();
    }
    None
}

/// As [`of`], where content is at fault, and not the registry that has it or the way there.
pub(crate) fn of_content(error: &(dyn Error + 'static)) -> Option<&'static str> {
    of(error).filter(|class| !matches!(*class, "credential" | "name" | "redirect"))
}

fn own(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if let Some(error) = error.downcast_ref::<ManifestError>() {
        return Some(error.class());
    }
    if let Some(error) = error.downcast_ref::<StoreError>() {
        return match error.kind {
            StoreErrorKind::Credential => Some("credential"),
            StoreErrorKind::Digest | StoreErrorKind::Length => Some("digest"),
            StoreErrorKind::Redirect => Some("redirect"),
            StoreErrorKind::Limit => Some("limit"),
            StoreErrorKind::Name => Some("name"),
            _ => None,
        };
    }
    if let Some(CopyError::TagTaken { .. }) = error.downcast_ref() {
        return Some("name");
    }
    if let Some(error) = error.downcast_ref::<sealift_kustomize::Error>() {
        return error.class();
    }
    if let Some(error) = error.downcast_ref::<Box<sealift_kustomize::Error>>() {
        return error.class();
    }
    if let Some(error) = error.downcast_ref::<sealift_files::Error>() {
        return error.class();
    }
    if let Some(error) = error.downcast_ref::<sealift_fetch::Error>() {
        return error.class();
    }
    if let Some(error) = error.downcast_ref::<sealift_products::Error>() {
        return of_input(error);
    }
    None
}

fn of_input(error: &sealift_products::Error) -> Option<&'static str> {
    match error {
        sealift_products::Error::Discover(error) if error.is_limit() => Some("limit"),
        sealift_products::Error::Fetch(error) => error.class(),
        sealift_products::Error::Gzip { source, .. } if source.is_limit() => Some("limit"),
        sealift_products::Error::ListLength { .. }
        | sealift_products::Error::ListMistakes { .. }
        | sealift_products::Error::NamedTooMuch { .. } => Some("limit"),
        sealift_products::Error::Discover(sealift_discover::Error::Scalar { .. })
        | sealift_products::Error::Utf8 { .. } => Some("type"),
        _ => None,
    }
}
