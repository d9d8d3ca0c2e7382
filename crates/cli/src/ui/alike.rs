//! Failures of many things for one reason, said once.

use crate::failure::Failure;
use crate::ui::Ui;

/// As many as are told in full before the rest is only named.
const IN_FULL: usize = 1;

/// Says why each thing failed; what failed for the same last cause is named below the first of its kind.
pub(crate) fn show(ui: Ui, failures: Vec<(String, Failure)>) {
    let mut groups: Vec<(String, Vec<(String, Failure)>)> = Vec::new();
    for (name, failure) in failures {
        let cause = failure.causes.last().unwrap_or(&failure.message).clone();
        match groups.iter_mut().find(|(known, _)| *known == cause) {
            Some((_, alike)) => alike.push((name, failure)),
            None => groups.push((cause, vec![(name, failure)])),
        }
    }
    for (_, alike) in groups {
        for (_, failure) in alike.iter().take(IN_FULL) {
            ui.failure(failure);
        }
        for (name, _) in alike.iter().skip(IN_FULL) {
            ui.also(name);
        }
    }
}
