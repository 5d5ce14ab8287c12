//! Keys of monitoring, logging and product analytics.
//!
//! Datadog's, Honeycomb's and LogDNA's are plain hexadecimal, like any hash: only a name beside them tells.

use super::shape::{
    Alphabet, assigned, base64, long_runs, marked, named, own, own_token, run_start, run_within,
    token,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const DATADOG: &str = "https://docs.datadoghq.com/account_management/api-app-keys/";
const NEW_RELIC: &str = "https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/";
const SENTRY: &str = "https://docs.sentry.io/account/auth-tokens/";
const GRAFANA: &str = "https://grafana.com/docs/grafana/latest/administration/service-accounts/";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    named("DATADOG_API_KEY", "Datadog API key", DATADOG, &["datadog", "dd_api", "dd-api"],
        &[pattern(assigned!("(?:datadog|dd)[_-]?api[_-]?key", "[a-f0-9]{32}"), 95)]),
    named("DATADOG_APP_KEY", "Datadog application key", DATADOG, &["datadog", "dd_app", "dd-app"],
        &[pattern(assigned!("(?:datadog|dd)[_-]?app(?:lication)?[_-]?key", "[a-f0-9]{40}"), 95)]),
    marked("NEW_RELIC_KEY", "New Relic key", NEW_RELIC, &["NRAK-", "NRII-", "NRIQ-", "NRRA-", "NRJS-"],
        &[pattern("NRAK-[A-Z0-9]{27}", 97), pattern("NR(?:II|IQ|RA)-[A-Za-z0-9_-]{32,42}", 95), pattern("NRJS-[a-f0-9]{19}", 92)]),
    own_token("NEW_RELIC_LICENSE_KEY", "New Relic license key", NEW_RELIC, &["NRAL"], new_relic),
    own("SENTRY_ORG_TOKEN", "Sentry organization token", SENTRY, &["sntrys_"], |text, found| long_runs(text, &["sntrys_"], |byte| base64(byte) || byte == b'_', 60, 97, found)),
    marked("SENTRY_USER_TOKEN", "Sentry user token", SENTRY, &["sntryu_", "sentry"],
        &[pattern("sntryu_[a-f0-9]{64}", 98), pattern(assigned!("sentry[_-]?(?:auth|api|access)?[_-]?token", "[a-f0-9]{64}"), 94)]),
    marked("GRAFANA_SERVICE_TOKEN", "Grafana service account token", GRAFANA, &["glsa_"], &[pattern("glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}", 98)]),
    own("GRAFANA_CLOUD_TOKEN", "Grafana Cloud token", GRAFANA, &["glc_"], |text, found| long_runs(text, &["glc_"], base64, 32, 95, found)),
    own("GRAFANA_API_KEY", "Grafana API key of the older form", GRAFANA, &["eyJrIjoi"], |text, found| long_runs(text, &["eyJrIjoi"], base64, 60, 95, found)),
    marked("DYNATRACE_TOKEN", "Dynatrace token", "https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens", &["dt0c01.", "dt0s01.", "dt0s02.", "dt0s08.", "dt0s16."],
        &[pattern("dt0[cs][0-9]{2}[.][A-Z0-9]{8,24}[.][A-Z0-9]{64}", 98)]),
    named("PAGERDUTY_KEY", "PagerDuty key", "https://support.pagerduty.com/main/docs/api-access-keys", &["pagerduty", "pager_duty", "pd_api"],
        &[pattern(assigned!("(?:pager_?duty|pd)[_-]?(?:api|access|service|routing|integration)?[_-]?(?:token|key)", "(?:[A-Za-z0-9_+-]{20}|[a-f0-9R]{32})"), 92)]),
    marked("HONEYCOMB_KEY", "Honeycomb key", "https://docs.honeycomb.io/configure/environments/manage-api-keys/", &["hcaik_", "hcbik_", "hcxik_", "hcaic_", "honeycomb"],
        &[pattern("hc[a-z]i[kc]_[a-z0-9]{58}", 98), pattern(assigned!("(?:x-)?honeycomb[_-]?(?:api|team|write)?[_-]?key", "(?:[a-f0-9]{32}|[A-Za-z0-9]{22})"), 93),
          pattern(assigned!("honeycomb-team", "(?:[a-f0-9]{32}|[A-Za-z0-9]{22})"), 93)]),
    named("LOGDNA_KEY", "LogDNA or Mezmo key", "https://docs.mezmo.com/docs/ingestion-key", &["logdna", "mezmo"],
        &[pattern(assigned!("(?:logdna|mezmo)[_-]?(?:api|agent|ingestion|service|access)?[_-]?key", "[a-f0-9]{32}"), 94)]),
    named("SPLUNK_TOKEN", "Splunk HEC token", "https://docs.splunk.com/Documentation/Splunk/latest/Data/UsetheHTTPEventCollector", &["splunk"],
        &[pattern(assigned!("splunk(?:[_-]?(?:hec|access|api))?[_-]?(?:token|key)?", "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), 93)]),
    named("SUMOLOGIC_KEY", "Sumo Logic access key", "https://help.sumologic.com/docs/manage/security/access-keys/", &["sumo"],
        &[pattern(assigned!("sumo(?:[_-]?logic)?[_-]?(?:access|api)?[_-]?(?:key|token|id|accesskey)", "(?:[A-Za-z0-9]{64}|su[A-Za-z0-9]{12})"), 93)]),
    named("ROLLBAR_TOKEN", "Rollbar token", "https://docs.rollbar.com/docs/access-tokens", &["rollbar"],
        &[pattern(assigned!("rollbar[_-]?(?:post|server|project|client)?[_-]?(?:item|access|server)?[_-]?(?:access)?[_-]?token", "[a-f0-9]{32}"), 93)]),
    named("OPSGENIE_KEY", "Opsgenie key", "https://docs.opsgenie.com/docs/api-key-management", &["opsgenie", "geniekey"],
        &[pattern(assigned!("(?:opsgenie[_-]?(?:api)?[_-]?key|geniekey)", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 94)]),
    marked("AXIOM_TOKEN", "Axiom token", "https://axiom.co/docs/reference/tokens", &["xaat-", "xapt-"], &[pattern("xa[ap]t-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 98)]),
    named("INFLUXDB_TOKEN", "InfluxDB token", "https://docs.influxdata.com/influxdb/v2/admin/tokens/", &["influx"],
        &[pattern(assigned!("influx(?:db)?[_-]?(?:v2|api|admin|auth)?[_-]?token", "[A-Za-z0-9_/+-]{86}=="), 97)]),
    marked("POSTHOG_KEY", "PostHog personal key", "https://posthog.com/docs/api", &["phx_"], &[pattern("phx_[A-Za-z0-9]{43,56}", 96)]),
    marked("ELASTIC_API_KEY", "Elastic API key", "https://www.elastic.co/docs/deploy-manage/api-keys", &["essu_", "elastic"],
        &[pattern("essu_[A-Za-z0-9+/=]{50,200}", 95), pattern(assigned!("elastic(?:search)?[_-]?(?:cloud)?[_-]?api[_-]?key", "[A-Za-z0-9_-]{48,80}={0,2}"), 92)]),
    token("BETTERSTACK_TOKEN", "Bugsnag, Logz or Better Stack token", "https://betterstack.com/docs/logs/api/", &["logtail", "logzio", "logz_io", "bugsnag", "betterstack"],
        &[pattern(assigned!("(?:logtail|logz_?io|bugsnag|betterstack)[_-]?(?:api|source|shipping|access)?[_-]?(?:token|key)", "(?:[a-f0-9]{32}|[A-Za-z0-9]{24,32})"), 92)]),
    named("SEGMENT_KEY", "Segment write key", "https://segment.com/docs/connections/find-writekey/", &["segment"],
        &[pattern(assigned!("segment[_-]?(?:io)?[_-]?(?:write|api|access)[_-]?(?:key|token)", "[A-Za-z0-9]{32}"), 92)]),
    named("MIXPANEL_SECRET", "Mixpanel or Amplitude secret", "https://developer.mixpanel.com/reference/authentication", &["mixpanel", "amplitude"],
        &[pattern(assigned!("(?:mixpanel|amplitude)[_-]?(?:api|project)?[_-]?(?:secret|key|token)(?:_key)?", "[a-f0-9]{32}"), 92)]),
];

/// 36 digits of base 16 and `NRAL`, or 32 and `FFFFNRAL`.
fn new_relic(text: &str, found: &mut Found<'_>) {
    let hex: Alphabet = |byte| byte.is_ascii_hexdigit();
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"NRAL") {
        let start = run_start(bytes, at, hex, 40);
        if matches!(at - start, 36 | 40)
            && run_within(bytes, at + 4, |byte| byte.is_ascii_alphanumeric(), 1) == at + 4
        {
            found(start..at + 4, 97);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("DATADOG_API_KEY", "DD_API_KEY={x32}"),
    ("DATADOG_API_KEY", "datadog_api_key: \"{x32}"),
    ("DATADOG_APP_KEY", "DD-APPLICATION-KEY: {x40}"),
    ("NEW_RELIC_KEY", "NRAK-{u27}"),
    ("NEW_RELIC_LICENSE_KEY", "{x36}NRAL"),
    ("SENTRY_ORG_TOKEN", "sntrys_eyJpYXQiO{b120}=_{b43}"),
    ("SENTRY_USER_TOKEN", "sntryu_{x64}"),
    ("GRAFANA_SERVICE_TOKEN", "glsa_{a32}_{x8}"),
    ("GRAFANA_CLOUD_TOKEN", "glc_{b80}"),
    ("GRAFANA_API_KEY", "eyJrIjoi{b90}"),
    ("DYNATRACE_TOKEN", "dt0c01.{u24}.{u64}"),
    ("PAGERDUTY_KEY", "PAGERDUTY_TOKEN={a20}"),
    ("HONEYCOMB_KEY", "hcaik_{l58}"),
    ("HONEYCOMB_KEY", "Honeycomb-Team: {x32}"),
    ("LOGDNA_KEY", "LOGDNA_INGESTION_KEY={x32}"),
    ("SPLUNK_TOKEN", "SPLUNK_HEC_TOKEN={uuid}"),
    ("SUMOLOGIC_KEY", "SUMO_ACCESS_KEY={a64}"),
    ("ROLLBAR_TOKEN", "ROLLBAR_ACCESS_TOKEN={x32}"),
    ("OPSGENIE_KEY", "OPSGENIE_API_KEY={uuid}"),
    ("AXIOM_TOKEN", "xaat-{uuid}"),
    ("INFLUXDB_TOKEN", "INFLUXDB_TOKEN={w86}=="),
    ("POSTHOG_KEY", "phx_{a43}"),
    ("ELASTIC_API_KEY", "essu_{b80}"),
    ("BETTERSTACK_TOKEN", "LOGTAIL_SOURCE_TOKEN={a24}"),
    ("SEGMENT_KEY", "SEGMENT_WRITE_KEY={a32}"),
    ("MIXPANEL_SECRET", "MIXPANEL_API_SECRET={x32}"),
];
