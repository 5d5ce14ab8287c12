//! Tokens of the places where code lives.
//!
//! GitHub's classic tokens and GitLab's routable ones carry check sums ([`super::crc`]); one that agrees is
//! certain. GitHub reserves the right to longer tokens, up to 255 characters, so longer ones count too.

use super::crc;
use super::shape::{Alphabet, assigned, long_runs, marked, named, own, url_safe};
use crate::privacy::detect::{Detector, Pattern, pattern};

const GITHUB: &str = "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/";
const GITLAB: &str = "https://docs.gitlab.com/security/tokens/#token-prefixes";
const ATLASSIAN: &str = "https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/";

const fn github(
    kind: &'static str,
    about: &'static str,
    of: &'static [&'static str],
    form: &'static [Pattern],
) -> Detector {
    Detector { check: Some(crc::base62), valid: 100, ..marked(kind, about, GITHUB, of, form) }
}

const fn gitlab(
    kind: &'static str,
    about: &'static str,
    of: &'static [&'static str],
    form: &'static [Pattern],
) -> Detector {
    Detector { check: Some(crc::base36), valid: 100, ..marked(kind, about, GITLAB, of, form) }
}

/// What follows the prefix of a token of GitLab: 20 characters, or payload, version, length and sum.
macro_rules! gitlab {
    ($prefix:literal) => {
        concat!($prefix, "(?:[0-9A-Za-z_-]{20}|[0-9A-Za-z_-]{27,220}[.][0-9a-z]{2}[.][0-9a-z]{9})")
    };
}

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    github("GITHUB_TOKEN", "GitHub personal access token", &["ghp_"], &[pattern("ghp_[0-9A-Za-z]{36}", 95), pattern("ghp_[0-9A-Za-z]{16,250}", 75)]),
    github("GITHUB_OAUTH_TOKEN", "GitHub OAuth token", &["gho_"], &[pattern("gho_[0-9A-Za-z]{36}", 95), pattern("gho_[0-9A-Za-z]{16,100}", 75)]),
    github("GITHUB_APP_TOKEN", "GitHub app token", &["ghu_", "ghs_"], &[pattern("gh[us]_[0-9A-Za-z]{36}", 95), pattern("gh[us]_[0-9A-Za-z]{16,100}", 75)]),
    github("GITHUB_REFRESH_TOKEN", "GitHub refresh token", &["ghr_"], &[pattern("ghr_[0-9A-Za-z]{36}", 95), pattern("ghr_[0-9A-Za-z]{16,100}", 75)]),
    marked("GITHUB_FINE_GRAINED_TOKEN", "GitHub fine-grained personal access token", GITHUB, &["github_pat_"],
        &[pattern("github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}", 97), pattern("github_pat_[0-9A-Za-z_]{22,245}", 85)]),
    gitlab("GITLAB_PERSONAL_TOKEN", "GitLab personal access token", &["glpat-"], &[pattern(gitlab!("glpat-"), 95), pattern("glpat-[0-9A-Za-z_-]{16,40}", 80)]),
    marked("GITLAB_TRIGGER_TOKEN", "GitLab pipeline trigger token", GITLAB, &["glptt-"], &[pattern("glptt-[0-9a-f]{40}", 97)]),
    gitlab("GITLAB_RUNNER_TOKEN", "GitLab runner token", &["glrt-", "glrtr-", "GR1348941"],
        &[pattern(gitlab!("glrtr?-(?:t[0-9]_)?"), 95), pattern("GR1348941[0-9A-Za-z_-]{20}", 95)]),
    gitlab("GITLAB_DEPLOY_TOKEN", "GitLab deploy token", &["gldt-"], &[pattern(gitlab!("gldt-"), 95)]),
    gitlab("GITLAB_JOB_TOKEN", "GitLab job token", &["glcbt-"], &[pattern(gitlab!("glcbt-(?:[0-9a-zA-Z]{1,5}_)?"), 95)]),
    gitlab("GITLAB_FEED_TOKEN", "GitLab feed token", &["glft-"], &[pattern(gitlab!("glft-"), 95), pattern("glft-[0-9a-f]{64}-[0-9]{1,12}", 95)]),
    gitlab("GITLAB_MAIL_TOKEN", "GitLab incoming mail token", &["glimt-"], &[pattern("glimt-[0-9A-Za-z_-]{25}", 95)]),
    gitlab("GITLAB_AGENT_TOKEN", "GitLab Kubernetes agent token", &["glagent-"], &[pattern("glagent-[0-9A-Za-z_-]{50}", 97)]),
    gitlab("GITLAB_OAUTH_SECRET", "GitLab OAuth application secret", &["gloas-"], &[pattern("gloas-[0-9A-Za-z_-]{64}", 97)]),
    gitlab("GITLAB_SCIM_TOKEN", "GitLab SCIM token", &["glsoat-"], &[pattern(gitlab!("glsoat-"), 95)]),
    gitlab("GITLAB_FEATURE_FLAG_TOKEN", "GitLab feature flag token", &["glffct-"], &[pattern(gitlab!("glffct-"), 95)]),
    marked("BITBUCKET_APP_PASSWORD", "Bitbucket app password", ATLASSIAN, &["ATBB"], &[pattern("ATBB[A-Za-z0-9]{32}", 95)]),
    own("BITBUCKET_ACCESS_TOKEN", "Bitbucket repository access token", ATLASSIAN, &["ATCTT3"], |text, found| long_runs(text, &["ATCTT3"], ATLAS, 100, 97, found)),
    own("ATLASSIAN_API_TOKEN", "Atlassian API token", ATLASSIAN, &["ATATT3", "ATSTT3"], |text, found| long_runs(text, &["ATATT3", "ATSTT3"], ATLAS, 100, 97, found)),
    named("ATLASSIAN_LEGACY_TOKEN", "Atlassian API token without a prefix", ATLASSIAN, &["atlassian", "confluence", "jira"],
        &[pattern(assigned!("(?:atlassian|confluence|jira)[_-]?(?:api|access)?[_-]?(?:token|key)", "[A-Za-z0-9]{24}"), 90)]),
    named("GITEA_TOKEN", "Gitea or Forgejo token", "https://docs.gitea.com/development/api-usage", &["gitea", "forgejo", "codeberg"],
        &[pattern(assigned!("(?:gitea|forgejo|codeberg)[_-]?(?:api|access|server)?[_-]?(?:token|key)", "[a-f0-9]{40}"), 93)]),
    named("GITEE_TOKEN", "Gitee token", "https://gitee.com/api/v5/swagger", &["gitee"],
        &[pattern(assigned!("gitee[_-]?(?:api|access|private)?[_-]?token", "[a-f0-9]{32}"), 93)]),
    marked("SOURCEGRAPH_TOKEN", "Sourcegraph token", "https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token", &["sgp_"],
        &[pattern("sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}", 95)]),
];

const ATLAS: Alphabet = |byte| url_safe(byte) || byte == b'=';

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("GITHUB_TOKEN", "ghp_{a36}"),
    ("GITHUB_OAUTH_TOKEN", "gho_{a36}"),
    ("GITHUB_APP_TOKEN", "ghs_{a36}"),
    ("GITHUB_REFRESH_TOKEN", "ghr_{a36}"),
    ("GITHUB_FINE_GRAINED_TOKEN", "github_pat_{a22}_{a59}"),
    ("GITLAB_PERSONAL_TOKEN", "glpat-{w19}{a1}"),
    ("GITLAB_PERSONAL_TOKEN", "glpat-{w40}.01.0z{l7}"),
    ("GITLAB_TRIGGER_TOKEN", "glptt-{x40}"),
    ("GITLAB_RUNNER_TOKEN", "glrt-{w19}{a1}"),
    ("GITLAB_RUNNER_TOKEN", "GR1348941{w19}{a1}"),
    ("GITLAB_DEPLOY_TOKEN", "gldt-{w19}{a1}"),
    ("GITLAB_JOB_TOKEN", "glcbt-{x2}_{w19}{a1}"),
    ("GITLAB_FEED_TOKEN", "glft-{w19}{a1}"),
    ("GITLAB_MAIL_TOKEN", "glimt-{l25}"),
    ("GITLAB_AGENT_TOKEN", "glagent-{w49}{a1}"),
    ("GITLAB_OAUTH_SECRET", "gloas-{x64}"),
    ("GITLAB_SCIM_TOKEN", "glsoat-{w19}{a1}"),
    ("GITLAB_FEATURE_FLAG_TOKEN", "glffct-{w19}{a1}"),
    ("BITBUCKET_APP_PASSWORD", "ATBB{a32}"),
    ("BITBUCKET_ACCESS_TOKEN", "ATCTT3{w185}{a1}"),
    ("ATLASSIAN_API_TOKEN", "ATATT3{w185}{a1}"),
    ("ATLASSIAN_LEGACY_TOKEN", "JIRA_API_TOKEN={a24}"),
    ("GITEA_TOKEN", "GITEA_TOKEN={x40}"),
    ("GITEE_TOKEN", "gitee_access_token: {x32}"),
    ("SOURCEGRAPH_TOKEN", "sgp_{x40}"),
];
