//! Rows of whole numbers.

use sealift_gotemplate::{Context, List, Str, Type, Value};

use crate::table::{Give, Result, Table};

/// Go's `[]int`.
struct Row(Vec<i64>);

impl Give for Row {
    fn kind() -> Type {
        Type::list(Type::Int)
    }

    fn give(self) -> Value {
        List::typed(Type::Int, self.0.into_iter().map(Value::Int).collect()).into()
    }
}

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("until", |context, count: i64| {
        Ok(Row(row(context, 0, count, if count < 0 { -1 } else { 1 })?))
    });
    table.three("untilStep", |context, start: i64, end: i64, step: i64| {
        Ok(Row(row(context, start, end, step)?))
    });
    table.many("seq", seq);
}

/// Returns the numbers from `start` on, before `end`.
fn row(context: &Context<'_>, start: i64, end: i64, step: i64) -> Result<Vec<i64>> {
    if end < start && step >= 0 || end >= start && step <= 0 {
        return Ok(Vec::new());
    }
    let distance = (i128::from(end) - i128::from(start)).unsigned_abs();
    let count = distance.div_ceil(u128::from(step.unsigned_abs()));
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    context.budget().check_elements(count)?;
    context.spend(count as u64)?;
    let numbers = std::iter::successors(Some(start), |&number| number.checked_add(step));
    Ok(numbers.take(count).collect())
}

fn seq(context: &mut Context<'_>, bounds: Vec<i64>) -> Result<Str> {
    let (start, step, end, beyond) = match *bounds {
        [end] => {
            let step = if end < 1 { -1 } else { 1 };
            (1, step, end, step)
        }
        [start, end] => {
            let step = if end < start { -1 } else { 1 };
            (start, step, end, step)
        }
        [start, step, end] if end < start => {
            if step > 0 {
                return Ok(Str::from(""));
            }
            (start, step, end, -1)
        }
        [start, step, end] => (start, step, end, 1),
        _ => return Ok(Str::from("")),
    };
    let numbers = row(context, start, end.wrapping_add(beyond), step)?;
    context.budget().check_string(numbers.len().saturating_mul(21))?;
    let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
    Ok(Str::from(numbers.join(" ")))
}
