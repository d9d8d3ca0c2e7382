//! What a user says: files of values, and the `--set` family.

use sealift_gotemplate::{Budget, Map, Str, Value};

use super::read::{merged, values};
use super::strvals::{Kind, Stop, parse_into};
use super::{Error, Flag};
use crate::Profile;

/// What a user says of values, by flag.
///
/// Mirrors `Options` in `pkg/cli/values/options.go` of Helm 4.2.4. Whatever the order of flags
/// on a command line, files come first, then the fields below in their order; later ones win.
#[derive(Clone, Debug, Default)]
pub struct UserValues {
    /// `--values`.
    pub files: Vec<ValuesFile>,
    /// `--set-json`.
    pub json: Vec<String>,
    /// `--set`.
    pub set: Vec<String>,
    /// `--set-string`.
    pub strings: Vec<String>,
    /// `--set-file`.
    pub file_contents: Vec<String>,
    /// `--set-literal`.
    pub literals: Vec<String>,
}

/// A file of values that was read.
#[derive(Clone, Debug)]
pub struct ValuesFile {
    /// The file as it was named.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl UserValues {
    /// Returns all as one map, of which nothing else holds a part.
    ///
    /// `read` returns what is in a file that `--set-file` names, or why that cannot be read.
    ///
    /// # Errors
    ///
    /// The first [`Error::File`], [`Error::SetJson`], [`Error::Set`] or [`Error::Limit`].
    pub fn merge(
        &self,
        profile: Profile,
        read: &mut dyn FnMut(&str) -> Result<Str, String>,
    ) -> Result<Map, Error> {
        let mut map = self.merge_files(profile)?;
        for argument in &self.json {
            map = merge_json(argument, map, profile)?;
        }
        let mut set = |arguments: &[String], flag, read: &mut dyn FnMut(&str) -> _| {
            arguments.iter().try_for_each(|argument| {
                let kind = match flag {
                    Flag::Set => Kind::Typed,
                    Flag::String => Kind::String,
                    Flag::File => Kind::File(read),
                    Flag::Literal => Kind::Literal,
                };
                parse_into(argument, kind, &map).or_else(|stop| stopped(stop, flag, profile))
            })
        };
        set(&self.set, Flag::Set, read)?;
        set(&self.strings, Flag::String, read)?;
        set(&self.file_contents, Flag::File, read)?;
        set(&self.literals, Flag::Literal, read)?;
        Ok(map)
    }

    fn merge_files(&self, profile: Profile) -> Result<Map, Error> {
        let mut map = Map::new();
        for file in &self.files {
            let read = values(&file.bytes, profile).map_err(|error| Error::File {
                file: file.name.clone(),
                message: error.to_string(),
            })?;
            map = merged(&map, &read);
        }
        Ok(map)
    }
}

fn merge_json(argument: &str, map: Map, profile: Profile) -> Result<Map, Error> {
    let trimmed = argument.trim();
    if profile.rules().sets_json_objects && trimmed.starts_with('{') {
        let text = trimmed.into();
        return match sealift_sprig::json::first(&text, &Budget::default()) {
            Ok((Value::Map(object), end)) if end == text.len() => Ok(merged(&map, &object)),
            _ => Err(Error::SetJson { argument: argument.to_owned(), object: true }),
        };
    }
    match parse_into(argument, Kind::Json, &map) {
        Ok(()) => Ok(map),
        Err(Stop::Limit(limit)) => Err(limit.into()),
        Err(Stop::EndOfIndex) if profile.rules().ends_in_index => Ok(map),
        Err(_) => Err(Error::SetJson { argument: argument.to_owned(), object: false }),
    }
}

fn stopped(stop: Stop, flag: Flag, profile: Profile) -> Result<(), Error> {
    let message = match stop {
        Stop::End => return Ok(()),
        Stop::EndOfIndex if profile.rules().ends_in_index => return Ok(()),
        Stop::EndOfIndex => "error parsing index: EOF".to_owned(),
        Stop::Fault(message) => message,
        Stop::Limit(limit) => return Err(limit.into()),
    };
    Err(Error::Set { flag, message })
}
