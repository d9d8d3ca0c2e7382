//! `sealift helm dependency build|update`: the charts that a chart needs, into its `charts/`.

use sealift_files::Links;
use sealift_helm::Profile;

use crate::args::{DependencyArgs, DependencyCommand};
use crate::chart_source::{Charts, Gather, Network};
use crate::commands::Context;
use crate::failure::Failure;
use crate::inputs;
use crate::ui::plural;

pub(super) fn run(context: &Context, args: &DependencyArgs) -> Result<(), Failure> {
    let (gather, args) = match &args.command {
        DependencyCommand::Build(args) => (Gather::Build, args),
        DependencyCommand::Update(args) => (Gather::Update, args),
    };
    let charts = Charts {
        context,
        registry: &args.registry,
        shipment: None,
        profile: Profile::default(),
        links: if args.follow_links { Links::Everywhere } else { Links::Inside },
        limits: inputs::chart_limits(&args.limits.limit)?.fetch,
        verify: args.verify,
        network: Network::Used,
    };
    let placed = charts.update(&args.folder, gather)?;
    let folder = args.folder.display();
    for name in &placed.written {
        context.ui.note(&format!("  charts/{name}"));
    }
    for name in &placed.removed {
        context.ui.note(&format!("  charts/{name} is not needed any more and was removed"));
    }
    let lock = if placed.wrote_lock { ", and its lock" } else { "" };
    context.ui.note(&format!("Wrote {} of {folder}{lock}", plural(placed.written.len(), "chart")));
    Ok(())
}
