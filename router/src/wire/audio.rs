//! Sounds, both ways. What a sound says nobody here knows; that it is a file of the format that it claims
//! to be can be seen from its first bytes, and is: a provider would refuse it later and in other words.

use super::violation::Violations;
use littoral_core::prompt::{AudioFormat, PartContent};
use littoral_proto::v1;

/// Longest file. In base64, and with a conversation around it, that is still below what providers take
/// in one request.
pub const MAX_AUDIO_BYTES: usize = 10 * 1024 * 1024;

/// Reads a sound.
pub(super) fn content(wire: v1::Audio, path: &str, bad: &mut Violations) -> PartContent {
    let format = match v1::AudioFormat::try_from(wire.format) {
        Ok(v1::AudioFormat::Wav) => AudioFormat::Wav,
        Ok(v1::AudioFormat::Mp3) => AudioFormat::Mp3,
        Ok(v1::AudioFormat::Unspecified) | Err(_) => {
            bad.add(format!("{path}.format"), "wav or mp3");
            return PartContent::Audio { format: AudioFormat::Wav, data: wire.data };
        }
    };
    let fits = (1..=MAX_AUDIO_BYTES).contains(&wire.data.len());
    bad.require(fits, format_args!("{path}.data"), "a file of 1 byte to 10 MiB");
    let why = format!("is no {} file", format.name());
    bad.require(!fits || is_of(format, &wire.data), format_args!("{path}.data"), &why);
    PartContent::Audio { format, data: wire.data }
}

/// A sound for the wire.
pub(super) fn part(format: AudioFormat, data: &[u8]) -> v1::Audio {
    let format = match format {
        AudioFormat::Wav => v1::AudioFormat::Wav,
        AudioFormat::Mp3 => v1::AudioFormat::Mp3,
    };
    v1::Audio { data: data.to_vec(), format: format.into() }
}

fn is_of(format: AudioFormat, data: &[u8]) -> bool {
    match format {
        AudioFormat::Wav => data.starts_with(b"RIFF") && data.get(8..12) == Some(b"WAVE"),
        // A tag, or at once the eleven set bits that begin a frame.
        AudioFormat::Mp3 => {
            data.starts_with(b"ID3") || matches!(data, [0xff, second, ..] if second >> 5 == 0b111)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: i32, data: &[u8]) -> Result<PartContent, Vec<(String, String)>> {
        let mut bad = Violations::default();
        let content = content(v1::Audio { data: data.to_vec(), format }, "a", &mut bad);
        let told = bad.finish(content);
        told.map_err(|all| all.into_iter().map(|one| (one.path, one.reason)).collect())
    }

    fn refused(format: v1::AudioFormat, data: &[u8]) -> (String, String) {
        let refused = read(format.into(), data).err().unwrap();
        assert_eq!(refused.len(), 1, "{refused:?}");
        refused.into_iter().next().unwrap()
    }

    #[test]
    fn a_file_of_each_format_is_read_and_written_byte_for_byte() {
        let all = [
            (v1::AudioFormat::Wav, b"RIFF\x04\0\0\0WAVEfmt ".as_slice()),
            (v1::AudioFormat::Mp3, b"ID3\x04"),
            (v1::AudioFormat::Mp3, &[0xff, 0xfb, 0x90]),
        ];
        for (wire, bytes) in all {
            let Ok(PartContent::Audio { format, data }) = read(wire.into(), bytes) else {
                panic!("{wire:?}");
            };
            assert_eq!(data, bytes);
            assert_eq!(part(format, &data), v1::Audio { data, format: wire.into() });
        }
    }

    #[test]
    fn what_is_no_sound_is_refused_by_its_field() {
        for format in [0, 3, -1] {
            let refused = read(format, b"ID3").err().unwrap();
            assert_eq!(refused, [("a.format".to_owned(), "wav or mp3".to_owned())]);
        }
        let fault = |why: &str| ("a.data".to_owned(), why.to_owned());
        let length = fault("a file of 1 byte to 10 MiB");
        assert_eq!(refused(v1::AudioFormat::Mp3, b""), length);
        let mut long = b"ID3".to_vec();
        long.resize(MAX_AUDIO_BYTES, 0);
        assert!(read(v1::AudioFormat::Mp3.into(), &long).is_ok());
        long.push(0);
        assert_eq!(refused(v1::AudioFormat::Mp3, &long), length);
        for other in [b"ID3\x04".as_slice(), b"RIFF", b"RIFF\x04\0\0\0AVI LIST", b"OggS"] {
            assert_eq!(refused(v1::AudioFormat::Wav, other), fault("is no wav file"));
        }
        for other in [b"RIFF\x04\0\0\0WAVE".as_slice(), &[0xff], &[0xff, 0x1b], b"my secret"] {
            assert_eq!(refused(v1::AudioFormat::Mp3, other), fault("is no mp3 file"));
        }
    }
}
