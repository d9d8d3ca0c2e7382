//! PEM as Go's `encoding/pem` writes it.

use data_encoding::BASE64;

const LINE: usize = 64;

/// Writes bytes under a label.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let text = BASE64.encode(bytes);
    let mut pem = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem + "-----END " + label + "-----\n"
}
