//! Keys of Amazon, Google and Microsoft.
//!
//! An AWS secret key is 40 characters of base64 and nothing else, so only the name before it tells. A
//! signed URL opens what it names to whoever has it, and counts as a key. Microsoft's newer keys carry a
//! signature in the middle; those rows look for that and read to both sides.

use super::shape::{
    Alphabet, assigned, base64, dotted, long_runs, marked, named, own, own_token, run_start,
    run_within, token, url_safe,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const AWS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html";
const AWS_SIGNED: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html";
const GOOGLE: &str = "https://cloud.google.com/docs/authentication/api-keys";
const OAUTH: &str = "https://developers.google.com/identity/protocols/oauth2";
const AZURE: &str =
    "https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string";
/// `{"type":"service_account"`, in base64.
const SERVICE_ACCOUNT: &[&str] = &[
    "eyJ0eXBlIjoic2VydmljZV9hY2Nvd",
    "ewogICJ0eXBlIjogInNlcnZpY2VfYWNjb3",
    "eyJ0eXBlIjogInNlcnZpY2VfYWNjb3",
];
const ENTRA: &str = "https://learn.microsoft.com/entra/identity-platform/quickstart-register-app";
const SIGNED: &str = "https://learn.microsoft.com/purview/sit-defn-azure-storage-account-key";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    token("AWS_ACCESS_KEY_ID", "Amazon access key id", AWS, &["AKIA", "ASIA", "ABIA", "ACCA"],
        &[pattern("(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", 95), pattern("A[KS]IA[A-Z0-9]{16}", 85)]),
    named("AWS_SECRET_ACCESS_KEY", "Amazon secret access key", AWS,
        &["aws_secret", "awssecret", "aws-secret", "aws secret", "secret_access_key", "secretaccesskey", "secret-access-key", "secret access key"],
        &[pattern(assigned!("(?:aws[ _-]?)?secret[ _-]?(?:access)?[ _-]?(?:key)?", "[A-Za-z0-9/+]{40}"), 92)]),
    own("AWS_SESSION_TOKEN", "Amazon session token", AWS, &["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"], |text, found| {
        long_runs(text, &["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"], base64, 80, 95, found);
    }),
    own("AWS_BEDROCK_API_KEY", "Amazon Bedrock API key", AWS, &["ABSKQmVkcm9ja0FQSUtleS", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t"], |text, found| {
        long_runs(text, &["ABSKQmVkcm9ja0FQSUtleS", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t"], base64, 60, 97, found);
    }),
    marked("AWS_MWS_KEY", "Amazon marketplace token", AWS, &["amzn.mws."],
        &[pattern("amzn[.]mws[.][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 95)]),
    token("AWS_APPSYNC_KEY", "AWS AppSync API key", AWS, &["da2-"], &[pattern("da2-[a-z0-9]{26}", 92)]),
    token("AWS_SIGNED_URL", "signature of an Amazon URL", AWS_SIGNED, &["X-Amz-Signature="],
        &[pattern("(?i:X-Amz-Signature)=[0-9a-f]{64}", 95)]),
    marked("GCP_API_KEY", "Google API key", GOOGLE, &["AIza"], &[pattern("AIza[0-9A-Za-z_-]{35}", 95), pattern("AIza[0-9A-Za-z_-]{30,40}", 80)]),
    own("GCP_OAUTH_TOKEN", "Google OAuth access token", OAUTH, &["ya29."], |text, found| long_runs(text, &["ya29."], dotted, 30, 95, found)),
    marked("GCP_OAUTH_CLIENT_SECRET", "Google OAuth client secret", OAUTH, &["GOCSPX-"], &[pattern("GOCSPX-[A-Za-z0-9_-]{28}", 97)]),
    token("GCP_REFRESH_TOKEN", "Google OAuth refresh token", OAUTH, &["1//0"], &[pattern("1//0[A-Za-z0-9_-]{38,110}", 90)]),
    named("GCP_SERVICE_ACCOUNT_KEY", "id of a Google service account's private key", GOOGLE, &["private_key_id"],
        &[pattern(assigned!("private_key_id", "[0-9a-f]{40}"), 90)]),
    own("GCP_SERVICE_ACCOUNT_FILE", "Google service account file in base64", GOOGLE, SERVICE_ACCOUNT, |text, found| {
        long_runs(text, SERVICE_ACCOUNT, base64, 100, 97, found);
    }),
    token("GCP_SIGNED_URL", "signature of a Google URL", GOOGLE, &["X-Goog-Signature="],
        &[pattern("(?i:X-Goog-Signature)=[0-9a-f]{128,512}", 95)]),
    token("FIREBASE_SERVER_KEY", "Firebase cloud messaging key", GOOGLE, &["AAAA"],
        &[pattern("AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{130,150}", 97)]),
    marked("AZURE_STORAGE_KEY", "Azure account key", AZURE, &["AccountKey="], &[pattern("(?i:AccountKey)=[A-Za-z0-9+/]{80,90}={0,2}", 95)]),
    marked("AZURE_STORAGE_CONNECTION_STRING", "Azure storage connection string", AZURE, &["DefaultEndpointsProtocol="],
        &[pattern("(?i:DefaultEndpointsProtocol)=https?;AccountName=[a-z0-9]{3,24};AccountKey=[A-Za-z0-9+/]{80,90}={0,2}", 97)]),
    marked("AZURE_SHARED_ACCESS_KEY", "Azure service bus, event hub or IoT key", AZURE, &["SharedAccessKey="],
        &[pattern("(?i:SharedAccessKey)=[A-Za-z0-9+/]{40,90}={0,2}", 95)]),
    token("AZURE_SAS_TOKEN", "signature of an Azure URL", AZURE, &["sig="],
        &[pattern("sig=[A-Za-z0-9%+/]{42,80}(?:%3[Dd]|=)", 90)]),
    marked("AZURE_APP_CONFIG_KEY", "Azure app configuration connection string", AZURE, &[".azconfig.io;"],
        &[pattern("[.]azconfig[.]io;Id=[A-Za-z0-9+/:=-]{4,60};Secret=[A-Za-z0-9+/]{36,90}={0,2}", 95)]),
    own_token("AZURE_CLIENT_SECRET", "Microsoft Entra client secret", ENTRA, &["Q~"], client_secret),
    own_token("AZURE_SERVICE_KEY", "Azure key with a signature in it", SIGNED, SIGNATURES, service_key),
    named("AZURE_OPENAI_KEY", "Azure OpenAI or cognitive services key", AZURE,
        &["azure_openai", "azure-openai", "azureopenai", "ocp-apim-subscription-key"],
        &[pattern(assigned!("azure[_-]?openai[_-]?(?:api)?[_-]?key|ocp-apim-subscription-key", "(?:[0-9a-f]{32}|[A-Za-z0-9]{84})"), 92)]),
    named("AZURE_DEVOPS_TOKEN", "Azure DevOps personal access token", AZURE,
        &["azure_devops", "azuredevops", "azdo_", "system_accesstoken", "vsts_"],
        &[pattern(assigned!("(?:azure_?devops|azdo|vsts|system)_?(?:ext_)?(?:pat|token|accesstoken)", "(?:[a-z2-7]{52}|[A-Za-z0-9]{84})"), 92)]),
];

/// Three characters, a digit, `Q~`, then 31 to 34 characters.
fn client_secret(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"Q~") {
        let start = run_start(bytes, at, dotted, 4);
        let end = run_within(bytes, at + 2, |byte| dotted(byte) || byte == b'~', 40);
        let digit = at.checked_sub(1).and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let long = (31..=34).contains(&(end - at - 2));
        let edge =
            start.checked_sub(1).and_then(|at| bytes.get(at)).is_none_or(|byte| !url_safe(*byte));
        if start + 4 == at && digit && long && edge {
            found(start..end, 95);
        }
    }
}

/// Signatures of services.
const SIGNATURES: &[&str] = &[
    "+ASt", "ACDb", "+ABa", "+AMC", "APIM", "+ASb", "+AEh", "+ARm", "AIoT", "AzFu", "AzSe", "+ACR",
    "AzCa", "AZDO", "ACOG",
];

/// Bytes before a signature, and after it without padding.
fn around(signature: &str) -> (usize, usize) {
    match signature {
        "+ASb" | "+AEh" | "+ARm" | "AIoT" | "AzCa" => (33, 6),
        "AzFu" => (44, 6),
        "AzSe" | "+ACR" => (42, 6),
        "AZDO" | "ACOG" => (76, 4),
        _ => (76, 6),
    }
}

fn service_key(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let of: Alphabet = |byte| url_safe(byte) || byte == b'+' || byte == b'/';
    for signature in SIGNATURES {
        let (before, after) = around(signature);
        for at in memmem::find_iter(bytes, signature.as_bytes()) {
            let start = run_start(bytes, at, of, before + 1);
            let body = bytes.get(at + 4..bytes.len().min(at + after + 5)).unwrap_or_default();
            let tail = body.iter().take_while(|byte| of(**byte)).count();
            if at - start == before && tail == after {
                let padding = bytes.get(at + 4 + tail..).unwrap_or_default();
                let padding = padding.iter().take(2).take_while(|byte| **byte == b'=').count();
                found(start..at + 4 + tail + padding, 97);
            }
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("AWS_ACCESS_KEY_ID", "AKIA{z16}"),
    ("AWS_ACCESS_KEY_ID", "ASIA{z16}"),
    ("AWS_SECRET_ACCESS_KEY", "aws_secret_access_key = {b40}"),
    ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey\": \"{b40}"),
    ("AWS_SESSION_TOKEN", "IQoJb3JpZ2lu{b400}"),
    ("AWS_BEDROCK_API_KEY", "ABSKQmVkcm9ja0FQSUtleS{b110}"),
    ("AWS_MWS_KEY", "amzn.mws.{uuid}"),
    ("AWS_APPSYNC_KEY", "da2-{l26}"),
    ("AWS_SIGNED_URL", "X-Amz-Signature={x64}"),
    ("GCP_API_KEY", "AIza{w34}{a1}"),
    ("GCP_OAUTH_TOKEN", "ya29.{w90}"),
    ("GCP_OAUTH_CLIENT_SECRET", "GOCSPX-{w27}{a1}"),
    ("GCP_REFRESH_TOKEN", "1//0{w60}{a1}"),
    ("GCP_SERVICE_ACCOUNT_KEY", "private_key_id\": \"{x40}"),
    ("GCP_SERVICE_ACCOUNT_FILE", "eyJ0eXBlIjoic2VydmljZV9hY2Nvd{b300}"),
    ("GCP_SIGNED_URL", "X-Goog-Signature={x512}"),
    ("FIREBASE_SERVER_KEY", "AAAA{w7}:APA91b{w133}{a1}"),
    ("AZURE_STORAGE_KEY", "AccountKey={b86}=="),
    (
        "AZURE_STORAGE_CONNECTION_STRING",
        "DefaultEndpointsProtocol=https;AccountName=store;AccountKey={b86}==",
    ),
    ("AZURE_SHARED_ACCESS_KEY", "SharedAccessKey={b43}="),
    ("AZURE_SAS_TOKEN", "sig={a43}%3D"),
    ("AZURE_APP_CONFIG_KEY", ".azconfig.io;Id=ab1-l9-s0:{a20};Secret={b43}="),
    ("AZURE_CLIENT_SECRET", "{a3}{d1}Q~{w33}{a1}"),
    ("AZURE_SERVICE_KEY", "{a76}+ASt{a6}=="),
    ("AZURE_SERVICE_KEY", "{a42}AzSe{a6}"),
    ("AZURE_OPENAI_KEY", "AZURE_OPENAI_API_KEY={x32}"),
    ("AZURE_DEVOPS_TOKEN", "AZURE_DEVOPS_EXT_PAT={c52}"),
];
