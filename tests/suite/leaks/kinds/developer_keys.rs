//! Keys and passwords that developers paste with their code: of forges, chats, databases, servers. Every
//! prefix is put together from parts, so that no scanner of this repository has anything to find.

use super::cloud_keys::{BASE62, BASE64_URL, key};
use super::{Carrier, Form, Kind, Made, Random};
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

/// Keys of developers.
pub(super) static KINDS: &[Kind] = &[
    key("GITHUB_TOKEN", "token", |random| Made::whole(github(random))),
    key("GITLAB_TOKEN", "token", |random| {
        Made::whole(format!("{}{}", concat!("gl", "pat-"), random.key(BASE62, 20)))
    }),
    key("SLACK_TOKEN", "bot token", |random| {
        let (team, bot) = (
            random.range(1_000_000_000, 9_999_999_999),
            random.range(1_000_000_000, 9_999_999_999),
        );
        Made::whole(format!("{}{team}-{bot}-{}", concat!("xo", "xb-"), random.key(BASE62, 24)))
    }),
    key("TELEGRAM_BOT_TOKEN", "bot token", |random| {
        let bot = random.range(1_000_000_000, 7_999_999_999);
        Made::whole(format!("{bot}:AA{}", random.key(BASE64_URL, 33)))
    }),
    Kind {
        name: "JSON_WEB_TOKEN",
        carrier: "bearer token",
        need: Carrier::Optional,
        form: Form::Token,
        make: json_web_token,
    },
    Kind {
        name: "PRIVATE_KEY",
        carrier: "this is the key:",
        need: Carrier::Optional,
        form: Form::Phrase,
        make: private_key,
    },
    Kind {
        name: "DATABASE_URL",
        carrier: "database",
        need: Carrier::Optional,
        form: Form::Phrase,
        make: |random| {
            let core = random.key(BASE62, 18);
            let user = random.pick(&["reporting", "billing_app", "migrator"]);
            let scheme = concat!("postgr", "es:/");
            Made {
                value: format!("{scheme}/{user}:{core}@db.internal.example.net:5432/ledger"),
                core,
            }
        },
    },
    Kind {
        name: "PASSWORD_ASSIGNMENT",
        carrier: "config:",
        need: Carrier::Optional,
        form: Form::Phrase,
        make: |random| {
            let core = format!("{}!{}", random.key(BASE62, 8), random.key(BASE62, 6));
            Made { value: format!("{} = \"{core}\"", concat!("pass", "word")), core }
        },
    },
];

/// Thirty random characters and six of their CRC-32 in base 62 (GitHub, 2021).
fn github(random: &mut Random) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let body = random.key(BASE62, 30);
    let mut rest = crc32(body.as_bytes());
    let mut check = [b'0'; 6];
    for place in check.iter_mut().rev() {
        *place = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    format!("{}{body}{}", concat!("gh", "p_"), String::from_utf8_lossy(&check))
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |rest: u32, _| if rest & 1 == 1 { (rest >> 1) ^ 0xedb8_8320 } else { rest >> 1 };
    !bytes.iter().fold(!0, |rest, byte| (0..8).fold(rest ^ u32::from(*byte), step))
}

/// Header and claims are what anybody may say; the core is the signature, without which it opens nothing.
fn json_web_token(random: &mut Random) -> Made {
    let encode = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    let header = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    let subject = random.key(BASE62, 12);
    let claims = encode(&format!(
        "{{\"sub\":\"{subject}\",\"iat\":{}}}",
        random.range(1_700_000_000, 1_760_000_000)
    ));
    let core = random.key(BASE64_URL, 43);
    Made { value: format!("{header}.{claims}.{core}"), core }
}

/// A block that looks like a key in PKCS #8 and is none: its body is random.
fn private_key(random: &mut Random) -> Made {
    let body: Vec<u8> = (0..144).map(|_| random.next_u64().to_le_bytes()[0]).collect();
    let core = BASE64_STANDARD.encode(body);
    let lines = super::check_digits::grouped(&core, &[64; 3], "\n");
    let edge = |word: &str| format!("-----{word} {} KEY-----", "PRIVATE");
    Made { value: format!("{}\n{lines}\n{}", edge("BEGIN"), edge("END")), core }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }
}
