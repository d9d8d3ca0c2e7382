//! Arithmetic.

use sealift_gotemplate::Value;

use crate::cast::{float, whole};
use crate::decimal::Decimal;
use crate::table::{Long, Result, Table};

pub(super) fn insert(table: &mut Table<'_>) {
    insert_whole(table);
    insert_floats(table);
    insert_decimals(table);
}

fn insert_whole(table: &mut Table<'_>) {
    table.one("add1", |_, a: Value| Ok(Long(whole(&a).wrapping_add(1))));
    table.many("add", |_, all: Vec<Value>| {
        Ok(Long(all.iter().map(whole).fold(0, i64::wrapping_add)))
    });
    table.two("sub", |_, a: Value, b: Value| Ok(Long(whole(&a).wrapping_sub(whole(&b)))));
    table.two("div", |_, a: Value, b: Value| Ok(Long(whole(&a).wrapping_div(divisor(&b)?))));
    table.two("mod", |_, a: Value, b: Value| Ok(Long(whole(&a).wrapping_rem(divisor(&b)?))));
    table.one_many("mul", |_, a: Value, more: Vec<Value>| {
        Ok(Long(more.iter().map(whole).fold(whole(&a), i64::wrapping_mul)))
    });
    for name in ["max", "biggest"] {
        table.one_many(name, |_, a: Value, more: Vec<Value>| {
            Ok(Long(more.iter().map(whole).fold(whole(&a), i64::max)))
        });
    }
    table.one_many("min", |_, a: Value, more: Vec<Value>| {
        Ok(Long(more.iter().map(whole).fold(whole(&a), i64::min)))
    });
}

fn divisor(value: &Value) -> Result<i64> {
    match whole(value) {
        0 => Err("runtime error: integer divide by zero".into()),
        divisor => Ok(divisor),
    }
}

fn insert_floats(table: &mut Table<'_>) {
    table.one("floor", |_, a: Value| Ok(float(&a).floor()));
    table.one("ceil", |_, a: Value| Ok(float(&a).ceil()));
    table.two_many("round", |_, a: Value, places: i64, on: Vec<f64>| {
        Ok(round(float(&a), places, on.first().copied().unwrap_or(0.5)))
    });
    table.one_many("maxf", |_, a: Value, more: Vec<Value>| {
        Ok(more.iter().map(float).fold(float(&a), larger))
    });
    table.one_many("minf", |_, a: Value, more: Vec<Value>| {
        Ok(-more.iter().map(|b| -float(b)).fold(-float(&a), larger))
    });
}

/// Go's `math.Max`: infinity wins over what is no number, and that over numbers.
fn larger(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a == 0.0 && b == 0.0 {
        if a.is_sign_negative() { b } else { a }
    } else {
        a.max(b)
    }
}

fn round(number: f64, places: i64, on: f64) -> f64 {
    let power = power_of_ten(places);
    let scaled = power * number;
    let part = scaled - scaled.trunc();
    let rounded = if part >= on { scaled.ceil() } else { scaled.floor() };
    rounded / power
}

/// Returns what `math.Pow(10, y)` returns, whose last digits are its own.
fn power_of_ten(exponent: i64) -> f64 {
    let (mut number, mut power) = (1.0_f64, 0_i64);
    let (mut factor, mut factor_power) = (0.625_f64, 4_i64);
    let mut left = exponent.unsigned_abs();
    while left != 0 {
        if factor_power > 1 << 12 {
            power += factor_power;
            break;
        }
        if left & 1 == 1 {
            number *= factor;
            power += factor_power;
        }
        factor *= factor;
        factor_power <<= 1;
        if factor < 0.5 {
            factor += factor;
            factor_power -= 1;
        }
        left >>= 1;
    }
    if exponent < 0 {
        number = 1.0 / number;
        power = -power;
    }
    let power = i32::try_from(power.clamp(-5000, 5000)).unwrap_or(0);
    let near = power.clamp(-1000, 1000);
    number * 2_f64.powi(near) * 2_f64.powi(power - near)
}

fn insert_decimals(table: &mut Table<'_>) {
    table.one("add1f", |_, a: Value| Ok(decimal(&a)?.add(&Decimal::of(1.0)?).to_float()));
    table.many("addf", |context, all: Vec<Value>| {
        let mut sum = Decimal::of(0.0)?;
        for value in &all {
            context.spend(10)?;
            sum = sum.add(&decimal(value)?);
        }
        Ok(sum.to_float())
    });
    table.one_many("subf", |context, a: Value, more: Vec<Value>| {
        let mut left = decimal(&a)?;
        for value in &more {
            context.spend(10)?;
            left = left.add(&decimal(value)?.negated());
        }
        Ok(left.to_float())
    });
    table.one_many("mulf", |context, a: Value, more: Vec<Value>| {
        let mut product = decimal(&a)?;
        for value in &more {
            context.spend(product.size())?;
            product = product.multiply(&decimal(value)?);
        }
        Ok(product.to_float())
    });
    table.one_many("divf", |context, a: Value, more: Vec<Value>| {
        let mut quotient = decimal(&a)?;
        for value in &more {
            context.spend(quotient.size())?;
            quotient = quotient.divide(&decimal(value)?)?;
        }
        Ok(quotient.to_float())
    });
}

fn decimal(value: &Value) -> Result<Decimal> {
    Decimal::of(float(value))
}
