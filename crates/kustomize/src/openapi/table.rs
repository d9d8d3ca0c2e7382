//! The types of Kubernetes 1.21, from a table that is part of this program.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Field, Schema, Target, Type};

pub(super) fn builtin() -> &'static Schema {
    static BUILTIN: LazyLock<Schema> = LazyLock::new(read);
    &BUILTIN
}

fn read() -> Schema {
    let lines = || include_str!("merge_keys.txt").lines().filter(|line| !line.starts_with('#'));
    let names = lines().filter_map(|line| line.strip_prefix("type "));
    let numbers: HashMap<&str, usize> = names.enumerate().map(|(at, name)| (name, at)).collect();
    let names = numbers.iter().map(|(name, at)| ((*name).to_owned(), *at)).collect();
    let mut schema = Schema { names, ..Schema::default() };
    for line in lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match *words {
            ["type", _] => schema.types.push(Type::default()),
            ["kind", api_version, kind, name] => {
                if let Some(number) = numbers.get(name) {
                    schema.kinds.insert((api_version.to_owned(), kind.to_owned()), *number);
                }
            }
            [name, form, target, strategy, keys] => {
                let field = Field {
                    is_list: form == "list",
                    target: numbers.get(target).copied().map(Target::Own),
                    merges: strategy.split(',').any(|strategy| strategy == "merge"),
                    keys: keys.split(',').filter(|key| *key != "-").map(str::to_owned).collect(),
                };
                if let Some(last) = schema.types.last_mut() {
                    last.fields.insert(name.to_owned(), field);
                }
            }
            _ => {}
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_of_a_container_are_merged_by_two_keys() {
        let deployment = builtin().of_kind("apps/v1", "Deployment").unwrap();
        let path = ["spec", "template", "spec", "containers"];
        let containers = path.iter().try_fold(deployment, |known, name| known.field(name)).unwrap();
        assert_eq!(containers.merge_keys(), Some(&["name".to_owned()][..]));
        let ports = containers.items().unwrap().field("ports").unwrap();
        assert_eq!(ports.merge_keys().map(<[String]>::len), Some(2));
        assert!(builtin().of_kind("example.com/v1", "Deployment").is_none());
    }
}
