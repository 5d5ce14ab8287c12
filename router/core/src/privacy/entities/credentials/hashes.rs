//! Hashes of passwords: who has one may guess the password at home.
//!
//! Hashes of files (`sha256:...`, bare hexadecimal) are none.

use super::shape::{marked, named, token};
use crate::privacy::detect::{Detector, pattern};

const CRYPT: &str = "https://manpages.debian.org/crypt.5";
const ARGON2: &str = "RFC 9106; https://github.com/P-H-C/phc-string-format";
const DJANGO: &str = "https://docs.djangoproject.com/en/stable/topics/auth/passwords/";
const LDAP: &str = "RFC 2307, section 5.3";
const POSTGRES: &str = "https://www.postgresql.org/docs/current/catalog-pg-authid.html";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("BCRYPT_HASH", "bcrypt hash", CRYPT, &["$2a$", "$2b$", "$2x$", "$2y$"], &[pattern("[$]2[abxy][$][0-9]{2}[$][./A-Za-z0-9]{53}", 95)]),
    marked("SHA512_CRYPT_HASH", "sha512crypt hash", CRYPT, &["$6$"], &[pattern("[$]6[$](?:rounds=[0-9]{1,9}[$])?[./A-Za-z0-9]{1,16}[$][./A-Za-z0-9]{86}", 97)]),
    marked("SHA256_CRYPT_HASH", "sha256crypt hash", CRYPT, &["$5$"], &[pattern("[$]5[$](?:rounds=[0-9]{1,9}[$])?[./A-Za-z0-9]{1,16}[$][./A-Za-z0-9]{43}", 97)]),
    marked("MD5_CRYPT_HASH", "md5crypt hash", CRYPT, &["$1$", "$apr1$"], &[pattern("[$](?:1|apr1)[$][./A-Za-z0-9]{1,8}[$][./A-Za-z0-9]{22}", 96)]),
    marked("YESCRYPT_HASH", "yescrypt or scrypt hash", CRYPT, &["$y$", "$gy$", "$7$", "$scrypt$"],
        &[pattern("[$]g?y[$][./A-Za-z0-9]{1,12}[$][./A-Za-z0-9]{1,86}[$][./A-Za-z0-9]{43}", 97), pattern("[$]7[$][./A-Za-z0-9]{11,97}[$][./A-Za-z0-9]{43}", 97),
          pattern("[$]scrypt[$]ln=[0-9]{1,2},r=[0-9]{1,3},p=[0-9]{1,3}[$][A-Za-z0-9+/]{10,64}[$][A-Za-z0-9+/]{20,96}", 97)]),
    marked("ARGON2_HASH", "Argon2 hash", ARGON2, &["$argon2"], &[pattern("[$]argon2(?:id|i|d)[$](?:v=[0-9]{1,3}[$])?m=[0-9]{1,10},t=[0-9]{1,10},p=[0-9]{1,3}[$][A-Za-z0-9+/]{8,64}[$][A-Za-z0-9+/]{16,96}", 98)]),
    marked("PHPASS_HASH", "phpass hash", "https://www.openwall.com/phpass/", &["$P$", "$H$"], &[pattern("[$][PH][$][./A-Za-z0-9]{31}", 95)]),
    token("PBKDF2_HASH", "PBKDF2 hash", DJANGO, &["pbkdf2_sha", "pbkdf2:sha", "$pbkdf2-"],
        &[pattern("pbkdf2[_:]sha(?:1|256|512)[:$][0-9]{3,8}[$][A-Za-z0-9]{6,32}[$][A-Za-z0-9+/=]{20,128}", 97), pattern("[$]pbkdf2-(?:sha[0-9]{1,3}|digest)[$][0-9]{3,8}[$][./A-Za-z0-9]{8,64}[$][./A-Za-z0-9]{20,128}", 97)]),
    marked("LDAP_HASH", "hash of an LDAP password", LDAP, &["{SSHA", "{SHA", "{SMD5}", "{MD5}", "{PBKDF2"], &[pattern("[{](?:S?SHA(?:256|384|512)?|S?MD5|PBKDF2[A-Z0-9-]{0,12})[}][A-Za-z0-9+/$.]{20,140}={0,2}", 93)]),
    token("SCRAM_HASH", "SCRAM verifier of PostgreSQL", POSTGRES, &["SCRAM-SHA-256$"], &[pattern("SCRAM-SHA-256[$][0-9]{3,8}:[A-Za-z0-9+/=]{16,44}[$][A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}", 98)]),
    named("NTLM_HASH", "NTLM hash of a Windows account", "https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/", &["aad3b435b51404ee", ":::"],
        &[pattern("aad3b435b51404eeaad3b435b51404ee:[a-f0-9]{32}", 97)]),
    named("KERBEROS_TICKET_HASH", "Kerberos ticket to be guessed at", "RFC 4757", &["$krb5tgs$", "$krb5asrep$"], &[pattern("[$]krb5(?:tgs|asrep)[$][0-9]{2}[$][!-~]{20,220}", 96)]),
];

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("BCRYPT_HASH", "$2b$12${a53}"),
    ("SHA512_CRYPT_HASH", "$6${a16}${a86}"),
    ("SHA256_CRYPT_HASH", "$5$rounds=5000${a16}${a43}"),
    ("MD5_CRYPT_HASH", "$apr1${a8}${a22}"),
    ("YESCRYPT_HASH", "$y$j9T${a22}${a43}"),
    ("ARGON2_HASH", "$argon2id$v=19$m=65536,t=3,p=4${a22}${a43}"),
    ("PHPASS_HASH", "$P${a31}"),
    ("PBKDF2_HASH", "pbkdf2_sha256$600000${a22}${b43}="),
    ("LDAP_HASH", "{SSHA}{b38}=="),
    ("SCRAM_HASH", "SCRAM-SHA-256$4096:{b22}==${b43}=:{b43}="),
    ("NTLM_HASH", "aad3b435b51404eeaad3b435b51404ee:{x32}"),
    ("KERBEROS_TICKET_HASH", "$krb5tgs$23${x64}"),
];
