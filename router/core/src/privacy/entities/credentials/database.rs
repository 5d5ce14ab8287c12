//! Passwords in the addresses of databases and servers.
//!
//! The whole address is found: host and user are as private as the password. An address without a password
//! is none, and neither is a template (`${PASSWORD}`, `<password>`) nor the default of a tutorial on the
//! same machine (`postgres:postgres@localhost`). A password may hold an `@`; the last one counts.

use super::placeholder::{is_template, is_trivial};
use super::shape::{assigned, marked, named, own, run_start, run_within, token, varied};
use crate::privacy::detect::{Check, Detector, Edges, Found, Pattern, pattern};
use memchr::memmem;

const RFC: &str = "RFC 3986, section 3.2.1";
const LIBPQ: &str = "https://www.postgresql.org/docs/current/libpq-connect.html";
const JDBC: &str = "https://docs.oracle.com/javase/tutorial/jdbc/basics/connecting.html";

/// Scheme, `://`, user, password, host, path.
macro_rules! address {
    ($scheme:literal) => {
        concat!(
            "(?i:",
            $scheme,
            ")://[A-Za-z0-9._%+$-]{0,64}:[!#-&(-.0-;=?-Z\\[\\]^_a-~]{1,128}@",
            "[A-Za-z0-9.,:_\\[\\]-]{1,120}(?:/[A-Za-z0-9_.?=&%+/-]{0,120})?"
        )
    };
}

const fn address(
    kind: &'static str,
    about: &'static str,
    of: &'static [&'static str],
    form: &'static [Pattern],
) -> Detector {
    let edges = Edges { before: b"", after: b"", word_before: false, word_after: false };
    Detector { check: Some(password_in_address), edges, ..token(kind, about, RFC, of, form) }
}

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    address("POSTGRES_URL", "PostgreSQL address with a password", &["postgres", "cockroach", "timescale", "redshift"],
        &[pattern(address!("(?:postgres(?:ql)?|cockroach(?:db)?|timescaledb|redshift)(?:[+][a-z0-9]{2,12})?"), 95)]),
    address("MYSQL_URL", "MySQL or MariaDB address with a password", &["mysql", "mariadb"], &[pattern(address!("(?:mysqlx?2?|mariadb)(?:[+][a-z0-9]{2,12})?"), 95)]),
    address("MONGODB_URL", "MongoDB address with a password", &["mongodb"], &[pattern(address!("mongodb(?:[+]srv)?"), 95)]),
    address("REDIS_URL", "Redis or Valkey address with a password", &["redis://", "rediss://", "valkey"], &[pattern(address!("(?:rediss?|valkeys?)"), 95)]),
    address("AMQP_URL", "message broker address with a password", &["amqp", "mqtt", "nats://", "stomp"], &[pattern(address!("(?:amqps?|mqtts?|nats|stomp)"), 95)]),
    address("MSSQL_URL", "SQL Server address with a password", &["mssql", "sqlserver"], &[pattern(address!("(?:mssql|sqlserver)(?:[+][a-z0-9]{2,12})?"), 95)]),
    address("ORACLE_URL", "Oracle address with a password", &["oracle"], &[pattern(address!("oracle(?:[+][a-z_0-9]{2,12})?"), 95),
        pattern("oracle:thin:[A-Za-z0-9_]{1,40}/[!#-&(-.0-;=?A-Z_a-~]{1,64}@[A-Za-z0-9/.:_-]{1,80}", 92)]),
    address("CLICKHOUSE_URL", "warehouse address with a password", &["clickhouse", "snowflake", "cassandra", "hive://", "trino", "presto"],
        &[pattern(address!("(?:clickhouse|snowflake|cassandra|hive|trino|presto)(?:[+][a-z0-9]{2,12})?"), 95)]),
    address("NEO4J_URL", "graph database address with a password", &["neo4j", "bolt", "arangodb", "couchdb", "influxdb"],
        &[pattern(address!("(?:neo4j|bolt|arangodb|couchdb|influxdb)(?:[+]s(?:sc)?)?"), 95)]),
    address("LDAP_URL", "directory address with a password", &["ldap"], &[pattern(address!("ldaps?"), 95)]),
    address("SMTP_URL", "mail server address with a password", &["smtp", "imap", "pop3"], &[pattern(address!("(?:smtp|imap|pop3)s?"), 95)]),
    address("FTP_URL", "file server address with a password", &["ftp", "sftp", "ssh://", "smb://", "webdav", "socks5"], &[pattern(address!("(?:s?ftps?|ssh|smb|webdavs?|socks5h?)"), 95)]),
    Detector { check: Some(password_in_address), ..own("URL_WITH_PASSWORD", "address with a password", RFC, &["://"], url) },
    marked("JDBC_URL", "JDBC address with a password", JDBC, &["jdbc:"],
        &[pattern("(?i:jdbc:[a-z0-9]{2,12}:[!#-%(-:=?-~&]{4,120}[?&;:](?:password|pwd|pass)=)[!#-%(-:=?-~]{3,64}", 92)]),
    Detector { check: Some(password_in_pair), ..marked("ODBC_PASSWORD", "password in an ODBC or ADO connection string",
        "https://learn.microsoft.com/dotnet/framework/data/adonet/connection-string-syntax", &[";password", ";pwd", "; password", "; pwd"],
        &[pattern("; ?(?i:password|pwd) ?= ?[!#-&(-:=?-~]{3,128}", 88)]) },
    own("PGPASS", "line of a .pgpass file", "https://www.postgresql.org/docs/current/libpq-pgpass.html", &[":5432:"], pgpass),
    marked("LIBPQ_PASSWORD", "password in a libpq connection string", LIBPQ, &["host="],
        &[pattern("host=[A-Za-z0-9._/-]{1,80}(?: (?:port|user|dbname|sslmode|hostaddr)=[A-Za-z0-9_.-]{1,64}){0,5} password=[!#-&(-~]{3,64}", 90)]),
    named("KAFKA_JAAS", "Kafka login module with a password", "https://kafka.apache.org/documentation/#security_sasl", &["LoginModule"],
        &[pattern("(?i:LoginModule required username=)[\\\\\"']{1,2}[A-Za-z0-9_.@+-]{1,64}[\\\\\"']{1,2} password=[\\\\\"']{1,2}[A-Za-z0-9+/=_.!@#$%^&*-]{4,128}", 93)]),
    named("CONFLUENT_SECRET", "Confluent cloud secret", "https://docs.confluent.io/cloud/current/security/authenticate/", &["confluent", "sasl_password"],
        &[pattern(assigned!("(?:confluent[_-]?(?:cloud)?[_-]?(?:api|access)?[_-]?(?:secret|key)|sasl_password)", "[A-Za-z0-9+/]{64}"), 95)]),
    marked("DATABRICKS_TOKEN", "Databricks token", "https://docs.databricks.com/dev-tools/auth/pat.html", &["dapi"], &[pattern("dapi[a-f0-9]{32}(?:-[0-9])?", 97)]),
    marked("PLANETSCALE_TOKEN", "PlanetScale password or token", "https://planetscale.com/docs/", &["pscale_"], &[pattern("pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.=-]{32,64}", 98)]),
    marked("SUPABASE_KEY", "Supabase key", "https://supabase.com/docs/guides/api/api-keys", &["sbp_", "sb_secret_"], &[pattern("sbp_[a-f0-9]{40}", 97), pattern("sb_secret_[A-Za-z0-9_-]{31,40}", 97)]),
    token("NEON_API_KEY", "Neon API key", "https://neon.com/docs/manage/api-keys", &["napi_"], &[pattern("napi_[a-z0-9]{60,66}", 97)]),
    token("CLICKHOUSE_CLOUD_KEY", "ClickHouse Cloud key secret", "https://clickhouse.com/docs/cloud/manage/openapi", &["4b1d"], &[pattern("4b1d[A-Za-z0-9]{38}", 92)]),
    token("MONGODB_ATLAS_KEY", "MongoDB Atlas service account secret", "https://www.mongodb.com/docs/atlas/configure-api-access/", &["mdb_sa_sk_"], &[pattern("mdb_sa_sk_[A-Za-z0-9_-]{40}", 98)]),
];

fn password_in_address(text: &str) -> Check {
    let Some((_, rest)) = text.split_once("://") else { return varied(text) };
    let Some((login, host)) = rest.rsplit_once('@') else { return Check::Invalid };
    let Some((user, password)) = login.split_once(':') else { return Check::Invalid };
    let host = host.split(['/', ':', '?']).next().unwrap_or_default();
    let near = !host.contains('.') || host.starts_with("127.") || host.contains("example");
    let tutorial = near && (is_trivial(password) || password == user);
    let hidden = password.bytes().all(|byte| b"*.xX".contains(&byte));
    Check::from_bool(!tutorial && !hidden && !is_template(password))
}

fn password_in_pair(text: &str) -> Check {
    let value = text.split_once('=').map_or("", |(_, value)| value.trim());
    Check::from_bool(!is_trivial(value) && !is_template(value))
}

/// `scheme://user:password@host` for schemes without a row of their own.
fn url(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"://") {
        let scheme = text.get(..at).unwrap_or_default();
        if !["http", "https", "git", "ws", "wss"].iter().any(|known| scheme.ends_with(known)) {
            continue;
        }
        let start = run_start(bytes, at, |byte| byte.is_ascii_alphanumeric(), 8);
        let login = bytes.get(at + 3..bytes.len().min(at + 260)).unwrap_or_default();
        let login = login
            .iter()
            .take_while(|byte| byte.is_ascii_graphic() && !b"/\"'<>`?#\\".contains(byte));
        let login = at + 3 + login.count();
        let Some(inside) = bytes.get(at + 3..login) else { continue };
        let Some(sign) = inside.iter().rposition(|byte| *byte == b'@') else { continue };
        let colon = inside.iter().position(|byte| *byte == b':');
        if colon.is_some_and(|colon| colon + 1 < sign) && sign + 1 < inside.len() {
            found(start..login, 90);
        }
    }
}

/// `host:port:database:user:password`, of the usual port.
fn pgpass(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b":5432:") {
        let field = |from: usize| {
            run_within(bytes, from, |byte| byte.is_ascii_graphic() && !b":/\"".contains(&byte), 64)
        };
        let database = field(at + 6);
        let user = field(database + 1);
        let end = run_within(bytes, user + 1, |byte| byte.is_ascii_graphic() && byte != b'"', 128);
        let colons = bytes.get(database) == Some(&b':') && bytes.get(user) == Some(&b':');
        if colons && database > at + 6 && user > database + 1 && end > user + 3 {
            found(user + 1..end, 88);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("POSTGRES_URL", "postgresql://app:{a14}@db.corp.example.net:5432/app?sslmode=require"),
    ("MYSQL_URL", "mysql+pymysql://root:{a10}@10.1.2.3/shop"),
    ("MONGODB_URL", "mongodb+srv://admin:{a12}@cluster0.ab1cd.mongodb.net/test"),
    ("REDIS_URL", "rediss://:{a20}@cache-7.internal:6379/0"),
    ("AMQP_URL", "amqps://app:{a14}@mq.internal/vhost"),
    ("MSSQL_URL", "mssql://sa:{a14}@sql-1.internal:1433/main"),
    ("ORACLE_URL", "oracle:thin:scott/{a12}@ora.internal:1521/orcl"),
    ("CLICKHOUSE_URL", "clickhouse://default:{a12}@ch.internal:9000/events"),
    ("NEO4J_URL", "neo4j+s://neo:{a16}@graph.internal"),
    ("LDAP_URL", "ldaps://cn:{a12}@ldap.internal"),
    ("SMTP_URL", "smtp://mailer:{a12}@mail.internal:587"),
    ("FTP_URL", "sftp://backup:{a12}@files.internal/dump"),
    ("URL_WITH_PASSWORD", "https://deploy:{a14}@git.internal"),
    ("JDBC_URL", "jdbc:mysql://db.internal:3306/x?user=app&password={a14}"),
    ("ODBC_PASSWORD", ";Pwd={a14}"),
    ("PGPASS", "«db.internal:5432:app:bob:»{a14}"),
    ("LIBPQ_PASSWORD", "host=db.internal port=5432 user=app password={a14}"),
    ("KAFKA_JAAS", "LoginModule required username=\"app\" password=\"{a20}"),
    ("CONFLUENT_SECRET", "CONFLUENT_CLOUD_API_SECRET={b64}"),
    ("DATABRICKS_TOKEN", "dapi{x32}"),
    ("PLANETSCALE_TOKEN", "pscale_tkn_{w42}{a1}"),
    ("SUPABASE_KEY", "sbp_{x40}"),
    ("NEON_API_KEY", "napi_{l64}"),
    ("CLICKHOUSE_CLOUD_KEY", "4b1d{a38}"),
    ("MONGODB_ATLAS_KEY", "mdb_sa_sk_{w39}{a1}"),
];
