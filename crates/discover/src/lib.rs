//! Documents in, findings out: one file per kind of place where an image hides.
//!
//! ```
//! use sealift_discover::{Limits, manifests};
//! use sealift_inventory::Origin;
//!
//! let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - image: nginx:1.27\n";
//! let found = manifests(text, "pod.yaml", &Origin::new(), &Limits::default())?;
//! let origin = found.findings[0].origin.to_string();
//! assert_eq!(origin, "pod.yaml:6 > Pod a > .spec.containers[0].image");
//! # Ok::<(), sealift_discover::Error>(())
//! ```
//!
//! | confidence | rule |
//! |---|---|
//! | certain | `image` of a container, image volumes, `relatedImages` |
//! | likely | a key, a variable, a flag or a property named for an image; parts beside each other; a string that nothing but an image looks like, alone in its place; the same in documents within strings |
//! | possible | a word in a sentence, a script or an example; a bare word under a key named for an image |
//!
//! Rules never know a product: what they look at is the shape of names and values.

mod address;
mod annotation;
mod args;
mod crd_default;
mod embedded_text;
mod env;
mod error;
mod found;
mod image_key;
mod limits;
mod loose_text;
mod object;
mod place;
mod pod_spec;
mod related_images;
mod role;
mod scan;
mod secret;
mod shape;
mod split_keys;
mod typed_image;
mod walk;

pub use error::Error;
pub use limits::Limits;
pub use scan::{Discovery, Scan, manifests};
