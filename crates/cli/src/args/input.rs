//! `scan`, `why` and the inputs that several verbs take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::RegistryArgs;

/// What is scanned.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct InputArgs {
    /// Manifests, folders of manifests, charts (folders, *.tgz, oci://…), kustomizations (folders, or `https://host/owner/name//folder?ref=v1`), image lists (*.txt), or - for manifests on stdin; without any, ./sealift.yaml
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,
    /// Read this shipment file instead of ./sealift.yaml
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Read image references from this file, one a line, whatever its name (can be repeated)
    #[arg(long, value_name = "FILE")]
    pub(crate) image_list: Vec<PathBuf>,
    /// Read decisions from this file: a YAML list as under `decide:` in sealift.yaml
    #[arg(long, value_name = "FILE")]
    pub(crate) decide: Option<PathBuf>,
    /// Finish the other inputs when one cannot be read, then exit 1
    #[arg(long)]
    pub(crate) keep_going: bool,
    /// Set a budget, such as `yaml-depth=2000`; sealift.yaml has them under `limits:` (can be repeated)
    ///
    /// Of charts: chart-bytes, chart-entries, chart-file-bytes, chart-nesting, chart-ratio, repository-index-bytes, schema-depth, schema-steps, template-depth, template-elements, template-frames, template-nesting, template-output-bytes, template-steps, template-string-bytes. Of manifests: yaml-bytes, yaml-depth, yaml-nodes.
    #[arg(long, value_name = "NAME=VALUE", hide_short_help = true)]
    pub(crate) limit: Vec<String>,
}

/// Budgets for the charts of a lock, or of one chart.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct LimitArgs {
    /// Set a budget, such as `chart-file-bytes=10000000`: what a lock was made with, it is read again with (can be repeated)
    #[arg(long, value_name = "NAME=VALUE", hide_short_help = true)]
    pub(crate) limit: Vec<String>,
}

/// Find every image that manifests need
///
/// Prints what was found, with class, confidence and place. Exit code 1 when something is undecided: text that must name an
/// image but does not, or strings that only look like references.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// How to print
    #[arg(short, long, value_enum, default_value_t = ScanOutput::Table)]
    pub(crate) output: ScanOutput,
    /// Print JSON; the same as `-o json`
    #[arg(long, conflicts_with = "output")]
    pub(crate) json: bool,
    /// Print only what is at least this certain
    #[arg(long, value_enum, value_name = "CONFIDENCE", default_value_t = ConfidenceName::Possible)]
    pub(crate) min_confidence: ConfidenceName,
    /// Print only this class (can be repeated)
    #[arg(long, value_enum, value_name = "CLASS")]
    pub(crate) class: Vec<ClassName>,
}

/// The forms in which a scan can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScanOutput {
    /// For people
    Table,
    /// The inventory as JSON
    Json,
    /// The inventory as YAML
    Yaml,
    /// One reference a line
    Names,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfidenceName {
    /// A typed place, such as a container's image
    Certain,
    /// A structural rule, such as a key named `image`
    Likely,
    /// A string that looks like a reference
    Possible,
}

/// What a finding is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassName {
    /// A workload starts it
    Required,
    /// A user may choose it
    Optional,
    /// It is needed to install
    Tool,
}

/// Print every path that leads to an image
///
/// Exit code 1 when no path leads to it.
#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// The image, as written or in full
    #[arg(value_name = "IMAGE")]
    pub(crate) image: String,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) registry: RegistryArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
