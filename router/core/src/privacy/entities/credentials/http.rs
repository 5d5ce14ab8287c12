//! Credentials in headers, cookies, command lines and files of tools.
//!
//! `Basic` counts only where the base64 behind it is a name, a colon and a password: prose has basic things
//! too. A bearer token must look like chance made it.

use super::base64::decode;
use super::placeholder::{is_template, is_trivial};
use super::shape::{base64, dotted, long_runs, marked, mixed, named, own, run_end, token, varied};
use super::value::is_random;
use crate::privacy::detect::{Check, Detector, Edges, Found, pattern};
use memchr::memmem;

const BASIC: &str = "RFC 7617, section 2";
const BEARER: &str = "RFC 6750, section 2.1";
const COOKIE: &str =
    "RFC 6265, section 8.4; https://owasp.org/www-community/attacks/Session_hijacking_attack";
const NETRC: &str =
    "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html";
const BOOTSTRAP: &str = "https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/";
const NPMRC: &str = "https://docs.npmjs.com/cli/configuring-npm/npmrc";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    Detector { check: Some(login), valid: 95, ..token("HTTP_BASIC_AUTH", "name and password in an Authorization header", BASIC, &["basic "],
        &[pattern("(?i:Basic) {1,2}[A-Za-z0-9+/]{6,240}={0,2}", 90)]) },
    own("HTTP_BEARER_TOKEN", "bearer token", BEARER, &["bearer "], bearer),
    named("HTTP_TOKEN_AUTH", "token in an Authorization header", "RFC 9110, section 11.6.2", &["authorization"],
        &[pattern("(?i:Authorization)[\"']?[:=] ?[\"']?(?:(?i:Token|ApiKey|Api-Key|Key|OAuth|GenieKey|SSWS|Klaviyo-API-Key|PRIVATE-TOKEN|Splunk)[ =]\"?)?[A-Za-z0-9._+/=-]{16,200}", 90)]),
    named("SESSION_COOKIE", "cookie of a session", COOKIE,
        &["sessionid=", "session_id=", "phpsessid=", "jsessionid=", "connect.sid=", "asp.net_sessionid=", "_session=", "session=", "sessid=", ".aspnetcore.", "wordpress_logged_in_", "remember_token=", "csrftoken=", "auth_token="],
        &[pattern("(?i:sessionid|session_id|phpsessid|jsessionid|connect[.]sid|asp[.]net_sessionid|_?session|sessid|[.]aspnetcore[.][a-z.]{4,20}|remember_token|csrftoken|auth_token)=[A-Za-z0-9%._+/=-]{20,240}", 85),
          pattern("wordpress_logged_in_[a-f0-9]{32}=[A-Za-z0-9%._+/=-]{20,200}", 95)]),
    own("CURL_USER", "name and password on the command line of curl", "https://curl.se/docs/manpage.html#-u", &["curl", "wget"], curl),
    Detector { check: Some(last_word), ..token("COMMAND_PASSWORD", "password on a command line", "https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html", &["mysql ", "mysqldump ", "mysqladmin ", "sshpass ", "redis-cli ", "docker login ", "pscp ", "plink "],
        &[pattern("(?:mysql|mysqldump|mysqladmin) (?:-[A-Za-z-]{1,12}[ =]?[A-Za-z0-9_.@-]{1,40} ){0,5}-p[!#-&(-,.-:=?-~]{4,64}", 88),
          pattern("sshpass -p ?[\"']?[!#-&(-~]{3,64}", 92),
          pattern("redis-cli (?:-[a-z]{1,5} [A-Za-z0-9_.-]{1,64} ){0,4}-a [\"']?[!#-&(-~]{4,64}", 90),
          pattern("docker login (?:-[A-Za-z-]{1,12}[ =][A-Za-z0-9_.@$/-]{1,60} |[a-z0-9./:-]{4,60} ){0,4}(?:-p|--password)[ =][\"']?[!#-&(-~]{4,100}", 90),
          pattern("(?:pscp|plink) (?:-[a-z]{1,6} ){0,3}-pw [\"']?[!#-&(-~]{4,64}", 90)]) },
    token("NETRC_LINE", "line of a .netrc file", NETRC, &["machine ", "default login "],
        &[pattern("(?:machine [A-Za-z0-9.:_-]{1,100}|default)[ \t\r\n]{1,4}login [!-~]{1,80}[ \t\r\n]{1,4}password [!#-&(-~]{3,120}", 95)]),
    Detector { edges: Edges::WORD, ..named("NPMRC_AUTH", "login in an .npmrc file", NPMRC, &["_authtoken", "_auth=", "_auth =", "_password="],
        &[pattern("(?i:_authToken|_auth|_password) ?= ?\"?[A-Za-z0-9+/=_.-]{12,200}", 93)]) },
    Detector { check: Some(login), valid: 95, ..marked("DOCKER_CONFIG_AUTH", "login in Docker's configuration", "https://docs.docker.com/reference/cli/docker/login/", &["\"auth\":", "\"auth\" :"],
        &[pattern("\"auth\" ?: ?\"[A-Za-z0-9+/]{8,240}={0,2}", 90)]) },
    marked("DOCKER_SWARM_TOKEN", "Docker Swarm join token", "https://docs.docker.com/engine/swarm/join-nodes/", &["SWMTKN-1-"], &[pattern("SWMTKN-1-[a-z0-9]{50}-[a-z0-9]{25}", 98)]),
    token("KUBERNETES_BOOTSTRAP_TOKEN", "Kubernetes bootstrap token", BOOTSTRAP, &["--token "], &[pattern("--token [a-z0-9]{6}[.][a-z0-9]{16}", 94)]),
    own("KUBECONFIG_CLIENT_KEY", "key of a client in a kubeconfig", "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/", &["client-key-data: ", "client-key-data: \"", "client-key-data\": \""], |text, found| {
        long_runs(text, &["client-key-data: ", "client-key-data: \"", "client-key-data\": \""], base64, 40, 97, found);
    }),
    token("K3S_TOKEN", "k3s node token", "https://docs.k3s.io/cli/token", &["K10"], &[pattern("K10[0-9a-f]{64}::(?:server|node|agent):[A-Za-z0-9.]{16,64}", 98)]),
    Detector { check: Some(last_word), ..token("OPENSSL_PASS", "pass phrase given to OpenSSL", "https://docs.openssl.org/master/man1/openssl-passphrase-options/", &["-passin pass:", "-passout pass:", "-k pass:", "-pass pass:"],
        &[pattern("-(?:passin|passout|pass|k) pass:[!#-&(-~]{3,64}", 92)]) },
    Detector { check: Some(last_word), ..token("CISCO_PASSWORD", "password in a router's configuration", "https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html",
        &["password 7 ", "secret 5 ", "secret 8 ", "secret 9 ", "password 0 ", "secret 0 ", "key 7 "],
        &[pattern("(?:password|key) 7 [0-9A-F]{8,64}", 92), pattern("secret [589] [$][0-9]{1,2}[$][A-Za-z0-9./$]{10,80}", 95), pattern("(?:password|secret) 0 [!-~]{3,64}", 85)]) },
    Detector { check: Some(last_word), edges: Edges::NONE, ..token("WIFI_PASSWORD", "password of a wireless network", "https://github.com/zxing/zxing/wiki/Barcode-Contents#wi-fi-network-config-android-ios-11", &["WIFI:", "wpa_passphrase=", "psk=\"", "wpa-psk "],
        &[pattern("WIFI:(?:[STH]:[!#-:<-~ ]{0,40};){1,3}P:[!#-:<-~]{4,64}", 96), pattern("wpa_passphrase=[!-~]{8,63}", 94), pattern("psk=\"[!#-~]{8,63}", 94), pattern("wpa-psk [\"']?[!#-&(-~]{8,63}", 92)]) },
    token("OTPAUTH_URL", "seed of one-time passwords", "https://github.com/google/google-authenticator/wiki/Key-Uri-Format", &["otpauth://"],
        &[pattern("(?i:otpauth)://[ht]otp/[A-Za-z0-9%:@._ +-]{0,100}[?](?:[a-z]{4,10}=[A-Za-z0-9%._-]{1,40}&){0,4}secret=[A-Za-z2-7]{16,128}", 97)]),
    token("ONE_TIME_CODE", "code sent to prove who somebody is", "RFC 6238; RFC 4226", &["verification code", "验证码", "校验码", "动态码", "one-time code", "one-time password", "security code", "otp is", "otp:", "otp code", "код подтверждения", "認証コード", "인증번호"],
        &[pattern("(?:(?i:verification code|one-time (?:code|password)|security code|otp(?: code)?)|验证码|校验码|动态码|код подтверждения|認証コード|인증번호)(?: is|是|为|は|는)?:?[ \"'：]{0,2}(?:G-)?[0-9]{4,8}", 75)]),
];

/// The base64 at the end is a name, a colon and a password.
fn login(text: &str) -> Check {
    let coded = text.rsplit([' ', '"']).next().unwrap_or_default();
    let Some(plain) = decode(coded, 256) else { return Check::Invalid };
    let colon = plain.iter().position(|byte| *byte == b':');
    let printable = plain.iter().all(|byte| !byte.is_ascii_control());
    Check::from_bool(
        printable && str::from_utf8(&plain).is_ok() && colon.is_some_and(|at| at + 1 < plain.len()),
    )
}

/// The last word is no placeholder and no template.
fn last_word(text: &str) -> Check {
    let word =
        text.rsplit([' ', '=', ':', '"', '\'']).find(|word| !word.is_empty()).unwrap_or_default();
    if is_template(word) || is_trivial(word) { Check::Invalid } else { varied(text) }
}

/// `Bearer` and a token; the token is found.
fn bearer(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"earer ") {
        let start = run_end(bytes, at + 6, |byte| byte == b' ');
        let end = run_end(bytes, start, |byte| base64(byte) || dotted(byte) || byte == b'~');
        let value = text.get(start..end).unwrap_or_default().trim_end_matches('.');
        let bearer = matches!(at.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'B' | b'b'));
        if bearer && is_random(value) && mixed(value) != Check::Invalid {
            found(start..start + value.len(), 88);
        }
    }
}

/// `curl ... -u name:password`, in one command.
fn curl(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for flag in ["-u ", "-u", "--user ", "--user="] {
        for at in memmem::find_iter(bytes, flag.as_bytes()) {
            let before = bytes.get(at.saturating_sub(400)..at).unwrap_or_default();
            let command = memmem::rfind(before, b"\n\n")
                .map_or(before, |line| before.get(line..).unwrap_or_default());
            if before.last() != Some(&b' ')
                || memmem::rfind(command, b"curl").is_none()
                    && memmem::rfind(command, b"wget").is_none()
            {
                continue;
            }
            let quoted =
                bytes.get(at + flag.len()).filter(|byte| matches!(byte, b'"' | b'\'')).copied();
            let start = at + flag.len() + usize::from(quoted.is_some());
            let end = run_end(bytes, start, |byte| {
                byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')
            });
            let pair = text.get(start..end).unwrap_or_default();
            let secret = pair.split_once(':').map_or("", |(_, secret)| secret);
            if secret.len() > 2
                && !pair.contains("://")
                && !is_template(secret)
                && !is_trivial(secret)
            {
                found(start..end, 92);
            }
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("HTTP_BASIC_AUTH", "Basic {base64:app:{a14}}"),
    ("HTTP_BEARER_TOKEN", "«Authorization: Bearer »{w43}{a1}"),
    ("HTTP_TOKEN_AUTH", "Authorization: Token {x40}"),
    ("SESSION_COOKIE", "JSESSIONID={X32}"),
    ("CURL_USER", "«curl -s -u »admin:{a14}"),
    ("COMMAND_PASSWORD", "mysql -u root -p{a12}"),
    ("COMMAND_PASSWORD", "sshpass -p {a12}"),
    ("NETRC_LINE", "machine api.corp.net login bob password {a16}"),
    ("NPMRC_AUTH", "_authToken={uuid}"),
    ("DOCKER_CONFIG_AUTH", "\"auth\": \"{base64:bob:{a16}}"),
    ("DOCKER_SWARM_TOKEN", "SWMTKN-1-{l50}-{l25}"),
    ("KUBERNETES_BOOTSTRAP_TOKEN", "--token {l6}.{l16}"),
    ("KUBECONFIG_CLIENT_KEY", "client-key-data: {b600}=="),
    ("K3S_TOKEN", "K10{x64}::server:{x32}"),
    ("OPENSSL_PASS", "-passin pass:{a12}"),
    ("CISCO_PASSWORD", "password 7 {H20}"),
    ("WIFI_PASSWORD", "WIFI:T:WPA;S:home;P:{a12}"),
    ("OTPAUTH_URL", "otpauth://totp/Corp:bob?secret={z32}"),
    ("ONE_TIME_CODE", "verification code is {d6}"),
];
