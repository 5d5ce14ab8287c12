//! Tokens and incoming webhooks of messengers: whoever has the address of a webhook may post.
//!
//! Discord's and Telegram's bot tokens begin with the number of the bot, so functions look for the middle.

use super::base64::decode;
use super::shape::{
    Alphabet, assigned, long_runs, marked, named, own, own_token, run_start, run_within, url_safe,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::{memchr_iter, memchr2_iter, memmem};

const SLACK: &str = "https://docs.slack.dev/authentication/tokens/";
const DISCORD: &str = "https://discord.com/developers/docs/reference#authentication";
const TEAMS: &str = "https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/";
const HEX: Alphabet = |byte| byte.is_ascii_hexdigit();

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("SLACK_TOKEN", "Slack token", SLACK, &["xoxa-", "xoxb-", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xoxe.xox"],
        &[pattern("xox[abeoprs]-[0-9]{8,14}-[0-9]{8,14}-[0-9A-Za-z-]{16,80}", 97),
          pattern("xox[abeoprs]-[0-9A-Za-z-]{16,180}", 90), pattern("xoxe[.]xox[bp]-[0-9]-[0-9A-Za-z]{100,200}", 97)]),
    marked("SLACK_APP_TOKEN", "Slack app-level token", SLACK, &["xapp-"], &[pattern("xapp-[0-9]-[A-Z0-9]{6,16}-[0-9]{8,16}-[a-z0-9]{32,80}", 97)]),
    own("SLACK_COOKIE", "Slack session cookie", SLACK, &["xoxd-"], |text, found| long_runs(text, &["xoxd-"], |byte| url_safe(byte) || byte == b'%', 60, 95, found)),
    marked("SLACK_WEBHOOK", "Slack incoming webhook", "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/", &["hooks.slack.com/"],
        &[pattern("hooks[.]slack[.]com/(?:services|workflows|triggers)/[A-Za-z0-9]{8,14}/[A-Za-z0-9]{8,20}/[A-Za-z0-9/]{20,60}", 97)]),
    own_token("DISCORD_BOT_TOKEN", "Discord bot token", DISCORD, &[], discord),
    marked("DISCORD_MFA_TOKEN", "Discord token of a user", DISCORD, &["mfa."], &[pattern("mfa[.][A-Za-z0-9_-]{84}", 95)]),
    marked("DISCORD_WEBHOOK", "Discord webhook", DISCORD, &["discord.com/api/", "discordapp.com/api/"],
        &[pattern("discord(?:app)?[.]com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{17,20}/[A-Za-z0-9_-]{60,80}", 97)]),
    named("DISCORD_CLIENT_SECRET", "Discord client secret", DISCORD, &["discord"],
        &[pattern(assigned!("discord[_-]?(?:oauth|app)?[_-]?(?:client)?[_-]?secret", "[A-Za-z0-9_-]{32}"), 92)]),
    own_token("TELEGRAM_BOT_TOKEN", "Telegram bot token", "https://core.telegram.org/bots/api#authorizing-your-bot", &[":AA"], telegram),
    marked("TEAMS_WEBHOOK", "Microsoft Teams webhook", TEAMS, &[".webhook.office.com/"],
        &[pattern("[.]webhook[.]office[.]com/webhookb2/[0-9a-f-]{36}@[0-9a-f-]{36}/IncomingWebhook/[0-9a-zA-Z]{32}/[0-9a-f-]{36}(?:/[A-Za-z0-9_-]{20,50})?", 97)]),
    marked("GOOGLE_CHAT_WEBHOOK", "Google Chat webhook", "https://developers.google.com/workspace/chat/quickstart/webhooks", &["chat.googleapis.com/"],
        &[pattern("chat[.]googleapis[.]com/v1/spaces/[A-Za-z0-9_-]{8,16}/messages[?]key=[A-Za-z0-9_-]{39}&token=[A-Za-z0-9_%-]{30,70}", 97)]),
    own_token("TWILIO_KEY", "Twilio account or API key SID", "https://www.twilio.com/docs/iam/api-keys", &[], twilio),
    named("TWILIO_AUTH_TOKEN", "Twilio auth token", "https://www.twilio.com/docs/iam/api-keys", &["twilio"],
        &[pattern(assigned!("twilio[_-]?(?:auth|api|account)?[_-]?(?:token|secret|key)", "[a-f0-9]{32}"), 94)]),
    named("MATTERMOST_TOKEN", "Mattermost token", "https://developers.mattermost.com/integrate/reference/personal-access-token/", &["mattermost"],
        &[pattern(assigned!("mattermost[_-]?(?:access|bot|api|personal)?[_-]?token", "[a-z0-9]{26}"), 93)]),
    marked("MATRIX_TOKEN", "Matrix access token", "https://spec.matrix.org/latest/client-server-api/#using-access-tokens", &["syt_", "syr_"],
        &[pattern("sy[tr]_[A-Za-z0-9+/=-]{2,60}_[A-Za-z]{20}_[A-Za-z0-9]{6}", 97)]),
    named("LINE_TOKEN", "LINE channel secret", "https://developers.line.biz/en/docs/messaging-api/", &["line_channel", "line_notify", "line-channel"],
        &[pattern(assigned!("line[_-](?:channel|notify)[_-](?:secret|(?:access[_-])?token)", "(?:[a-f0-9]{32}|[A-Za-z0-9]{43}|[A-Za-z0-9+/]{150,180}={0,2})"), 93)]),
    own("VK_TOKEN", "VK token", "https://dev.vk.com/en/api/access-token/getting-started", &["vk1.a."], |text, found| long_runs(text, &["vk1.a."], url_safe, 80, 97, found)),
    marked("IFTTT_WEBHOOK", "IFTTT webhook key", "https://ifttt.com/maker_webhooks", &["maker.ifttt.com/"],
        &[pattern("maker[.]ifttt[.]com/trigger/[A-Za-z0-9_-]{1,40}/(?:json/)?with/key/[A-Za-z0-9_-]{20,60}", 96)]),
    marked("ZAPIER_WEBHOOK", "Zapier webhook", "https://help.zapier.com/hc/en-us/articles/8496288690317", &["hooks.zapier.com/"],
        &[pattern("hooks[.]zapier[.]com/hooks/catch/[0-9]{4,10}/[a-z0-9]{5,12}", 92)]),
];

/// The number of the bot in base64, a point, six characters, a point, 27 to 40 characters.
fn discord(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memchr_iter(b'.', bytes) {
        if bytes.get(at + 7) != Some(&b'.') || run_within(bytes, at + 1, url_safe, 8) != at + 7 {
            continue;
        }
        let start = run_start(bytes, at, url_safe, 29);
        let end = run_within(bytes, at + 8, url_safe, 60);
        let sizes = (23..=28).contains(&(at - start)) && (27..=45).contains(&(end - at - 8));
        let number = text.get(start..at).and_then(|part| decode(part, 24));
        if sizes && number.is_some_and(|number| number.iter().all(u8::is_ascii_digit)) {
            found(start..end, 98);
        }
    }
}

/// Eight to ten digits, `:AA`, 33 characters.
fn telegram(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b":AA") {
        let start = run_start(bytes, at, |byte| byte.is_ascii_digit(), 11);
        let end = run_within(bytes, at + 1, url_safe, 40);
        if (8..=10).contains(&(at - start)) && end - at - 1 == 35 {
            found(start..end, 96);
        }
    }
}

/// `AC` or `SK` and 32 digits of base 16.
fn twilio(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let edge =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_none_or(|byte| !url_safe(*byte));
    for at in memchr2_iter(b'S', b'A', bytes) {
        let score = match bytes.get(at..at + 2) {
            Some(b"SK") => 92,
            Some(b"AC") => 85,
            _ => continue,
        };
        let end = run_within(bytes, at + 2, HEX, 40);
        if end - at == 34 && edge(at.checked_sub(1)) && edge(Some(end)) {
            found(at..end, score);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("SLACK_TOKEN", "xoxb-{d12}-{d12}-{a24}"),
    ("SLACK_TOKEN", "xoxp-{d11}-{d11}-{d12}-{x32}"),
    ("SLACK_APP_TOKEN", "xapp-1-A{u10}-{d13}-{x64}"),
    ("SLACK_COOKIE", "xoxd-{a120}"),
    ("SLACK_WEBHOOK", "hooks.slack.com/services/T{u8}/B{u10}/{a24}"),
    ("DISCORD_BOT_TOKEN", "MTAxMjM0NTY3ODkwMTIzNDU2.{a6}.{w37}{a1}"),
    ("DISCORD_MFA_TOKEN", "mfa.{w83}{a1}"),
    ("DISCORD_WEBHOOK", "discord.com/api/webhooks/1{d17}/{w67}{a1}"),
    ("DISCORD_CLIENT_SECRET", "DISCORD_CLIENT_SECRET={w31}{a1}"),
    ("TELEGRAM_BOT_TOKEN", "{d10}:AA{w32}{a1}"),
    ("TEAMS_WEBHOOK", ".webhook.office.com/webhookb2/{uuid}@{uuid}/IncomingWebhook/{x32}/{uuid}"),
    (
        "GOOGLE_CHAT_WEBHOOK",
        "chat.googleapis.com/v1/spaces/AAA{a8}/messages?key={w39}&token={w43}{a1}",
    ),
    ("TWILIO_KEY", "SK{x32}"),
    ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN={x32}"),
    ("MATTERMOST_TOKEN", "MATTERMOST_TOKEN={l26}"),
    ("MATRIX_TOKEN", "syt_{a12}_{A20}_{a6}"),
    ("LINE_TOKEN", "LINE_CHANNEL_SECRET={x32}"),
    ("VK_TOKEN", "vk1.a.{w200}{a1}"),
    ("IFTTT_WEBHOOK", "maker.ifttt.com/trigger/door/with/key/{w42}{a1}"),
    ("ZAPIER_WEBHOOK", "hooks.zapier.com/hooks/catch/{d7}/{l7}"),
];
