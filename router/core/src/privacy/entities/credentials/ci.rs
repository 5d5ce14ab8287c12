//! Tokens of build services, of registries that packages are published to, and of stores of secrets.
//!
//! A registry's upload token is the way into everybody who installs the package, so old forms stay.

use super::crc;
use super::shape::{
    Alphabet, assigned, base64, dotted, long_runs, marked, named, own, own_token, run_start,
    run_within, token, url_safe,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const VAULT: &str = "https://developer.hashicorp.com/vault/docs/concepts/tokens";
const JFROG: &str =
    "https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens";
const WORDS: Alphabet = |byte| byte.is_ascii_alphanumeric();

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("CIRCLECI_TOKEN", "CircleCI token", "https://circleci.com/docs/managing-api-tokens/", &["CCIPAT_", "CCIPRJ_", "circle"],
        &[pattern("CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}", 97), pattern(assigned!("circle(?:ci)?[_-]?(?:api|ci|auth)?[_-]?token", "[a-f0-9]{40}"), 93)]),
    named("TRAVIS_TOKEN", "Travis CI token", "https://docs.travis-ci.com/api/", &["travis"],
        &[pattern(assigned!("travis[_-]?(?:ci|api|access|auth)?[_-]?token", "[A-Za-z0-9_-]{20,22}"), 92)]),
    marked("BUILDKITE_TOKEN", "Buildkite token", "https://buildkite.com/docs/apis/managing-api-tokens", &["bkua_", "bkat_", "bkct_"], &[pattern("bk(?:ua|at|ct)_[a-zA-Z0-9]{40,64}", 96)]),
    named("JENKINS_TOKEN", "Jenkins API token", "https://www.jenkins.io/doc/book/system-administration/authenticating-scripted-clients/", &["jenkins"],
        &[pattern(assigned!("jenkins[_-]?(?:api|user|access)?[_-]?(?:token|key|password)", "(?:11[a-f0-9]{32}|[a-f0-9]{32})"), 94)]),
    named("DRONE_TOKEN", "Drone token", "https://docs.drone.io/", &["drone"], &[pattern(assigned!("drone(?:ci)?[_-]?(?:server|api|rpc)?[_-]?(?:token|secret)", "[A-Za-z0-9]{32}"), 90)]),
    token("HARNESS_TOKEN", "Harness token", "https://developer.harness.io/docs/platform/automation/api/", &["pat.", "sat."],
        &[pattern("[ps]at[.][A-Za-z0-9_-]{22}[.][A-Za-z0-9]{24}[.][A-Za-z0-9]{20}", 97)]),
    token("OCTOPUS_API_KEY", "Octopus Deploy API key", "https://octopus.com/docs/octopus-rest-api/", &["API-"], &[pattern("API-[A-Z0-9]{25,32}", 85)]),
    own_token("TERRAFORM_TOKEN", "Terraform cloud token", "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens", &[".atlasv1."], terraform),
    token("PULUMI_TOKEN", "Pulumi token", "https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/", &["pul-"], &[pattern("pul-[a-f0-9]{40}", 96)]),
    own("VAULT_TOKEN", "HashiCorp Vault token", VAULT, &["hvs.", "hvb.", "hvr."], |text, found| long_runs(text, &["hvs.", "hvb.", "hvr."], dotted, 24, 95, found)),
    named("VAULT_LEGACY_TOKEN", "HashiCorp Vault token of the older form", VAULT, &["vault_token", "vault-token", "x-vault-token"],
        &[pattern(assigned!("(?:x-)?vault[_-]token", "[sbr][.][A-Za-z0-9]{24}"), 96)]),
    marked("DOPPLER_TOKEN", "Doppler token", "https://docs.doppler.com/docs/service-tokens", &["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."],
        &[pattern("dp[.](?:pt|st|ct|sa|scim|audit)[.](?:[a-z0-9_-]{2,35}[.])?[a-zA-Z0-9]{40,44}", 96)]),
    named("SNYK_TOKEN", "Snyk token", "https://docs.snyk.io/snyk-api/authentication-for-api", &["snyk"],
        &[pattern(assigned!("snyk[_.-]?(?:api|oauth)?[_.-]?(?:key|token)", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 94)]),
    marked("SONAR_TOKEN", "SonarQube token", "https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/", &["sqp_", "squ_", "sqa_", "sonar"],
        &[pattern("sq[apu]_[a-f0-9]{40}", 97), pattern(assigned!("sonar[_.-]?(?:login|token)", "[a-f0-9]{40}"), 92)]),
    Detector { check: Some(crc::base62), valid: 100, ..marked("NPM_TOKEN", "npm token", "https://docs.npmjs.com/about-access-tokens", &["npm_"],
        &[pattern("npm_[A-Za-z0-9]{36}", 95)]) },
    own("PYPI_TOKEN", "PyPI upload token", "https://packaging.python.org/en/latest/specifications/pypirc/", &["pypi-AgE"], |text, found| long_runs(text, &["pypi-AgE"], url_safe, 50, 97, found)),
    marked("RUBYGEMS_TOKEN", "RubyGems token", "RubyGems guides, API key scopes", &["rubygems_"], &[pattern("rubygems_[a-f0-9]{48}", 97)]),
    token("CRATES_TOKEN", "token of the Rust package registry", "https://doc.rust-lang.org/cargo/reference/publishing.html", &["cio"], &[pattern("cio[A-Za-z0-9]{32}", 85)]),
    token("NUGET_API_KEY", "NuGet API key", "https://learn.microsoft.com/nuget/nuget-org/scoped-api-keys", &["oy2"], &[pattern("oy2[a-z0-9]{43}", 95)]),
    marked("DOCKERHUB_TOKEN", "Docker Hub token", "https://docs.docker.com/security/access-tokens/", &["dckr_pat_", "dckr_oat_"], &[pattern("dckr_[po]at_[A-Za-z0-9_-]{27,32}", 96)]),
    token("ARTIFACTORY_API_KEY", "JFrog API key", JFROG, &["AKCp"], &[pattern("AKCp[A-Za-z0-9]{69}", 97), pattern("AKCp[A-Za-z0-9]{10,80}", 70)]),
    token("ARTIFACTORY_REFERENCE_TOKEN", "JFrog reference token", JFROG, &["cmVmd"], &[pattern("cmVmd[A-Za-z0-9]{59}", 96)]),
    marked("CLOJARS_TOKEN", "Clojars token", "https://github.com/clojars/clojars-web/wiki/Deploy-Tokens", &["CLOJARS_"], &[pattern("CLOJARS_[a-f0-9]{60}", 97)]),
    named("CODECOV_TOKEN", "Codecov token", "https://docs.codecov.com/docs/codecov-tokens", &["codecov"],
        &[pattern(assigned!("codecov[_-]?(?:upload|api)?[_-]?token", "(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z0-9]{32})"), 93)]),
    marked("POSTMAN_API_KEY", "Postman API key", "https://learning.postman.com/docs/developer/postman-api/authentication/", &["PMAK-"], &[pattern("PMAK-[a-f0-9]{24}-[a-f0-9]{34}", 97)]),
    token("PREFECT_TOKEN", "Prefect token", "https://docs.prefect.io/", &["pnu_", "pnb_"], &[pattern("pn[ub]_[A-Za-z0-9]{36}", 95)]),
    token("INFRACOST_TOKEN", "Infracost token", "https://www.infracost.io/docs/", &["ico-"], &[pattern("ico-[A-Za-z0-9]{32}", 92)]),
    own("ONEPASSWORD_SERVICE_TOKEN", "1Password service account token", "https://developer.1password.com/docs/service-accounts/", &["ops_eyJ"], |text, found| {
        long_runs(text, &["ops_eyJ"], |byte| base64(byte) || byte == b'_' || byte == b'-', 100, 98, found);
    }),
    token("ONEPASSWORD_SECRET_KEY", "1Password secret key", "https://support.1password.com/secret-key-security/", &["A3-"],
        &[pattern("A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}", 95)]),
    token("INFISICAL_TOKEN", "Infisical service token", "https://infisical.com/docs/documentation/platform/token", &["st."],
        &[pattern("st[.](?:[a-f0-9]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[.][a-f0-9]{32}[.][a-f0-9]{32}", 97)]),
    token("LAUNCHDARKLY_KEY", "LaunchDarkly key", "LaunchDarkly documentation, API access tokens", &["sdk-", "mob-", "api-"],
        &[pattern("(?:sdk|mob|api)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 92)]),
];

/// Fourteen letters and digits, `.atlasv1.`, then 60 to 70 characters.
fn terraform(text: &str, found: &mut Found<'_>) {
    const MIDDLE: &[u8] = b".atlasv1.";
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, MIDDLE) {
        let start = run_start(bytes, at, WORDS, 15);
        let end = run_within(bytes, at + MIDDLE.len(), url_safe, 80);
        if at - start == 14 && (60..=72).contains(&(end - at - MIDDLE.len())) {
            found(start..end, 98);
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("CIRCLECI_TOKEN", "CCIPAT_{a22}_{x40}"),
    ("CIRCLECI_TOKEN", "CIRCLE_TOKEN={x40}"),
    ("TRAVIS_TOKEN", "TRAVIS_TOKEN={a22}"),
    ("BUILDKITE_TOKEN", "bkua_{x40}"),
    ("JENKINS_TOKEN", "JENKINS_API_TOKEN=11{x32}"),
    ("DRONE_TOKEN", "DRONE_TOKEN={a32}"),
    ("HARNESS_TOKEN", "pat.{w22}.{a24}.{a20}"),
    ("OCTOPUS_API_KEY", "API-{u26}"),
    ("TERRAFORM_TOKEN", "{a14}.atlasv1.{w66}{a1}"),
    ("PULUMI_TOKEN", "pul-{x40}"),
    ("VAULT_TOKEN", "hvs.{w95}{a1}"),
    ("VAULT_LEGACY_TOKEN", "X-Vault-Token: s.{a24}"),
    ("DOPPLER_TOKEN", "dp.pt.{a43}"),
    ("SNYK_TOKEN", "SNYK_TOKEN={uuid}"),
    ("SONAR_TOKEN", "sqp_{x40}"),
    ("NPM_TOKEN", "npm_{a36}"),
    ("PYPI_TOKEN", "pypi-AgEIcHlwaS5vcmc{w160}{a1}"),
    ("RUBYGEMS_TOKEN", "rubygems_{x48}"),
    ("CRATES_TOKEN", "cio{a32}"),
    ("NUGET_API_KEY", "oy2{l43}"),
    ("DOCKERHUB_TOKEN", "dckr_pat_{w26}{a1}"),
    ("ARTIFACTORY_API_KEY", "AKCp{a69}"),
    ("ARTIFACTORY_REFERENCE_TOKEN", "cmVmd{a59}"),
    ("CLOJARS_TOKEN", "CLOJARS_{x60}"),
    ("CODECOV_TOKEN", "CODECOV_TOKEN: \"{uuid}"),
    ("POSTMAN_API_KEY", "PMAK-{x24}-{x34}"),
    ("PREFECT_TOKEN", "pnu_{a36}"),
    ("INFRACOST_TOKEN", "ico-{a32}"),
    ("ONEPASSWORD_SERVICE_TOKEN", "ops_eyJ{b260}"),
    ("ONEPASSWORD_SECRET_KEY", "A3-{u6}-{u6}-{u5}-{u5}-{u5}-{u5}"),
    ("INFISICAL_TOKEN", "st.{x24}.{x32}.{x32}"),
    ("LAUNCHDARKLY_KEY", "sdk-{uuid}"),
];
