//! Whether the inputs of a lock are what they were. Nobody is asked but this machine.

use std::path::PathBuf;

use sealift_inventory::{Input, Limits, Lock, Shipment};
use sealift_products::kustomizations::{Locked, options};
use sealift_products::{Error, Local, generic};

use crate::args::RegistryArgs;
use crate::chart_source::Network;
use crate::commands::Context;
use crate::elsewhere::Elsewhere;
use crate::failure::Failure;
use crate::locks::digest_of;

/// How the name of an input begins that is a chart from elsewhere.
const CHART: &str = "chart ";

/// How the name of an input begins that is a kustomization.
const KUSTOMIZATION: &str = "kustomization ";

/// Who asks, and where the inputs are.
pub(crate) struct Asked<'a> {
    pub(crate) context: &'a Context,
    pub(crate) args: &'a RegistryArgs,
    /// The one that the lock was computed from, if it is here.
    pub(crate) shipment: Option<&'a Shipment>,
    /// The folder of the lock.
    pub(crate) base: PathBuf,
}

impl Asked<'_> {
    /// Says which inputs of a lock are not what they were. On the far side, where none of them is, nothing can be compared.
    pub(crate) fn changed(&self, lock: &Lock, limits: &Limits) -> Result<Vec<String>, Failure> {
        let mut changes = Vec::new();
        for input in &lock.inputs {
            changes.extend(self.change(input, lock, limits)?);
        }
        if let Some(shipment) = self.shipment.filter(|_| changes.is_empty()) {
            let names = generic::files(shipment, &self.local())?;
            let is_new = |name: &&String| lock.inputs.iter().all(|input| input.name != **name);
            changes.extend(names.iter().filter(is_new).map(|name| format!("`{name}` is new")));
        }
        Ok(changes)
    }

    fn change(
        &self,
        input: &Input,
        lock: &Lock,
        limits: &Limits,
    ) -> Result<Option<String>, Failure> {
        let name = &input.name;
        if name.starts_with(CHART) || name.contains("://") {
            self.unseen(&format!("{name}: `lock --check` asks whether it is the same"));
            return Ok(None);
        }
        if let Some(folder) = name.strip_prefix(KUSTOMIZATION) {
            return Ok(self.kustomization(folder, input, lock));
        }
        let file = self.base.join(name);
        if !sealift_files::exists(&file)? {
            return Ok(self.gone(name));
        }
        let is_other = digest_of(&file, limits)? != input.digest;
        Ok(is_other.then(|| format!("`{name}` has changed")))
    }

    /// Builds a kustomization again; what it names elsewhere is what the lock says, if that was kept.
    fn kustomization(&self, folder: &str, input: &Input, lock: &Lock) -> Option<String> {
        let locked = Locked::of(&lock.inputs);
        let mut elsewhere =
            Elsewhere::new(self.context, self.args, self.shipment, Network::Unused, &locked);
        let built = self.local().build(folder, &options(), &mut |wanted| elsewhere.get(wanted));
        match built {
            Ok(built) if built.digest == input.digest => None,
            Err(Error::Named { wanted, .. }) => {
                self.unseen(&format!("{}: {wanted} was not kept", input.name));
                None
            }
            Err(_) if !self.is_here(folder) => self.gone(folder),
            _ => Some(format!("`{folder}` has changed")),
        }
    }

    fn is_here(&self, folder: &str) -> bool {
        sealift_files::exists(self.base.join(folder)).unwrap_or_default()
    }

    fn gone(&self, name: &str) -> Option<String> {
        if self.shipment.is_some() {
            return Some(format!("`{name}` is gone"));
        }
        self.unseen(&format!("`{name}` is not here: whether it has changed cannot be seen"));
        None
    }

    fn unseen(&self, why: &str) {
        self.context.ui.detail(why);
    }

    fn local(&self) -> Local {
        Local { base: self.base.clone(), stdin: None }
    }
}
