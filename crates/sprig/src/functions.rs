//! The families of functions, a file each.
#![expect(
    clippy::needless_pass_by_value,
    reason = "functions of templates have one shape: they get their arguments by value"
)]

mod cases;
mod ciphers;
mod conversion;
mod custom_certificate;
mod dates;
mod defaults;
mod dicts;
mod encoding;
mod integers;
mod keys;
mod lists;
mod math;
mod merge;
mod paths;
mod random;
mod reflection;
mod regex;
mod string_lists;
mod strings;
mod sums;
mod urls;
mod versions;
mod wrap;

use std::rc::Rc;

use sealift_gotemplate::Functions;

use crate::host::Host;
use crate::table::Table;

/// Adds all of them.
pub(crate) fn insert(functions: &mut Functions, host: &Rc<dyn Host>) {
    let mut table = Table(functions);
    strings::insert(&mut table);
    string_lists::insert(&mut table);
    cases::insert(&mut table);
    wrap::insert(&mut table);
    math::insert(&mut table);
    integers::insert(&mut table);
    defaults::insert(&mut table);
    encoding::insert(&mut table);
    lists::insert(&mut table);
    dicts::insert(&mut table);
    merge::insert(&mut table);
    conversion::insert(&mut table);
    reflection::insert(&mut table);
    regex::insert(&mut table);
    versions::insert(&mut table);
    paths::insert(&mut table);
    urls::insert(&mut table);
    sums::insert(&mut table);
    ciphers::insert(&mut table, host);
    dates::insert(&mut table, host);
    random::insert(&mut table, host);
    keys::insert(&mut table, host);
    custom_certificate::insert(&mut table, host);
}
