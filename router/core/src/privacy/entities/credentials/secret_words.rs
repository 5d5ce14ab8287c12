//! Secrets without a form, known by what they are called: passwords in many languages, keys, tokens.

use super::assignment::assignments;
use super::shape::own;
use super::value::{Written, key, password};
use crate::privacy::detect::Detector;

const CWE: &str = "CWE-798: Use of Hard-coded Credentials";
const CWE_256: &str = "CWE-256: Plaintext Storage of a Password";

/// Words for a password. Longest first is not needed: the longest at a place counts.
const PASSWORD: &[&str] = &[
    "password",
    "passwd",
    "passwrd",
    "passcode",
    "pwd",
    "psswd",
    "pass_word",
    "pass-word",
    "pass",
    "pw",
    "identified by",
    "_pass",
    "-pass",
    "dbpass",
    "userpass",
    "mypass",
    "smtppass",
];
const PASSPHRASE: &[&str] = &["passphrase", "pass phrase", "pass-phrase", "pass_phrase"];
/// In other languages, as written; Latin letters in any case.
const FOREIGN: &[&str] = &[
    "密码",
    "密碼",
    "口令",
    "密匙",
    "口令是",
    "登录密码",
    "パスワード",
    "暗証番号",
    "비밀번호",
    "암호",
    "пароль",
    "Пароль",
    "ПАРОЛЬ",
    "contraseña",
    "CONTRASEÑA",
    "contrasena",
    "contrasenya",
    "mot de passe",
    "motdepasse",
    "mot_de_passe",
    "passwort",
    "kennwort",
    "senha",
    "palavra-passe",
    "parola d'ordine",
    "parola",
    "parolă",
    "wachtwoord",
    "hasło",
    "Hasło",
    "haslo",
    "heslo",
    "jelszó",
    "lösenord",
    "losenord",
    "adgangskode",
    "passord",
    "salasana",
    "şifre",
    "Şifre",
    "sifre",
    "lozinka",
    "geslo",
    "κωδικός",
    "mật khẩu",
    "Mật khẩu",
    "kata sandi",
    "รหัสผ่าน",
    "كلمة المرور",
    "كلمة السر",
    "סיסמה",
    "סיסמא",
    "पासवर्ड",
    "parole",
    "slaptažodis",
    "salasõna",
];
const SECRET: &[&str] = &[
    "client_secret",
    "client-secret",
    "clientsecret",
    "client secret",
    "secret_key",
    "secret-key",
    "secretkey",
    "secret key",
    "app_secret",
    "appsecret",
    "shared_secret",
    "secret",
    "秘钥",
    "密钥",
    "シークレット",
    "비밀키",
    "秘密鍵",
];
const API_KEY: &[&str] = &[
    "api_key",
    "api-key",
    "apikey",
    "api key",
    "access_key",
    "access-key",
    "accesskey",
    "access key",
    "app_key",
    "appkey",
    "auth_key",
    "authkey",
    "service_key",
    "account_key",
    "license_key",
    "licensekey",
    "subscription_key",
    "subscription-key",
    "clave api",
    "clé api",
    "api-schlüssel",
    "apiキー",
    "api密钥",
    "api 密钥",
    "api 키",
];
const TOKEN: &[&str] =
    &["token", "令牌", "トークン", "토큰", "токен", "jeton d'accès", "credential"];
const ENCRYPTION: &[&str] = &[
    "encryption_key",
    "encryption-key",
    "encryptionkey",
    "signing_key",
    "signing-key",
    "signingkey",
    "master_key",
    "master-key",
    "masterkey",
    "aes_key",
    "aeskey",
    "hmac_key",
    "jwt_key",
    "session_key",
    "cookie_key",
    "hash_key",
    "secret_key_base",
    "private_key",
    "privatekey",
    "private-key",
    "machine_key",
    "加密密钥",
    "私钥",
    "salt_key",
];

pub(super) static TABLE: &[Detector] = &[
    own("PASSWORD", "password in an assignment or a sentence", CWE, PASSWORD, |text, found| {
        assignments(text, PASSWORD, password, found);
    }),
    own(
        "PASSWORD_FOREIGN",
        "password, called so in another language",
        CWE_256,
        FOREIGN,
        |text, found| {
            assignments(text, FOREIGN, password, found);
        },
    ),
    own("PASSPHRASE", "pass phrase", CWE_256, PASSPHRASE, |text, found| {
        assignments(text, PASSPHRASE, password, found);
    }),
    own("SECRET", "secret in an assignment", CWE, SECRET, |text, found| {
        assignments(text, SECRET, secret, found);
    }),
    own("API_KEY", "key in an assignment", CWE, API_KEY, |text, found| {
        assignments(text, API_KEY, key, found);
    }),
    own("ACCESS_TOKEN", "token in an assignment", CWE, TOKEN, |text, found| {
        assignments(text, TOKEN, key, found);
    }),
    own(
        "ENCRYPTION_KEY",
        "key to encrypt or sign in an assignment",
        CWE,
        ENCRYPTION,
        |text, found| {
            assignments(text, ENCRYPTION, key, found);
        },
    ),
];

/// A secret may be chosen as a password is, or made as a key is.
fn secret(value: &str, written: Written) -> Option<u8> {
    let chosen = if written == Written::Quoted
        && value.len() >= 6
        && value.bytes().any(|byte| byte.is_ascii_digit())
    {
        password(value, written).filter(|_| !value.contains('-')).map(|score| score.min(55))
    } else {
        None
    };
    key(value, written).max(chosen)
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("PASSWORD", "«password = \"»{a12}"),
    ("PASSWORD", "«export DB_PASSWORD=»{a12}"),
    ("PASSWORD", "«my password is »{a8}"),
    ("PASSWORD", "«\"password\": \"»{a10}"),
    ("PASSWORD", "«const password: &str = \"»{a12}"),
    ("PASSWORD", "«SMTP_PASS=»{a12}"),
    ("PASSWORD", "«--password »{a12}"),
    ("PASSWORD_FOREIGN", "«密码是»{a10}"),
    ("PASSWORD_FOREIGN", "«数据库口令：»{a10}"),
    ("PASSWORD_FOREIGN", "«contraseña: »{a10}"),
    ("PASSWORD_FOREIGN", "«Mot de passe : »{a10}"),
    ("PASSWORD_FOREIGN", "«Passwort: »{a10}"),
    ("PASSWORD_FOREIGN", "«senha = '»{a10}"),
    ("PASSWORD_FOREIGN", "«Пароль: »{a10}"),
    ("PASSWORD_FOREIGN", "«パスワードは»{a10}"),
    ("PASSWORD_FOREIGN", "«비밀번호: »{a10}"),
    ("PASSPHRASE", "«passphrase: »{a16}"),
    ("SECRET", "«client_secret=\"»{a32}"),
    ("SECRET", "«密钥为 »{a32}"),
    ("API_KEY", "«api_key = '»{a32}"),
    ("API_KEY", "«X-Api-Key: »{x32}"),
    ("ACCESS_TOKEN", "«access_token: »{a40}"),
    ("ENCRYPTION_KEY", "«ENCRYPTION_KEY=»{x64}"),
];
