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
        let set = |arguments: &[String], flag, read: &mut dyn FnMut(&str) -> _| {
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
        Stop::Bound(message) => return Err(Error::SetLimit { flag, message }),
        Stop::Limit(limit) => return Err(limit.into()),
    };
    Err(Error::Set { flag, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::printed;

    fn shown(user: &UserValues, profile: Profile) -> String {
        let mut read = |name: &str| match name {
            "there" => Ok(Str::from("true")),
            _ => Err(format!("open {name}: no such file or directory")),
        };
        match user.merge(profile, &mut read) {
            Ok(map) => printed("%v", &map.into()),
            Err(error) => error.to_string(),
        }
    }

    /// Returns what `--set` makes of an argument in both releases, when it is the same.
    fn set(argument: &str) -> String {
        let user = UserValues { set: vec![argument.to_owned()], ..UserValues::default() };
        let [old, new] = Profile::ALL.map(|profile| shown(&user, profile));
        assert_eq!(old, new, "{argument}");
        new
    }

    #[test]
    fn later_flags_win_whatever_is_given_first() {
        let user = UserValues {
            files: ["a: file\nm: {x: 1, y: 1}\n", "m: {y: 2}\n"]
                .map(|text| ValuesFile { name: "f".to_owned(), bytes: text.into() })
                .into(),
            json: vec!["j=[1,2.5],m={\"z\":null}".to_owned()],
            set: vec!["s=1,l={a,1},m.q=true".to_owned()],
            strings: vec!["s2=1".to_owned()],
            file_contents: vec!["f=there".to_owned()],
            literals: vec!["lit={a},b".to_owned()],
        };
        let wanted =
            "map[a:file f:true j:[1 2.5] l:[a 1] lit:{a},b m:map[q:true z:<nil>] s:1 s2:1]";
        assert_eq!(shown(&user, Profile::default()), wanted);
    }

    #[test]
    fn arguments_are_read_as_helm_reads_them() {
        let table = [
            ("a=1,b.c=x,d[1]=y", "map[a:1 b:map[c:x] d:[<nil> y]]"),
            ("a={}", "map[a:[]]"),
            ("a[0]", "map[a:[]]"),
            ("a[0].b=", "map[a:[]]"),
            ("a[0][1].b=1", "map[a:[[<nil> map[b:1]]]]"),
            ("a\\.b=1\\,2", "map[a.b:1,2]"),
            ("=1,.b=2", "map[]"),
            ("a", "failed parsing --set data: key \"a\" has no value"),
            ("a,b=1", "failed parsing --set data: key \"a\" has no value (cannot end with ,)"),
            ("a.=1", "failed parsing --set data: key map \"a\" has no value"),
            ("a={1", "failed parsing --set data: list must terminate with '}'"),
            ("a[-1]=1", "failed parsing --set data: negative -1 index not allowed"),
            ("a[0]b=1", "failed parsing --set data: unexpected data at end of array index: ['b']"),
            (
                "a[x]=1",
                "failed parsing --set data: error parsing index: strconv.Atoi: parsing \"x\": \
                 invalid syntax",
            ),
            (
                "a=1,a[0]=1",
                "failed parsing --set data: unable to parse key: interface conversion: \
                 interface {} is int64, not []interface {}",
            ),
        ];
        for (argument, wanted) in table {
            assert_eq!(set(argument), wanted, "{argument}");
        }
    }

    #[test]
    fn an_argument_that_ends_in_an_index_is_an_error_in_one_release() {
        let user = UserValues { set: vec!["a=1,b[0".to_owned()], ..UserValues::default() };
        assert_eq!(shown(&user, Profile::Helm4_2_4), "map[a:1]");
        let wanted = "failed parsing --set data: error parsing index: EOF";
        assert_eq!(shown(&user, Profile::Helm3_21_4), wanted);
    }

    #[test]
    fn limits_are_helms_where_helm_has_them() {
        let wanted = "failed parsing --set data: index of 65537 is greater than maximum supported \
                      index of 65536";
        assert_eq!(set("a[65537]=1"), wanted);
        let wanted = "failed parsing --set data: value name nested level is greater than maximum \
                      supported nested level of 30";
        assert_eq!(set(&format!("{}a=1", "a.".repeat(31))), wanted);
        assert!(set(&format!("{}a=1", "a.".repeat(30))).starts_with("map[a:map["));
        let user = |argument| UserValues { set: vec![argument], ..UserValues::default() };
        let merge = |argument| {
            user(argument).merge(Profile::default(), &mut |_| Err(String::new())).map(|_| ())
        };
        assert!(merge(format!("a{}=1", "[0]".repeat(100_000))).is_err_and(|e| e.is_limit()));
        assert!(merge(format!("a{}=1", "[65536]".repeat(100))).is_err_and(|e| e.is_limit()));
    }
}
