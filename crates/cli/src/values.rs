//! Values of the command line: files, and the `--set` family.

use sealift_helm::values::{Error, UserValues, ValuesFile};
use sealift_products::charts::ChartLimits;

use crate::args::ValuesArgs;
use crate::failure::{Failure, FailureKind};
use crate::limits::INPUT_BYTES;

/// What stands for stdin.
const STDIN: &str = "-";

/// Reads the files that arguments name.
pub(crate) fn read(args: &ValuesArgs, limits: &ChartLimits) -> Result<UserValues, Failure> {
    let files = args
        .values
        .iter()
        .map(|name| Ok(ValuesFile { name: name.clone(), bytes: file(name, limits)? }));
    Ok(UserValues {
        files: files.collect::<Result<_, Failure>>()?,
        json: args.set_json.clone(),
        set: args.set.clone(),
        strings: args.set_string.clone(),
        file_contents: args.set_file.clone(),
        literals: args.set_literal.clone(),
    })
}

/// As large as a file of a chart may be.
fn file(name: &str, limits: &ChartLimits) -> Result<Vec<u8>, Failure> {
    if name == STDIN {
        let most = INPUT_BYTES.max(limits.fetch.chart.file_bytes);
        return crate::inputs::read_stdin(most, "chart-file-bytes");
    }
    if name.starts_with("http://") || name.starts_with("https://") {
        return Err(Failure::usage(format!("values are read from files, not from `{name}`"))
            .hint("download the file, look at it, and name it"));
    }
    let read = sealift_files::read(name, limits.fetch.chart.file_bytes);
    read.map_err(|error| sealift_fetch::Error::from(error).into())
}

/// What is said of values that cannot be made: an index or a depth beyond Helm's bounds is a mistake of the command line.
pub(crate) fn failure(error: &Error) -> Failure {
    let kind = if error.is_limit() { FailureKind::Usage } else { FailureKind::Partial };
    let mut failure = Failure::of(kind, error);
    if error.is_limit() {
        failure.class = Some("limit");
    }
    failure
}
