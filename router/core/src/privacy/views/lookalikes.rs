//! Characters that look like ASCII ones.
//!
//! The letters are those of Unicode Technical Standard 39, `confusables.txt` version 18, whose prototype is
//! one ASCII letter or digit and that NFKC leaves alone; `rn` is `m`, and the capitals that it draws as
//! `l` are `I`. Left out: Han and Kana, which are words of their own, scripts that are written from right to
//! left or that have no letters like ours, and symbols. The signs are of the same file, and dashes, spaces and
//! full stops from the Unicode Character Database beside them.

use std::sync::LazyLock;

/// Each ASCII letter and digit with those that look like it.
#[rustfmt::skip]
const LETTERS: &[(u8, &str)] = &[
    (b'2', "ƧϨჇᒿᘖᲷꙄꛯꝚ"),
    (b'3', "ƷȜЗӠՅᲕⲜⳄⳌꝪꞫ𑣊𖼻"),
    (b'4', "Ꮞꮞ𑢯"),
    (b'5', "Ƽ𑢻"),
    (b'6', "ϬбᏮⳒⳓⳜꕃꮾ𑣕"),
    (b'7', "ᲄ𐓒𑣆"),
    (b'8', "Ȣȣꖉ𐌚𖧾"),
    (b'9', "ⳊⳋꝮꝯ𑢬𑣌𑣖𖧁"),
    (b'A', "ΑАᎪᗅꓮ𐊠𖽀"),
    (b'B', "ΒВᏴᗷⲂꓐꕗꞴ𐊂𐊡𐌁"),
    (b'C', "СᏟⲤꓚ𐊢𐌂𐐕𐔛"),
    (b'D', "Ꭰᗞᗪꓓ"),
    (b'E', "ΕЕᎬⴹꓰꗋ𐊆𑢦𑢮"),
    (b'F', "ϜᖴꓝꞘ𐊇𐊥𐔥𑢢𑣂"),
    (b'G', "ԌᏀᏳꓖ"),
    (b'H', "ΗНᎻᕼⲎꓧ𐋏"),
    (b'I', "ƖΙІӀⲒꞮ"),
    (b'J', "ͿЈᎫᒍꓙꞲ"),
    (b'K', "ΚКᏦᛕⲔꓗ𐔘"),
    (b'L', "ᏞᒪⳐꓡ𐐛𐔦𑢣𑢲𖼖"),
    (b'M', "ΜϺМᎷᗰᛖⲘꓟ𐊰𐌑"),
    (b'N', "ΝⲚꓠ𐔓"),
    (b'O', "ΟОՕᲿⲞⵔꓳ𐊒𐊫𐌏𐐄𐓂𐔖𑢵𖫩"),
    (b'P', "ΡРᏢᑭⲢⳎꓑ𐊕"),
    (b'Q', "Ԛⵕ"),
    (b'R', "ƦɌᎡᏒᖇꓣ𐒴𖼵"),
    (b'S', "ЅՏႽჽᏕᏚᲽꓢꕶ𐊖𐐠𖫖𖼺"),
    (b'T', "ΤТᎢⲦꓔꔋ𐊗𐊱𐌕𑢼𖼊"),
    (b'U', "Սᑌꓴ𐓎𑢸𖽂"),
    (b'V', "ѴᏙᐯⴸꓦꛟ𐔝𑢠𖼈"),
    (b'W', "ԜᎳᏔꓪ"),
    (b'X', "ΧХᚷᳵⲬⵝꓫꞳ𐊐𐊴𐌗𐔧"),
    (b'Y', "ΥУҮᎩᎽⲨꓬ𐊲𑢤𖽃"),
    (b'Z', "ΖჍᏃⱫⲌꓜꛉ𐔇𑢩"),
    (b'a', "ɑαаꭤ"),
    (b'b', "ƄЬᏏᑲᖯ𐌜"),
    (b'c', "сᲃᴄⲥꮯ𐐽"),
    (b'd', "ԁᏧᑯꓒ"),
    (b'e', "еҽꬲ"),
    (b'f', "ƒʄքẝꞙꬵ"),
    (b'g', "ƍɡցᶃ"),
    (b'h', "ҺһհႹᏂ"),
    (b'i', "ıɩɪιіւᎥⲓꙇꭵ𑣃"),
    (b'j', "ȷϳјյ"),
    (b'l', "ǀӏᛁᛐⵊⵏꓲꕯꞁꟾ𐊊𐌉𐔎𖼨"),
    (b'm', "ՠ"),
    (b'n', "ոռ"),
    (b'o', "οσϭоօჿᲂᴏᴑⲟꬽ𐐬𐓪𑣈𑣗"),
    (b'p', "þƿρϸрⲣⳏ"),
    (b'q', "ԛգզ"),
    (b'r', "гᴦⲅꭇꭈꮁ𖨙"),
    (b's', "ƽѕꜱꮪ𐑈𑣁"),
    (b'u', "ʋυսᴜꞟꭎꭒ𐓶𑣘"),
    (b'v', "νѵᴠꮩ𑣀"),
    (b'w', "ɯшѡԝաᴡⲽꟺꮃꮤ"),
    (b'x', "хᕁᕽ"),
    (b'y', "ɣʏγуүყᶌỿⲩꭚ𑣄𑣜"),
    (b'z', "ᴢⱬⲍⴭꮓ"),
];

/// The letters in their order.
static SORTED: LazyLock<Vec<(char, u8)>> = LazyLock::new(|| {
    let all = LETTERS.iter().flat_map(|(plain, like)| like.chars().map(|c| (c, *plain)));
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all
});

/// The ASCII letter or digit that a letter of another script looks like.
pub(super) fn letter(c: char) -> Option<char> {
    let found = SORTED.binary_search_by_key(&c, |(like, _)| *like).ok()?;
    SORTED.get(found).map(|(_, plain)| char::from(*plain))
}

/// The ASCII sign, space or line end that a character looks like.
pub(super) fn sign(c: char) -> Option<char> {
    Some(match u32::from(c) {
        0xA0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x2800 | 0x3000 => ' ',
        0x85 | 0x2028 | 0x2029 => '\n',
        0x2D7
        | 0x58A
        | 0x5BE
        | 0x1400
        | 0x1806
        | 0x2010..=0x2015
        | 0x2043
        | 0x2212
        | 0x2796
        | 0x2E3A
        | 0x2E3B
        | 0x30A0
        | 0xFE58
        | 0xFE63
        | 0xFF0D => '-',
        0x6D4 | 0x701 | 0x702 | 0x1362 | 0x3002 | 0xA4F8 | 0xA60E | 0x10A50 => '.',
        0x1735 | 0x2041 | 0x2044 | 0x2215 | 0x2571 | 0x27CB | 0x29F8 => '/',
        0x2D0 | 0x2F8 | 0x589 | 0x5C3 | 0x703 | 0x704 | 0x1361 | 0x16EC | 0x1803 | 0x1809
        | 0x205A | 0x2236 | 0xA4FD | 0xA789 => ':',
        0x7FA | 0x203F | 0x2040 => '_',
        _ => return None,
    })
}
