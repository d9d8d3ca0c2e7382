//! A host with values and functions of many types: the same as `host()` in `../go/main.go`.

use std::any::Any;
use std::rc::Rc;

use sealift_gotemplate::{
    Function, FunctionError, Functions, List, Map, Named, Number, Object, Signature, Str, Type,
    Value, sprint,
};

const MOST: usize = 1 << 20;

fn strs(texts: &[&str]) -> Value {
    List::typed(Type::String, texts.iter().map(|&text| text.into()).collect()).into()
}

fn typed(elem: Type, entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let map = Map::typed(elem);
    for (key, value) in entries {
        map.insert(key, value);
    }
    map.into()
}

fn dict(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    typed(Type::Any, entries)
}

struct Version {
    number: &'static str,
    major: i64,
    extra: Value,
    next: Option<Rc<Self>>,
    labels: Value,
}

const VERSION: &str = "*main.Version";

impl Object for Version {
    fn type_name(&self) -> &'static str {
        VERSION
    }

    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    fn method(&self, name: &str) -> Option<Function> {
        let version = self.number;
        match name {
            "Join" => {
                let signature = Signature::variadic([Type::String], Type::Int, Type::String);
                Some(Function::new(signature, move |_, arguments| {
                    let more = List::typed(Type::Int, arguments[1..].to_vec());
                    let text = sprint(&[version.into(), arguments[0].clone(), more.into()], MOST)?;
                    Ok(text.to_text().trim_matches(' ').into())
                }))
            }
            "Fail" => {
                let signature = Signature::new([], Type::String);
                Some(Function::new(signature, |_, _| Err("it fails".into())))
            }
            _ => None,
        }
    }

    fn fields(&self) -> Vec<(String, Value)> {
        let next = match &self.next {
            Some(next) => Value::Object(Rc::clone(next) as Rc<dyn Object>),
            None => Value::NilOf(Rc::new(Type::Object(VERSION.into()))),
        };
        vec![
            ("Version".to_owned(), self.number.into()),
            ("Major".to_owned(), self.major.into()),
            ("Extra".to_owned(), self.extra.clone()),
            ("Next".to_owned(), next),
            ("Labels".to_owned(), self.labels.clone()),
        ]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct Name(&'static str);

impl Object for Name {
    fn type_name(&self) -> &'static str {
        "*main.Name"
    }

    fn field(&self, name: &str) -> Option<Value> {
        (name == "First").then(|| self.0.into())
    }

    fn method(&self, name: &str) -> Option<Function> {
        let text = self.text()?;
        let signature = Signature::new([], Type::String);
        let function = Function::new(signature, move |_, _| Ok(text.clone().into()));
        (name == "String").then_some(function)
    }

    fn fields(&self) -> Vec<(String, Value)> {
        vec![("First".to_owned(), self.0.into())]
    }

    fn text(&self) -> Option<Str> {
        Some(format!("I am {}", self.0).into())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The type of `vals`, a named map with methods.
fn values_type() -> Rc<Named> {
    Named::new("main.Values", Type::dict(), |receiver, name| {
        let receiver = receiver.clone();
        match name {
            "Size" => {
                let len = receiver.as_map().map_or(0, Map::len);
                let len = i64::try_from(len).unwrap_or_default();
                Some(Function::new(Signature::new([], Type::Int), move |_, _| Ok(len.into())))
            }
            "Table" => {
                let signature = Signature::new([Type::String], Type::Named(values_type()));
                Some(Function::new(signature, move |_, arguments| {
                    let name = arguments[0].as_str().ok_or("no name")?;
                    let found = receiver.as_map().and_then(|map| map.get(name.as_bytes()));
                    found
                        .filter(|found| found.as_map().is_some())
                        .ok_or_else(|| format!("{name:?} is not a table").into())
                }))
            }
            _ => None,
        }
    })
}

fn set_type() -> Rc<Named> {
    Named::new("main.Set", Type::list(Type::String), |receiver, name| {
        let receiver = receiver.clone();
        let has = Function::new(Signature::new([Type::String], Type::Bool), move |_, arguments| {
            let list = receiver.as_list().map(List::items).unwrap_or_default();
            Ok(list.iter().any(|item| item.as_str() == arguments[0].as_str()).into())
        });
        (name == "Has").then_some(has)
    })
}

fn numbers() -> Vec<(&'static str, Value)> {
    vec![
        ("int", Value::Int(7)),
        ("i8", Number::Int8(-8).into()),
        ("i16", Number::Int16(16).into()),
        ("i32", Number::Int32(32).into()),
        ("i64", Value::Int64(64)),
        ("uint", Number::Uint(7).into()),
        ("u8", Number::Uint8(200).into()),
        ("u16", Number::Uint16(16).into()),
        ("u32", Number::Uint32(32).into()),
        ("u64", Number::Uint64(1 << 63).into()),
        ("f32", Number::Float32(0.1).into()),
        ("f64", Value::Float(2.0)),
        ("c", Number::Complex(Box::new((1.0, -2.0))).into()),
    ]
}

/// The data.
pub(crate) fn data() -> Value {
    let nil = |kind: Type| Value::NilOf(Rc::new(kind));
    let labels = |key, value: &str| typed(Type::String, [(key, value.into())]);
    let vals = Map::named(values_type());
    vals.insert("a", dict([("b", Value::Int(1))]));
    vals.insert("n", 1.5);
    let next = Version {
        number: "n",
        major: 0,
        extra: Value::Nil,
        next: None,
        labels: nil(Type::map(Type::String)),
    };
    let version = Version {
        number: "v1.2",
        major: 1,
        extra: Value::Int(5),
        next: Some(Rc::new(next)),
        labels: labels("z", "1"),
    };
    let strings = Type::list(Type::String);
    let any = vec![
        Value::Int(1),
        Value::Int64(2),
        Number::Uint8(3).into(),
        "s".into(),
        Value::Nil,
        strs(&["q"]),
        true.into(),
    ];
    let signature = Signature::variadic([Type::Int], Type::String, Type::String);
    let function = Function::new(signature, |_, arguments| {
        let more = List::typed(Type::String, arguments[1..].to_vec());
        Ok(sprint(&[arguments[0].clone(), more.into()], MOST)?.into())
    });
    let others = vec![
        ("t", true.into()),
        ("s", "text".into()),
        ("bad", Str::from(&b"a\xffb"[..]).into()),
        ("bytes", Value::Bytes(Str::from(&b"by\xfftes"[..]))),
        ("strs", strs(&["a", "b"])),
        ("ints", List::typed(Type::Int, vec![3.into(), 1.into(), 2.into()]).into()),
        ("nilmap", nil(Type::dict())),
        ("nillist", nil(Type::list(Type::Any))),
        ("nilver", nil(Type::Object(VERSION.into()))),
        ("nilbytes", nil(Type::Bytes)),
        ("nil", Value::Nil),
        ("labels", labels("k", "v")),
        ("lists", List::typed(strings.clone(), vec![strs(&["x"]), nil(strings)]).into()),
        ("vals", vals.into()),
        ("set", List::named(set_type(), vec!["v1".into(), "apps/v1".into()]).into()),
        ("files", typed(Type::Bytes, [("f.txt", Value::Bytes("hi".into()))])),
        ("ver", Value::Object(Rc::new(version))),
        ("name", Value::Object(Rc::new(Name("Bob")))),
        ("any", List::new(any).into()),
        ("func", function.into()),
    ];
    dict(numbers().into_iter().chain(others))
}

/// The functions.
pub(crate) fn functions() -> Functions {
    let mut functions = Functions::new();
    let mut add = |name: &str, params: &[Type], result: Type, body: Body| {
        functions.insert(name, Function::new(Signature::new(params, result), move |_, a| body(a)));
    };
    add("fstr", &[Type::String], Type::String, |a| Ok(format!("<{}>", text(&a[0])).into()));
    add("fint", &[Type::Int], Type::Int, |a| Ok(Value::Int(int(&a[0]).wrapping_add(1))));
    add("fi64", &[Type::Int64], Type::Int64, |a| Ok(Value::Int64(int(&a[0]).wrapping_add(1))));
    add("fuint", &[Type::Uint], Type::Uint, |a| Ok(a[0].clone()));
    add("fu8", &[Type::Uint8], Type::Uint8, |a| Ok(a[0].clone()));
    add("ffloat", &[Type::Float64], Type::Float64, |a| match a[0] {
        Value::Float(float) => Ok((float / 2.0).into()),
        _ => Err("no float".into()),
    });
    add("ff32", &[Type::Float32], Type::Float32, |a| Ok(a[0].clone()));
    add("fcomplex", &[Type::Complex], Type::Complex, |a| Ok(a[0].clone()));
    add("fbool", &[Type::Bool], Type::Bool, |a| Ok((!a[0].is_true()).into()));
    add("fmap", &[Type::dict()], Type::Int, |a| Ok(len(&a[0])));
    add("flist", &[Type::list(Type::Any)], Type::Int, |a| Ok(len(&a[0])));
    add("fany", &[Type::Any], Type::Any, |a| Ok(a[0].clone()));
    add("ferr", &[Type::String], Type::String, |a| Err(format!("no {}", text(&a[0])).into()));
    add("fbytes", &[Type::Bytes], Type::String, |a| match &a[0] {
        Value::Bytes(bytes) => Ok(bytes.clone().into()),
        _ => Ok("".into()),
    });
    add("fnil", &[], Type::Any, |_| Ok(Value::Nil));
    add("fnilmap", &[], Type::dict(), |_| Ok(Value::Nil));
    add("fvals", &[Type::Named(values_type())], Type::Int, |a| Ok(len(&a[0])));
    add("fver", &[Type::Object(VERSION.into())], Type::String, |a| match &a[0] {
        Value::Object(object) => Ok(object.field("Version").unwrap_or(Value::Nil)),
        _ => Err("runtime error: invalid memory address or nil pointer dereference".into()),
    });
    add("ftype", &[Type::Any], Type::String, |a| match &a[0] {
        Value::Nil => Ok("<nil>".into()),
        value => Ok(value.kind().to_string().into()),
    });
    add("set", &[Type::dict(), Type::String, Type::Any], Type::dict(), |a| match &a[0] {
        Value::Map(map) => {
            map.insert(text(&a[1]), a[2].clone());
            Ok(a[0].clone())
        }
        _ => Err("assignment to entry in nil map".into()),
    });
    variadic(&mut functions);
    functions
}

type Body = fn(&[Value]) -> Result<Value, FunctionError>;

fn variadic(functions: &mut Functions) {
    let mut add = |name: &str, params: &[Type], more: Type, result: Type, body: Body| {
        let signature = Signature::variadic(params, more, result);
        functions.insert(name, Function::new(signature, move |_, a| body(a)));
    };
    add("fstrs", &[], Type::String, Type::list(Type::String), |a| {
        Ok(List::typed(Type::String, a.to_vec()).into())
    });
    add("fanys", &[], Type::Any, Type::list(Type::Any), |a| Ok(List::new(a.to_vec()).into()));
    add("fmix", &[Type::String, Type::Any], Type::Int, Type::String, |a| {
        let more = List::typed(Type::Int, a[2..].to_vec());
        Ok(sprint(&[a[0].clone(), a[1].clone(), more.into()], MOST)?.into())
    });
    add("dict", &[], Type::Any, Type::dict(), |a| {
        let map = Map::new();
        for pair in a.chunks_exact(2) {
            map.insert(sprint(&pair[..1], MOST)?, pair[1].clone());
        }
        Ok(map.into())
    });
}

fn text(value: &Value) -> String {
    value.as_str().map(|text| text.to_text().into_owned()).unwrap_or_default()
}

fn int(value: &Value) -> i64 {
    match value {
        Value::Int(int) | Value::Int64(int) => *int,
        _ => 0,
    }
}

fn len(value: &Value) -> Value {
    let len = match value {
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        _ => 0,
    };
    Value::Int(i64::try_from(len).unwrap_or_default())
}
