//! Values: what users and charts say, made one.
