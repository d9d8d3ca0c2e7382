//! OCI references, digests, platforms and media types that cannot be wrong once made.
