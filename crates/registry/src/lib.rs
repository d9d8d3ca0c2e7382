//! The HTTP registry client: authentication, retry, uploads; implements the traits of oci.
