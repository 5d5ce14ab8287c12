//! Keys that move money: payment services, banks' interfaces, shops, exchanges.
//!
//! Test keys count too: they open a test account, and the same sentence often holds the live one.

use super::shape::{assigned, long_runs, marked, mixed, named, own, token, url_safe};
use crate::privacy::detect::{Detector, pattern};

const STRIPE: &str = "https://docs.stripe.com/keys";
const SQUARE: &str = "https://developer.squareup.com/docs/build-basics/access-tokens";
const PAYPAL: &str = "https://developer.paypal.com/api/rest/authentication/";
const SHOPIFY: &str =
    "https://shopify.dev/changelog/length-of-the-shopify-access-token-is-increasing";
const RAZORPAY: &str = "https://razorpay.com/docs/api/authentication/";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    marked("STRIPE_SECRET_KEY", "Stripe secret key", STRIPE, &["sk_live_", "sk_test_", "sk_prod_"],
        &[pattern("sk_(?:live|test|prod)_[A-Za-z0-9]{24,247}", 97), pattern("sk_(?:live|test|prod)_[A-Za-z0-9]{10,24}", 80)]),
    marked("STRIPE_RESTRICTED_KEY", "Stripe restricted key", STRIPE, &["rk_live_", "rk_test_", "rk_prod_"], &[pattern("rk_(?:live|test|prod)_[A-Za-z0-9]{10,120}", 95)]),
    marked("STRIPE_WEBHOOK_SECRET", "Stripe webhook secret", STRIPE, &["whsec_"], &[pattern("whsec_[A-Za-z0-9+/]{24,64}={0,2}", 95)]),
    marked("SQUARE_TOKEN", "Square access token", SQUARE, &["sq0atp-", "EAAA"], &[pattern("sq0atp-[A-Za-z0-9_-]{22}", 97), pattern("EAAA[A-Za-z0-9_-]{60}", 90)]),
    marked("SQUARE_SECRET", "Square OAuth secret", SQUARE, &["sq0csp-"], &[pattern("sq0csp-[A-Za-z0-9_-]{43}", 97)]),
    named("PAYPAL_SECRET", "PayPal client secret", PAYPAL, &["paypal"],
        &[pattern(assigned!("paypal[_-]?(?:api|app|live|sandbox)?[_-]?(?:client)?[_-]?secret", "E[A-Za-z0-9_-]{60,100}"), 95)]),
    marked("BRAINTREE_TOKEN", "PayPal Braintree access token", PAYPAL, &["access_token$"], &[pattern("access_token[$](?:production|sandbox)[$][0-9a-z]{16}[$][0-9a-f]{32}", 98)]),
    named("BRAINTREE_PRIVATE_KEY", "Braintree private key", PAYPAL, &["braintree", "bt_private"],
        &[pattern(assigned!("(?:braintree|bt)[_-]?private[_-]?key", "[0-9a-f]{32}"), 94)]),
    marked("RAZORPAY_KEY", "Razorpay key id", RAZORPAY, &["rzp_live_", "rzp_test_"], &[pattern("rzp_(?:live|test)_[A-Za-z0-9]{14}", 95)]),
    named("RAZORPAY_SECRET", "Razorpay key secret", RAZORPAY, &["razorpay", "rzp_"], &[pattern(assigned!("(?:razorpay|rzp)[_-]?(?:key|webhook|api)?[_-]?secret", "[A-Za-z0-9]{24}"), 93)]),
    token("ADYEN_API_KEY", "Adyen API key", "https://docs.adyen.com/development-resources/api-credentials/", &["AQE"],
        &[pattern("AQE[A-Za-z0-9]{5}[A-Za-z0-9+/]{40,120}={0,2}-[A-Za-z0-9+/]{40,60}={0,2}-[A-Za-z0-9+/(){}_;:,.!<>*&%#@~|?^$=-]{10,24}", 96)]),
    marked("PLAID_ACCESS_TOKEN", "Plaid access token", "https://plaid.com/docs/api/items/", &["access-production-", "access-sandbox-", "access-development-"],
        &[pattern("access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", 98)]),
    named("PLAID_SECRET", "Plaid secret", "https://plaid.com/docs/api/", &["plaid"], &[pattern(assigned!("plaid[_-]?(?:sandbox|production|development|client)?[_-]?secret(?:_key)?", "[a-f0-9]{30}"), 94)]),
    named("COINBASE_KEY", "Coinbase key", "https://docs.cdp.coinbase.com/", &["coinbase"],
        &[pattern(assigned!("coinbase[_-]?(?:api|access)?[_-]?(?:secret|key|token)", "[A-Za-z0-9_-]{16,64}"), 90)]),
    marked("SHOPIFY_TOKEN", "Shopify access token", SHOPIFY, &["shpat_", "shpca_", "shppa_", "shpua_"], &[pattern("shp(?:at|ca|pa|ua)_[a-fA-F0-9]{32}", 98), pattern("shp(?:at|ca|pa|ua)_[A-Za-z0-9]{24,64}", 85)]),
    marked("SHOPIFY_SHARED_SECRET", "Shopify shared secret", SHOPIFY, &["shpss_"], &[pattern("shpss_[a-fA-F0-9]{32}", 98)]),
    marked("FLUTTERWAVE_KEY", "Flutterwave secret key", "https://developer.flutterwave.com/docs/authentication", &["FLWSECK"],
        &[pattern("FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?", 96)]),
    marked("PAYSTACK_KEY", "Paystack secret key", "https://paystack.com/docs/api/authentication/", &["sk_live_", "sk_test_"], &[pattern("sk_(?:live|test)_[a-f0-9]{40}", 97)]),
    Detector { check: Some(mixed), ..token("MOLLIE_KEY", "Mollie API key", "https://docs.mollie.com/reference/authentication", &["live_", "test_"],
        &[pattern("(?:live|test)_[A-Za-z0-9]{30}", 82), pattern("(?:live|test)_[a-f0-9]{35}", 90)]) },
    named("GOCARDLESS_TOKEN", "GoCardless token", "https://developer.gocardless.com/api-reference/", &["gocardless", "gc_access"],
        &[pattern(assigned!("(?:gocardless|gc)[_-]?(?:api|access)?[_-]?(?:token|key)", "(?:live|sandbox)_[A-Za-z0-9_-]{40}"), 96)]),
    named("BINANCE_KEY", "Binance key", "https://developers.binance.com/docs/binance-spot-api-docs/rest-api", &["binance"],
        &[pattern(assigned!("binance[_-]?(?:api|testnet)?[_-]?(?:secret|key|api_key|api_secret)(?:_key)?", "[A-Za-z0-9]{64}"), 95)]),
    named("KRAKEN_KEY", "Kraken key", "https://docs.kraken.com/api/", &["kraken"], &[pattern(assigned!("kraken[_-]?(?:api|private)?[_-]?(?:secret|key)", "[A-Za-z0-9/+]{56,88}={0,2}"), 94)]),
    named("KUCOIN_KEY", "KuCoin key", "https://www.kucoin.com/docs/", &["kucoin"],
        &[pattern(assigned!("kucoin[_-]?(?:api)?[_-]?(?:secret|key)", "(?:[a-f0-9]{24}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"), 93)]),
    token("EASYPOST_KEY", "EasyPost key", "https://docs.easypost.com/docs/authentication", &["EZAK", "EZTK"], &[pattern("EZ[AT]K[A-Za-z0-9]{54}", 97)]),
    marked("SHIPPO_TOKEN", "Shippo token", "https://docs.goshippo.com/", &["shippo_"], &[pattern("shippo_(?:live|test)_[a-fA-F0-9]{40}", 98)]),
    marked("DUFFEL_TOKEN", "Duffel token", "https://duffel.com/docs/api/overview/welcome", &["duffel_"], &[pattern("duffel_(?:live|test)_[A-Za-z0-9_=-]{43}", 98)]),
    marked("PADDLE_API_KEY", "Paddle API key", "https://developer.paddle.com/api-reference/about/api-keys", &["pdl_"],
        &[pattern("pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}", 98)]),
    own("FACEBOOK_TOKEN", "Meta access token", "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/", &["EAAC", "EAAM", "EAAG", "EAAB", "EAAD", "EAAJ"], |text, found| {
        long_runs(text, &["EAAC", "EAAM", "EAAG", "EAAB", "EAAD", "EAAJ"], url_safe, 90, 92, found);
    }),
];

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("STRIPE_SECRET_KEY", "sk_live_{a99}"),
    ("STRIPE_SECRET_KEY", "sk_test_{a24}"),
    ("STRIPE_RESTRICTED_KEY", "rk_live_{a24}"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_{a32}"),
    ("SQUARE_TOKEN", "sq0atp-{w21}{a1}"),
    ("SQUARE_SECRET", "sq0csp-{w42}{a1}"),
    ("PAYPAL_SECRET", "PAYPAL_CLIENT_SECRET=E{w78}{a1}"),
    ("BRAINTREE_TOKEN", "access_token$production${l16}${x32}"),
    ("BRAINTREE_PRIVATE_KEY", "BRAINTREE_PRIVATE_KEY={x32}"),
    ("RAZORPAY_KEY", "rzp_live_{a14}"),
    ("RAZORPAY_SECRET", "RAZORPAY_KEY_SECRET={a24}"),
    ("ADYEN_API_KEY", "AQE{a5}{b80}-{b43}=-{a16}"),
    ("PLAID_ACCESS_TOKEN", "access-production-{uuid}"),
    ("PLAID_SECRET", "PLAID_SECRET={x30}"),
    ("COINBASE_KEY", "COINBASE_API_SECRET={a32}"),
    ("SHOPIFY_TOKEN", "shpat_{x32}"),
    ("SHOPIFY_SHARED_SECRET", "shpss_{x32}"),
    ("FLUTTERWAVE_KEY", "FLWSECK-{x32}-X"),
    ("PAYSTACK_KEY", "sk_live_{x40}"),
    ("MOLLIE_KEY", "live_{a30}"),
    ("GOCARDLESS_TOKEN", "GOCARDLESS_ACCESS_TOKEN=live_{w39}{a1}"),
    ("BINANCE_KEY", "BINANCE_API_SECRET={a64}"),
    ("KRAKEN_KEY", "KRAKEN_API_SECRET={b86}=="),
    ("KUCOIN_KEY", "KUCOIN_API_SECRET={uuid}"),
    ("EASYPOST_KEY", "EZAK{a54}"),
    ("SHIPPO_TOKEN", "shippo_live_{x40}"),
    ("DUFFEL_TOKEN", "duffel_live_{w42}{a1}"),
    ("PADDLE_API_KEY", "pdl_live_apikey_{l26}_{a22}_{a3}"),
    ("FACEBOOK_TOKEN", "EAAC{a160}"),
];
