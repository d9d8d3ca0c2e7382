//! `sealift init`: a commented starter shipment file.

use sealift_files::Mode;
use sealift_inventory::{Shipment, Starter};

use crate::args::{InitArgs, StarterKind};
use crate::commands::Context;
use crate::failure::Failure;

pub(crate) fn run(context: &Context, args: &InitArgs) -> Result<(), Failure> {
    let name = args.file.display();
    if sealift_files::exists(&args.file)? {
        return Err(Failure::usage(format!("`{name}` exists already"))
            .hint("move it away, or give another name with --file"));
    }
    let text = Shipment::starter(starter(args.kind));
    sealift_files::write(&args.file, text.as_bytes(), Mode::Public)?;
    context.ui.note(&format!("Wrote {name}: say in it what to ship, then run `sealift scan`"));
    Ok(())
}

fn starter(kind: Option<StarterKind>) -> Starter {
    match kind {
        None => Starter::Manifests,
        Some(StarterKind::Deploykf) => Starter::Deploykf,
        Some(StarterKind::Kkp) => Starter::Kkp,
        Some(StarterKind::CharmedKubeflow) => Starter::CharmedKubeflow,
        Some(StarterKind::Helm) => Starter::Helm,
    }
}
