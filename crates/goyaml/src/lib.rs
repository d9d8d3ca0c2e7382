//! YAML read exactly as Go's sigs.k8s.io/yaml does.
