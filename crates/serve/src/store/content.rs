//! Files of content: opened with their lengths checked, hashed where in doubt, out of service when they are damaged.

use sealift_files::{Mode, PartFile, ReadFile};
use sealift_oci::Descriptor;
use sealift_reference::Digest;

use super::health::{Damage, Right};
use super::{Store, locked, place};
use crate::fault::Fault;
use crate::route::{Name, Pointer};
use crate::upload;

impl Store {
    /// Opens content that is in a repository.
    pub(crate) fn open_blob(&self, name: &Name, digest: &Digest) -> Result<ReadFile, Fault> {
        let Some(said) = self.look(|table| table.link(name, digest).map(|_| table.size(digest)))
        else {
            return Err(Fault::blob_unknown(digest));
        };
        let (file, right) = self.open_content(digest)?;
        let expected = right.map(|right| right.size_bytes).or(said);
        if expected.is_none_or(|expected| expected == file.size_bytes()) {
            return Ok(file);
        }
        // A manifest may err about a length: the hash decides.
        let _one = locked(&self.doubting);
        match self.open_content(digest)? {
            (file, Some(right)) if right.size_bytes == file.size_bytes() => Ok(file),
            (file, right) => self.hashed(digest, file, right),
        }
    }

    /// Opens content, whichever repository it is in, and says what is known about it.
    fn open_content(&self, digest: &Digest) -> Result<(ReadFile, Option<Right>), Fault> {
        let path = place::blob(digest);
        let known =
            self.health.look(digest).map_err(|damage| Fault::damaged(digest, &path, damage))?;
        match self.folder.open_file(&path) {
            Err(error) if error.is_not_found() => Err(self.withdraw(digest, known, Damage::Gone)),
            opened => Ok((opened?, known)),
        }
    }

    /// Returns the file when it holds what it should.
    fn hashed(
        &self,
        digest: &Digest,
        file: ReadFile,
        known: Option<Right>,
    ) -> Result<ReadFile, Fault> {
        if upload::hash(&file, digest.algorithm())? != *digest {
            return Err(self.withdraw(digest, known, Damage::Altered));
        }
        self.health.found_right(digest, file.size_bytes());
        Ok(file)
    }

    /// Takes content out of service.
    fn withdraw(&self, digest: &Digest, known: Option<Right>, damage: Damage) -> Fault {
        self.health.withdraw(digest, known, damage);
        Fault::damaged(digest, &place::blob(digest), damage)
    }

    /// Hashes content; what is wrong is no longer served.
    pub(crate) fn check(&self, digest: &Digest) -> Result<(), Fault> {
        let (file, known) = self.open_content(digest)?;
        self.hashed(digest, file, known).map(drop)
    }

    /// Returns whether content should be hashed now: at its first use in a run.
    pub(crate) fn is_first_use(&self, digest: &Digest) -> bool {
        self.health.is_first_use(digest)
    }

    /// Returns whether the operator has not been told yet that content is damaged.
    pub(crate) fn is_news(&self, digest: &Digest) -> bool {
        self.health.is_news(digest)
    }

    /// Returns the descriptor of a manifest and its open file.
    pub(crate) fn open_document(
        &self,
        name: &Name,
        pointer: &Pointer,
    ) -> Result<(Descriptor, ReadFile), Fault> {
        let found = self.look(|table| table.document(name, pointer).cloned());
        let text = || match pointer {
            Pointer::Digest(digest) => digest.to_string(),
            Pointer::Tag(tag) => tag.to_string(),
        };
        let descriptor = found.ok_or_else(|| Fault::manifest_unknown(&text()))?;
        let file =
            self.open_blob(name, &descriptor.digest).map_err(|fault| fault.of_manifest(&text()))?;
        Ok((descriptor, file))
    }

    /// Makes a finished part content, which ends all damage of it. The hash has been checked.
    pub(super) fn commit(&self, digest: &Digest, part: PartFile) -> Result<(), Fault> {
        let size_bytes = part.size_bytes();
        part.commit_as(&self.folder, &place::blob(digest), Mode::Public)?;
        self.health.wrote(digest, size_bytes);
        Ok(())
    }
}
