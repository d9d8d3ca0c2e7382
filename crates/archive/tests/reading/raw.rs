//! Headers made by hand.

/// One header block with its checksum, and the content after it.
pub(crate) struct Raw {
    block: [u8; 512],
    content: Vec<u8>,
}

impl Raw {
    pub(crate) fn new(kind: u8, name: &[u8], content: &[u8]) -> Self {
        let mut block = [0; 512];
        block[..name.len()].copy_from_slice(name);
        let raw = Self { block, content: content.to_vec() };
        raw.field(100, b"0000644\0")
            .field(108, b"0000000\0")
            .field(116, b"0000000\0")
            .field(124, format!("{:011o}\0", content.len()).as_bytes())
            .field(136, b"00000000000\0")
            .field(156, &[kind])
            .field(257, b"ustar\x0000")
            .field(329, b"0000000\0")
            .field(337, b"0000000\0")
    }

    pub(crate) fn file(name: &str) -> Self {
        Self::new(b'0', name.as_bytes(), b"content")
    }

    pub(crate) fn pax(records: &[(&str, &str)]) -> Self {
        let records: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
        Self::new(b'x', b"PaxHeaders/x", &records)
    }

    pub(crate) fn long_name(name: &str) -> Self {
        let content = format!("{name}\0");
        Self::new(b'L', b"././@LongLink", content.as_bytes()).gnu()
    }

    pub(crate) fn gnu(self) -> Self {
        self.field(257, b"ustar  \0")
    }

    pub(crate) fn field(mut self, at: usize, bytes: &[u8]) -> Self {
        self.block[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    pub(crate) fn bytes(mut self) -> Vec<u8> {
        self.block[148..156].copy_from_slice(b"        ");
        let sum: u32 = self.block.iter().map(|&byte| u32::from(byte)).sum();
        self.block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = self.block.to_vec();
        bytes.extend(&self.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

/// Several headers and the end.
pub(crate) fn archive(raws: Vec<Raw>) -> Vec<u8> {
    let mut bytes: Vec<u8> = raws.into_iter().flat_map(Raw::bytes).collect();
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    while length != rest.len() + length.to_string().len() {
        length = rest.len() + length.to_string().len();
    }
    format!("{length}{rest}").into_bytes()
}
