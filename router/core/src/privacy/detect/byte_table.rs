//! Tables that are looked up once for nearly every byte of a text.

/// What a `const fn` of a byte says of each of the 256, as a table.
macro_rules! byte_table {
    ($of:path) => {{
        let mut table = [0_u8; 256];
        let mut rest = table.as_mut_slice();
        let mut byte = 0_u8;
        while let [slot, tail @ ..] = rest {
            *slot = $of(byte);
            rest = tail;
            byte = byte.wrapping_add(1);
        }
        table
    }};
}
pub(super) use byte_table;
