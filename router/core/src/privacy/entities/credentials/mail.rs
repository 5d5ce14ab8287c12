//! Keys of services that send mail, text messages and notifications.

use super::shape::{Alphabet, assigned, marked, named, own_token, run_start, run_within, token};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const HEX: Alphabet = |byte| byte.is_ascii_hexdigit();
const BREVO: &str = "https://developers.brevo.com/docs/getting-started";
const MAILGUN: &str = "https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    token("SENDGRID_API_KEY", "SendGrid API key", "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys", &["SG."],
        &[pattern("SG[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9_-]{43}", 98), pattern("SG[.][A-Za-z0-9_-]{16,32}[.][A-Za-z0-9_-]{16,64}", 85)]),
    token("MAILGUN_API_KEY", "Mailgun API key", MAILGUN, &["key-"], &[pattern("key-[a-f0-9]{32}", 90)]),
    named("MAILGUN_SIGNING_KEY", "Mailgun signing or account key", MAILGUN, &["mailgun"],
        &[pattern(assigned!("mailgun[_-]?(?:api|signing|private|webhook|webhook_signing)?[_-]?(?:key|token)", "(?:[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}|[a-f0-9]{32})"), 95)]),
    own_token("MAILCHIMP_API_KEY", "Mailchimp API key", "https://mailchimp.com/developer/marketing/guides/quick-start/", &["-us"], mailchimp),
    named("MANDRILL_API_KEY", "Mandrill API key", "https://mailchimp.com/developer/transactional/", &["mandrill"],
        &[pattern(assigned!("mandrill[_-]?(?:api|apikey)?[_-]?(?:key)?", "(?:md-)?[A-Za-z0-9_-]{22}"), 90)]),
    named("POSTMARK_TOKEN", "Postmark token", "https://postmarkapp.com/developer/api/overview", &["postmark", "x-postmark"],
        &[pattern(assigned!("(?:x-)?postmark[_-]?(?:server|account|api)?[_-]?(?:token|key)", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 94)]),
    marked("BREVO_API_KEY", "Brevo API key", BREVO, &["xkeysib-"], &[pattern("xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", 98)]),
    marked("BREVO_SMTP_KEY", "Brevo SMTP key", BREVO, &["xsmtpsib-"], &[pattern("xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}", 98)]),
    token("RESEND_API_KEY", "Resend API key", "https://resend.com/docs/api-reference/introduction", &["re_"], &[pattern("re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", 90)]),
    named("MAILJET_KEY", "Mailjet key", "https://dev.mailjet.com/email/guides/", &["mailjet", "mj_apikey"],
        &[pattern(assigned!("(?:mailjet|mj)[_-]?(?:api)?[_-]?(?:secret|key|apikey_private|apikey_public)(?:[_-]?key)?", "[a-f0-9]{32}"), 93)]),
    named("SPARKPOST_API_KEY", "SparkPost API key", "https://developers.sparkpost.com/api/", &["sparkpost"],
        &[pattern(assigned!("sparkpost[_-]?(?:api)?[_-]?key", "[a-f0-9]{40}"), 93)]),
    marked("MAILERSEND_TOKEN", "MailerSend token", "https://developers.mailersend.com/", &["mlsn."], &[pattern("mlsn[.][a-f0-9]{64}", 97)]),
    token("KLAVIYO_API_KEY", "Klaviyo private key", "https://developers.klaviyo.com/en/docs/authenticate_", &["pk_"], &[pattern("pk_[a-f0-9]{34}", 90)]),
    named("VONAGE_SECRET", "Vonage API secret", "https://developer.vonage.com/en/account/secret-management", &["vonage", "nexmo"],
        &[pattern(assigned!("(?:vonage|nexmo)[_-]?(?:api|signature)?[_-]?(?:secret|key)", "[A-Za-z0-9]{16}"), 88)]),
    named("MESSAGEBIRD_KEY", "MessageBird key", "https://developers.messagebird.com/api/", &["messagebird", "message_bird"],
        &[pattern(assigned!("message_?bird[_-]?(?:api|access)?[_-]?(?:key|token)", "[A-Za-z0-9]{25}"), 92)]),
    token("ONESIGNAL_KEY", "OneSignal key", "https://documentation.onesignal.com/docs/en/keys-and-ids", &["os_v2_"], &[pattern("os_v2_(?:app|org)_[a-z2-7]{103}", 98)]),
    named("PUSHOVER_TOKEN", "Pushover token", "https://pushover.net/api", &["pushover"],
        &[pattern(assigned!("pushover[_-]?(?:api|app|user)?[_-]?(?:token|key)", "[a-z0-9]{30}"), 92)]),
];

/// 32 digits of base 16, `-us`, and the number of a data centre.
fn mailchimp(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"-us") {
        let start = run_start(bytes, at, |byte| byte.is_ascii_alphanumeric(), 33);
        let end = run_within(bytes, at + 3, |byte| byte.is_ascii_alphanumeric(), 4);
        let centre = bytes.get(at + 3..end).unwrap_or_default();
        let hex = bytes
            .get(start..at)
            .is_some_and(|key| key.len() == 32 && key.iter().all(|byte| HEX(*byte)));
        if hex && matches!(centre.len(), 1 | 2) && centre.iter().all(u8::is_ascii_digit) {
            found(start..end, 97);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("SENDGRID_API_KEY", "SG.{w22}.{w42}{a1}"),
    ("MAILGUN_API_KEY", "key-{x32}"),
    ("MAILGUN_SIGNING_KEY", "MAILGUN_API_KEY={x32}-{x8}-{x8}"),
    ("MAILCHIMP_API_KEY", "{x32}-us{d2}"),
    ("MANDRILL_API_KEY", "MANDRILL_API_KEY={a22}"),
    ("POSTMARK_TOKEN", "X-Postmark-Server-Token: {uuid}"),
    ("BREVO_API_KEY", "xkeysib-{x64}-{a16}"),
    ("BREVO_SMTP_KEY", "xsmtpsib-{x64}-{a16}"),
    ("RESEND_API_KEY", "re_{a8}_{a24}"),
    ("MAILJET_KEY", "MJ_APIKEY_PRIVATE={x32}"),
    ("SPARKPOST_API_KEY", "SPARKPOST_API_KEY={x40}"),
    ("MAILERSEND_TOKEN", "mlsn.{x64}"),
    ("KLAVIYO_API_KEY", "pk_{x34}"),
    ("VONAGE_SECRET", "VONAGE_API_SECRET={a16}"),
    ("MESSAGEBIRD_KEY", "MESSAGEBIRD_API_KEY={a25}"),
    ("ONESIGNAL_KEY", "os_v2_app_{c103}"),
    ("PUSHOVER_TOKEN", "PUSHOVER_TOKEN={l30}"),
];
