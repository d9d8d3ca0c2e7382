//! Dates, times of day and lengths of time.

use std::rc::Rc;

use sealift_gotemplate::{Context, Function, Number, Object, Signature, Str, Type, Value};

use crate::host::{Host, Moment};
use crate::table::{Give, Result, Table, Take};
use crate::time::{self, Civil, Duration, PLAIN, coarse};

const TYPE_NAME: &str = "time.Time";

impl Object for Moment {
    fn type_name(&self) -> &str {
        TYPE_NAME
    }

    fn field(&self, _: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<Function> {
        let civil = Civil::of(*self);
        let int = |number: i64| Some(getter(Type::Int, Value::Int(number)));
        match name {
            "Format" => Some(formatter(*self)),
            "String" => Some(getter(Type::String, Str::from(time::format(*self, PLAIN)).into())),
            "Unix" => Some(getter(Type::Int64, Value::Int64(self.seconds))),
            "UnixNano" => {
                let nanoseconds = self.seconds.wrapping_mul(1_000_000_000);
                let all = nanoseconds.wrapping_add(self.nanoseconds.into());
                Some(getter(Type::Int64, Value::Int64(all)))
            }
            "Year" => int(civil.year),
            "Day" => int(civil.day.into()),
            "YearDay" => int(civil.day_of_year.into()),
            "Hour" => int(civil.hour.into()),
            "Minute" => int(civil.minute.into()),
            "Second" => int(civil.second.into()),
            "Nanosecond" => int(civil.nanoseconds.into()),
            "IsZero" => Some(getter(Type::Bool, (*self == time::ZERO).into())),
            "UTC" | "Local" => Some(getter(<Self as Give>::kind(), self.give())),
            _ => None,
        }
    }

    fn text(&self) -> Option<Str> {
        Some(Str::from(time::format(*self, PLAIN)))
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl Give for Moment {
    fn kind() -> Type {
        Type::Object(TYPE_NAME.into())
    }

    fn give(self) -> Value {
        Value::Object(Rc::new(self))
    }
}

impl Take for Moment {
    fn kind() -> Type {
        Type::Object(TYPE_NAME.into())
    }

    fn take(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.as_any().downcast_ref::<Self>().copied(),
            _ => None,
        }
    }
}

fn getter(kind: Type, value: Value) -> Function {
    Function::new(Signature::new([], kind), move |_, _| Ok(value.clone()))
}

fn formatter(moment: Moment) -> Function {
    Function::new(Signature::new([Type::String], Type::String), move |context, arguments| {
        match arguments {
            [Value::Str(layout)] => Ok(written(context, moment, layout)?.into()),
            _ => Err("an argument is not what the signature says".into()),
        }
    })
}

/// Returns a moment as a layout writes it; few bytes of a layout become many.
fn written(context: &Context<'_>, moment: Moment, layout: &Str) -> Result<Str> {
    context.budget().check_string(layout.len().saturating_mul(20))?;
    Ok(layout.derive(time::format(moment, layout.as_bytes())))
}

pub(super) fn insert(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let clock = Rc::clone(host);
    table.none("now", move |_| Ok(clock.now()));
    insert_formats(table, host);
    insert_durations(table, host);
    table.one("unixEpoch", |_, date: Moment| Ok(Str::from(date.seconds.to_string())));
    for name in ["dateModify", "date_modify"] {
        table.two(name, |_, by: Str, date: Moment| {
            Ok(Duration::parse(&by.to_text()).map_or(date, |by| later(date, by)))
        });
    }
    for name in ["mustDateModify", "must_date_modify"] {
        table
            .two(name, |_, by: Str, date: Moment| Ok(later(date, Duration::parse(&by.to_text())?)));
    }
    table.two("toDate", |_, layout: Str, text: Str| {
        Ok(time::parse(layout.as_bytes(), text.as_bytes()).unwrap_or(time::ZERO))
    });
    table.two("mustToDate", |_, layout: Str, text: Str| {
        Ok(time::parse(layout.as_bytes(), text.as_bytes())?)
    });
}

fn insert_formats(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let clock = Rc::clone(host);
    table.two("date", move |context, layout: Str, date: Value| {
        written(context, moment_of(&*clock, &date), &layout)
    });
    for name in ["dateInZone", "date_in_zone"] {
        let clock = Rc::clone(host);
        table.three(name, move |context, layout: Str, date: Value, zone: Str| {
            check_zone(&zone)?;
            written(context, moment_of(&*clock, &date), &layout)
        });
    }
    let html = Str::from("2006-01-02");
    let (clock, layout) = (Rc::clone(host), html.clone());
    table.one("htmlDate", move |context, date: Value| {
        written(context, moment_of(&*clock, &date), &layout)
    });
    let clock = Rc::clone(host);
    table.two("htmlDateInZone", move |context, date: Value, zone: Str| {
        check_zone(&zone)?;
        written(context, moment_of(&*clock, &date), &html)
    });
}

/// Refuses zones of which the offset would have to be known.
fn check_zone(zone: &Str) -> Result<()> {
    if matches!(zone.as_bytes(), b"" | b"UTC" | b"Local") {
        return Ok(());
    }
    Err(format!("dates in the time zone {zone} are not supported, only in UTC").into())
}

fn insert_durations(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let clock = Rc::clone(host);
    table.one("ago", move |_, date: Value| {
        let date = match date {
            Value::Number(_) => clock.now(),
            date => moment_of(&*clock, &date),
        };
        Ok(Str::from(since(&*clock, date).rounded().write()))
    });
    table.one("duration", |_, seconds: Value| {
        let seconds = match &seconds {
            Value::Int64(seconds) => *seconds,
            Value::Str(text) => match crate::cast::parse_whole(text.as_bytes(), 10) {
                Ok(seconds) | Err(crate::cast::NotWhole::Range(seconds)) => seconds,
                Err(crate::cast::NotWhole::Syntax) => 0,
            },
            _ => 0,
        };
        Ok(Str::from(Duration(seconds.wrapping_mul(1_000_000_000)).write()))
    });
    let clock = Rc::clone(host);
    table.one("durationRound", move |_, duration: Value| {
        let duration = match &duration {
            Value::Str(text) => Duration::parse(&text.to_text()).unwrap_or(Duration(0)),
            Value::Int64(nanoseconds) => Duration(*nanoseconds),
            value => Moment::take(value).map_or(Duration(0), |date| since(&*clock, date)),
        };
        Ok(Str::from(coarse(duration)))
    });
}

/// Returns the moment that a value is: a date, seconds since 1970, or else now.
fn moment_of(host: &dyn Host, value: &Value) -> Moment {
    let seconds = match value {
        Value::Int(seconds) | Value::Int64(seconds) => *seconds,
        Value::Number(Number::Int32(seconds)) => i64::from(*seconds),
        value => return Moment::take(value).unwrap_or_else(|| host.now()),
    };
    Moment { seconds, nanoseconds: 0 }
}

/// Returns how long ago a moment was, as far as Go can count.
fn since(host: &dyn Host, date: Moment) -> Duration {
    let nanoseconds = |moment: Moment| {
        i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanoseconds)
    };
    let passed = nanoseconds(host.now()) - nanoseconds(date);
    let most = if passed < 0 { i64::MIN } else { i64::MAX };
    Duration(i64::try_from(passed).unwrap_or(most))
}

fn later(date: Moment, by: Duration) -> Moment {
    let nanoseconds = i64::from(date.nanoseconds) + by.0.rem_euclid(1_000_000_000);
    let seconds = date.seconds.saturating_add(by.0.div_euclid(1_000_000_000));
    Moment {
        seconds: seconds.saturating_add(nanoseconds.div_euclid(1_000_000_000)),
        nanoseconds: u32::try_from(nanoseconds.rem_euclid(1_000_000_000)).unwrap_or(0),
    }
}
