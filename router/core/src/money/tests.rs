//! Bills, bounds and unknowns.

use super::*;
use crate::fleet;
use crate::flight::event::Usage;
use proptest::prelude::*;

const fn per_million(usd_micros: u64) -> Rate {
    Rate::usd_micros_per_million(usd_micros)
}

/// A usual price: 2.50 and 10 dollars a million tokens.
fn price() -> ModelPrice {
    ModelPrice {
        prompt: Some(per_million(2_500_000)),
        completion: Some(per_million(10_000_000)),
        cached: Some(per_million(1_250_000)),
        ..ModelPrice::default()
    }
}

#[test]
fn a_bill_is_rounded_up_once_and_not_part_by_part() {
    let third = per_million(333_333);
    assert_eq!(total_usd_micros([(1, third), (1, third), (1, third)]), 1);
    assert_eq!(total_usd_micros([(1, third), (1, third), (2, third)]), 2);
    assert_eq!(total_usd_micros([(1, per_million(1))]), 1);
    assert_eq!(total_usd_micros([(0, per_million(1)), (7, Rate::FREE)]), 0);
    assert_eq!(total_usd_micros([(3, Rate::usd_micros_each(40))]), 120);
}

#[test]
fn what_does_not_fit_is_the_largest_number() {
    let dearest = per_million(u64::MAX);
    assert_eq!(total_usd_micros([(u64::MAX, dearest), (u64::MAX, dearest)]), u64::MAX);
    // Their sum is 2^128, which wraps to nothing.
    assert_eq!(total_usd_micros([(1 << 63, per_million(1 << 63)); 4]), u64::MAX);
    assert_eq!(total_usd_micros([(1_000_000, dearest)]), u64::MAX);
    assert_eq!(total_usd_micros([(999_999, dearest)]), u64::MAX - u64::MAX / 1_000_000);
    assert_eq!(Rate::usd_micros_each(u64::MAX), dearest);
}

#[test]
fn cached_and_reasoning_tokens_are_billed_at_their_own_rate() {
    let price = ModelPrice { reasoning: Some(per_million(20_000_000)), ..price() };
    let used = Used {
        prompt_tokens: 1_000,
        cached_tokens: 800,
        completion_tokens: 100,
        reasoning_tokens: 40,
        ..Used::default()
    };
    let expected = (200 * 25 + 800 * 125 / 10 + 60 * 100 + 40 * 200) / 10;
    assert_eq!(price.settled(&used), Ok(expected));
    assert_eq!(used.tokens(), 1_100);
}

#[test]
fn details_beyond_their_sum_do_not_make_an_answer_cheaper() {
    let write = ModelPrice { cache_write: Some(per_million(5_000_000)), ..price() };
    let used = |cached_tokens, cache_write_tokens| Used {
        prompt_tokens: 1_000,
        cached_tokens,
        cache_write_tokens,
        ..Used::default()
    };
    assert_eq!(write.settled(&used(5_000, 0)), Ok(1_250));
    assert_eq!(write.settled(&used(5_000, 600)), Ok(600 * 5 + 400 * 5 / 4));
}

#[test]
fn an_unknown_price_is_an_error_that_says_what_to_state() {
    let unknown = ModelPrice { completion: None, ..price() };
    assert_eq!(unknown.settled(&Used::default()), Err(Unpriced::Completion));
    let images = Asked { images: 1, ..Asked::default() };
    let text = Asked { body_bytes: 7, max_output_tokens: 3, ..Asked::default() };
    assert_eq!(ModelPrice::default().most_tokens(&text), Ok(10));
    assert_eq!(ModelPrice::default().most_tokens(&images), Err(Unpriced::Image));
    assert_eq!(price().worst_case(&images), Err(Unpriced::Image));
    assert_eq!(
        price().settled(&Used { prompt_tokens: 9, audio_tokens: 9, ..Used::default() }),
        Err(Unpriced::Audio)
    );
    assert_eq!(
        ModelPrice::default().worst_case(&Asked::default()).unwrap_err().to_string(),
        "the price of a prompt token is unknown; state `prompt` in the model's price"
    );
}

#[test]
fn media_count_for_themselves_and_as_tokens() {
    let image = Media { each: Rate::usd_micros_each(1_000), most_tokens: 1_100, token: None };
    let price = ModelPrice { image: Some(image), added_tokens: 10, ..price() };
    let asked = Asked { body_bytes: 90, images: 2, max_output_tokens: 50, audio_seconds: 0 };
    assert_eq!(price.most_tokens(&asked), Ok(90 + 10 + 2_200 + 50));
    assert_eq!(price.worst_case(&asked), Ok(2_300 * 5 / 2 + 2_000 + 500));
}

#[test]
fn the_price_of_the_day_counts_and_none_reaches_into_the_past() {
    let at = |since_unix_ms, prompt| Dated {
        since_unix_ms,
        source: "a test".into(),
        price: ModelPrice { prompt: Some(per_million(prompt)), ..ModelPrice::default() },
    };
    let prices = [at(200, 2), at(100, 1), at(200, 3)];
    let prompt = |unix_ms| in_force(&prices, unix_ms).and_then(|dated| dated.price.prompt);
    assert_eq!(prompt(99), None);
    assert_eq!(prompt(100), Some(per_million(1)));
    assert_eq!(prompt(199), Some(per_million(1)));
    assert_eq!(prompt(u64::MAX), Some(per_million(3)));
}

#[test]
fn two_rates_make_a_price_of_tokens() {
    let price = ModelPrice::of_tokens(150_000, 7);
    let used =
        Used::from(Usage { prompt_tokens: 1_000_000, completion_tokens: 1, ..Usage::default() });
    assert_eq!(price.settled(&used), Ok(150_001));
    assert_eq!(price.expected(1_000_000, (0, 0), 1), Ok(150_001));
    assert_eq!(price.expected(1, (1, 0), 1), Err(Unpriced::Image));
    assert_eq!(price.expected(1, (0, 1), 1), Err(Unpriced::Audio));
    let rates = fleet::Price { input_usd_micros_per_mtok: 150_000, output_usd_micros_per_mtok: 7 };
    assert_eq!(price.text(), Some(rates));
    assert_eq!(ModelPrice { completion: None, ..price }.text(), None);
}

fn any_rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        4 => (0_u64..100_000_000).prop_map(Rate::usd_micros_per_million),
        1 => any::<u64>().prop_map(Rate::usd_micros_per_million),
    ]
}

fn any_media() -> impl Strategy<Value = Media> {
    (any_rate(), 0_u32..5_000, proptest::option::of(any_rate()))
        .prop_map(|(each, most_tokens, token)| Media { each, most_tokens, token })
}

prop_compose! {
    fn any_price()(
        prompt in any_rate(),
        completion in any_rate(),
        cached in proptest::option::of(any_rate()),
        cache_write in proptest::option::of(any_rate()),
        reasoning in proptest::option::of(any_rate()),
        image in any_media(),
        audio in any_media(),
        added_tokens in 0_u32..2_000,
    ) -> ModelPrice {
        let (prompt, completion) = (Some(prompt), Some(completion));
        let (image, audio) = (Some(image), Some(audio));
        ModelPrice { prompt, completion, cached, cache_write, reasoning, image, audio, added_tokens }
    }
}

prop_compose! {
    fn any_asked()(
        body_bytes in 0_u64..1_000_000,
        images in 0_u32..10,
        audio_seconds in 0_u32..100,
        max_output_tokens in 0_u32..200_000,
    ) -> Asked {
        Asked { body_bytes, images, audio_seconds, max_output_tokens }
    }
}

/// A share of a number, in 256ths.
fn part(of: u64, share: u8) -> u64 {
    of * u64::from(share) / 255
}

proptest! {
    /// Whatever a provider reports within what was asked, it costs no more than the worst case.
    #[test]
    fn no_answer_within_what_was_asked_costs_more_than_the_worst_case(
        price in any_price(),
        asked in any_asked(),
        shares in any::<[u8; 8]>(),
        lies in any::<bool>(),
    ) {
        let worst = price.worst_case(&asked).unwrap();
        let most = |media: Option<Media>, pieces: u32| {
            u64::from(media.unwrap().most_tokens) * u64::from(pieces)
        };
        let texts = part(asked.body_bytes + u64::from(price.added_tokens), shares[0]);
        let image_tokens = part(most(price.image, asked.images), shares[1]);
        let audio_tokens = part(most(price.audio, asked.audio_seconds), shares[2]);
        let cached_tokens = part(texts, shares[3]);
        // A liar's parts overlap.
        let rest = if lies { texts } else { texts - cached_tokens };
        let completion_tokens = part(asked.max_output_tokens.into(), shares[5]);
        let told_media = shares[7] > 127;
        let used = Used {
            prompt_tokens: texts + image_tokens + audio_tokens,
            cached_tokens,
            cache_write_tokens: part(rest, shares[4]),
            image_tokens: if told_media { image_tokens } else { 0 },
            audio_tokens: if told_media { audio_tokens } else { 0 },
            completion_tokens,
            reasoning_tokens: part(completion_tokens, shares[6]) * if lies { 3 } else { 1 },
            images: asked.images,
            audio_seconds: asked.audio_seconds,
        };
        let settled = price.settled(&used).unwrap();
        prop_assert!(settled <= worst, "{settled} > {worst}");
        prop_assert!(used.tokens() <= price.most_tokens(&asked).unwrap());
    }

    /// The sum is never less than the exact one, and less than a micro-dollar more.
    #[test]
    fn the_payer_never_gains_by_rounding(
        one in (0_u64..1 << 40, any_rate()),
        two in (0_u64..1 << 40, any_rate()),
    ) {
        let exact = |(units, rate): (u64, Rate)| u128::from(units) * u128::from(rate.0);
        let sum = exact(one) + exact(two);
        let billed = total_usd_micros([one, two]);
        if billed < u64::MAX {
            let millionths = u128::from(billed) * 1_000_000;
            prop_assert!(millionths >= sum && millionths - sum < 1_000_000);
        } else {
            prop_assert!(sum > u128::from(u64::MAX - 1) * 1_000_000);
        }
    }
}
