//! Keys of hosting companies, networks and platforms, other than the three largest and the Chinese ones.
//!
//! Older issuers (Linode, Vultr, Hetzner, Cloudflare) have no beginning of their own and are known by the
//! name of the variable only.

use super::shape::{assigned, base64, dotted, long_runs, marked, named, own, token};
use crate::privacy::detect::{Detector, pattern};

const YANDEX: &str = "https://yandex.cloud/docs/iam/concepts/authorization/";
const CLOUDFLARE: &str = "https://developers.cloudflare.com/fundamentals/api/get-started/keys/";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("DIGITALOCEAN_TOKEN", "DigitalOcean token", "https://docs.digitalocean.com/reference/api/",
        &["dop_v1_", "doo_v1_", "dor_v1_"], &[pattern("do[opr]_v1_[a-f0-9]{64}", 97)]),
    token("DIGITALOCEAN_SPACES_KEY", "DigitalOcean Spaces key id", "https://docs.digitalocean.com/products/spaces/",
        &["DO00", "DO80"], &[pattern("DO[08]0[A-Z0-9]{17}", 85)]),
    named("HETZNER_TOKEN", "Hetzner cloud token", "https://docs.hetzner.cloud/", &["hcloud", "hetzner"],
        &[pattern(assigned!("(?:hcloud|hetzner)[_-]?(?:cloud|dns|api)?[_-]?(?:token|key)", "[A-Za-z0-9]{64}"), 92)]),
    named("LINODE_TOKEN", "Linode token", "https://techdocs.akamai.com/linode-api/", &["linode"],
        &[pattern(assigned!("linode[_-]?(?:cli|api|access)?[_-]?(?:token|key)", "[a-f0-9]{64}"), 92)]),
    named("VULTR_API_KEY", "Vultr API key", "https://www.vultr.com/api/", &["vultr"],
        &[pattern(assigned!("vultr[_-]?(?:api)?[_-]?(?:token|key)", "[A-Z0-9]{36}"), 92)]),
    named("CLOUDFLARE_API_TOKEN", "Cloudflare API token", CLOUDFLARE, &["cloudflare", "cf_api", "cf-api"],
        &[pattern(assigned!("(?:cloudflare|cf)[_-]?(?:api|account|workers|dns|zone)?[_-]?(?:token|key)", "[A-Za-z0-9_-]{40}"), 92)]),
    named("CLOUDFLARE_GLOBAL_KEY", "Cloudflare global API key", CLOUDFLARE, &["cloudflare", "x-auth-key", "cf_api_key"],
        &[pattern(assigned!("(?:cloudflare[_-](?:global[_-])?(?:api[_-])?key|x-auth-key|cf_api_key)", "[a-f0-9]{37}"), 93)]),
    marked("CLOUDFLARE_ORIGIN_CA_KEY", "Cloudflare origin CA key", CLOUDFLARE, &["v1.0-"], &[pattern("v1[.]0-[a-f0-9]{24}-[a-f0-9]{146}", 97)]),
    own("CLOUDFLARE_TUNNEL_TOKEN", "Cloudflare tunnel token", CLOUDFLARE, &["eyJhIjoi"], |text, found| long_runs(text, &["eyJhIjoi"], base64, 100, 90, found)),
    named("FASTLY_TOKEN", "Fastly token", "https://www.fastly.com/documentation/reference/api/auth-tokens/", &["fastly"],
        &[pattern(assigned!("fastly[_-]?(?:api)?[_-]?(?:token|key)", "[A-Za-z0-9_-]{32}"), 92)]),
    marked("HEROKU_API_KEY", "Heroku API key", "https://devcenter.heroku.com/articles/authentication", &["HRKU-", "heroku_"],
        &[pattern("HRKU-(?:AA[0-9A-Za-z_-]{58}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", 97),
          pattern(assigned!("heroku_(?:api_)?(?:key|token)", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 92)]),
    own("FLYIO_TOKEN", "Fly.io token", "https://fly.io/docs/security/tokens/", &["fo1_", "fm1a_", "fm1r_", "fm2_"], |text, found| {
        long_runs(text, &["fo1_"], dotted, 43, 92, found);
        long_runs(text, &["fm1a_", "fm1r_", "fm2_"], base64, 100, 95, found);
    }),
    named("VERCEL_TOKEN", "Vercel token", "https://vercel.com/docs/rest-api", &["vercel"],
        &[pattern(assigned!("vercel[_-]?(?:api|access)?[_-]?(?:token|key)", "(?:vc[a-z]_)?[A-Za-z0-9]{24,60}"), 90)]),
    marked("NETLIFY_TOKEN", "Netlify token", "https://docs.netlify.com/api/get-started/", &["nfp_", "netlify"],
        &[pattern("nfp_[A-Za-z0-9]{36}", 95), pattern(assigned!("netlify[_-]?(?:auth|access|api)?[_-]?(?:token|key)", "[A-Za-z0-9_-]{40,46}"), 90)]),
    token("RENDER_API_KEY", "Render API key", "https://render.com/docs/api", &["rnd_"], &[pattern("rnd_[A-Za-z0-9]{28,40}", 90)]),
    named("RAILWAY_TOKEN", "Railway token", "https://docs.railway.com/reference/public-api", &["railway"],
        &[pattern(assigned!("railway[_-]?(?:api|project)?[_-]?token", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 92)]),
    token("SCALEWAY_KEY", "Scaleway key", "https://www.scaleway.com/en/docs/iam/", &["SCW"],
        &[pattern("SCW[A-Z0-9]{17}", 88), pattern(assigned!("scw_secret_key", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"), 95)]),
    token("EXOSCALE_KEY", "Exoscale key", "https://community.exoscale.com/", &["EXO"], &[pattern("EXO[a-f0-9]{24}", 90)]),
    named("OVH_KEY", "OVHcloud application secret", "https://help.ovhcloud.com/", &["ovh_"],
        &[pattern(assigned!("ovh_(?:application_secret|consumer_key)", "[a-zA-Z0-9]{32}"), 92)]),
    named("IBM_CLOUD_API_KEY", "IBM Cloud API key", "https://cloud.ibm.com/docs/account?topic=account-userapikey", &["ibm", "ic_api_key", "bluemix", "watson"],
        &[pattern(assigned!("(?:ibm|bluemix|watson|ic)[_-]?(?:cloud)?[_-]?(?:iam)?[_-]?api[_-]?key", "[A-Za-z0-9_-]{44}"), 92)]),
    named("ORACLE_CLOUD_TOKEN", "Oracle Cloud auth token", "https://docs.oracle.com/iaas/Content/Identity/Tasks/managingcredentials.htm", &["oci_", "oracle_"],
        &[pattern(assigned!("(?:oci|oracle)_(?:cloud_)?(?:auth_token|secret_key|customer_secret_key)", "[A-Za-z0-9;:<>()!#$%&*+./=?@{}_~-]{20,44}"), 85)]),
    marked("YANDEX_API_KEY", "Yandex Cloud API key", YANDEX, &["AQVN"], &[pattern("AQVN[A-Za-z0-9_-]{35,38}", 92)]),
    token("YANDEX_OAUTH_TOKEN", "Yandex OAuth or IAM token", YANDEX, &["y0_", "t1.9eu"],
        &[pattern("y0_[A-Za-z0-9_-]{50,70}", 90), pattern("t1[.]9eu[A-Za-z0-9_=-]{20,130}[.][A-Za-z0-9_-]{86}={0,2}", 95)]),
    token("YANDEX_STATIC_KEY", "Yandex Cloud static access key", YANDEX, &["YCA", "YCP", "YCN"], &[pattern("YC[APN][A-Za-z0-9_-]{37}", 85)]),
    marked("TAILSCALE_KEY", "Tailscale key", "https://tailscale.com/kb/1085/auth-keys", &["tskey-"],
        &[pattern("tskey-(?:[a-z]{2,10}-)?[A-Za-z0-9]{8,20}-[A-Za-z0-9]{16,40}", 95)]),
    named("NGROK_TOKEN", "ngrok token", "https://ngrok.com/docs/agent/", &["ngrok", "authtoken"],
        &[pattern(assigned!("(?:ngrok[_-]?(?:auth|api)?[_-]?(?:token|key)|(?:ngrok config )?(?:add-)?authtoken)", "[A-Za-z0-9]{26,28}_[A-Za-z0-9]{20,24}"), 94)]),
    marked("AKAMAI_CREDENTIAL", "Akamai EdgeGrid token", "https://techdocs.akamai.com/developer/docs/edgegrid", &["akab-"],
        &[pattern("akab-[a-z0-9]{16}-[a-z0-9]{16}", 95)]),
    token("BACKBLAZE_KEY", "Backblaze application key", "https://www.backblaze.com/docs/cloud-storage-application-keys", &["K00"],
        &[pattern("K00[0-9][A-Za-z0-9/+]{27}", 88)]),
    marked("SCALINGO_TOKEN", "Scalingo token", "https://developers.scalingo.com/", &["tk-us-"], &[pattern("tk-us-[A-Za-z0-9_-]{48}", 95)]),
];

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("DIGITALOCEAN_TOKEN", "dop_v1_{x64}"),
    ("DIGITALOCEAN_SPACES_KEY", "DO00{u16}{d1}"),
    ("HETZNER_TOKEN", "HCLOUD_TOKEN={a64}"),
    ("LINODE_TOKEN", "linode_token: {x64}"),
    ("VULTR_API_KEY", "VULTR_API_KEY={u36}"),
    ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_TOKEN=\"{w39}{a1}"),
    ("CLOUDFLARE_GLOBAL_KEY", "X-Auth-Key: {x37}"),
    ("CLOUDFLARE_ORIGIN_CA_KEY", "v1.0-{x24}-{x146}"),
    ("CLOUDFLARE_TUNNEL_TOKEN", "eyJhIjoi{b150}"),
    ("FASTLY_TOKEN", "FASTLY_API_TOKEN={w31}{a1}"),
    ("HEROKU_API_KEY", "HRKU-AA{w57}{a1}"),
    ("HEROKU_API_KEY", "HEROKU_API_KEY={uuid}"),
    ("FLYIO_TOKEN", "fo1_{w42}{a1}"),
    ("VERCEL_TOKEN", "VERCEL_TOKEN={a24}"),
    ("NETLIFY_TOKEN", "nfp_{a36}"),
    ("RENDER_API_KEY", "rnd_{a28}"),
    ("RAILWAY_TOKEN", "RAILWAY_TOKEN={uuid}"),
    ("SCALEWAY_KEY", "SCW{u17}"),
    ("EXOSCALE_KEY", "EXO{x24}"),
    ("OVH_KEY", "OVH_APPLICATION_SECRET={a32}"),
    ("IBM_CLOUD_API_KEY", "IBM_CLOUD_API_KEY={w43}{a1}"),
    ("ORACLE_CLOUD_TOKEN", "oci_auth_token = \"{a20}"),
    ("YANDEX_API_KEY", "AQVN{w35}{a1}"),
    ("YANDEX_OAUTH_TOKEN", "y0_{w55}{a1}"),
    ("YANDEX_STATIC_KEY", "YCA{w36}{a1}"),
    ("TAILSCALE_KEY", "tskey-auth-{a16}-{a32}"),
    ("NGROK_TOKEN", "authtoken: {a27}_{a21}"),
    ("AKAMAI_CREDENTIAL", "akab-{l16}-{l16}"),
    ("BACKBLAZE_KEY", "K00{d1}{a27}"),
    ("SCALINGO_TOKEN", "tk-us-{w47}{a1}"),
];
