//! Gets charts: folders, archives, chart repositories, OCI registries.
