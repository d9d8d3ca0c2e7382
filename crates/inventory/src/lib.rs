//! The nouns of a shipment and their file formats.
