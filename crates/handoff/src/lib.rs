//! One small writer per target format of the far side.
