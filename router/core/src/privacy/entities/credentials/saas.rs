//! Tokens of services for work and of social networks.

use super::shape::{
    Alphabet, assigned, dotted, long_runs, marked, named, own, own_token, run_start, run_within,
    token, url_safe,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const LINEAR: &str = "https://linear.app/developers/graphql";
const TWITTER: &str = "https://docs.x.com/resources/fundamentals/authentication/overview";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("NOTION_TOKEN", "Notion token", "https://developers.notion.com/reference/authentication", &["ntn_", "secret_"],
        &[pattern("ntn_[0-9]{11}[A-Za-z0-9]{35}", 98), pattern("secret_[A-Za-z0-9]{43}", 92)]),
    token("AIRTABLE_TOKEN", "Airtable token", "https://airtable.com/developers/web/guides/personal-access-tokens", &["pat", "airtable"],
        &[pattern("pat[A-Za-z0-9]{14}[.][a-f0-9]{64}", 98), pattern(assigned!("airtable[_-]?(?:api)?[_-]?(?:key|token)", "key[A-Za-z0-9]{14}"), 93)]),
    marked("FIGMA_TOKEN", "Figma token", "https://www.figma.com/developers/api#access-tokens", &["figd_", "figu_", "figo_"], &[pattern("fig[duo]h?_[A-Za-z0-9_-]{40,48}", 96)]),
    marked("LINEAR_API_KEY", "Linear API key", LINEAR, &["lin_api_", "lin_oauth_"], &[pattern("lin_(?:api_[A-Za-z0-9]{40}|oauth_[a-f0-9]{64})", 98)]),
    named("ASANA_TOKEN", "Asana token", "https://developers.asana.com/docs/personal-access-token", &["asana"],
        &[pattern(assigned!("asana[_-]?(?:access|personal|client|api)?[_-]?(?:access)?[_-]?(?:token|secret|key|pat)", "(?:[0-9]/[0-9]{10,18}(?:/[0-9]{10,18})?:)?[a-f0-9]{32}"), 94)]),
    token("HUBSPOT_TOKEN", "HubSpot token", "https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview", &["pat-na", "pat-eu", "pat-ap"],
        &[pattern("pat-(?:na|eu|ap)[0-9]{1,2}-[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", 98)]),
    named("ZENDESK_TOKEN", "Zendesk token", "https://developer.zendesk.com/api-reference/introduction/security-and-auth/", &["zendesk"],
        &[pattern(assigned!("zendesk[_-]?(?:api|secret|oauth)?[_-]?(?:token|key)", "[A-Za-z0-9]{40}"), 94)]),
    token("SALESFORCE_TOKEN", "Salesforce session or access token", "https://developer.salesforce.com/docs/", &["00D"],
        &[pattern("00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{80,130}", 97)]),
    marked("CONTENTFUL_TOKEN", "Contentful token", "https://www.contentful.com/developers/docs/references/authentication/", &["CFPAT-", "contentful"],
        &[pattern("CFPAT-[A-Za-z0-9_-]{43}", 98), pattern(assigned!("contentful[_-]?(?:delivery|preview|access|management|cda)?[_-]?(?:api|access)?[_-]?(?:token|key)", "[A-Za-z0-9_-]{43}"), 92)]),
    marked("TYPEFORM_TOKEN", "Typeform token", "https://www.typeform.com/developers/get-started/personal-access-token/", &["tfp_"], &[pattern("tfp_[A-Za-z0-9_.=-]{40,60}", 95)]),
    named("ALGOLIA_KEY", "Algolia admin key", "https://www.algolia.com/doc/guides/security/api-keys/", &["algolia", "x-algolia-api-key"],
        &[pattern(assigned!("(?:x-)?algolia[_-]?(?:admin|write|search)?[_-]?(?:api)?[_-]?key", "[a-f0-9]{32}"), 93)]),
    own("MAPBOX_TOKEN", "Mapbox secret token", "https://docs.mapbox.com/api/guides/access-tokens/", &["sk.eyJ", "tk.eyJ", "pk.eyJ1Ijoi"], |text, found| long_runs(text, &["sk.eyJ", "tk.eyJ", "pk.eyJ1Ijoi"], dotted, 60, 93, found)),
    named("OKTA_TOKEN", "Okta token", "https://developer.okta.com/docs/guides/create-an-api-token/main/", &["okta", "ssws"],
        &[pattern(assigned!("(?:okta[_-]?(?:api|access|client)?[_-]?(?:token|key)|ssws)", "00[A-Za-z0-9_-]{40}"), 96)]),
    named("AUTH0_SECRET", "Auth0 client secret", "https://auth0.com/docs/secure/application-credentials", &["auth0"],
        &[pattern(assigned!("auth0[_-]?(?:mgmt|api)?[_-]?(?:client)?[_-]?secret", "[A-Za-z0-9_-]{64}"), 95)]),
    own("DROPBOX_TOKEN", "Dropbox token", "https://www.dropbox.com/developers/documentation/http/documentation", &["sl.B", "sl.u.", "sl.A", "sl.C"], |text, found| long_runs(text, &["sl.B", "sl.u.", "sl.A", "sl.C"], dotted, 100, 95, found)),
    own("TWITTER_BEARER_TOKEN", "X bearer token", TWITTER, &["AAAAAAAAAAAAAAAAAAAAA"], |text, found| long_runs(text, &["AAAAAAAAAAAAAAAAAAAAA"], |byte| url_safe(byte) || byte == b'%', 60, 94, found)),
    named("TWITTER_SECRET", "X API or access secret", TWITTER, &["twitter"],
        &[pattern(assigned!("twitter[_-]?(?:api|consumer|access|client)?[_-]?(?:token[_-]?|key[_-]?)?(?:secret|token|key)(?:_key)?", "(?:[A-Za-z0-9]{25}|[A-Za-z0-9]{45}|[A-Za-z0-9_-]{50}|[0-9]{8,20}-[A-Za-z0-9]{40})"), 93)]),
    named("LINKEDIN_SECRET", "LinkedIn client secret", "https://learn.microsoft.com/linkedin/shared/authentication/authentication", &["linkedin", "WPL_AP1."],
        &[pattern(assigned!("linkedin[_-]?(?:client|api|app)?[_-]?secret", "[A-Za-z0-9]{16}"), 92), pattern("WPL_AP1[.][A-Za-z0-9]{16}[.][A-Za-z0-9+/]{6,8}={0,2}", 97)]),
    token("INSTAGRAM_TOKEN", "Instagram token", "https://developers.facebook.com/docs/instagram-platform/", &["IGQV", "IGAA"], &[pattern("IG(?:QV|AA)[A-Za-z0-9_-]{60,240}", 92)]),
    marked("TWITCH_TOKEN", "Twitch token", "https://dev.twitch.tv/docs/authentication/", &["oauth:", "twitch"],
        &[pattern("oauth:[a-z0-9]{30}", 93), pattern(assigned!("twitch[_-]?(?:client|api|access|oauth)?[_-]?(?:secret|token|key)", "[a-z0-9]{30}"), 92)]),
    named("SPOTIFY_SECRET", "Spotify client secret", "https://developer.spotify.com/documentation/web-api/concepts/apps", &["spotify", "spotipy"],
        &[pattern(assigned!("spoti(?:fy|py)[_-]?(?:client)?[_-]?secret", "[a-f0-9]{32}"), 94)]),
    marked("FRAMEIO_TOKEN", "Frame.io token", "https://developer.frame.io/", &["fio-u-"], &[pattern("fio-u-[A-Za-z0-9_=-]{64}", 98)]),
    marked("README_API_KEY", "ReadMe API key", "https://docs.readme.com/main/reference/authentication", &["rdme_"], &[pattern("rdme_[a-z0-9]{70}", 98)]),
    token("RAPIDAPI_KEY", "RapidAPI key", "https://docs.rapidapi.com/docs/keys", &["rapidapi", "x-rapidapi-key"],
        &[pattern(assigned!("(?:x-)?rapidapi[_-]?(?:api)?[_-]?key", "[A-Za-z0-9_-]{50}"), 95)]),
    marked("WAKATIME_KEY", "WakaTime key", "https://wakatime.com/developers", &["waka_"], &[pattern("waka_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 97)]),
    token("CLICKUP_TOKEN", "ClickUp token", "https://developer.clickup.com/docs/authentication", &["pk_"], &[pattern("pk_[0-9]{6,9}_[A-Z0-9]{32}", 97)]),
    token("TRELLO_TOKEN", "Trello token", "https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/", &["ATTA"], &[pattern("ATTA[a-f0-9A-Z]{60,76}", 95)]),
    own_token("MAXMIND_KEY", "MaxMind license key", "https://dev.maxmind.com/license-key-validation-api/", &["_mmk"], maxmind),
    marked("OPENSHIFT_TOKEN", "OpenShift token", "https://docs.openshift.com/container-platform/latest/authentication/", &["sha256~"], &[pattern("sha256~[A-Za-z0-9_-]{43}", 97)]),
    token("PUBNUB_SECRET", "PubNub secret key", "https://www.pubnub.com/docs/", &["sec-c-"], &[pattern("sec-c-[A-Za-z0-9+/=]{40,60}", 94)]),
    token("ADOBE_CLIENT_SECRET", "Adobe client secret", "https://developer.adobe.com/developer-console/docs/guides/", &["p8e-"], &[pattern("p8e-[A-Za-z0-9_-]{32}", 94)]),
];

/// Six letters and digits, `_`, 29, `_mmk`.
fn maxmind(text: &str, found: &mut Found<'_>) {
    let word: Alphabet = |byte| byte.is_ascii_alphanumeric();
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"_mmk") {
        let middle = run_start(bytes, at, word, 30);
        let Some(low) = middle.checked_sub(1) else { continue };
        let start = run_start(bytes, low, word, 7);
        if at - middle == 29
            && bytes.get(low) == Some(&b'_')
            && low - start == 6
            && run_within(bytes, at + 4, url_safe, 1) == at + 4
        {
            found(start..at + 4, 97);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("NOTION_TOKEN", "ntn_{d11}{a35}"),
    ("NOTION_TOKEN", "secret_{a43}"),
    ("AIRTABLE_TOKEN", "pat{a14}.{x64}"),
    ("FIGMA_TOKEN", "figd_{w39}{a1}"),
    ("LINEAR_API_KEY", "lin_api_{a40}"),
    ("ASANA_TOKEN", "ASANA_ACCESS_TOKEN=1/{d16}:{x32}"),
    ("HUBSPOT_TOKEN", "pat-na1-{uuid}"),
    ("ZENDESK_TOKEN", "ZENDESK_API_TOKEN={a40}"),
    ("SALESFORCE_TOKEN", "00D{a15}!{a96}"),
    ("CONTENTFUL_TOKEN", "CFPAT-{w42}{a1}"),
    ("TYPEFORM_TOKEN", "tfp_{a44}"),
    ("ALGOLIA_KEY", "ALGOLIA_ADMIN_KEY={x32}"),
    ("MAPBOX_TOKEN", "sk.eyJ{a70}.{w21}{a1}"),
    ("OKTA_TOKEN", "OKTA_API_TOKEN=00{w39}{a1}"),
    ("AUTH0_SECRET", "AUTH0_CLIENT_SECRET={w63}{a1}"),
    ("DROPBOX_TOKEN", "sl.B{w130}{a1}"),
    ("TWITTER_BEARER_TOKEN", "AAAAAAAAAAAAAAAAAAAAA{a90}"),
    ("TWITTER_SECRET", "TWITTER_ACCESS_TOKEN_SECRET={a45}"),
    ("LINKEDIN_SECRET", "LINKEDIN_CLIENT_SECRET={a16}"),
    ("INSTAGRAM_TOKEN", "IGQV{a120}"),
    ("TWITCH_TOKEN", "oauth:{l30}"),
    ("SPOTIFY_SECRET", "SPOTIPY_CLIENT_SECRET={x32}"),
    ("FRAMEIO_TOKEN", "fio-u-{w63}{a1}"),
    ("README_API_KEY", "rdme_{l70}"),
    ("RAPIDAPI_KEY", "X-RapidAPI-Key: {l50}"),
    ("WAKATIME_KEY", "waka_{uuid}"),
    ("CLICKUP_TOKEN", "pk_{d8}_{u32}"),
    ("TRELLO_TOKEN", "ATTA{x64}"),
    ("MAXMIND_KEY", "{a6}_{a29}_mmk"),
    ("OPENSHIFT_TOKEN", "sha256~{w42}{a1}"),
    ("PUBNUB_SECRET", "sec-c-{b48}"),
    ("ADOBE_CLIENT_SECRET", "p8e-{w31}{a1}"),
];
